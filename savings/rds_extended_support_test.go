package savings_test

var rdsExtendedSupport = []row{
	{name: "PostgreSQL 12", resource: database("db.m5.large", "available", m{"engine_version": "12.22"}), want: "146.00"},
	{name: "MySQL 5.7 in its third year", resource: database("db.m5.large", "available", m{"engine": "mysql", "engine_version": "5.7.44"}), want: "292.00"},
	{name: "with a standby", resource: database("db.m5.xlarge", "available", m{"engine_version": "12.22", "multi_az": true}), want: "584.00"},
	{name: "of a class that the rule does not know", resource: database("db.z9.metal", "available", m{"engine_version": "12.22"}), want: "unpriced"},
	{name: "PostgreSQL 16", resource: database("db.m5.large", "available", nil), want: "none"},
	{name: "disabled", resource: database("db.m5.large", "available", m{"engine_version": "12.22", "extended_support": "open-source-rds-extended-support-disabled"}), want: "none"},
	{name: "stopped", resource: database("db.m5.large", "stopped", m{"engine_version": "12.22"}), want: "none"},
}
