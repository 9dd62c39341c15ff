package savings

import "github.com/consolesensei/resource-tracker/tracker"

var emptyLoadBalancer = Rule{
	Name:      "empty_load_balancer",
	Title:     "Load balancer has nothing to balance",
	Condition: "A load balancer has no target group, a classic one has no instance.",
	Types:     []tracker.Type{"Load_Balancer"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the load balancer costs, without its public addresses, which are charged with its interfaces",
	Risk:      "low",
	RiskNote:  "A listener may answer by itself, with a redirect or a fixed page.",
	Check: func(c *Case) *Match {
		targets := "target_groups"
		if c.Metadata.Text("type") == "classic" {
			targets = "instances"
		}
		switch {
		case c.Metadata[targets] == nil:
			return c.unknown("the %s are not known", targets)
		case len(c.Metadata.List(targets))+len(c.Metadata.Objects(targets)) > 0:
			return nil
		}
		return &Match{Saving: c.fix(nil), Evidence: with(c.facts("type", "scheme", "dns_name"), "listeners", len(c.Metadata.Objects("listeners")))}
	},
}
