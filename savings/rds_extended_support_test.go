package savings_test

var rdsExtendedSupport = []row{
	{name: "PostgreSQL 12", resource: database("db.m5.large", "available", m{"engine_version": "12.22"}), want: "146.00"},
	{name: "of a class whose vCPUs are not known", resource: database("db.z9.metal", "available", m{"engine_version": "12.22"}), want: "unpriced"},
	{name: "PostgreSQL 16", resource: database("db.m5.large", "available", nil), want: "none"},
	{name: "stopped", resource: database("db.m5.large", "stopped", m{"engine_version": "12.22"}), want: "none"},
}
