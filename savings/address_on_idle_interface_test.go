package savings_test

var onInterface = with(address("associated", ""), "associated_eni", "eni-1")

var addressOnIdleInterface = []row{
	{name: "idle interface", resource: onInterface, others: scan(res("Network_Interface", "eni-1", "available", -1, m{})), want: "3.65"},
	{name: "interface in use", resource: onInterface, others: scan(res("Network_Interface", "eni-1", "in-use", -1, m{})), want: "none"},
	{name: "unassociated", resource: address("unassociated", ""), want: "none"},
}
