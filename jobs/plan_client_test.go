package jobs_test

import (
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestAddPlan_IdempotencyKey(t *testing.T) {
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
