package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestPlan_ThrottledLookIsWaitedFor: one look that AWS or the budget puts off costs
// the other items nothing.
func TestPlan_ThrottledLookIsWaitedFor(t *testing.T) {
	t.Parallel()
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
	if p.AccountID != s.planItems(p.ID)[0].AccountID || p.AccountID == "" {
		t.Errorf("the plan is of account %q", p.AccountID)
	}
	for _, it := range s.planItems(p.ID) {
		if it.Ledger.State == tracker.ItemRefused {
			t.Errorf("%s is refused: %+v", it.ResourceID, it.Refusals)
		}
	}
	if diff := cmp.Diff(map[string]int{"i-1": 2, "i-2": 1}, looks); diff != "" {
		t.Error("looks (-want +got):", diff)
	}
}

// slowEstate is an estate of n instances, each look at which takes what look returns
// after, or until the turn's context ends. It counts the looks at each.
func slowEstate(n int, look func() <-chan time.Time) (e *estate, ids []string, looks func() map[string]int) {
	e = newEstate(map[string]string{})
	for i := range n {
		ids = append(ids, fmt.Sprint("i-", i))
		e.state[ids[i]] = "running"
	}
	var mu sync.Mutex
	seen := map[string]int{}
	e.at = func(point, id, _ string) error {
		if point == "look" {
			<-look()
			mu.Lock()
			defer mu.Unlock()
			seen[id]++
		}
		return nil
	}
	return e, ids, func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

// TestPlan_LookGoesOnInTurns plans ten thousand resources on a slow AWS, in turns that are
// far shorter than the look, by two workers of which one stops in the middle: the look
// ends, and looks at nothing twice.
func TestPlan_LookGoesOnInTurns(t *testing.T) {
	const n = 10_000
	e, ids, looks := slowEstate(n, func() <-chan time.Time { return time.After(100 * time.Millisecond) })
	s := start(t, nil, jobs.Options{
		Actions: actions, Turn: 300 * time.Millisecond,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	s.client.Rules.MaxItems = n
	p := s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", ids...)})
	s.worker()
	s.planUntil(p.ID, tracker.PlanPlanning)
	s.first.Stop()
	p = s.planUntil(p.ID, tracker.PlanPlanned, tracker.PlanFailed)
	if p.State != tracker.PlanPlanned || p.Totals.ByState[tracker.ItemPlanned] != n {
		t.Errorf("plan is %s (%s): %v", p.State, p.Reason, p.Totals.ByState)
	}
	seen := looks()
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was looked at %d times", id, times)
		}
	}
	if len(seen) != n {
		t.Errorf("%d were looked at, want %d", len(seen), n)
	}
}

// TestPlan_LookHasAnEnd plans what cannot all be looked at in the time that there is.
func TestPlan_LookHasAnEnd(t *testing.T) {
	never := make(chan time.Time)
	first := make(chan time.Time, 3)
	for range cap(first) {
		first <- time.Now()
	}
	e, ids, _ := slowEstate(10, func() <-chan time.Time {
		select {
		case <-first:
			return time.After(0)
		default:
			return never
		}
	})
	t.Cleanup(func() { close(never) })
	s := start(t, nil, jobs.Options{
		Actions: actions, Rules: plans.Rules{Looking: 4 * time.Second}, Grace: time.Second,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	p := s.planEnd(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", ids...)}).ID)
	if p.State != tracker.PlanFailed || !strings.Contains(p.Reason, "within 4s: 3 were") {
		t.Errorf("plan is %s: %s", p.State, p.Reason)
	}
	if _, err := s.store.Sealed(t.Context(), p.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("the credentials outlive the plan: %v", err)
	}
}
