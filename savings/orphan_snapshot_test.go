package savings_test

var orphanSnapshot = []row{
	{name: "volume gone", resource: snapshot("snap-1", "vol-2", 10), others: scan(volume("gp3", 8, 3000, 1)), want: "unpriced"},
	{name: "volume there", resource: snapshot("snap-1", "vol-1", 10), others: scan(volume("gp3", 8, 3000, 1)), want: "none"},
	{name: "a copy", resource: snapshot("snap-1", "vol-ffffffff", 10), want: "none"},
	{name: "in an image", resource: snapshot("snap-1", "vol-2", 10), others: scan(image(365, "snap-1")), want: "none"},
}
