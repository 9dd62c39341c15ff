package savings

import "github.com/consolesensei/resource-tracker/tracker"

var previousGenerationDatabase = Rule{
	Name:      "previous_generation_database",
	Title:     "Database instance is of an earlier generation",
	Condition: "A running database instance is of a family that has a successor: db.t2, db.m3, db.m4, db.r3 or db.r4.",
	Types:     []tracker.Type{"RDS_Instance"},
	Effect:    Retype,
	Saving:    "the instance's cost less its cost as the same size of the successor",
	Risk:      "medium",
	RiskNote:  "The instance restarts; with a standby it fails over.",
	Check: func(c *Case) *Match {
		newer := next(successors, c.Metadata.Text("instance_class"))
		if c.State != "available" || newer == "" {
			return nil
		}
		return &Match{
			Saving:   c.as(newer, tracker.Metadata{"instance_class": newer}),
			Evidence: with(c.facts("engine", "engine_version", "instance_class", "multi_az"), "successor", newer),
		}
	},
}
