package savings_test

var io1ToGP3 = []row{
	{name: "3,000 IOPS", resource: volume("io1", 100, 3000, 30, "i-1"), want: "184.50"},
	{name: "io2", resource: volume("io2", 100, 1000, 30, "i-1"), want: "64.50"},
	{name: "more IOPS than gp3 has", resource: volume("io2", 2000, 32000, 30, "i-1"), want: "none"},
	{name: "attached to several", resource: with(volume("io2", 100, 1000, 30, "i-1", "i-2"), "multi_attach", true), want: "none"},
	{name: "gp2", resource: volume("gp2", 100, 300, 30, "i-1"), want: "none"},
}
