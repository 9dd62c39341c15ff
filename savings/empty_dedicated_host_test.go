package savings_test

var emptyDedicatedHost = []row{
	{name: "empty", resource: res("EC2_DedicatedHost", "h-1", "available", 10, m{"instance_ids": []string{}, "instance_family": "m5"}), want: "3000.00"},
	{name: "in use", resource: res("EC2_DedicatedHost", "h-1", "available", 10, m{"instance_ids": []string{"i-1"}}), want: "none"},
	{name: "reserved", resource: res("EC2_DedicatedHost", "h-1", "available", 10, m{"reservation_id": "hr-1"}), want: "none"},
}
