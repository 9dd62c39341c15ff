package savings

import "github.com/consolesensei/resource-tracker/tracker"

var emptyDedicatedHost = Rule{
	Name:      "empty_dedicated_host",
	Title:     "Dedicated host runs nothing",
	Condition: "A dedicated host is available and no instance is on it.",
	Types:     []tracker.Type{"EC2_DedicatedHost"},
	Effect:    Delete,
	Saving:    "all that the host costs",
	Risk:      "low",
	RiskNote:  "There may be none of its kind when one is needed again. A host that is reserved is paid for anyway.",
	Check: func(c *Case) *Match {
		if c.State != "available" || len(c.Metadata.List("instance_ids")) > 0 || c.Metadata.Text("reservation_id") != "" {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("instance_family", "instance_type", "vcpus", "availability_zone")}
	},
}
