package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var unroutedNATGateway = Rule{
	Name:      "unrouted_nat_gateway",
	Title:     "No route leads to the NAT gateway",
	Condition: "A NAT gateway is available, at least a day old, and no route table of the region names it.",
	Types:     []tracker.Type{"NAT_Gateway"},
	Facts:     []*Fact{routed},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the gateway costs by the hour; its addresses cost until they are released; with low confidence until it is known since when no route leads to it",
	Risk:      "low",
	RiskNote:  "A route may be added only when it is needed, or be in a route table of the account that shares the network.",
	Check: func(c *Case) *Match {
		if c.State != "available" || c.younger(1) || c.knows(routed, c.ID) {
			return nil
		}
		match := c.inStateFor(c.fix(nil), unused{"without a route", false, c.UnusedDays}, c.facts("vpc_id", "subnet_id", "public_ip"))
		match.Related = map[tracker.Type][]string{"Elastic_IP": c.Metadata.List("allocation_ids")}
		return match
	},
}

// routed holds for what routes lead to.
var routed = &Fact{
	name: "routed", of: "Route_Table",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		var targets []string
		for _, route := range r.Metadata.Objects("routes") {
			if target, ok := route["target"].(string); ok {
				targets = append(targets, target)
			}
		}
		return targets
	},
}
