package savings_test

var bucketAllStandard = []row{
	{name: "500 GB", resource: bucket(500, "StandardStorage"), want: "5.25"},
	{name: "small", resource: bucket(5, "StandardStorage"), want: "none"},
	{name: "two classes", resource: bucket(500, "StandardStorage", "StandardIAStorage"), want: "none"},
	{name: "of unknown size", resource: res("S3_Bucket", "logs", "active", 1, m{"size_bytes": nil}), want: "1 not decided on: the size of the bucket is not known"},
}
