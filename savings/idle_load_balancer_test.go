package savings_test

var idleLoadBalancer = []row{
	{name: "no request at all", resource: balancer("application", nil), metrics: values{"RequestCount": {}}, want: "16.43"},
	{name: "a few", resource: balancer("classic", nil), metrics: values{"RequestCount": {90}}, want: "16.43"},
	{name: "few flows", resource: balancer("network", nil), metrics: values{"NewFlowCount": {0}}, want: "16.43"},
	{name: "busy", resource: balancer("application", nil), metrics: values{"RequestCount": {5000}}, want: "none"},
	{name: "being made", resource: res("Load_Balancer", "arn", "provisioning", 0, m{"type": "network"}), metrics: values{}, want: "none"},
}
