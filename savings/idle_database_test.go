package savings_test

var idleDatabase = []row{
	{name: "no connection", resource: database("db.m5.large", "available", nil), metrics: values{"DatabaseConnections": {0}}, want: "124.83"},
	{name: "one connection", resource: database("db.m5.large", "available", nil), metrics: values{"DatabaseConnections": {0, 0, 0, 1, 0, 0, 0}}, want: "none"},
	{name: "Aurora member", resource: database("db.r5.large", "available", m{"engine": "aurora-mysql", "storage_type": "aurora", "cluster_id": "c-1"}), metrics: values{"DatabaseConnections": {0}}, want: "175.20"},
	{name: "DocumentDB", resource: res("DocumentDB_Instance", "doc-1", "available", 100, m{"instance_class": "db.t3.medium"}), metrics: values{"DatabaseConnections": {0}}, want: "49.64"},
	{
		name: "DocumentDB that is a copy", resource: res("DocumentDB_Instance", "doc-1", "available", 100, m{"instance_class": "db.t3.medium"}),
		others: scan(res("DocumentDB_Cluster", "doc", "available", 100, m{"global_cluster_id": "world", "instance_ids": []string{"doc-1"}})), metrics: values{"DatabaseConnections": {0}}, want: "none",
	},
	{name: "read replica", resource: database("db.m5.large", "available", m{"replica_source": "db-0"}), metrics: values{"DatabaseConnections": {0}}, want: "none"},
	{name: "stopped", resource: database("db.m5.large", "stopped", nil), metrics: values{}, want: "none"},
	{name: "without values", resource: database("db.m5.large", "available", nil), metrics: values{"DatabaseConnections": {}}, want: "1 not decided on: CloudWatch has too few values"},
}
