package savings_test

var emptyEKSCluster = []row{
	{name: "without nodes", resource: kubernetes("1.34", "EXTENDED"), want: "73.00"},
	{name: "with a node group", resource: kubernetes("1.34", "EXTENDED"), others: scan(res("EKS_Nodegroup", "prod/a", "active", 1, m{"cluster": "prod"})), want: "none"},
	{name: "with nodes of its own", resource: kubernetes("1.34", "EXTENDED"), others: scan(tagged(instance("i-1", "m5.large", "running"), "kubernetes.io/cluster/prod", "owned")), want: "none"},
	{name: "of another cluster", resource: kubernetes("1.34", "EXTENDED"), others: scan(tagged(instance("i-1", "m5.large", "running"), "eks:cluster-name", "dev")), want: "73.00"},
	{name: "in Auto Mode", resource: with(kubernetes("1.34", "EXTENDED"), "auto_mode", true), want: "none"},
}
