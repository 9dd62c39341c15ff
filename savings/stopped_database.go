package savings

import "github.com/consolesensei/resource-tracker/tracker"

var stoppedDatabase = Rule{
	Name:      "stopped_database",
	Title:     "Database is stopped and pays for its storage",
	Condition: "A database instance that belongs to no cluster is stopped.",
	Types:     []tracker.Type{"RDS_Instance"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the stopped instance costs; the final snapshot costs less than the storage",
	Risk:      "high",
	RiskNote:  "RDS starts a stopped instance again after seven days and charges for it in full. What is in it is lost but for the final snapshot.",
	Check: func(c *Case) *Match {
		// A member is stopped with its cluster, which alone pays for the storage.
		if c.State != "stopped" || c.Metadata.Text("cluster_id") != "" {
			return nil
		}
		return &Match{
			Saving:   c.fix(nil).atMost(tracker.ConfidenceMedium, "a final snapshot is not taken off"),
			Evidence: c.facts("engine", "instance_class", "allocated_storage_gb", "storage_type", "deletion_protection"),
		}
	},
}
