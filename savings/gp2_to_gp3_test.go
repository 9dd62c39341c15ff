package savings_test

var gp2ToGP3 = []row{
	{name: "small", resource: volume("gp2", 100, 300, 30, "i-1"), want: "2.00"},
	{name: "with more throughput than gp3 has without", resource: volume("gp2", 500, 1500, 30, "i-1"), want: "5.00"},
	{name: "with more IOPS than gp3 has without", resource: volume("gp2", 2000, 6000, 30, "i-1"), want: "20.00"},
	{name: "that gp3 would cost as much as", resource: volume("gp2", 250, 750, 30, "i-1"), want: "none"},
	{name: "of unknown size", resource: res("EBS_Volume", "vol-1", "in-use", 30, m{"volume_type": "gp2"}), want: "1 not decided on: the size of the volume is not known"},
	{name: "gp3", resource: volume("gp3", 100, 3000, 30, "i-1"), want: "none"},
}
