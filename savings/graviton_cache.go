package savings

import "github.com/consolesensei/resource-tracker/tracker"

var gravitonCache = Rule{
	Name:      "graviton_cache",
	Title:     "Cache would cost less on Graviton",
	Condition: "A cache cluster is available and its nodes are of a family and size that Graviton has too.",
	Types:     []tracker.Type{"ElastiCache_Cluster"},
	Effect:    Retype,
	Saving:    "the cluster's cost less its cost with the same size on Graviton",
	Risk:      "low",
	RiskNote:  "Nodes of a replication group are changed by the group, one after the other; others lose what they hold.",
	Check: func(c *Case) *Match {
		arm := next(gravitons, c.Metadata.Text("node_type"))
		if c.State != "available" || arm == "" {
			return nil
		}
		return &Match{
			Saving:   c.as(arm, tracker.Metadata{"node_type": arm}),
			Evidence: with(c.facts("engine", "node_type", "node_count", "replication_group_id"), "graviton", arm),
		}
	},
}
