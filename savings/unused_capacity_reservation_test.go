package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func reservation(unused any) tracker.Resource {
	return res("EC2_CapacityReservation", "cr-1", "active", 10, m{"instance_type": "m5.large", "instances": int64(4), "available_instances": unused})
}

var unusedCapacityReservation = []row{
	{name: "one of four", resource: reservation(int64(1)), want: "70.08"},
	{name: "all used", resource: reservation(int64(0)), want: "none"},
	{name: "capacity block", resource: with(reservation(int64(1)), "reservation_type", "capacity-block"), want: "none"},
	{name: "of unknown use", resource: reservation(nil), want: "1 not decided on: how much of the reservation is used is not known"},
}
