package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func routes(targets ...any) tracker.Resource {
	var list []map[string]any
	for _, t := range targets {
		list = append(list, map[string]any{"target": t})
	}
	return res("Route_Table", "rtb-1", "active", -1, m{"routes": list})
}

var unroutedNATGateway = []row{
	{name: "no route", resource: gateway("available", 100), others: scan(routes("igw-1", "local", nil)), want: "32.85"},
	{name: "a route", resource: gateway("available", 100), others: scan(routes("igw-1", "nat-1")), want: "none"},
	{name: "failed", resource: gateway("failed", 100), want: "none"},
	{name: "new", resource: gateway("available", 0), want: "none"},
}
