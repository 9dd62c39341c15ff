package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleNATGateway = Rule{
	Name:      "idle_nat_gateway",
	Title:     "NAT gateway carries no traffic",
	Condition: "A NAT gateway is at least {metric_days} days old and sent nothing to anywhere in that time.",
	Types:     []tracker.Type{"NAT_Gateway"},
	Metrics:   []Metric{{"AWS/NATGateway", "BytesOutToDestination", "Sum", by("NatGatewayId")}},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the gateway costs by the hour; its addresses cost until they are released",
	Risk:      "medium",
	RiskNote:  "Routes that lead to it lead nowhere then.",
	Applies:   func(c *Case) bool { return c.State == "available" && !c.younger(c.MetricDays) },
	Check: func(c *Case) *Match {
		if !c.measured(0) {
			return c.unknown("CloudWatch has too few values")
		}
		if c.total(0) > 0 {
			return nil
		}
		return &Match{
			Saving:   c.fix(nil),
			Evidence: with(c.facts("vpc_id", "subnet_id", "public_ip"), "days", len(c.values(0)), "bytes_out", c.total(0)),
			Related:  map[tracker.Type][]string{"Elastic_IP": c.Metadata.List("allocation_ids")},
		}
	},
}
