package savings_test

var orphanDatabaseSnapshot = []row{
	{name: "database gone", resource: databaseSnapshot(5, m{"instance_id": "db-9"}), others: scan(database("db.m5.large", "available", nil)), want: "unpriced"},
	{name: "database there", resource: databaseSnapshot(5, nil), others: scan(database("db.m5.large", "available", nil)), want: "none"},
	{name: "cluster there", resource: databaseSnapshot(5, m{"instance_id": nil, "cluster_id": "c-1"}), others: scan(aurora("aurora")), want: "none"},
	{name: "of DocumentDB", resource: databaseSnapshot(5, m{"engine": "docdb", "cluster_id": "doc-1"}), want: "none"},
}
