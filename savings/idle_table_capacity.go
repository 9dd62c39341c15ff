package savings

import (
	"math"

	"github.com/consolesensei/resource-tracker/tracker"
)

var idleTableCapacity = Rule{
	Name:      "idle_table_capacity",
	Title:     "Table has far more capacity than it uses",
	Condition: "A DynamoDB table with provisioned capacity is at least {metric_days} days old, and on its busiest day it used less than {low_capacity_percent} % of its read and of its write units.",
	Types:     []tracker.Type{"DynamoDB_Table"},
	Metrics: []Metric{
		{"AWS/DynamoDB", "ConsumedReadCapacityUnits", "Sum", by("TableName")},
		{"AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum", by("TableName")},
	},
	Effect:   Resize,
	Saving:   "the table's cost less its cost with twice the units that its busiest day used on average, at least one of each; indexes stay",
	Risk:     "medium",
	RiskNote: "The busiest minute may need more than the busiest day tells: auto scaling or on-demand mode take care of that.",
	Applies: func(c *Case) bool {
		return c.Metadata.Text("billing_mode") == "PROVISIONED" && c.State == "active" && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		read, ok := c.Metadata.Number("read_capacity_units")
		write, ok2 := c.Metadata.Number("write_capacity_units")
		if !ok || !ok2 {
			return c.unknown("the capacity of the table is not known")
		}
		// A table that is not used reports nothing.
		reads, writes := c.max(0)/daySeconds, c.max(1)/daySeconds
		low := float64(c.LowCapacityPercent) / 100
		if reads >= read*low || writes >= write*low {
			return nil
		}
		less := tracker.Metadata{
			"read_capacity_units":  int64(min(read, max(1, math.Ceil(2*reads)))),
			"write_capacity_units": int64(min(write, max(1, math.Ceil(2*writes)))),
		}
		return &Match{
			Saving: c.as("smaller capacity", less),
			Evidence: with(c.facts("read_capacity_units", "write_capacity_units"), "reads_per_sec", reads, "writes_per_sec", writes,
				"needed_read_units", less["read_capacity_units"], "needed_write_units", less["write_capacity_units"]),
		}
	},
}

const daySeconds = 24 * 60 * 60
