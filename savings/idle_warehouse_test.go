package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func warehouse(state string) tracker.Resource {
	return res("Redshift_Cluster", "dw", state, 100, m{"node_type": "dc2.large", "node_count": int64(2)})
}

var idleWarehouse = []row{
	{name: "no connection", resource: warehouse("available"), metrics: values{"DatabaseConnections": {0}}, want: "182.50"},
	{name: "connections", resource: warehouse("available"), metrics: values{"DatabaseConnections": {4}}, want: "none"},
	{name: "paused", resource: warehouse("paused"), metrics: values{}, want: "none"},
	{name: "without values", resource: warehouse("available"), metrics: values{"DatabaseConnections": {}}, want: "1 not decided on: CloudWatch has too few values"},
}
