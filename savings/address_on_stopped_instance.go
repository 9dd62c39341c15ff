package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var addressOnStoppedInstance = Rule{
	Name:      "address_on_stopped_instance",
	Title:     "Address belongs to a stopped instance",
	Condition: "An Elastic IP address is associated with an instance that is stopped.",
	Types:     []tracker.Type{"Elastic_IP"},
	Facts:     []*Fact{stoppedInstance},
	Effect:    Delete,
	Saving:    "all that the address costs",
	Risk:      "medium",
	RiskNote:  "The instance starts with another address. Dissociate the address first: no verb does.",
	Check: func(c *Case) *Match {
		instance := c.Metadata.Text("associated_instance")
		if instance == "" || !c.knows(stoppedInstance, instance) {
			return nil
		}
		return &Match{
			Saving:   c.all(),
			Evidence: c.facts("public_ip", "associated_instance"),
			Related:  map[tracker.Type][]string{"EC2_Instance": {instance}},
		}
	},
}

// stoppedInstance holds for the instances that are stopped.
var stoppedInstance = &Fact{
	name: "stopped", of: "EC2_Instance",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		if r.State != "stopped" {
			return nil
		}
		return []string{r.ID}
	},
}
