package jobs_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestPlan_ThrottledLookIsWaitedFor: one look that AWS or the budget puts off costs
// the other items nothing.
func TestPlan_ThrottledLookIsWaitedFor(t *testing.T) {
	e := newEstate(map[string]string{"i-1": "running", "i-2": "running"})
	var mu sync.Mutex
	looks := map[string]int{}
	e.at = func(point, id, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if looks[id]++; point == "look" && id == "i-1" && looks[id] == 1 {
			return fail(tracker.OutcomeThrottled)
		}
		return nil
	}
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1", "i-2")}).ID, tracker.PlanPlanned)
	for _, it := range s.planItems(p.ID) {
		if it.Ledger.State == tracker.ItemRefused {
			t.Errorf("%s is refused: %+v", it.ResourceID, it.Refusals)
		}
	}
	if diff := cmp.Diff(map[string]int{"i-1": 2, "i-2": 1}, looks); diff != "" {
		t.Error("looks (-want +got):", diff)
	}
}
