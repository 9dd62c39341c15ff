package savings_test

var gravitonDatabase = []row{
	{name: "m5", resource: database("db.m5.large", "available", nil), want: "13.87"},
	{name: "SQL Server", resource: database("db.m5.large", "available", m{"engine": "sqlserver-ex"}), want: "none"},
	{name: "Graviton", resource: database("db.m6g.large", "available", nil), want: "none"},
	{name: "stopped", resource: database("db.m5.large", "stopped", nil), want: "none"},
}
