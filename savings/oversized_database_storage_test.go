package savings_test

var oversizedDatabaseStorage = []row{
	{name: "500 GB of which 40 are used", resource: database("db.m5.large", "available", m{"allocated_storage_gb": int64(500)}), metrics: values{"FreeStorageSpace": {460 << 30}}, want: "51.75"},
	{name: "half is used", resource: database("db.m5.large", "available", m{"allocated_storage_gb": int64(500)}), metrics: values{"FreeStorageSpace": {250 << 30}}, want: "none"},
	{name: "once it was all used", resource: database("db.m5.large", "available", m{"allocated_storage_gb": int64(500)}), metrics: values{"FreeStorageSpace": {460 << 30, 460 << 30, 1 << 30, 460 << 30, 460 << 30, 460 << 30, 460 << 30}}, want: "none"},
	{name: "the least there is", resource: database("db.t3.micro", "available", m{"allocated_storage_gb": int64(20)}), metrics: values{"FreeStorageSpace": {19 << 30}}, want: "none"},
	{name: "Aurora", resource: database("db.r5.large", "available", m{"storage_type": "aurora", "cluster_id": "c-1"}), metrics: values{}, want: "none"},
}
