package savings_test

var stoppedDatabase = []row{
	{name: "stopped", resource: database("db.m5.large", "stopped", nil), want: "11.50"},
	{name: "running", resource: database("db.m5.large", "available", nil), want: "none"},
}
