package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var addressOnIdleInterface = Rule{
	Name:      "address_on_idle_interface",
	Title:     "Address belongs to a network interface that is attached to nothing",
	Condition: "An Elastic IP address is associated with a network interface that nothing uses.",
	Types:     []tracker.Type{"Elastic_IP"},
	Facts:     []*Fact{idleInterface},
	Effect:    Delete,
	Saving:    "all that the address costs",
	Risk:      "low",
	RiskNote:  "Dissociate the address first: no verb does.",
	Check: func(c *Case) *Match {
		eni := c.Metadata.Text("associated_eni")
		if eni == "" || !c.knows(idleInterface, eni) {
			return nil
		}
		return &Match{
			Saving:   c.all(),
			Evidence: c.facts("public_ip", "associated_eni"),
			Related:  map[tracker.Type][]string{"Network_Interface": {eni}},
		}
	},
}

// idleInterface holds for the network interfaces that are attached to nothing.
var idleInterface = &Fact{
	name: "idle", of: "Network_Interface",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		if r.State != "available" {
			return nil
		}
		return []string{r.ID}
	},
}
