package savings

import (
	"math"

	"github.com/consolesensei/resource-tracker/tracker"
)

var oversizedDatabaseStorage = Rule{
	Name:      "oversized_database_storage",
	Title:     "Database has far more storage than it uses",
	Condition: "A database instance with storage of its own is at least {metric_days} days old and at least {free_storage_percent} % of its storage was free at all times.",
	Types:     []tracker.Type{"RDS_Instance"},
	Metrics:   []Metric{{"AWS/RDS", "FreeStorageSpace", "Minimum", by("DBInstanceIdentifier")}},
	Effect:    Resize,
	Saving:    "the instance's cost less its cost with the storage that it used at most and a quarter more, at least 20 GB",
	Risk:      "medium",
	RiskNote:  "Storage cannot be made smaller: the data has to move to a new instance, by blue/green deployment or by dump and restore.",
	Applies: func(c *Case) bool {
		_, ok := c.Metadata.Number("allocated_storage_gb")
		return ok && c.State == "available" && c.Metadata.Text("storage_type") != "aurora" && c.Metadata.Text("cluster_id") == "" && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		if !c.measured(0) {
			return c.unknown("CloudWatch has too few values")
		}
		size, _ := c.Metadata.Number("allocated_storage_gb")
		free := c.min(0) / gib
		needed := max(20, math.Ceil((size-free)*1.25))
		if free*100 < size*float64(c.FreeStoragePercent) || needed >= size {
			return nil
		}
		return &Match{
			Saving:   c.as("smaller storage", tracker.Metadata{"allocated_storage_gb": int64(needed)}),
			Evidence: with(c.facts("engine", "allocated_storage_gb", "storage_type"), "free_gb_min", math.Floor(free), "needed_gb", needed, "days", len(c.values(0))),
		}
	},
}
