package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func table(mode string, read, write int) tracker.Resource {
	return res("DynamoDB_Table", "orders", "active", 100, m{"billing_mode": mode, "read_capacity_units": int64(read), "write_capacity_units": int64(write)})
}

var idleTableCapacity = []row{
	{name: "not used at all", resource: table("PROVISIONED", 100, 100), metrics: values{"ConsumedReadCapacityUnits": {}, "ConsumedWriteCapacityUnits": {}}, want: "56.37"},
	{name: "a tenth", resource: table("PROVISIONED", 100, 100), metrics: values{"ConsumedReadCapacityUnits": {864_000}, "ConsumedWriteCapacityUnits": {864_000}}, want: "45.55"},
	{name: "a half", resource: table("PROVISIONED", 100, 100), metrics: values{"ConsumedReadCapacityUnits": {4_320_000}, "ConsumedWriteCapacityUnits": {0}}, want: "none"},
	{name: "on demand", resource: table("PAY_PER_REQUEST", 0, 0), metrics: values{}, want: "none"},
	{name: "of unknown capacity", resource: with(table("PROVISIONED", 1, 1), "read_capacity_units", nil), metrics: values{"ConsumedReadCapacityUnits": {}, "ConsumedWriteCapacityUnits": {}}, want: "1 not decided on: the capacity of the table is not known"},
}
