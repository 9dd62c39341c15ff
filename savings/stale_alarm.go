package savings

import "github.com/consolesensei/resource-tracker/tracker"

var staleAlarm = Rule{
	Name:      "stale_alarm",
	Title:     "Alarm has nothing to watch",
	Condition: "An alarm has been without data for at least {unused_days} days.",
	Types:     []tracker.Type{"CloudWatch_Alarm"},
	Effect:    Delete,
	Saving:    "all that the alarm costs",
	Risk:      "low",
	RiskNote:  "Some metrics have values only when something goes wrong.",
	Check: func(c *Case) *Match {
		since, ok := c.time("state_since")
		if c.State != "insufficient_data" || !ok || c.daysSince(since) < c.UnusedDays {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("kind", "namespace", "metric", "dimensions", "state_since")}
	},
}
