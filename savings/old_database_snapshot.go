package savings

import "github.com/consolesensei/resource-tracker/tracker"

var oldDatabaseSnapshot = Rule{
	Name:      "old_database_snapshot",
	Title:     "Manual snapshot of a database is old",
	Condition: "A manual snapshot of a database or of a cluster is at least {old_snapshot_days} days old.",
	Types:     []tracker.Type{"RDS_Snapshot"},
	Effect:    Delete,
	Saving:    "not priced, but at most all that the snapshot costs: what other snapshots share stays",
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
		Saving:   c.all(),
		Evidence: c.facts("snapshot_of", "incremental", "instance_id", "cluster_id", "engine", "engine_version", "allocated_storage_gb", "full_size_bytes"),
	}
}
