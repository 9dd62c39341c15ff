package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func stream(mode string) tracker.Resource {
	return res("Kinesis_Stream", "clicks", "active", 100, m{"mode": mode, "shard_count": int64(1)})
}

var idleStream = []row{
	{name: "idle", resource: stream("PROVISIONED"), metrics: values{"IncomingBytes": {}, "GetRecords.Bytes": {}}, want: "10.95"},
	{name: "written", resource: stream("PROVISIONED"), metrics: values{"IncomingBytes": {10}, "GetRecords.Bytes": {}}, want: "none"},
	{name: "on demand", resource: stream("ON_DEMAND"), metrics: values{}, want: "none"},
}
