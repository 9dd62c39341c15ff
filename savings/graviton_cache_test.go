package savings_test

var gravitonCache = []row{
	{name: "r5", resource: cache("redis", "cache.r5.large", nil), want: "7.30"},
	{name: "two nodes", resource: cache("memcached", "cache.r5.large", m{"node_count": int64(2)}), want: "14.60"},
	{name: "Graviton", resource: cache("redis", "cache.r6g.large", nil), want: "none"},
}
