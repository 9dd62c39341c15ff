package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var orphanDatabaseSnapshot = Rule{
	Name:      "orphan_database_snapshot",
	Title:     "Snapshot is of a database that is gone",
	Condition: "The RDS instance or cluster that a manual snapshot was taken of does not exist any more.",
	Types:     []tracker.Type{"RDS_Snapshot"},
	Facts:     []*Fact{existingDatabase, existingDatabaseCluster},
	Effect:    Delete,
	Saving:    "not priced, but at most all that the snapshot costs: what other snapshots share stays",
	Risk:      "high",
	RiskNote:  "It may be the final snapshot: all that is left of the database.",
	Check: func(c *Case) *Match {
		engine := c.Metadata.Text("engine")
		instance, cluster := c.Metadata.Text("instance_id"), c.Metadata.Text("cluster_id")
		switch {
		case c.State != "available", engine == "docdb", engine == "neptune", instance == "" && cluster == "":
			return nil // snapshots of DocumentDB and Neptune come along; their databases are other types
		case instance != "" && c.knows(existingDatabase, instance), cluster != "" && c.knows(existingDatabaseCluster, cluster):
			return nil
		}
		return c.databaseSnapshotGone()
	},
}

func itself(_ Thresholds, _ time.Time, r tracker.Resource) []string { return []string{r.ID} }

// existingDatabase and existingDatabaseCluster hold for those that exist.
var (
	existingDatabase        = &Fact{name: "exists", of: "RDS_Instance", ids: itself}
	existingDatabaseCluster = &Fact{name: "cluster exists", of: "RDS_Cluster", ids: itself}
)
