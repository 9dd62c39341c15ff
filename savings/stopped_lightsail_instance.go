package savings

import "github.com/consolesensei/resource-tracker/tracker"

var stoppedLightsailInstance = Rule{
	Name:      "stopped_lightsail_instance",
	Title:     "Lightsail instance is stopped and paid for all the same",
	Condition: "A Lightsail instance is stopped: its bundle is charged whether it runs or not.",
	Types:     []tracker.Type{"Lightsail_Instance"},
	Effect:    Delete,
	Saving:    "all that the bundle costs",
	Risk:      "high",
	RiskNote:  "What is on it is lost unless a snapshot is taken first.",
	Check: func(c *Case) *Match {
		if c.State != "stopped" {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("bundle_id", "blueprint_id", "static_ip")}
	},
}
