package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func endpoint(kind string) tracker.Resource {
	return res("VPC_Endpoint", "vpce-1", "available", 100, m{"type": kind, "service_name": "com.amazonaws.us-east-1.ssm", "vpc_id": "vpc-1", "subnet_ids": []string{"subnet-1", "subnet-2"}})
}

var idleInterfaceEndpoint = []row{
	{name: "idle, in two zones", resource: endpoint("Interface"), metrics: values{"BytesProcessed": {}}, want: "14.60"},
	{name: "busy", resource: endpoint("Interface"), metrics: values{"BytesProcessed": {1}}, want: "none"},
	{name: "gateway", resource: endpoint("Gateway"), metrics: values{}, want: "none"},
	{name: "of a service", resource: with(endpoint("Interface"), "requester_managed", true), metrics: values{}, want: "none"},
}
