package savings_test

var oldSnapshot = []row{
	{name: "a year old", resource: snapshot("snap-1", "vol-1", 365), want: "unpriced"},
	{name: "another of its volume", resource: with(snapshot("snap-1", "vol-1", 365), "incremental", true), want: "unpriced"},
	{name: "archived, with all its blocks", resource: with(snapshot("snap-1", "vol-1", 365), "storage_tier", "archive"), want: "5.00"},
	{name: "a week old", resource: snapshot("snap-1", "vol-1", 7), want: "none"},
	{name: "in an image", resource: snapshot("snap-1", "vol-1", 365), others: scan(image(365, "snap-1")), want: "none"},
	{name: "of AWS Backup", resource: tagged(snapshot("snap-1", "vol-1", 365), "aws:backup:source-resource", "arn"), want: "none"},
	{name: "being made", resource: res("EBS_Snapshot", "snap-1", "pending", 365, m{"size_gb": int64(8)}), want: "none"},
}
