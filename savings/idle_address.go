package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleAddress = Rule{
	Name:      "idle_address",
	Title:     "Address is associated with nothing",
	Condition: "An Elastic IP address is not associated. One that was brought along by its owner, or is of a carrier, and costs nothing is left out.",
	Types:     []tracker.Type{"Elastic_IP"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the address costs; with low confidence until it is known since when it is not associated",
	Risk:      "low",
	RiskNote:  "The address cannot be had again; look for it in DNS and in others' allow-lists first.",
	Check: func(c *Case) *Match {
		if c.State != "unassociated" {
			return nil
		}
		saving := c.fix(nil)
		// One of the owner's own pool or of a carrier costs nothing and is hard to have again.
		pool := c.Metadata.Text("public_ipv4_pool")
		if pool != "" && pool != "amazon" || c.Metadata.Text("public_ip") == "" || saving.Monthly != nil && *saving.Monthly == 0 {
			return nil
		}
		return c.inStateFor(saving, unused{"unassociated", true, c.UnusedDays}, c.facts("public_ip", "service_managed"))
	},
}
