package savings

import "github.com/consolesensei/resource-tracker/tracker"

var unusedWorkspace = Rule{
	Name:      "unused_workspace",
	Title:     "Nobody connects to the WorkSpace",
	Condition: "The last connection to a WorkSpace was at least {unused_days} days ago.",
	Types:     []tracker.Type{"WorkSpace"},
	Effect:    Delete,
	Saving:    "all that the WorkSpace costs",
	Risk:      "high",
	RiskNote:  "What its user keeps on it is lost.",
	Check: func(c *Case) *Match {
		last, ok := c.time("last_connection")
		if !ok {
			return c.unknown("nobody has connected yet, or when is not known")
		}
		if c.daysSince(last) < c.UnusedDays {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("user", "running_mode", "compute_type", "last_connection")}
	},
}
