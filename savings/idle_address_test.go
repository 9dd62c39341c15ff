package savings_test

var idleAddress = []row{
	{name: "unassociated", resource: address("unassociated", ""), want: "3.65"},
	{name: "made by a service", resource: with(address("unassociated", ""), "service_managed", "alb"), want: "3.65"},
	{name: "brought along by its owner", resource: with(address("unassociated", ""), "public_ipv4_pool", "ipv4pool-ec2-012345"), want: "none"},
	{name: "of a carrier", resource: with(address("unassociated", ""), "public_ip", nil), want: "none"},
	{name: "associated", resource: address("associated", "i-1"), want: "none"},
}
