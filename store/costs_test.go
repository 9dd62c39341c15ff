package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestCosts adds up costs to the nano-dollar, also those that are too large for
// the numbers of Lua, and takes back those of a failed cell that is run again.
func TestCosts(t *testing.T) {
	const large = 9_007_199_254_740_993 * tracker.Money(1) // 2^53 + 1
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	done := func(l store.Lease, region string, typ tracker.Type, o tracker.Outcome, cost ...*tracker.Money) {
		cell := tracker.Cell{AccountID: "1", Region: region, Type: typ}
		w := s.Pages("j", cell, l.Run, time.Now().Add(time.Hour))
		for i, value := range cost {
			r := resource(cell, i)
			r.MonthlyCost, r.Cost = value, &tracker.Cost{Value: value, Currency: "USD", Basis: tracker.CostList, Components: []tracker.CostComponent{}}
			if value == nil {
				r.Cost.Basis = tracker.CostUsageBased
			}
			if err := w.Add(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		written, err := w.Close(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := store.Closing{Cell: cell, Outcome: o, Run: l.Run, Written: written}
		if !o.Complete() {
			c.Failure = &tracker.Failure{Outcome: o, Message: "why"}
		}
		if _, _, _, err := s.Close(t.Context(), "j", c); err != nil {
			t.Fatal(err)
		}
	}
	one, much, nothing := tracker.Money(1), large, tracker.Money(0)
	la, lb := f.begin("1/a"), f.begin("1/b")
	done(la, "a", "EC2_Instance", tracker.OutcomeOK, &one, nil)
	done(la, "a", "EBS_Volume", tracker.OutcomeOK, &nothing)
	done(lb, "b", "EC2_Instance", tracker.OutcomeOK, &much)
	done(lb, "b", "EBS_Volume", tracker.OutcomeThrottled, &much, nil)
	f.finish()
	want := tracker.CostSummary{
		MonthlyTotal:   2*large + 1,
		ByResourceType: map[tracker.Type]tracker.Money{"EC2_Instance": large + 1, "EBS_Volume": large},
		ByRegion:       map[string]tracker.Money{"a": 1, "b": 2 * large},
		ByAccount:      map[string]tracker.Money{"1": 2*large + 1},
		ByService:      map[string]tracker.Money{},
		ByBasis:        map[tracker.CostBasis]int{tracker.CostList: 4, tracker.CostUsageBased: 2},
		Known:          4, Unknown: 2,
	}
	if diff := cmp.Diff(want, f.job().Summary.Cost); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	want.MonthlyTotal -= large
	delete(want.ByResourceType, "EBS_Volume")
	want.ByRegion["b"], want.ByAccount["1"] = large, large+1
	want.ByBasis = map[tracker.CostBasis]int{tracker.CostList: 3, tracker.CostUsageBased: 1}
	want.Known, want.Unknown = 3, 1
	if diff := cmp.Diff(want, f.job().Summary.Cost); diff != "" {
		t.Errorf("while the failed cell is open (-want +got):\n%s", diff)
	}
}
