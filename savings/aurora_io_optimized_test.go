package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func aurora(mode string) tracker.Resource {
	return res("RDS_Cluster", "c-1", "available", 400, m{"engine": "aurora-mysql", "storage_type": mode, "engine_mode": "provisioned", "instance_ids": []string{"db-1"}})
}

var auroraMember = database("db.r5.large", "available", m{"engine": "aurora-mysql", "storage_type": "aurora", "cluster_id": "c-1"})

var auroraIOOptimized = []row{
	// A billion requests in a fortnight are 2.17 a month: $434.52; 500 GB cost
	// $62.50 more and an instance of $175.20 a third less a tenth, $52.56.
	{name: "a billion requests", resource: aurora("aurora"), others: scan(auroraMember), metrics: values{"VolumeReadIOPs": {5e8 / 7}, "VolumeWriteIOPs": {0}, "VolumeBytesUsed": {500 << 30}}, want: "319.46"},
	{name: "hardly any", resource: aurora("aurora"), others: scan(auroraMember), metrics: values{"VolumeReadIOPs": {1000}, "VolumeWriteIOPs": {1000}, "VolumeBytesUsed": {500 << 30}}, want: "none"},
	{name: "optimized already", resource: aurora("aurora-iopt1"), metrics: values{}, want: "none"},
	{name: "without values", resource: aurora("aurora"), others: scan(auroraMember), metrics: values{"VolumeReadIOPs": {}, "VolumeWriteIOPs": {}, "VolumeBytesUsed": {}}, want: "1 not decided on: CloudWatch has too few values"},
	{name: "of instances without a price", resource: aurora("aurora"), others: scan(with(auroraMember, "instance_class", "db.x9.large")), metrics: values{"VolumeReadIOPs": {1}, "VolumeWriteIOPs": {1}, "VolumeBytesUsed": {1}}, want: "1 not decided on: what the cluster's instances cost is not known"},
}
