package savings_test

var idleAddress = []row{
	{name: "unassociated", resource: address("unassociated", ""), want: "3.65"},
	{name: "made by a service", resource: with(address("unassociated", ""), "service_managed", "alb"), want: "3.65"},
	{name: "associated", resource: address("associated", "i-1"), want: "none"},
}
