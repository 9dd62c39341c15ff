package savings

import "github.com/consolesensei/resource-tracker/tracker"

var unusedCapacityReservation = Rule{
	Name:      "unused_capacity_reservation",
	Title:     "Reserved capacity is not used",
	Condition: "A capacity reservation that is paid for by the hour is active and some of its instances do not run.",
	Types:     []tracker.Type{"EC2_CapacityReservation"},
	Effect:    Resize,
	Saving:    "all that the unused part of the reservation costs",
	Risk:      "low",
	RiskNote:  "The capacity may be gone when it is needed.",
	Check: func(c *Case) *Match {
		unused, ok := c.Metadata.Number("available_instances")
		if !ok {
			return c.unknown("how much of the reservation is used is not known")
		}
		if c.State != "active" || unused == 0 || c.Metadata.Text("reservation_type") == "capacity-block" {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("instance_type", "platform", "instances", "available_instances", "end")}
	},
}
