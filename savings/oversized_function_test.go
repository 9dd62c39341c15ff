package savings_test

var oversizedFunction = []row{
	{name: "a fifth is used", resource: function("x86_64", 1024), metrics: values{"memory_utilization": {20}, "Duration": {3.6e9 / 14}}, want: "97.77"},
	{name: "most of it is used", resource: function("x86_64", 1024), metrics: values{"memory_utilization": {80}, "Duration": {3.6e9 / 14}}, want: "none"},
	{name: "without Lambda Insights", resource: function("x86_64", 1024), metrics: values{"memory_utilization": {}, "Duration": {3.6e9 / 14}}, want: "1 not decided on: the function has no Lambda Insights, or did not run"},
	{name: "the least there is", resource: function("x86_64", 128), metrics: values{}, want: "none"},
}
