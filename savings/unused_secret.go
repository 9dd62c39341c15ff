package savings

import "github.com/consolesensei/resource-tracker/tracker"

var unusedSecret = Rule{
	Name:      "unused_secret",
	Title:     "Nobody reads the secret",
	Condition: "A secret is at least {unused_secret_days} days old and was not read in that time. Replicas of a secret of another region are left out.",
	Types:     []tracker.Type{"Secret"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the secret costs",
	Risk:      "medium",
	RiskNote:  "It can be restored within its recovery window.",
	Check: func(c *Case) *Match {
		// What a service made it alone may delete.
		if c.State != "active" || c.younger(c.UnusedSecretDays) || c.Metadata.Text("owning_service") != "" {
			return nil
		}
		if read, ok := c.time("last_accessed"); ok && c.daysSince(read) < c.UnusedSecretDays {
			return nil
		}
		return &Match{Saving: c.fix(nil), Evidence: c.facts("last_accessed", "last_changed", "rotation_enabled")}
	},
}
