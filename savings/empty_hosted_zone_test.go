package savings_test

var emptyHostedZone = []row{
	{name: "empty", resource: res("Route53_Zone", "Z1", "active", -1, m{"record_count": int64(2), "private": false}), want: "0.50"},
	{name: "in use", resource: res("Route53_Zone", "Z1", "active", -1, m{"record_count": int64(3)}), want: "none"},
	{name: "of a service", resource: res("Route53_Zone", "Z1", "active", -1, m{"record_count": int64(2), "linked_service": "servicediscovery.amazonaws.com"}), want: "none"},
	{name: "unknown", resource: res("Route53_Zone", "Z1", "active", -1, m{}), want: "1 not decided on: the number of records is not known"},
}
