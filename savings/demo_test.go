package savings_test

import (
	"slices"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestDemo scans the demo account with every scanner, evaluates every rule with
// metrics, and holds the rules that find something to a golden file.
func TestDemo(t *testing.T) {
	account := simulator.New(simulator.Options{Clock: func() time.Time { return now }})
	var (
		cells     []tracker.CellReport
		resources = map[string][]tracker.Resource{}
	)
	share := scanners.NewShare()
	look := func(s scanners.Scanner, region string) {
		cell := tracker.CellReport{Cell: tracker.Cell{AccountID: account.ID(), Region: region, Type: s.Type}, Outcome: tracker.OutcomeEmpty}
		target := scanners.Target{AccountID: account.ID(), Share: share, Config: account.Config(region)}
		if s.Global {
			target.Config, cell.Region = account.Config("us-east-1"), tracker.Global
		}
		err := s.Run(t.Context(), target, func(rs ...tracker.Resource) error {
			for _, r := range rs {
				resources[r.Region] = append(resources[r.Region], throughJSON(t, r))
				cell.Outcome = tracker.OutcomeOK
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, cell)
	}
	for _, s := range scanners.Catalog {
		if s.Type == "S3_Bucket" {
			continue // asks for the sizes of today, which are not those of now
		}
		if s.Global {
			look(s, tracker.Global)
			continue
		}
		for _, region := range account.Regions() {
			look(s, region)
		}
	}

	e, err := savings.New(savings.Options{Prices: list{}, After: actions.After, Refused: refused, Now: now, Coverage: savings.CoverageOf(cells), Metrics: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, rs := range resources {
		for _, r := range rs {
			e.Note(r)
		}
	}
	counted := map[string]int{}
	for region, rs := range resources {
		if region == tracker.Global {
			continue // nothing that any rule reads
		}
		var wanted []tracker.MetricQuery
		for _, r := range rs {
			wanted = append(wanted, e.Wanted(r)...)
		}
		values, err := metrics.Fetch(t.Context(), account.Config(region), now, wanted)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			for _, f := range e.Find(r, values) {
				if f.Counted {
					counted[f.ResourceKey]++
				}
			}
		}
	}
	for key, n := range counted {
		if n > 1 {
			t.Errorf("%d findings about %s count", n, key)
		}
	}
	var fire []tracker.RuleReport
	for _, r := range e.Report() {
		if r.Status == "not_evaluated" {
			t.Logf("%s: %s", r.Rule, r.Reason)
		}
		if r.Findings > 0 {
			r.Description = ""
			fire = append(fire, r)
		}
	}
	if len(fire) < 15 {
		t.Errorf("%d rules find something, want 15 at least", len(fire))
	}
	if !slices.ContainsFunc(fire, func(r tracker.RuleReport) bool { return r.Rule == "idle_instance" }) {
		t.Error("no instance is idle")
	}
	compare(t, "testdata/demo.json", fire)
}
