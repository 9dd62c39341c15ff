package savings

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

var databaseIO1ToGP3 = Rule{
	Name:      "database_io1_to_gp3",
	Title:     "Database with provisioned IOPS would cost less on gp3",
	Condition: "A MySQL, MariaDB or PostgreSQL instance has io1 or io2 storage with no more IOPS than gp3 storage of its size has: 3,000, and 12,000 from 400 GB on.",
	Types:     []tracker.Type{"RDS_Instance"},
	Effect:    Retype,
	Saving:    "the instance's cost less its cost with gp3 storage",
	Risk:      "medium",
	RiskNote:  "io1 answers with less latency. Storage is slower until AWS has optimised it, and cannot be changed again for six hours.",
	Check: func(c *Case) *Match {
		kind := c.Metadata.Text("storage_type")
		if kind != "io1" && kind != "io2" || !slices.Contains([]string{"mariadb", "mysql", "postgres"}, c.Metadata.Text("engine")) {
			return nil
		}
		size, ok := c.Metadata.Number("allocated_storage_gb")
		iops, ok2 := c.Metadata.Number("iops")
		if !ok || !ok2 {
			return c.unknown("the size or the IOPS of the storage are not known")
		}
		included := 3000.0 // "gp3 storage", RDS user guide
		if size >= 400 {
			included = 12_000
		}
		if iops > included {
			return nil
		}
		return &Match{
			Saving:   c.as("gp3", tracker.Metadata{"storage_type": "gp3", "iops": int64(included)}),
			Evidence: with(c.facts("engine", "storage_type", "allocated_storage_gb", "iops"), "gp3_iops", included),
		}
	},
}
