package savings_test

var previousGenerationInstance = []row{
	{name: "m4.large", resource: instance("i-1", "m4.large", "running"), want: "2.92"},
	{name: "t2.micro", resource: instance("i-1", "t2.micro", "running"), want: "0.88"},
	{name: "a size that its successor lacks", resource: instance("i-1", "m3.medium", "running"), want: "none"},
	{name: "of this generation", resource: instance("i-1", "m5.large", "running"), want: "none"},
	{name: "stopped", resource: instance("i-1", "m4.large", "stopped"), want: "none"},
	{name: "spot", resource: with(instance("i-1", "m4.large", "running"), "lifecycle", "spot"), want: "none"},
	{name: "without a price", resource: instance("i-1", "r3.large", "running"), want: "unpriced"},
}
