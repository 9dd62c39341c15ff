package jobs_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOffHours_EndWhileTheyBegin has the end of off-hours come while AWS takes its time
// to stop an instance: the stop is seen to its end, and then the instance is started.
func TestOffHours_EndWhileTheyBegin(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"EC2_Instance-0": "running", "EC2_Instance-1": "running"})
	sent, goOn := make(chan string, 4), make(chan struct{})
	e.at = func(point, id, step string) error {
		if point == "after" && step == "stop" {
			sent <- id
			<-goOn
		}
		return nil
	}
	s := acting(t, e)
	s.client.Actions = actions
	daily := func(at time.Time) string { return fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour()) }
	before, after := daily(time.Now().UTC().Add(-2*time.Hour)), daily(time.Now().UTC().Add(2*time.Hour))
	sc := s.schedule(tracker.Schedule{
		Name: "office", OffHours: &tracker.OffHours{Begin: before, End: after},
		Plan: &tracker.PlanRequest{Select: &tracker.PlanSelection{Filter: filter.Where(filter.FieldType, "EC2_Instance"), Verb: "stop"}},
	})
	s.due(sc.ID)
	<-sent
	<-sent
	stop := s.lastRun(sc.ID, "")
	sc.OffHours = &tracker.OffHours{Begin: after, End: before}
	sc = s.schedule(sc)
	s.due(sc.ID)
	for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
		p, err := store.Plans{Store: s.store}.LookupPlan(t.Context(), stop)
		if err != nil {
			t.Fatal(err)
		}
		if p.Reason != "" {
			break
		}
	}
	if again, err := s.client.Schedule(t.Context(), "alice", sc.ID); err != nil || again.LastRun != stop {
		t.Errorf("the start began beside the stop: %+v, %v", again, err)
	}
	close(goOn)
	start := s.lastRun(sc.ID, stop)
	if p := s.planEnd(start); p.State != tracker.PlanSucceeded || p.Totals.Items != 2 {
		t.Errorf("the start is %s: %s %+v", p.State, p.Reason, p.Totals)
	}
	slices.Sort(e.order[:2])
	slices.Sort(e.order[2:])
	if want := []string{"EC2_Instance-0/stop", "EC2_Instance-1/stop", "EC2_Instance-0/start", "EC2_Instance-1/start"}; !slices.Equal(e.order, want) || e.get("EC2_Instance-0") != "running" {
		t.Errorf("%v, and it is %s", e.order, e.get("EC2_Instance-0"))
	}
}

// lastRun waits for a schedule to have another plan as its last run.
func (s *system) lastRun(id, than string) string {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		plans, err := s.client.SchedulePlans(s.t.Context(), "alice", id)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(plans) > 0 && plans[0].ID != than {
			return plans[0].ID
		}
		select {
		case <-tick.C:
		case <-s.t.Context().Done():
			s.t.Fatal("no other run")
		}
	}
}
