package jobs_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// planBy is plan for another owner.
func (s *system) planBy(owner string, r tracker.PlanRequest) tracker.Plan {
	s.t.Helper()
	p, _, err := s.client.AddPlan(s.t.Context(), tracker.PlanSubmission{Owner: owner, Sealed: []byte("AKIA"), Request: r})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func TestPlan_HoldsItsResources(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running", "i-2": "running", "i-3": "running"})
	s := acting(t, e)
	going, goOn := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() {
		close(going)
		<-goOn
	})
	e.at = func(point, id, _ string) error {
		if point == "before" && id == "i-1" {
			first()
		}
		return nil
	}
	// The first plan is at i-1, and i-2 waits for its wave.
	a := s.plan(tracker.PlanRequest{Apply: true, Canary: new(true), Items: items("stop", "EC2_Instance", "i-1", "i-2")})
	<-going
	dry := s.planUntil(s.plan(tracker.PlanRequest{Items: items("reboot", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	if it := s.planItems(dry.ID)[0]; it.Ledger.State != tracker.ItemPlanned || !strings.Contains(strings.Join(it.Notes, "\n"), "plan "+a.ID+" holds it") {
		t.Errorf("of a plan that is only looked at the item is %s: %v", it.Ledger.State, it.Notes)
	}
	b := s.plan(tracker.PlanRequest{Apply: true, Items: items("reboot", "EC2_Instance", "i-1", "i-2")})
	c := s.planBy("bob", tracker.PlanRequest{Apply: true, Items: items("reboot", "EC2_Instance", "i-1", "i-3")})
	for _, id := range []string{b.ID, c.ID} {
		s.planEnd(id)
		it := s.planItems(id)[0]
		if want := (id == b.ID); it.Ledger.State != tracker.ItemRefused || !strings.Contains(it.Ledger.Message, "holds it") || strings.Contains(it.Ledger.Message, a.ID) != want {
			t.Errorf("the item is %s: %s", it.Ledger.State, it.Ledger.Message)
		}
	}
	if it := s.planItems(c.ID)[1]; it.Ledger.State != tracker.ItemVerified {
		t.Errorf("what nobody holds is %s: %s", it.Ledger.State, it.Ledger.Message)
	}
	close(goOn)
	s.planEnd(a.ID)
	if diff := cmp.Diff(map[string]int{"i-1/stop": 1, "i-2/stop": 1, "i-3/reboot": 1}, e.sent); diff != "" {
		t.Error("calls (-want +got):", diff)
	}
	redistest.Until(t, "nothing is held", func() bool { return len(s.rdb.Keys(t.Context(), "rt:hold:*").Val()) == 0 })
	if p := s.planEnd(s.plan(tracker.PlanRequest{Apply: true, Items: items("start", "EC2_Instance", "i-1")}).ID); p.State != tracker.PlanSucceeded {
		t.Errorf("the next plan is %s", p.State)
	}
}

// Of plans that come at once, one has the resource.
func TestPlan_TwoAtOnce(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	s.worker()
	ended := make(chan struct{})
	e.at = func(point, _, _ string) error {
		if point == "after" {
			<-ended
		}
		return nil
	}
	var plans []tracker.Plan
	for range 8 {
		plans = append(plans, s.planUntil(s.plan(tracker.PlanRequest{Items: items("reboot", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned))
	}
	var wg sync.WaitGroup
	for _, p := range plans {
		wg.Go(func() {
			if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	redistest.Until(t, "all but one have ended", func() bool {
		n := 0
		for _, p := range plans {
			if p, err := s.plans().LookupPlan(t.Context(), p.ID); err == nil && p.State.Terminal() {
				n++
			}
		}
		return n == len(plans)-1
	})
	close(ended)
	n := map[tracker.ItemState]int{}
	for _, p := range plans {
		s.planEnd(p.ID)
		n[s.planItems(p.ID)[0].Ledger.State]++
	}
	if diff := cmp.Diff(map[tracker.ItemState]int{"verified": 1, "refused": len(plans) - 1}, n); diff != "" || e.sent["i-1/reboot"] != 1 {
		t.Error(diff, e.sent)
	}
}

// A plan that is scheduled holds nothing until its time has come.
func TestPlan_ScheduledHoldsNothing(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	if p := s.planEnd(s.plan(tracker.PlanRequest{Apply: true, Items: items("reboot", "EC2_Instance", "i-1")}).ID); p.State != tracker.PlanSucceeded {
		t.Errorf("the plan beside it is %s", p.State)
	}
}
