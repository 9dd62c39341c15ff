package savings

import (
	"github.com/consolesensei/resource-tracker/tracker"
)

var logGroupWithoutRetention = Rule{
	Name:      "log_group_without_retention",
	Title:     "Log group keeps its events for ever",
	Condition: "A log group holds at least {log_group_gb} GB, is older than {log_retention_days} days and never deletes events.",
	Types:     []tracker.Type{"CloudWatch_LogGroup"},
	Effect:    Resize,
	Verb:      "set_retention",
	Saving:    "the log group's cost less its cost with {log_retention_days} days ÷ age of what it stores, as if as much was written every day",
	Risk:      "medium",
	RiskNote:  "Events older than the retention are deleted, and cannot be had back. Somebody may have to keep them.",
	Check: func(c *Case) *Match {
		if c.Metadata.Text("retention_days") != "Never expire" {
			return nil
		}
		stored, ok := c.Metadata.Number("stored_bytes")
		if !ok {
			return c.unknown("the size of the log group is not known")
		}
		age, ok := c.age()
		if stored < float64(c.LogGroupGB)*gib || !ok || age <= c.LogRetentionDays {
			return nil
		}
		params := tracker.Metadata{"retention_days": c.LogRetentionDays}
		return &Match{
			Saving:   c.fix(params).atMost(tracker.ConfidenceMedium, "as if as much was written every day"),
			Evidence: c.facts("stored_bytes", "retention_days", "class"),
			Params:   params,
		}
	},
}
