package savings

import "github.com/consolesensei/resource-tracker/tracker"

var gravitonInstance = Rule{
	Name:      "graviton_instance",
	Title:     "Instance would cost less on Graviton",
	Condition: "A running on-demand Linux instance with an x86 processor is of a family and size that Graviton has too.",
	Types:     []tracker.Type{"EC2_Instance"},
	Effect:    Retype,
	Saving:    "the instance's cost less its cost as the same size on Graviton",
	Risk:      "high",
	RiskNote:  "Everything on the instance has to be built for arm64: it is replaced by a new instance rather than changed.",
	Check: func(c *Case) *Match {
		arm := next(gravitons, c.Metadata.Text("instance_type"))
		if !c.runsOnDemand() || arm == "" || c.Metadata.Text("architecture") != "x86_64" || c.Metadata.Text("platform") != "Linux/UNIX" {
			return nil
		}
		return &Match{
			Saving:   c.as(arm, tracker.Metadata{"instance_type": arm, "architecture": "arm64"}),
			Evidence: with(c.facts("instance_type", "platform", "image_id"), "graviton", arm),
		}
	},
}
