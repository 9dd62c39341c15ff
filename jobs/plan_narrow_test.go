package jobs_test

import (
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// An actor who is narrowed to a tag changes what has it, as it is seen when it is planned
// and once more before the first call.
func TestPlan_NarrowedActor(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-dev": "running", "i-prod": "running", "i-bare": "running", "i-moved": "running"})
	e.env["i-dev"], e.env["i-prod"], e.env["i-moved"] = "dev", "prod", "dev"
	s := acting(t, e)
	narrowed := as("alice")
	narrowed.Grants = []tracker.Grant{{Role: tracker.RoleActor, Bounds: tracker.Bounds{
		Verbs: []string{"stop"}, Accounts: []string{e.id}, Tags: map[string][]string{"env": {"dev"}},
	}}}
	ask := func(verb string, ids ...string) tracker.Plan {
		t.Helper()
		p, _, err := s.client.AddPlan(t.Context(), tracker.PlanSubmission{
			Owner: "alice", By: narrowed, Sealed: []byte("AKIA"), Request: tracker.PlanRequest{Items: items(verb, "EC2_Instance", ids...)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s.planUntil(p.ID, tracker.PlanPlanned)
	}
	refused := func(id string) []string {
		t.Helper()
		var out []string
		for _, it := range s.planItems(id) {
			for _, r := range it.Refusals {
				out = append(out, it.ResourceID+" "+r.Rule)
			}
		}
		return out
	}
	p := ask("stop", "i-dev", "i-prod", "i-bare", "i-moved")
	if got := strings.Join(refused(p.ID), ", "); got != "i-prod not_granted, i-bare not_granted" {
		t.Errorf("refused: %s", got)
	}
	if got := strings.Join(refused(ask("reboot", "i-dev").ID), ", "); got != "i-dev not_granted" {
		t.Errorf("another action: %s", got)
	}
	e.mu.Lock()
	e.env["i-moved"] = "prod"
	e.mu.Unlock()
	stranger := narrowed
	stranger.Who, stranger.Person = "key:2", "user:carol"
	if _, err := s.client.ApplyPlan(t.Context(), stranger, p.ID, p.Digest, 0, nil); tracker.CodeOf(err) != tracker.CodeForbidden {
		t.Errorf("applied by another who is narrowed: %v", err)
	}
	if _, err := s.client.ApplyPlan(t.Context(), narrowed, p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	s.planEnd(p.ID)
	for id, want := range map[string]string{"i-dev": "stopped", "i-prod": "running", "i-bare": "running", "i-moved": "running"} {
		if got := e.get(id); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}
