package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var idleDatabase = Rule{
	Name:      "idle_database",
	Title:     "Nobody connects to the database",
	Condition: "A database instance is at least {metric_days} days old and had no connection on any day of them. Replicas, and members of a DocumentDB cluster that is one, are left out.",
	Types:     []tracker.Type{"DocumentDB_Instance", "RDS_Instance"},
	Facts:     []*Fact{copiesMember},
	Metrics: []Metric{
		{"AWS/RDS", "DatabaseConnections", "Maximum", only("RDS_Instance", by("DBInstanceIdentifier"))},
		{"AWS/DocDB", "DatabaseConnections", "Maximum", only("DocumentDB_Instance", by("DBInstanceIdentifier"))},
	},
	Effect:   Stop,
	Verb:     "stop",
	Saving:   "the instance's cost less its cost when it is stopped: storage stays",
	Risk:     "medium",
	RiskNote: "RDS starts it again after seven days. Members of Aurora and DocumentDB clusters are stopped with their cluster.",
	Applies: func(c *Case) bool {
		return c.State == "available" && !c.younger(c.MetricDays) && !c.knows(copiesMember, c.ID)
	},
	Check: func(c *Case) *Match {
		i := 0
		if c.Type == "DocumentDB_Instance" {
			i = 1
		}
		if !c.measured(i) {
			return c.unknown("CloudWatch has too few values")
		}
		if c.max(i) > 0 {
			return nil
		}
		saving := c.fix(nil)
		if c.Type != "RDS_Instance" { // no verb stops it
			saving = c.inState("stopped")
		}
		return &Match{
			Saving:   saving,
			Evidence: with(c.facts("engine", "instance_class", "multi_az", "cluster_id"), "days", len(c.values(i)), "connections_max", c.max(i)),
			ByHand:   c.Type != "RDS_Instance" || c.Metadata.Text("cluster_id") != "",
		}
	},
}

// copiesMember holds for the instances of DocumentDB clusters that are copies.
var copiesMember = &Fact{
	name: "member of a copy", of: "DocumentDB_Cluster", only: "DocumentDB_Instance",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		if _, _, kept := tracker.Kept(r); !kept {
			return nil
		}
		return r.Metadata.List("instance_ids")
	},
}

// only returns a metric's dimensions for resources of one type.
func only(t tracker.Type, of func(tracker.Resource) []tracker.MetricDimension) func(tracker.Resource) []tracker.MetricDimension {
	return func(r tracker.Resource) []tracker.MetricDimension {
		if r.Type != t {
			return nil
		}
		return of(r)
	}
}
