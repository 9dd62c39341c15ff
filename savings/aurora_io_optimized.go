package savings

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Aurora, list prices of us-east-1 (Aurora pricing; AWS Database Blog,
// "Aurora I/O-Optimized"): what requests and storage cost in each mode, and how
// much more instances cost in the optimised one.
const (
	auroraRequest          = 0.20 / 1e6
	auroraStorage          = 0.10
	auroraOptimizedStorage = 0.225
	auroraOptimizedCompute = 0.30
)

var auroraIOOptimized = Rule{
	Name:      "aurora_io_optimized",
	Title:     "Aurora cluster pays more for requests than I/O-Optimized would cost",
	Condition: "What an Aurora cluster in standard mode pays for I/O requests, as counted in the last {metric_days} days, is more than I/O-Optimized would add to its storage and instances.",
	Types:     []tracker.Type{"RDS_Cluster"},
	Facts:     []*Fact{memberCost},
	Metrics: []Metric{
		{"AWS/RDS", "VolumeReadIOPs", "Sum", by("DBClusterIdentifier")},
		{"AWS/RDS", "VolumeWriteIOPs", "Sum", by("DBClusterIdentifier")},
		{"AWS/RDS", "VolumeBytesUsed", "Maximum", by("DBClusterIdentifier")},
	},
	Effect:   Retype,
	Saving:   "requests × $0.20 a million − GB × ($0.225 − $0.10) − 30 % of what the instances cost",
	Risk:     "low",
	RiskNote: "The mode can be changed back at any time, and changed to I/O-Optimized once in 30 days. Reserved instances cover less of it.",
	Applies: func(c *Case) bool {
		mode := c.Metadata.Text("storage_type")
		return strings.HasPrefix(c.Metadata.Text("engine"), "aurora") && (mode == "" || mode == "aurora") && c.Metadata.Text("engine_mode") != "serverless" && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		if !c.measured(2) {
			return c.unknown("CloudWatch has too few values")
		}
		members := c.sum(memberCost, c.ID)
		if members.unpriced > 0 {
			return c.unknown("what the cluster's instances cost is not known")
		}
		requests, size := c.monthly(0)+c.monthly(1), c.max(2)/gib
		now := tracker.Dollars(requests * auroraRequest)
		more := tracker.Dollars(size*(auroraOptimizedStorage-auroraStorage) + members.cost.Float()*auroraOptimizedCompute)
		return &Match{
			Saving: c.listed(now-more, fmt.Sprintf("%s requests × $0.20 a million = %s, less %s GB × $0.125 + 30 %% of %s for instances = %s",
				quantity(math.Round(requests)), dollars(now), quantity(size), dollars(members.cost), dollars(more))),
			Evidence: with(c.facts("engine", "storage_type", "instance_ids"), "requests_per_month", requests, "storage_gb", size, "days", len(c.values(2))),
			Related:  map[tracker.Type][]string{"RDS_Instance": c.Metadata.List("instance_ids")},
		}
	},
}

// listed is a saving at a price of us-east-1 that no resource stands for.
func (c *Case) listed(m tracker.Money, basis string) Saving {
	s := Saving{&m, basis + ": " + dollars(m), tracker.ConfidenceMedium}
	if c.Region != "us-east-1" {
		return s.atMost(tracker.ConfidenceLow, "at prices of us-east-1")
	}
	return s
}

// memberCost adds up what the instances of a cluster cost.
var memberCost = &Fact{
	name: "member", of: "RDS_Instance", cost: true,
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		return named(r.Metadata.Text("cluster_id"))
	},
}
