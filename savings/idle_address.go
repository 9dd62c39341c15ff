package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleAddress = Rule{
	Name:      "idle_address",
	Title:     "Address is associated with nothing",
	Condition: "An Elastic IP address is not associated.",
	Types:     []tracker.Type{"Elastic_IP"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the address costs",
	Risk:      "low",
	RiskNote:  "The address cannot be had again; look for it in DNS and in others' allow-lists first.",
	Check: func(c *Case) *Match {
		if c.State != "unassociated" {
			return nil
		}
		// The AWS service that made an address alone may release it.
		return &Match{Saving: c.fix(nil), Evidence: c.facts("public_ip", "service_managed"), ByHand: c.Metadata.Text("service_managed") != ""}
	},
}
