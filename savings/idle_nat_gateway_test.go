package savings_test

var idleNATGateway = []row{
	{name: "idle", resource: gateway("available", 100), metrics: values{"BytesOutToDestination": {0}}, want: "32.85"},
	{name: "busy", resource: gateway("available", 100), metrics: values{"BytesOutToDestination": {0, 0, 0, 0, 0, 0, 0, 5}}, want: "none"},
	{name: "without values", resource: gateway("available", 100), metrics: values{"BytesOutToDestination": {}}, want: "1 not decided on: CloudWatch has too few values"},
	{name: "new", resource: gateway("available", 2), metrics: values{}, want: "none"},
	{name: "failed", resource: gateway("failed", 100), metrics: values{}, want: "none"},
}
