package scanners

var docDBInstance = Scanner{
	Type:        "DocumentDB_Instance",
	Service:     "rds",
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
	Scan:        scanDBInstances(familyDocDB),
}
