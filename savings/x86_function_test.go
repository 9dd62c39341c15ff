package savings_test

var x86Function = []row{
	// 1,000 hours in a fortnight at 1 GB are 7.82 million GB-seconds a month.
	{name: "busy", resource: function("x86_64", 1024), metrics: values{"Duration": {3.6e9 / 14}}, want: "26.07"},
	{name: "never called", resource: function("x86_64", 1024), metrics: values{"Duration": {}}, want: "none"},
	{name: "Graviton", resource: function("arm64", 1024), metrics: values{}, want: "none"},
}
