package savings

import (
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// enginesEnded are the "RDS end of standard support" dates: RDS user guide,
// "Amazon RDS Extended Support" and its charges, for MySQL 5.7 and PostgreSQL 11
// and 12; Aurora user guide, "Amazon Aurora major versions", for Aurora MySQL 2.
// Aurora PostgreSQL ends with PostgreSQL.
var enginesEnded = map[string][]ended{
	"mysql": {{"5.7", on(2024, time.February, 29), on(2026, time.March, 1)}, {"8.0", on(2026, time.July, 31), time.Time{}}},
	"postgres": {
		{"11", on(2024, time.February, 29), on(2026, time.March, 1)},
		{"12", on(2025, time.February, 28), on(2027, time.March, 1)},
	},
	"aurora-mysql": {{"5.7", on(2024, time.October, 31), time.Time{}}},
	"aurora-postgresql": {
		{"11", on(2024, time.February, 29), on(2026, time.March, 1)},
		{"12", on(2025, time.February, 28), on(2027, time.March, 1)},
	},
}

// What an hour of extended support of a vCPU costs in us-east-1, in the first two
// years and in the third (RDS pricing).
const (
	rdsExtended    = 0.10
	rdsExtended3rd = 0.20
)

var rdsExtendedSupport = Rule{
	Name:      "rds_extended_support",
	Title:     "Database pays for extended support of its engine version",
	Condition: "Standard support of the engine version of a MySQL, PostgreSQL or Aurora instance has ended, by the dates in the rule, and extended support is not disabled.",
	Types:     []tracker.Type{"RDS_Instance"},
	Effect:    Retype,
	Saving:    "vCPUs × 730 hours × $0.10, or $0.20 in the third year; twice with a standby",
	Risk:      "medium",
	RiskNote:  "The upgrade to a new major version needs a test and a restart.",
	Check: func(c *Case) *Match {
		end, ok := outOfSupport(enginesEnded[c.Metadata.Text("engine")], c.Metadata.Text("engine_version"), c.Now)
		if !ok || c.State == "stopped" || c.Metadata.Text("extended_support") == "open-source-rds-extended-support-disabled" {
			return nil
		}
		evidence := with(c.facts("engine", "engine_version", "instance_class", "multi_az", "extended_support"), "standard_support_ended", end.at.Format(time.DateOnly))
		cpus, ok := vcpus(c.Metadata.Text("instance_class"))
		if !ok {
			return &Match{Saving: unpriced("how many vCPUs %s has is not known", c.Metadata.Text("instance_class")), Evidence: evidence}
		}
		rate := rdsExtended
		if !end.dearer.IsZero() && !c.Now.Before(end.dearer) {
			rate = rdsExtended3rd
		}
		copies := 1
		if c.Metadata.Flag("multi_az") && !strings.HasPrefix(c.Metadata.Text("engine"), "aurora") {
			copies = 2 // RDS charges for the standby too
		}
		return &Match{
			Saving:   c.listed(*money(rate, float64(cpus*copies*tracker.HoursPerMonth)), fmt.Sprintf("%d vCPUs × 730 hours × $%.2f", cpus*copies, rate)),
			Evidence: evidence,
		}
	},
}
