package savings_test

var gravitonInstance = []row{
	{name: "m5.large", resource: instance("i-1", "m5.large", "running"), want: "13.87"},
	{name: "t3.micro", resource: instance("i-1", "t3.micro", "running"), want: "1.46"},
	{name: "Windows", resource: with(instance("i-1", "m5.large", "running"), "platform", "Windows"), want: "none"},
	{name: "Graviton", resource: with(instance("i-1", "m6g.large", "running"), "architecture", "arm64"), want: "none"},
	{name: "stopped", resource: instance("i-1", "m5.large", "stopped"), want: "none"},
}
