package scanners

var neptuneInstance = Scanner{
	Type:        "Neptune_Instance",
	Service:     serviceRDS,
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
	Metadata:    []string{"engine", "instance_class", "cluster_id"},
	Scan:        scanDBInstances(familyNeptune),
}
