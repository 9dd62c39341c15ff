package scanners

var neptuneCluster = Scanner{
	Type:        "Neptune_Cluster",
	Service:     "rds",
	Permissions: []string{"rds:DescribeDBClusters"},
	Scan:        scanDBClusters(familyNeptune),
}
