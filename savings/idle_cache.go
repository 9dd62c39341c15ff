package savings

import (
	"github.com/consolesensei/resource-tracker/tracker"
)

var idleCache = Rule{
	Name:      "idle_cache",
	Title:     "Nobody reads from the cache or writes to it",
	Condition: "A cache cluster of one node is at least {metric_days} days old and got no command that reads or writes a value in that time.",
	Types:     []tracker.Type{"ElastiCache_Cluster"},
	Metrics: []Metric{
		{"AWS/ElastiCache", "GetTypeCmds", "Sum", cacheNode(false)},
		{"AWS/ElastiCache", "SetTypeCmds", "Sum", cacheNode(false)},
		{"AWS/ElastiCache", "CmdGet", "Sum", cacheNode(true)},
		{"AWS/ElastiCache", "CmdSet", "Sum", cacheNode(true)},
	},
	Effect:   Delete,
	Verb:     "delete",
	Saving:   "all that the node costs",
	Risk:     "medium",
	RiskNote: "What is in memory is lost. A replica that only waits to take over looks idle too; it is deleted by its replication group.",
	Applies: func(c *Case) bool {
		nodes, _ := c.Metadata.Number("node_count")
		return c.State == "available" && nodes == 1 && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		reads, writes := 0, 1
		if c.Metadata.Text("engine") == "memcached" {
			reads, writes = 2, 3
		}
		if !c.measured(reads) && !c.measured(writes) {
			return c.unknown("CloudWatch has too few values")
		}
		if c.total(reads)+c.total(writes) > 0 {
			return nil
		}
		return &Match{
			Saving:   c.fix(nil),
			Evidence: with(c.facts("engine", "node_type", "replication_group_id"), "reads", c.total(reads), "writes", c.total(writes), "days", len(c.values(reads))),
			ByHand:   c.Metadata.Text("replication_group_id") != "",
		}
	},
}

// cacheNode returns the dimensions of the first node of a cluster of Memcached,
// or of Redis and Valkey, whose clusters have one node each.
func cacheNode(memcached bool) func(tracker.Resource) []tracker.MetricDimension {
	return func(r tracker.Resource) []tracker.MetricDimension {
		if memcached != (r.Metadata.Text("engine") == "memcached") {
			return nil
		}
		return []tracker.MetricDimension{{Name: "CacheClusterId", Value: r.ID}, {Name: "CacheNodeId", Value: "0001"}}
	}
}
