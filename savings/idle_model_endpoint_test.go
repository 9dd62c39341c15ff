package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func model(kind any) tracker.Resource {
	return res("SageMaker_Endpoint", "ranking", "inservice", 100, m{"variants": []map[string]any{{"name": "AllTraffic", "instance_type": kind}}})
}

var idleModelEndpoint = []row{
	{name: "never called", resource: model("ml.m5.large"), metrics: values{"Invocations": {}}, want: "84.00"},
	{name: "called", resource: model("ml.m5.large"), metrics: values{"Invocations": {3}}, want: "none"},
	{name: "serverless", resource: model(nil), metrics: values{}, want: "none"},
}
