package savings_test

var unusedImage = []row{
	{name: "two snapshots", resource: image(200, "snap-1", "snap-2"), others: scan(snapshot("snap-1", "", 200), snapshot("snap-2", "", 200)), want: "unpriced"},
	{name: "a snapshot that another image has too", resource: image(200, "snap-1"), others: scan(snapshot("snap-1", "", 200), res("AMI", "ami-2", "available", 1, m{"snapshot_ids": []any{"snap-1"}})), want: "0.00"},
	{name: "launched last year", resource: with(image(400, "snap-1"), "last_launched", stamp(300)), others: scan(snapshot("snap-1", "", 200)), want: "unpriced"},
	{name: "launched last week", resource: with(image(400, "snap-1"), "last_launched", stamp(7)), others: scan(snapshot("snap-1", "", 200)), want: "none"},
	{name: "in use", resource: image(200, "snap-1"), others: scan(with(instance("i-1", "m5.large", "stopped"), "image_id", "ami-1")), want: "none"},
	{name: "new", resource: image(5, "snap-1"), want: "none"},
	{name: "public", resource: with(image(200, "snap-1"), "public", true), want: "none"},
	{name: "protected", resource: with(image(200, "snap-1"), "deregistration_protection", "enabled-without-cooldown"), want: "none"},
}
