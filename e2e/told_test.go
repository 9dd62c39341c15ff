package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// mailboxOfEvents keeps each event that it is told, once.
type mailboxOfEvents struct {
	url string

	mu     sync.Mutex
	events map[string]tracker.WebhookEvent // by webhook-id
}

func newMailboxOfEvents(t *testing.T) *mailboxOfEvents {
	t.Helper()
	m := &mailboxOfEvents{events: map[string]tracker.WebhookEvent{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var e tracker.WebhookEvent
		if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
			t.Errorf("an event: %v", err)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		m.events[r.Header.Get("webhook-id")] = e
	}))
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

// of are the events of a type.
func (m *mailboxOfEvents) of(typ string) (all []tracker.EventData) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.events {
		if e.Type == typ {
			all = append(all, e.Data)
		}
	}
	return all
}

// TestTold: webhooks are told of each threshold of a budget once, and of what a run of a schedule saw otherwise than the one
// before it; of its first run, and of one that saw nothing new, they are told nothing.
func TestTold(t *testing.T) {
	t.Parallel()
	d := newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey, "WEBHOOK_ALLOW=127.0.0.0/8")
	c := &client{t: t, url: d.url(), key: operatorKey}
	m := newMailboxOfEvents(t)
	post[struct{}](c, "/api/v1/webhooks", map[string]any{"url": m.url, "events": []string{"budget.crossed", "inventory.changed"}})
	budget := post[struct {
		ID string `json:"budget_id"`
	}](c, "/api/v1/budgets", map[string]any{"name": "all", "monthly_amount": 10})
	schedule := post[struct {
		ID string `json:"schedule_id"`
	}](c, "/api/v1/schedules", map[string]any{
		"name": "instances", "cron": "0 0 1 1 *", "types": []string{"EC2_Instance"}, "regions": []string{"us-east-1"},
		"notify": map[string]any{"filter": "type:EC2_Instance", "changes": []string{"changed"}},
	})
	run := func() {
		t.Helper()
		job := post[tracker.Job](c, "/api/v1/schedules/"+schedule.ID+"/run", nil)
		c.finished(job.ID)
		eventually(t, time.Minute, "the run is in the history", func() bool {
			var a struct {
				Pending []string `json:"pending_scans"`
			}
			return json.Unmarshal(c.do(http.MethodGet, "/api/v1/inventory?limit=1", nil).body, &a) == nil && !slices.Contains(a.Pending, job.ID)
		})
	}
	run()
	var b struct {
		Standing struct{ State string }
		Crossed  []struct {
			ToldAt *time.Time `json:"told_at"`
		}
	}
	eventually(t, time.Minute, "the budget is over, and its thresholds are told", func() bool {
		a := c.do(http.MethodGet, "/api/v1/budgets/"+budget.ID, nil)
		return json.Unmarshal(a.body, &b) == nil && b.Standing.State == "over" && len(b.Crossed) == 3 && b.Crossed[2].ToldAt != nil && len(m.of("budget.crossed")) == 3
	})

	var page struct{ Resources []tracker.Resource }
	a := c.do(http.MethodGet, "/api/v1/inventory?filter=type:EC2_Instance+state:running&limit=1", nil)
	if err := json.Unmarshal(a.body, &page); err != nil || len(page.Resources) != 1 {
		t.Fatalf("no instance runs: %d %s", a.status, a.body)
	}
	stopped := page.Resources[0]
	plan := post[struct {
		Plan tracker.Plan `json:"plan"`
	}](c, "/api/v1/plans", map[string]any{"apply": true, "canary": false, "actions": []map[string]any{
		{"resource_id": stopped.ID, "resource_type": stopped.Type, "region": stopped.Region, "action": "stop"},
	}})
	eventually(t, time.Minute, "the instance is stopped", func() bool {
		var p struct {
			Plan tracker.Plan `json:"plan"`
		}
		return json.Unmarshal(c.do(http.MethodGet, "/api/v1/plans/"+plan.Plan.ID, nil).body, &p) == nil && p.Plan.State == tracker.PlanSucceeded
	})
	if told := m.of("inventory.changed"); len(told) > 0 {
		t.Errorf("the first run told %+v", told)
	}
	run()
	eventually(t, time.Minute, "the change is told", func() bool { return len(m.of("inventory.changed")) == 1 })
	if told := m.of("inventory.changed")[0]; told.ScheduleID != schedule.ID || told.Changes.Changed != 1 || told.Changes.Top[0].ResourceID != stopped.ID {
		t.Errorf("told %+v, %+v", told, told.Changes)
	}
	run() // sees nothing new
	if a := c.do(http.MethodDelete, "/api/v1/budgets/"+budget.ID, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if told := m.of("inventory.changed"); len(told) != 1 || len(m.of("budget.crossed")) != 3 {
		t.Errorf("told %d changes and %d crossings", len(told), len(m.of("budget.crossed")))
	}
}
