package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleStream = Rule{
	Name:      "idle_stream",
	Title:     "Nothing is written to the stream or read from it",
	Condition: "A Kinesis stream with provisioned shards is at least {metric_days} days old and nothing was written to it or read from it in that time.",
	Types:     []tracker.Type{"Kinesis_Stream"},
	Metrics: []Metric{
		{"AWS/Kinesis", "IncomingBytes", "Sum", by("StreamName")},
		{"AWS/Kinesis", "GetRecords.Bytes", "Sum", by("StreamName")},
	},
	Effect:   Delete,
	Saving:   "all that the stream's shards cost",
	Risk:     "medium",
	RiskNote: "Whoever writes to it then fails.",
	Applies: func(c *Case) bool {
		return c.State == "active" && c.Metadata.Text("mode") == "PROVISIONED" && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		// A stream that is not used reports nothing.
		if c.total(0)+c.total(1) > 0 {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: with(c.facts("mode", "shard_count", "retention_hours"), "bytes_in", c.total(0), "bytes_out", c.total(1))}
	},
}
