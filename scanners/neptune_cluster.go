package scanners

var neptuneCluster = Scanner{
	Type:        "Neptune_Cluster",
	Service:     serviceRDS,
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Metadata:    []string{"engine", "engine_version", "instance_ids"},
	Scan:        scanDBClusters(familyNeptune),
}
