package savings_test

var emptyLoadBalancer = []row{
	{name: "no target group", resource: balancer("application", m{"target_groups": []map[string]any{}}), want: "16.43"},
	{name: "classic without instances", resource: balancer("classic", m{"target_groups": []map[string]any{}}), want: "16.43"},
	{name: "target group", resource: balancer("application", nil), want: "none"},
	{name: "classic with instances", resource: balancer("classic", m{"instances": []string{"i-1"}}), want: "none"},
	{name: "target groups could not be read", resource: balancer("application", m{"target_groups": nil}), want: "1 not decided on: the target_groups are not known"},
}
