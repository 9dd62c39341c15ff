package savings_test

var oversizedInstance = []row{
	{name: "a third", resource: instance("i-1", "m5.xlarge", "running"), metrics: values{"CPUUtilization": {33}}, want: "70.08"},
	{name: "a half", resource: instance("i-1", "m5.xlarge", "running"), metrics: values{"CPUUtilization": {50}}, want: "none"},
	{name: "on one day a half", resource: instance("i-1", "m5.xlarge", "running"), metrics: values{"CPUUtilization": {10, 10, 10, 50, 10, 10, 10}}, want: "none"},
	{name: "already the smallest", resource: instance("i-1", "m5.large", "running"), metrics: values{}, want: "none"},
	{name: "burstable", resource: instance("i-1", "t3.large", "running"), metrics: values{"CPUUtilization": {10}}, want: "30.37"},
	{name: "measured for two days", resource: instance("i-1", "m5.xlarge", "running"), metrics: values{"CPUUtilization": {3, 3}}, want: "1 not decided on: CloudWatch has too few values"},
}
