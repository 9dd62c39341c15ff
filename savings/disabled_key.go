package savings

import "github.com/consolesensei/resource-tracker/tracker"

var disabledKey = Rule{
	Name:      "disabled_key",
	Title:     "Encryption key is disabled and still paid for",
	Condition: "A customer-managed KMS key is disabled.",
	Types:     []tracker.Type{"KMS_Key"},
	Effect:    Delete,
	Saving:    "all that the key costs",
	Risk:      "high",
	RiskNote:  "What was encrypted with the key can never be read again once it is deleted. Its deletion has to be scheduled, and can be taken back until then.",
	Check: func(c *Case) *Match {
		if c.State != "disabled" {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("aliases", "key_spec", "key_usage", "description")}
	},
}
