package scanners

var docDBCluster = Scanner{
	Type:        "DocumentDB_Cluster",
	Service:     serviceRDS,
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Metadata:    []string{"engine", "engine_version", "instance_ids"},
	Scan:        scanDBClusters(familyDocDB),
}
