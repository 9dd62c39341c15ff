package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func secret(state string, days int, read any) tracker.Resource {
	return res("Secret", "db-password", state, days, m{"last_accessed": read})
}

var unusedSecret = []row{
	{name: "never read", resource: secret("active", 400, nil), want: "0.40"},
	{name: "read last year", resource: secret("active", 400, stamp(365)), want: "0.40"},
	{name: "read last week", resource: secret("active", 400, stamp(7)), want: "none"},
	{name: "replica of another region's", resource: with(secret("active", 400, stamp(200)), "primary_region", "eu-west-1"), want: "none"},
	{name: "primary", resource: with(secret("active", 400, stamp(200)), "primary_region", region), want: "0.40"},
	{name: "new", resource: secret("active", 4, nil), want: "none"},
	{name: "of a service", resource: with(secret("active", 400, nil), "owning_service", "rds"), want: "none"},
	{name: "being deleted", resource: secret("pendingdeletion", 400, nil), want: "none"},
}
