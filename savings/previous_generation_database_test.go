package savings_test

var previousGenerationDatabase = []row{
	{name: "m4", resource: database("db.m4.large", "available", nil), want: "2.92"},
	{name: "m5", resource: database("db.m5.large", "available", nil), want: "none"},
	{name: "stopped", resource: database("db.m4.large", "stopped", nil), want: "none"},
}
