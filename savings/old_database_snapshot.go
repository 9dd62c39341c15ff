package savings

import "github.com/consolesensei/resource-tracker/tracker"

var oldDatabaseSnapshot = Rule{
	Name:      "old_database_snapshot",
	Title:     "Manual snapshot of a database is old",
	Condition: "A manual snapshot of a database or of a cluster is at least {old_snapshot_days} days old.",
	Types:     []tracker.Type{"RDS_Snapshot"},
	Effect:    Delete,
	Saving:    "all that the snapshot costs, at most: what other snapshots share stays",
	Risk:      "medium",
	RiskNote:  "What was saved is lost.",
	Check: func(c *Case) *Match {
		if c.State != "available" || c.younger(c.OldSnapshotDays) {
			return nil
		}
		return c.databaseSnapshotGone()
	},
}

func (c *Case) databaseSnapshotGone() *Match {
	return &Match{
		Saving:   c.all().atMost(tracker.ConfidenceLow, "at most, since it may share data with others"),
		Evidence: c.facts("snapshot_of", "instance_id", "cluster_id", "engine", "engine_version", "allocated_storage_gb", "full_size_bytes"),
	}
}
