package scanners

var neptuneCluster = Scanner{
	Type:        "Neptune_Cluster",
	Service:     "rds",
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Scan:        scanDBClusters(familyNeptune),
}
