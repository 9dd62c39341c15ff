package savings_test

var idleCache = []row{
	{name: "idle Redis", resource: cache("redis", "cache.m5.large", nil), metrics: values{"GetTypeCmds": {0}, "SetTypeCmds": {0}}, want: "113.88"},
	{name: "idle Memcached", resource: cache("memcached", "cache.m5.large", nil), metrics: values{"CmdGet": {0}, "CmdSet": {0}}, want: "113.88"},
	{name: "of a group", resource: cache("valkey", "cache.m5.large", m{"replication_group_id": "g-1"}), metrics: values{"GetTypeCmds": {0}, "SetTypeCmds": {0}}, want: "113.88"},
	{name: "read", resource: cache("redis", "cache.m5.large", nil), metrics: values{"GetTypeCmds": {10}, "SetTypeCmds": {0}}, want: "none"},
	{name: "several nodes", resource: cache("memcached", "cache.m5.large", m{"node_count": int64(3)}), metrics: values{}, want: "none"},
	{name: "without values", resource: cache("redis", "cache.m5.large", nil), metrics: values{"GetTypeCmds": {}, "SetTypeCmds": {}}, want: "1 not decided on: CloudWatch has too few values"},
}
