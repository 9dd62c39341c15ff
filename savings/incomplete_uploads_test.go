package savings_test

var incompleteUploads = []row{
	{name: "the scan does not say", resource: bucket(500, "StandardStorage"), want: "1 not decided on: the scan does not say what uploads were never completed"},
	{name: "100 GB", resource: with(bucket(500, "StandardStorage"), "incomplete_upload_bytes", int64(100)<<30), want: "2.30"},
	{name: "aborted by a rule", resource: with(with(bucket(500, "StandardStorage"), "incomplete_upload_bytes", int64(100)<<30), "aborts_uploads", true), want: "none"},
	{name: "none", resource: with(bucket(500, "StandardStorage"), "incomplete_upload_bytes", int64(0)), want: "none"},
}
