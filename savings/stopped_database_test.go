package savings_test

var stoppedDatabase = []row{
	{name: "stopped", resource: database("db.m5.large", "stopped", nil), want: "11.50"},
	{name: "stopped member of Aurora", resource: database("db.r5.large", "stopped", m{"engine": "aurora-mysql", "storage_type": "aurora", "cluster_id": "c-1"}), want: "none"},
	{name: "running", resource: database("db.m5.large", "available", nil), want: "none"},
}
