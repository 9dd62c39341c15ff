package scanners

var neptuneInstance = Scanner{
	Type:        "Neptune_Instance",
	Service:     "rds",
	Permissions: []string{"rds:DescribeDBInstances"},
	Scan:        scanDBInstances(familyNeptune),
}
