package scanners

var docDBInstance = Scanner{
	Type:        "DocumentDB_Instance",
	Service:     serviceRDS,
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
	Metadata:    []string{"engine", "instance_class", "cluster_id"},
	Scan:        scanDBInstances(familyDocDB),
}
