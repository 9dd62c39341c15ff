package jobs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestAddPlan_IdempotencyKey(t *testing.T) {
	t.Parallel()
	s := acting(t, newEstate(map[string]string{"i-1": "running"}))
	add := func(change func(*tracker.PlanSubmission)) (tracker.Plan, bool, error) {
		sub := tracker.PlanSubmission{
			Owner: "alice", Sealed: []byte("AKIA"), CredentialsDigest: "of account 1", IdempotencyKey: "key",
			Request: tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")},
		}
		change(&sub)
		return s.client.AddPlan(t.Context(), sub)
	}
	first, created, err := add(func(*tracker.PlanSubmission) {})
	if !created || err != nil {
		t.Fatal(created, err)
	}
	// Sealing is random: the same credentials are other bytes.
	again, created, err := add(func(sub *tracker.PlanSubmission) { sub.Sealed = []byte("sealed anew") })
	if again.ID != first.ID || created || err != nil {
		t.Errorf("the same request made %s (%v), want %s: %v", again.ID, created, first.ID, err)
	}
	for name, change := range map[string]func(*tracker.PlanSubmission){
		"other credentials": func(sub *tracker.PlanSubmission) { sub.CredentialsDigest = "of account 2" },
		"another item":      func(sub *tracker.PlanSubmission) { sub.Request.Items[0].ResourceID = "i-2" },
		"an undo":           func(sub *tracker.PlanSubmission) { sub.UndoOf = "p" },
	} {
		if p, _, err := add(change); tracker.CodeOf(err) != tracker.CodeConflict {
			t.Errorf("%s under the same key: plan %s, %v", name, p.ID, err)
		}
	}
}

// TestPlan_RefusalsAreInTheAudit has an owner refused what a plan's state forbids, many
// times: the audit tells who asked, from where, and counts the same.
func TestPlan_RefusalsAreInTheAudit(t *testing.T) {
	t.Parallel()
	s := acting(t, newEstate(map[string]string{"i-1": "running"}))
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	for range 15 {
		_, applied := s.client.ApplyPlan(t.Context(), as("alice", "203.0.113.9"), p.ID, "other", 0, nil)
		_, resumed := s.client.ResumePlan(t.Context(), as("alice", "203.0.113.9"), p.ID, nil)
		_, _, undone := s.client.UndoPlan(t.Context(), tracker.PlanSubmission{Owner: "alice", UndoOf: p.ID, By: as("alice", "203.0.113.9")})
		for _, err := range []error{applied, resumed, undone} {
			if tracker.CodeOf(err) != tracker.CodeConflict {
				t.Fatal(err)
			}
		}
	}
	trail, err := store.Audit{Store: s.store}.AuditTrail(t.Context(), "alice", "", time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, line := range trail {
		if strings.HasSuffix(line.What, "_refused") {
			got[line.What+" by "+line.Who+" from "+line.From+" of "+line.PlanID]++
		}
	}
	want := map[string]int{}
	for _, what := range []string{"apply", "resume", "undo"} {
		want["plan."+what+"_refused by alice from 203.0.113.9 of "+p.ID] = 2 // the first and the tenth
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
