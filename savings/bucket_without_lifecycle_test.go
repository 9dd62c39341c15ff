package savings_test

var bucketWithoutLifecycle = []row{
	{name: "the scan does not say", resource: bucket(500, "StandardStorage"), want: "1 not decided on: the scan does not say what lifecycle rules a bucket has"},
	{name: "none", resource: with(bucket(500, "StandardStorage"), "lifecycle_rules", int64(0)), want: "unpriced"},
	{name: "one", resource: with(bucket(500, "StandardStorage"), "lifecycle_rules", int64(1)), want: "none"},
	{name: "small", resource: with(bucket(5, "StandardStorage"), "lifecycle_rules", int64(0)), want: "none"},
}
