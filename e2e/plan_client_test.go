package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// aPlan is a plan and its items as the API answers them.
type aPlan struct {
	tracker.Plan `json:"plan"`
	Items        []tracker.PlanItem `json:"items"`
	Next         string             `json:"next_cursor"`
}

// item is one change as a request carries it.
func item(id string, t tracker.Type, region, verb string) map[string]any {
	return map[string]any{"resource_id": id, "resource_type": t, "region": region, "action": verb}
}

// planOf is a request for a plan of items with valid credentials.
func planOf(items ...map[string]any) map[string]any { return with(valid(), "actions", items) }

// plan asks for a plan and returns it when its items have been looked at.
func (c *client) plan(request map[string]any) aPlan {
	c.t.Helper()
	return c.lookedAt(c.do(http.MethodPost, "/api/v1/plans?wait=60", request))
}

func (c *client) lookedAt(a answer) aPlan {
	c.t.Helper()
	if a.status != http.StatusOK && a.status != http.StatusAccepted {
		c.t.Fatalf("plan: status %d: %.2000s", a.status, a.body)
	}
	p := decoded[aPlan](c, "plan", a, a.status)
	eventually(c.t, time.Minute, "plan "+p.ID+" is looked at", func() bool {
		return c.planHead(p.ID).State != tracker.PlanPlanning
	})
	return c.planNow(p.ID)
}

// planHead is a plan without its items.
func (c *client) planHead(id string) tracker.Plan {
	c.t.Helper()
	return get[aPlan](c, "/api/v1/plans/"+id+"?limit=1").Plan
}

// planNow is a plan with all of its items, page by page.
func (c *client) planNow(id string) aPlan {
	c.t.Helper()
	var all []tracker.PlanItem
	for cursor := ""; ; {
		p := get[aPlan](c, "/api/v1/plans/"+id+"?limit=1000&cursor="+cursor)
		all = append(all, p.Items...)
		if cursor = p.Next; cursor == "" {
			p.Items = all
			return p
		}
	}
}

// apply carries a plan out under its digest; it does not wait.
func (c *client) apply(p aPlan) {
	c.t.Helper()
	a := c.do(http.MethodPost, "/api/v1/plans/"+p.ID+"/apply", map[string]any{"digest": p.Digest})
	decoded[aPlan](c, "apply", a, http.StatusOK)
}

// planUntil waits for a plan to end, or to be in one of some other states.
func (c *client) planUntil(id string, limit time.Duration, or ...tracker.PlanState) aPlan {
	c.t.Helper()
	eventually(c.t, limit, "plan "+id+" ends", func() bool {
		p := c.planHead(id)
		return p.State.Terminal() || slices.Contains(or, p.State)
	})
	return c.planNow(id)
}

// carriedOut applies a plan and waits for its end.
func (c *client) carriedOut(p aPlan) aPlan {
	c.t.Helper()
	c.apply(p)
	return c.planUntil(p.ID, 3*time.Minute)
}

// undo plans what undoes a plan.
func (c *client) undo(id string) aPlan {
	c.t.Helper()
	return c.lookedAt(c.do(http.MethodPost, "/api/v1/plans/"+id+"/undo?wait=60", valid()))
}

// audit is every line about a plan that this client may read.
func (c *client) audit(id string) []tracker.AuditEvent {
	c.t.Helper()
	var all []tracker.AuditEvent
	for after := ""; ; {
		page := get[struct {
			Events []tracker.AuditEvent `json:"events"`
			Next   string               `json:"next_after"`
		}](c, "/api/v1/audit?limit=1000&plan_id="+id+"&after="+after)
		all = append(all, page.Events...)
		if page.Next == "" {
			return all
		}
		after = page.Next
	}
}

// wantStates compares the states that a plan's items are in, by resource.
func wantStates(t testing.TB, p aPlan, want map[string]tracker.ItemState) {
	t.Helper()
	for _, it := range p.Items {
		if state := want[it.ResourceID]; it.Ledger.State != state {
			t.Errorf("%s of %s %s is %s, want %s: %s", it.Verb, it.Type, it.ResourceID, it.Ledger.State, state, it.Ledger.Message)
		}
	}
	if len(p.Items) != len(want) {
		t.Errorf("plan %s has %d items, want %d", p.ID, len(p.Items), len(want))
	}
}

// allVerified is wantStates where everything succeeded.
func allVerified(t testing.TB, p aPlan) {
	t.Helper()
	want := map[string]tracker.ItemState{}
	for _, it := range p.Items {
		want[it.ResourceID] = tracker.ItemVerified
	}
	wantStates(t, p, want)
	if p.State != tracker.PlanSucceeded {
		t.Errorf("plan %s ended %s: %s", p.ID, p.State, p.Reason)
	}
}
