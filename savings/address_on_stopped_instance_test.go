package savings_test

var addressOnStoppedInstance = []row{
	{name: "stopped", resource: address("associated", "i-1"), others: scan(stopped("i-1", 2)), want: "3.65"},
	{name: "running", resource: address("associated", "i-1"), others: scan(instance("i-1", "m5.large", "running")), want: "none"},
	{name: "another one is stopped", resource: address("associated", "i-1"), others: scan(stopped("i-2", 2)), want: "none"},
	{name: "unassociated", resource: address("unassociated", ""), others: scan(stopped("i-1", 2)), want: "none"},
}
