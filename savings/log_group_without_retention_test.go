package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func logs(retention any, gb, days int) tracker.Resource {
	return res("CloudWatch_LogGroup", "/app", "active", days, m{"retention_days": retention, "stored_bytes": int64(gb) << 30})
}

var logGroupWithoutRetention = []row{
	{name: "100 GB in 300 days", resource: logs("Never expire", 100, 300), want: "2.70"},
	{name: "small", resource: logs("Never expire", 0, 300), want: "none"},
	{name: "young", resource: logs("Never expire", 100, 20), want: "none"},
	{name: "with retention", resource: logs(int64(365), 100, 300), want: "none"},
	{name: "of unknown size", resource: with(logs("Never expire", 100, 300), "stored_bytes", nil), want: "1 not decided on: the size of the log group is not known"},
}
