package savings_test

var staleAlarm = []row{
	{name: "without data for a year", resource: res("CloudWatch_Alarm", "cpu", "insufficient_data", -1, m{"state_since": stamp(365), "metric": "CPUUtilization"}), want: "0.10"},
	{name: "since yesterday", resource: res("CloudWatch_Alarm", "cpu", "insufficient_data", -1, m{"state_since": stamp(1)}), want: "none"},
	{name: "in order", resource: res("CloudWatch_Alarm", "cpu", "ok", -1, m{"state_since": stamp(365)}), want: "none"},
}
