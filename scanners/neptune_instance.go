package scanners

var neptuneInstance = Scanner{
	Type:        "Neptune_Instance",
	Service:     "rds",
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
	Scan:        scanDBInstances(familyNeptune),
}
