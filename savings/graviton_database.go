package savings

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

var gravitonDatabase = Rule{
	Name:      "graviton_database",
	Title:     "Database would cost less on Graviton",
	Condition: "A running MySQL, MariaDB, PostgreSQL or Aurora instance is of a family and size that Graviton has too.",
	Types:     []tracker.Type{"RDS_Instance"},
	Effect:    Retype,
	Saving:    "the instance's cost less its cost as the same size on Graviton",
	Risk:      "low",
	RiskNote:  "The instance restarts; with a standby it fails over. Old engine versions do not run on Graviton.",
	Check: func(c *Case) *Match {
		arm := next(gravitons, c.Metadata.Text("instance_class"))
		if c.State != "available" || arm == "" || !slices.Contains(openEngines, c.Metadata.Text("engine")) {
			return nil
		}
		return &Match{
			Saving:   c.as(arm, tracker.Metadata{"instance_class": arm}),
			Evidence: with(c.facts("engine", "engine_version", "instance_class", "multi_az"), "graviton", arm),
		}
	},
}

// openEngines are the engines that run on Graviton (RDS user guide, "DB instance
// class support").
var openEngines = []string{"aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgres"}
