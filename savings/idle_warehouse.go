package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleWarehouse = Rule{
	Name:      "idle_warehouse",
	Title:     "Nobody connects to the warehouse",
	Condition: "A Redshift cluster is at least {metric_days} days old and had no connection on any day of them.",
	Types:     []tracker.Type{"Redshift_Cluster"},
	Metrics:   []Metric{{"AWS/Redshift", "DatabaseConnections", "Maximum", by("ClusterIdentifier")}},
	Effect:    Stop,
	Verb:      "pause",
	Saving:    "the cluster's cost less its cost when it is paused: storage stays",
	Risk:      "low",
	RiskNote:  "A paused cluster takes some minutes to answer again.",
	Applies:   func(c *Case) bool { return c.State == "available" && !c.younger(c.MetricDays) },
	Check: func(c *Case) *Match {
		if !c.measured(0) {
			return c.unknown("CloudWatch has too few values")
		}
		if c.max(0) > 0 {
			return nil
		}
		return &Match{
			Saving:   c.fix(nil),
			Evidence: with(c.facts("node_type", "node_count"), "days", len(c.values(0)), "connections_max", c.max(0)),
		}
	},
}
