package savings_test

var unattachedVolume = []row{
	{name: "available for a month", resource: volume("gp2", 100, 300, 30), want: "10.00"},
	{name: "of a type without a price", resource: res("EBS_Volume", "vol-1", "available", 30, m{"volume_type": "gp9"}), want: "unpriced"},
	{name: "available since yesterday", resource: volume("gp2", 100, 300, 1), want: "none"},
	{name: "of unknown age", resource: volume("gp2", 100, 300, -1), want: "none"},
	{name: "in use", resource: volume("gp2", 100, 300, 30, "i-1"), want: "none"},
}
