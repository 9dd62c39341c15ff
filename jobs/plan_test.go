package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestPlan_AppliesAndVerifies(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running", "i-2": "stopped"})
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1", "i-2", "i-none")}).ID, tracker.PlanPlanned)
	if e.get("i-1") != "running" || p.Digest == "" {
		t.Fatalf("planning changed something, or has no digest: %+v", p)
	}
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, "sha256:other", 0, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("applied under another digest: %v", err)
	}
	if _, err := s.client.ApplyPlan(t.Context(), as("mallory"), p.ID, p.Digest, 0, nil); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("applied by somebody else: %v", err)
	}
	if _, err := s.client.ApplyPlan(t.Context(), as("alice", "203.0.113.9"), p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	if p := s.planEnd(p.ID); p.State != tracker.PlanPartial {
		t.Errorf("plan is %s, want partial: one resource does not exist", p.State)
	}
	want := map[string]tracker.ItemState{"i-1": "verified", "i-2": "verified", "i-none": "refused"}
	if diff := cmp.Diff(want, s.states(p.ID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"i-1/stop": 1}, e.sent); diff != "" {
		t.Error("calls (-want +got):", diff)
	}
	if _, err := s.store.Sealed(t.Context(), p.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("the credentials outlive the plan: %v", err)
	}
	what := s.auditUntil("plan.partial")
	for _, line := range []string{"plan.created", "item.refused", "plan.planned", "plan.applied", "item.sending", "item.accepted", "item.verified", "plan.partial"} {
		if !slices.Contains(what, line) {
			t.Errorf("the audit lacks %s: %v", line, what)
		}
	}
}

// TestPlan_Dies has workers die at every point of carrying an item out, and of
// taking AWS's answer: no call is made twice, and every item ends in a true state.
func TestPlan_Dies(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		point, step string
		lost        bool // the call was claimed and never made
	}{
		{point: "look"},
		{point: "before", step: "snapshot", lost: true},
		{point: "after", step: "snapshot"},
		{point: "check", step: "snapshot"},
		{point: "before", step: "delete", lost: true},
		{point: "after", step: "delete"},
		{point: "check", step: "delete"},
	} {
		t.Run(strings.Trim(row.point+" "+row.step, " "), func(t *testing.T) {
			t.Parallel()
			e := newEstate(map[string]string{"vol-1": "available"})
			s := acting(t, e)
			p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("delete", "EBS_Volume", "vol-1")}).ID, tracker.PlanPlanned)
			var died sync.Once
			e.at = func(point, _, step string) error {
				if point == row.point && step == row.step {
					died.Do(func() { panic("the worker dies here") })
				}
				return nil
			}
			if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
				t.Fatal(err)
			}
			s.planEnd(p.ID)
			it := s.planItems(p.ID)[0]
			want, state := tracker.ItemVerified, tracker.Gone
			if row.lost {
				want, state = tracker.ItemFailed, "available"
			}
			if it.Ledger.State != want || e.get("vol-1") != state {
				t.Errorf("item is %s (%s) and the volume %s, want %s and %s", it.Ledger.State, it.Ledger.Message, e.get("vol-1"), want, state)
			}
			for call, n := range e.sent {
				if n > 1 {
					t.Errorf("%s was called %d times", call, n)
				}
			}
			if want == tracker.ItemVerified && (it.Ledger.Inverse == nil || it.Ledger.Inverse.Params["snapshot_id"] == "") {
				t.Errorf("no way back: %+v", it.Ledger.Inverse)
			}
		})
	}
}

func TestPlan_UnansweredCallIsNotSentAgain(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	e.at = func(point, _, _ string) error {
		if point == "after" {
			return errors.New("connection reset")
		}
		return nil
	}
	p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
	if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded || e.sent["i-1/stop"] != 1 {
		t.Errorf("plan is %s after %d calls, want succeeded after one", p.State, e.sent["i-1/stop"])
	}
}

func TestPlan_RefusedCallFails(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	e.at = func(point, _, _ string) error {
		if point == "before" {
			return &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", Message: "no", Harmless: true}
		}
		return nil
	}
	p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
	if p := s.planEnd(p.ID); p.State != tracker.PlanFailed {
		t.Errorf("plan is %s, want failed", p.State)
	}
	if it := s.planItems(p.ID)[0]; it.Ledger.State != tracker.ItemFailed || it.Ledger.Error == nil || it.Ledger.Error.Code != "UnauthorizedOperation" {
		t.Errorf("item is %+v", it.Ledger)
	}
}

func TestPlan_ThrottledCallIsSentOnce(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	var once sync.Once
	e.at = func(point, _, _ string) (err error) {
		if point == "before" {
			once.Do(func() {
				err = &tracker.Failure{Outcome: tracker.OutcomeThrottled, Message: "slow down", Harmless: true}
			})
		}
		return err
	}
	p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
	if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded || e.sent["i-1/stop"] != 1 {
		t.Errorf("plan is %s after %d calls", p.State, e.sent["i-1/stop"])
	}
}

func TestPlan_OrderAndBlocks(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running", "i-2": "running", "vol-1": "in-use", "vol-2": "in-use", "vol-3": "available"})
	e.attached = map[string]string{"vol-1": "i-1", "vol-2": "i-2"}
	s := acting(t, e)
	e.at = func(point, id, _ string) error {
		if point == "before" && id == "i-2" {
			return &tracker.Failure{Outcome: tracker.OutcomeError, Code: "DependencyViolation", Message: "in use", Harmless: true}
		}
		return nil
	}
	r := tracker.PlanRequest{Apply: true, Items: append(items("delete", "EBS_Volume", "vol-1", "vol-2", "vol-3"), items("terminate", "EC2_Instance", "i-1", "i-2")...)}
	p := s.plan(r)
	s.planEnd(p.ID)
	want := map[string]tracker.ItemState{"i-1": "verified", "vol-1": "verified", "vol-3": "verified", "i-2": "failed", "vol-2": "blocked"}
	if diff := cmp.Diff(want, s.states(p.ID)); diff != "" {
		t.Error(diff)
	}
	if slices.Index(e.order, "i-1/terminate") > slices.Index(e.order, "vol-1/snapshot") {
		t.Errorf("the volume came before its instance: %v", e.order)
	}
	if e.sent["vol-2/delete"] != 0 {
		t.Error("a blocked item was sent")
	}
}

func TestPlan_ChangedSincePlanned(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("terminate", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	e.set("i-1", "stopped")
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	s.planEnd(p.ID)
	if it := s.planItems(p.ID)[0]; it.Ledger.State != tracker.ItemRefused || !strings.Contains(it.Ledger.Message, `state was "running" and is "stopped"`) || len(e.sent) > 0 {
		t.Errorf("item is %+v, calls %v", it.Ledger, e.sent)
	}
}

func TestPlan_Waves(t *testing.T) {
	t.Parallel()
	state := map[string]string{}
	var ids []string
	for i := range 40 {
		id := fmt.Sprintf("i-%02d", i)
		ids, state[id] = append(ids, id), "running"
	}
	e := newEstate(state)
	s := acting(t, e)
	e.at = func(point, id, _ string) error {
		if point == "before" && id == "i-02" {
			return &tracker.Failure{Outcome: tracker.OutcomeDenied, Message: "no", Harmless: true}
		}
		return nil
	}
	p := s.planUntil(s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", ids...)}).ID, tracker.PlanHeld)
	if n := len(e.sent); n > 5 {
		t.Errorf("%d items were carried out before the plan was held, want at most one and a tenth", n)
	}
	if p.Totals.ByState[tracker.ItemPlanned] != 35 {
		t.Errorf("totals of the held plan are %v", p.Totals.ByState)
	}
	if _, err := s.client.ResumePlan(t.Context(), as("alice"), p.ID, nil); err != nil {
		t.Fatal(err)
	}
	p = s.planEnd(p.ID)
	if p.State != tracker.PlanPartial || p.Totals.ByState[tracker.ItemVerified] != 39 || p.Totals.ByState[tracker.ItemFailed] != 1 {
		t.Errorf("plan is %s with %v", p.State, p.Totals.ByState)
	}
	undo, _, err := s.client.UndoPlan(t.Context(), tracker.PlanSubmission{
		Owner: "alice", Sealed: []byte("AKIA"), UndoOf: p.ID, Request: tracker.PlanRequest{Apply: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if undo = s.planEnd(undo.ID); undo.State != tracker.PlanSucceeded || undo.Totals.Items != 39 {
		t.Errorf("undo is %s with %d items", undo.State, undo.Totals.Items)
	}
	for id := range maps.Keys(state) {
		if e.get(id) != "running" {
			t.Errorf("%s is %s after the undo", id, e.get(id))
		}
	}
}

func TestPlan_ApprovalOfASecondPerson(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	s.client.Rules.Approval = true
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("applied without approval: %v", err)
	}
	if _, err := s.client.ApprovePlan(t.Context(), as("alice"), p.ID, p.Digest); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("approved by its author: %v", err)
	}
	of := func(who, person, madeBy string) tracker.Principal {
		return tracker.Principal{Tenant: "alice", Who: who, Person: person, MadeBy: madeBy}
	}
	for what, by := range map[string]tracker.Principal{
		"another key of the author":              of("key:2", "alice", ""),
		"a key that the author made for another": of("key:3", "user:bob", "alice"),
	} {
		if _, err := s.client.ApprovePlan(t.Context(), by, p.ID, p.Digest); tracker.CodeOf(err) != tracker.CodeConflict {
			t.Errorf("approved with %s: %v", what, err)
		}
	}
	if _, err := s.client.ApprovePlan(t.Context(), as("bob"), p.ID, p.Digest); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("approved by another tenant: %v", err)
	}
	if _, err := s.client.ApprovePlan(t.Context(), of("key:4", "user:bob", "user:carol"), p.ID, p.Digest); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded {
		t.Errorf("plan is %s", p.State)
	}
}

func TestPlan_LaterAndCancelled(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running", "i-2": "running"})
	s := acting(t, e)
	cancelled := s.planUntil(s.plan(tracker.PlanRequest{Apply: true, After: 3600, Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanScheduled)
	if _, err := s.client.CancelPlan(t.Context(), as("alice"), cancelled.ID); err != nil {
		t.Fatal(err)
	}
	if p := s.planEnd(cancelled.ID); p.State != tracker.PlanCancelled {
		t.Errorf("plan is %s, want cancelled", p.State)
	}
	later := s.plan(tracker.PlanRequest{Apply: true, After: 1, Items: items("stop", "EC2_Instance", "i-2")})
	if p := s.planEnd(later.ID); p.State != tracker.PlanSucceeded {
		t.Errorf("plan is %s, want succeeded", p.State)
	}
	if diff := cmp.Diff(map[string]int{"i-2/stop": 1}, e.sent); diff != "" {
		t.Error(diff)
	}
}

func TestPlan_OffHours(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"EC2_Instance-0": "running", "EC2_Instance-1": "stopped"})
	s := acting(t, e)
	s.client.Actions = actions
	sc := tracker.Schedule{Owner: "alice", Name: "stop at seven", Cron: "0 19 * * 1-5", TimeZone: "Europe/Berlin", Plan: &tracker.PlanRequest{
		Select: &tracker.PlanSelection{Filter: filter.Where(filter.FieldType, "EC2_Instance"), Verb: "terminate"},
	}}
	if _, err := s.client.PutSchedule(t.Context(), sc, []byte("AKIA")); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Errorf("a schedule took an action that cannot be undone: %v", err)
	}
	sc.Plan.Select.Verb = "stop"
	sc = s.schedule(sc)
	s.due(sc.ID)
	var plans []tracker.Plan
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for len(plans) == 0 {
		<-tick.C
		var err error
		if plans, err = s.client.SchedulePlans(t.Context(), "alice", sc.ID); err != nil {
			t.Fatal(err)
		}
	}
	if p := s.planEnd(plans[0].ID); p.State != tracker.PlanSucceeded || p.Schedule != sc.ID {
		t.Errorf("plan is %s: %s", p.State, p.Reason)
	}
	if diff := cmp.Diff(map[string]int{"EC2_Instance-0/stop": 1}, e.sent); diff != "" {
		t.Error(diff)
	}
}

func TestPlan_Saving(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running", "i-2": "running", "vol-1": "available"})
	s := start(t, nil, jobs.Options{
		Actions: actions, Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
		Saving: func(it tracker.ActionItem, s tracker.Sight) *tracker.Money {
			m, ok := map[string]tracker.Money{"stop i-1 running": 70 * tracker.Dollar, "delete vol-1 available": 8 * tracker.Dollar}[it.Verb+" "+s.Resource.ID+" "+s.Resource.State]
			if !ok {
				return nil
			}
			return &m
		},
	})
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: append(items("stop", "EC2_Instance", "i-1", "i-2"), items("delete", "EBS_Volume", "vol-1")...)}).ID, tracker.PlanPlanned)
	if p.Totals.MonthlySaving != 78*tracker.Dollar || p.Totals.SavingUnknown != 1 {
		t.Errorf("the plan saves %s and %d unknown, want 78 and 1", p.Totals.MonthlySaving, p.Totals.SavingUnknown)
	}
}
