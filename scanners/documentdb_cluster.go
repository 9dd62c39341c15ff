package scanners

var docDBCluster = Scanner{
	Type:        "DocumentDB_Cluster",
	Service:     "rds",
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Scan:        scanDBClusters(familyDocDB),
}
