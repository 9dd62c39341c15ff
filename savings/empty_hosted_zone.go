package savings

import "github.com/consolesensei/resource-tracker/tracker"

var emptyHostedZone = Rule{
	Name:      "empty_hosted_zone",
	Title:     "Hosted zone has no records",
	Condition: "A Route 53 zone has no records but the two that every zone has.",
	Types:     []tracker.Type{"Route53_Zone"},
	Effect:    Delete,
	Saving:    "all that the zone costs",
	Risk:      "low",
	RiskNote:  "A zone that is made anew has other name servers: its domain has to be told.",
	Check: func(c *Case) *Match {
		records, ok := c.Metadata.Number("record_count")
		if !ok {
			return c.unknown("the number of records is not known")
		}
		if records > 2 || c.Metadata.Text("linked_service") != "" {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: c.facts("record_count", "private", "comment")}
	},
}
