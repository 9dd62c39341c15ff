package savings_test

var stoppedInstance = []row{
	{name: "for two months", resource: stopped("i-1", 60), others: scan(volume("gp2", 100, 300, 90, "i-1"), volume("gp3", 100, 3000, 90, "i-1")), want: "18.00"},
	{name: "with a volume that stays", resource: stopped("i-1", 60), others: scan(volume("gp2", 100, 300, 90, "i-1"), with(volume("gp3", 100, 3000, 90, "i-1"), "deleted_with", nil)), want: "10.00"},
	{name: "since yesterday", resource: stopped("i-1", 1), others: scan(volume("gp2", 100, 300, 90, "i-1")), want: "none"},
	{name: "nobody knows since when", resource: instance("i-1", "m5.large", "stopped"), others: scan(volume("gp2", 100, 300, 90, "i-1")), want: "1 not decided on: when the instance was stopped is not known"},
	{name: "without volumes", resource: stopped("i-1", 60), want: "none"},
	{name: "running", resource: instance("i-1", "m5.large", "running"), others: scan(volume("gp2", 100, 300, 90, "i-1")), want: "none"},
}
