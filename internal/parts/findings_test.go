package parts

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// scanned is a scan of a simulated account, whose rows are in memory.
type scanned struct {
	scans.Scanned
	rows map[tracker.Type][][]byte
	n    int
}

func scan(t testing.TB, o simulator.Options, types ...tracker.Type) *scanned {
	t.Helper()
	account, share, book := simulator.New(o), scanners.NewShare(), pricing.Embedded()
	s := &scanned{rows: map[tracker.Type][][]byte{}}
	for _, typ := range types {
		scanner, ok := scanners.Find(typ)
		if !ok {
			t.Fatalf("no scanner of %s", typ)
		}
		for _, region := range account.Regions() {
			cell := tracker.CellReport{Cell: tracker.Cell{AccountID: account.ID(), Region: region, Type: typ}, Outcome: tracker.OutcomeOK}
			s.Coverage = append(s.Coverage, cell)
			err := scanner.Run(t.Context(), scanners.Target{Config: account.Config(region), AccountID: account.ID(), Share: share}, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					book.Price(&r)
					b, err := json.Marshal(r)
					if err != nil {
						return err
					}
					s.rows[typ] = append(s.rows[typ], b)
					s.n++
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	s.Each = func(_ context.Context, types []tracker.Type, row func([]byte) error) error {
		for _, typ := range slices.Sorted(slices.Values(types)) {
			for _, b := range s.rows[typ] {
				if err := row(b); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return s
}

// BenchmarkFindings evaluates a scan whose rows are in memory, writing nothing.
func BenchmarkFindings(b *testing.B) {
	s := scan(b, simulator.Options{Resources: 20_000}, "EC2_Instance", "EBS_Volume", "EBS_Snapshot", "Elastic_IP", "NAT_Gateway", "Network_Interface", "RDS_Instance", "CloudWatch_LogGroup", "Lambda_Function")
	find := Findings(pricing.Embedded(), nil, nil)
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		r, err := find(b.Context(), s.Scanned, func(tracker.Finding) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
		found = r.Findings
	}
	b.ReportMetric(float64(b.N)*float64(s.n)/b.Elapsed().Seconds(), "resources/s")
	b.ReportMetric(float64(found)/float64(s.n), "findings/resource")
}
