package savings_test

var databaseIO1ToGP3 = []row{
	{name: "3,000 IOPS", resource: database("db.m5.large", "available", m{"storage_type": "io1", "iops": int64(3000)}), want: "301.00"},
	{name: "12,000 IOPS on 400 GB", resource: database("db.m5.large", "available", m{"storage_type": "io1", "iops": int64(12000), "allocated_storage_gb": int64(400)}), want: "1204.00"},
	{name: "12,000 IOPS on 100 GB", resource: database("db.m5.large", "available", m{"storage_type": "io1", "iops": int64(12000)}), want: "none"},
	{name: "Oracle", resource: database("db.m5.large", "available", m{"engine": "oracle-se2", "storage_type": "io1", "iops": int64(3000)}), want: "none"},
	{name: "of unknown IOPS", resource: database("db.m5.large", "available", m{"storage_type": "io1"}), want: "1 not decided on: the size or the IOPS of the storage are not known"},
}
