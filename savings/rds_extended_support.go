package savings

import "github.com/consolesensei/resource-tracker/tracker"

var rdsExtendedSupport = Rule{
	Name:      "rds_extended_support",
	Title:     "Database pays for extended support of its engine version",
	Condition: "Standard support of the engine version of a MySQL, PostgreSQL or Aurora instance, or of a Multi-AZ cluster, has ended, by the table of docs/pricing.md, and extended support is not disabled.",
	Types:     []tracker.Type{"RDS_Cluster", "RDS_Instance"},
	Effect:    Retype,
	Saving:    "what the database's cost has for extended support, by the vCPU, with its standbys",
	Risk:      "medium",
	RiskNote:  "The upgrade to a new major version needs a test and a restart.",
	Check: func(c *Case) *Match {
		return c.extendedSupport("engine", "engine_version", "instance_class", "multi_az", "extended_support")
	},
}
