package scanners

var docDBCluster = Scanner{
	Type:        "DocumentDB_Cluster",
	Service:     "rds",
	Permissions: []string{"rds:DescribeDBClusters"},
	Scan:        scanDBClusters(familyDocDB),
}
