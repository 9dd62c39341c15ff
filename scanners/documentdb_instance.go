package scanners

var docDBInstance = Scanner{
	Type:        "DocumentDB_Instance",
	Service:     "rds",
	Permissions: []string{"rds:DescribeDBInstances"},
	Scan:        scanDBInstances(familyDocDB),
}
