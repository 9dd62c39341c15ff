package savings_test

var idleInstance = []row{
	{name: "idle", resource: instance("i-1", "m5.large", "running"), metrics: values{"CPUUtilization": {2}, "NetworkIn": {1e6}, "NetworkOut": {1e6}}, want: "70.08"},
	{name: "busy once", resource: instance("i-1", "m5.large", "running"), metrics: values{"CPUUtilization": {2, 2, 60, 2, 2, 2, 2, 2}, "NetworkIn": {1e6}, "NetworkOut": {1e6}}, want: "none"},
	{name: "sends", resource: instance("i-1", "m5.large", "running"), metrics: values{"CPUUtilization": {2}, "NetworkIn": {1e6}, "NetworkOut": {9e6}}, want: "none"},
	{name: "measured for two days", resource: instance("i-1", "m5.large", "running"), metrics: values{"CPUUtilization": {2, 2}, "NetworkIn": {0, 0}, "NetworkOut": {0, 0}}, want: "1 not decided on: CloudWatch has too few values"},
	{name: "a metric is missing", resource: instance("i-1", "m5.large", "running"), metrics: values{"CPUUtilization": {2}, "NetworkIn": {0}}, want: "1 not decided on: NetworkOut was not read"},
	{name: "metrics not asked for", resource: instance("i-1", "m5.large", "running"), want: "metrics were not asked for"},
	{name: "stopped", resource: instance("i-1", "m5.large", "stopped"), metrics: values{}, want: "none"},
	{name: "new", resource: res("EC2_Instance", "i-1", "running", 3, m{"instance_type": "m5.large"}), metrics: values{}, want: "none"},
}
