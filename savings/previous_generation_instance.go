package savings

import "github.com/consolesensei/resource-tracker/tracker"

var previousGenerationInstance = Rule{
	Name:      "previous_generation_instance",
	Title:     "Instance is of an earlier generation",
	Condition: "A running on-demand instance is of a family that has a successor: t2, m3, m4, c3, c4, r3, r4 or i2.",
	Types:     []tracker.Type{"EC2_Instance"},
	Effect:    Retype,
	Saving:    "the instance's cost less its cost as the same size of the successor",
	Risk:      "medium",
	RiskNote:  "The instance has to be stopped, and its image needs drivers for ENA and NVMe. Instances of an Auto Scaling group change with its launch template.",
	Check: func(c *Case) *Match {
		newer := next(successors, c.Metadata.Text("instance_type"))
		if !c.runsOnDemand() || newer == "" {
			return nil
		}
		return &Match{
			Saving:   c.as(newer, tracker.Metadata{"instance_type": newer}),
			Evidence: with(c.facts("instance_type", "platform", "image_id"), "successor", newer),
		}
	},
}

// runsOnDemand reports whether an instance is paid for at the list price.
func (c *Case) runsOnDemand() bool {
	return c.State == "running" && c.Metadata.Text("lifecycle") == "on-demand"
}
