package tracker_test

import (
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestShares counts what another region's price stands for apart from what is
// known.
func TestShares(t *testing.T) {
	s := tracker.NewSummary()
	for _, basis := range []tracker.CostBasis{tracker.CostList, tracker.CostFree, tracker.CostOtherRegion, tracker.CostUnknown} {
		r := tracker.Resource{Type: "EC2_Instance", Cost: &tracker.Cost{Basis: basis}}
		if basis != tracker.CostUnknown {
			r.MonthlyCost = new(tracker.Dollars(2))
		}
		s.Add(r)
	}
	s.Cost.Complete(func(tracker.Type) string { return "" })
	if *s.Cost.KnownShare != 0.5 || *s.Cost.OtherRegionShare != 0.25 || *s.Cost.UnknownShare != 0.25 {
		t.Errorf("known %v, other region %v, unknown %v", *s.Cost.KnownShare, *s.Cost.OtherRegionShare, *s.Cost.UnknownShare)
	}
	if s.Cost.OtherRegion != tracker.Dollars(2) || s.Cost.MonthlyTotal != tracker.Dollars(6) {
		t.Errorf("%s of %s is at another region's price", s.Cost.OtherRegion, s.Cost.MonthlyTotal)
	}
}
