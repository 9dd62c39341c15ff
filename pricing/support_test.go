package pricing_test

import (
	"maps"
	"math"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// warning is how long before a date the table has to know what follows it.
const warning = 60 * 24 * time.Hour

// unlisted are prices that AWS charges and the list lacks: costs say so.
var unlisted = map[pricing.Key]string{
	{Service: "rds", Item: "extended-support", Class: "year-3", Variant: "aurora-mysql"}: "the feed of 2025-12 is older than the announcement",
	{Service: "docdb", Item: "extended-support", Class: "year-1"}:                        "the feed lacks it",
}

// TestSupportIsListed fails 60 days before the newest listed version of a product
// ends, and 60 days before a price is needed that the list lacks.
func TestSupportIsListed(t *testing.T) {
	soon, newest := time.Now().Add(warning), map[string]time.Time{}
	for _, v := range pricing.Supports() {
		if v.Ends.After(newest[v.Product]) {
			newest[v.Product] = v.Ends
		}
		if v.Charged.Before(v.Ends) || !v.Dearer.IsZero() && !v.Dearer.After(v.Charged) {
			t.Errorf("%s %s: its days are not in order", v.Product, v.Version)
		}
		for k, from := range map[pricing.Key]time.Time{v.FirstYears: v.Charged, v.ThirdYears: v.Dearer} {
			if from.IsZero() || from.After(soon) {
				continue
			}
			_, known := pricing.Embedded().Rate("us-east-1", k)
			if _, said := unlisted[k]; known == said {
				t.Errorf("%s %s needs the price of %s from %s on: listed %t, said to be unlisted %t", v.Product, v.Version, k, from.Format(time.DateOnly), known, said)
			}
		}
	}
	for product, end := range newest {
		if end.Before(soon) && product != "docdb" { // 4.0 and later have no end yet
			t.Errorf("%s: the newest version in the table ends on %s; add those that came since", product, end.Format(time.DateOnly))
		}
	}
}

func on(date string) time.Time {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return day
}

func versioned(r tracker.Resource, version string, more ...facts) tracker.Resource {
	r.Metadata["engine_version"] = version
	for _, m := range more {
		maps.Copy(r.Metadata, m)
	}
	return r
}

// TestExtendedSupport: from the first day on, the cost has extended support, by the
// year and the vCPU.
func TestExtendedSupport(t *testing.T) {
	large := func(engine, version string, two bool, more ...facts) tracker.Resource {
		return versioned(database("db.t3.large", engine, two, "gp2", int64(0), nil), version, more...)
	}
	aurora := func(engine, version string) tracker.Resource {
		return versioned(database("db.r5.large", engine, false, "aurora", int64(1), nil), version)
	}
	kubernetes := func(version, support string) tracker.Resource {
		return resource("EKS_Cluster", "active", facts{"version": version, "support_type": support})
	}
	for _, row := range []struct {
		name     string
		on       string
		resource tracker.Resource
		dollars  float64
		reliance tracker.Confidence
	}{
		{"EKS 1.33: (.10 + .50) × 730", "2026-12-01", kubernetes("1.33", "EXTENDED"), 438, "high"},
		{"EKS 1.34 on its last day of standard support", "2026-12-01", kubernetes("1.34", "EXTENDED"), 73, "high"},
		{"EKS 1.34 is charged from the beginning of the day", "2026-12-02", kubernetes("1.34", "EXTENDED"), 438, "high"},
		{"EKS that is upgraded instead", "2026-12-02", kubernetes("1.33", "STANDARD"), 73, "high"},
		{"EKS of tomorrow", "2026-12-02", kubernetes("1.99", "EXTENDED"), 73, "high"},
		{"PostgreSQL 13: .145 × 730 + 2 vCPUs × .10 × 730", "2026-12-01", large("postgres", "13.20", false), 251.85, "high"},
		{"PostgreSQL 13 before its end", "2026-02-28", large("postgres", "13.20", false), 105.85, "high"},
		{"PostgreSQL 11 in its third year: 2 × .20", "2026-12-01", large("postgres", "11.22", false), 397.85, "high"},
		{"MySQL 5.7 Multi-AZ in its third year: .272 × 730 + 4 vCPUs × .20 × 730", "2026-12-01", large("mysql", "5.7.44", true), 782.56, "high"},
		{"MySQL 8.0: .136 × 730 + 2 × .10 × 730", "2026-08-01", large("mysql", "8.0.39", false), 245.28, "high"},
		{"MySQL 8.0 until July 2026", "2026-07-31", large("mysql", "8.0.39", false), 99.28, "high"},
		{"not enrolled", "2026-12-01", large("postgres", "13.20", false, facts{"extended_support": "open-source-rds-extended-support-disabled"}), 105.85, "high"},
		{"stopped", "2026-12-01", stopped(large("postgres", "13.20", false)), 0, "high"},
		{"in Frankfurt: .168 × 730 + 2 × .122 × 730", "2026-12-01", in("eu-central-1", large("postgres", "13.20", false)), 300.76, "high"},
		{"Aurora PostgreSQL 13: .29 × 730 + 2 × .10 × 730", "2026-12-01", aurora("aurora-postgresql", "13.9"), 357.70, "high"},
		{"Aurora PostgreSQL 14", "2026-12-01", aurora("aurora-postgresql", "14.6"), 211.70, "high"},
		{"Aurora MySQL 2", "2026-11-30", aurora("aurora-mysql", "5.7.mysql_aurora.2.11.1"), 357.70, "high"},
		{"Aurora MySQL 2 in its third year, whose price is not listed: at least", "2026-12-01", aurora("aurora-mysql", "5.7.mysql_aurora.2.11.1"), 357.70, "low"},
		{"Aurora MySQL 3", "2026-12-01", aurora("aurora-mysql", "8.0.mysql_aurora.3.04.0"), 211.70, "high"},
		{"MariaDB has none", "2026-12-01", large("mariadb", "10.3.39", false), 99.28, "high"},
		{"three of a Multi-AZ cluster: .522 × 730 + 6 × .10 × 730", "2026-12-01", versioned(resource("RDS_Cluster", "available", facts{"engine": "postgres", "instance_class": "db.m6gd.large", "storage_type": "gp3", "allocated_storage_gb": int64(0)}), "13.20"), 819.06, "high"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := pricing.Embedded().At(on(row.on)).Cost(row.resource)
			honest(t, row.resource, c)
			if c.Value == nil || math.Abs(c.Value.Float()-row.dollars) > 0.005 || c.Confidence != row.reliance {
				t.Errorf("%v, %s (%s), want $%v, %s", c.Value, c.Confidence, c.Reason, row.dollars, row.reliance)
			}
		})
	}
}
