package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// hooked gives alice a webhook that wants every event.
func hooked(t *testing.T, s *store.Store, id string, change func(*tracker.Webhook)) store.Webhooks {
	t.Helper()
	w := tracker.Webhook{ID: id, Owner: "alice", Form: tracker.FormStandard, Events: []string{"*"}, Enabled: true, CreatedAt: s.Now(), ChangedAt: s.Now()}
	if change != nil {
		change(&w)
	}
	hooks := store.Webhooks{Store: s}
	if err := hooks.PutWebhook(t.Context(), store.WebhookRecord{Webhook: w}, false, tracker.AuditEvent{Who: "alice", What: "webhook.created", Webhook: id}); err != nil {
		t.Fatal(err)
	}
	return hooks
}

// noted are the events that were noted for a webhook, oldest first: those due now.
func noted(t *testing.T, s store.Webhooks, hook string) (events []tracker.WebhookEvent, ids []string) {
	t.Helper()
	list, _, err := s.Deliveries(t.Context(), "alice", hook, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	for _, d := range list {
		due := store.DueDelivery{DeliveryRef: store.DeliveryRef{Owner: "alice", Webhook: hook, Event: d.ID}}
		turn, _, _, body, err := s.BeginDelivery(t.Context(), due, "reader", 0)
		if err != nil || turn != store.TurnMine {
			t.Fatal(turn, err)
		}
		var e tracker.WebhookEvent
		if err := json.Unmarshal(body, &e); err != nil {
			t.Fatal(err)
		}
		events, ids = append(events, e), append(ids, d.ID)
	}
	return events, ids
}

func typesOf(events []tracker.WebhookEvent) []string {
	types := []string{}
	for _, e := range events {
		types = append(types, e.Type)
	}
	slices.Sort(types)
	return types
}

func TestEvents_OfAJobAndItsFindings(t *testing.T) {
	s, _ := open(t, store.Options{})
	hooks := hooked(t, s, "wh", nil)
	hooked(t, s, "pager", func(w *tracker.Webhook) { w.Form = tracker.FormPagerDuty })
	hooked(t, s, "off", func(w *tracker.Webhook) { w.Enabled = false })
	hooked(t, s, "others", func(w *tracker.Webhook) { w.Events = []string{"plan.*"} })
	f := finalizing(t, s, "j")
	if _, _, err := s.ClaimFindings(t.Context(), "j", "w", time.Minute); err != nil {
		t.Fatal(err)
	}
	w := s.FindingWriter("j", "w", f.job().ExpiresAt)
	for i := range 8 {
		saving := tracker.Money(i) * tracker.Dollar
		if err := w.Add(t.Context(), tracker.Finding{ID: fmt.Sprint(i), Title: fmt.Sprint("finding ", i), Counted: i != 7, MonthlySaving: &saving}); err != nil {
			t.Fatal(err)
		}
	}
	total := 21 * tracker.Dollar
	if won, err := w.Close(t.Context(), tracker.FindingsReport{Status: tracker.Evaluated, Findings: 8, MonthlySaving: &total}, nil); !won || err != nil {
		t.Fatal(won, err)
	}
	for range 3 { // whoever sweeps ends it again
		if _, err := s.Finish(t.Context(), "j"); err != nil {
			t.Fatal(err)
		}
	}
	events, ids := noted(t, hooks, "wh")
	if len(events) != 2 || !strings.HasPrefix(typesOf(events)[1], "job.") || typesOf(events)[0] != "findings.found" || ids[0] == ids[1] {
		t.Fatalf("noted %+v", events)
	}
	found := events[slices.IndexFunc(events, func(e tracker.WebhookEvent) bool { return e.Type == "findings.found" })].Data
	top := []string{}
	for _, f := range found.Top {
		top = append(top, f.Title)
	}
	want := []string{"finding 6", "finding 5", "finding 4", "finding 3", "finding 2"}
	if diff := cmp.Diff(want, top); diff != "" || *found.Findings != 8 || *found.MonthlySaving != total {
		t.Errorf("%+v, top (-want +got):\n%s", found, diff)
	}
	if events, _ := noted(t, hooks, "pager"); len(events) > 1 || len(events) == 1 && events[0].Type == "findings.found" {
		t.Errorf("the pager is told %+v", events)
	}
	for _, hook := range []string{"off", "others"} {
		if events, _ := noted(t, hooks, hook); len(events) > 0 {
			t.Errorf("%s is told %+v", hook, events)
		}
	}
}

func TestEvents_OfSchedules(t *testing.T) {
	s, sc, _ := schedules(t)
	hooks := hooked(t, s.Store, "wh", nil)
	for range 2 {
		_, err := s.SettleTick(t.Context(), sc, epoch, store.Settlement{
			What: "failed", Error: "no role", Most: 1, Pause: "it paused itself",
			Events: []tracker.ScheduleEvent{{What: "schedule.missed", Who: "alice", Detail: "2 runs"}, {What: "schedule.failed", Who: "alice", Detail: "no role"}},
		}, epoch.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
	}
	events, _ := noted(t, hooks, "wh")
	if diff := cmp.Diff([]string{"schedule.failed", "schedule.missed", "schedule.paused"}, typesOf(events)); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
	if d := events[0].Data; d.ScheduleID != "s" || d.Name != "nightly" {
		t.Errorf("noted %+v", d)
	}
}

func TestEvents_OfPlans(t *testing.T) {
	f := planning(t, 2)
	hooks := hooked(t, f.s.Store, "wh", nil)
	f.freeze(frozenOf("run", 2, false, nil))
	f.apply()
	if _, _, _, err := f.s.StartItem(t.Context(), f.id, 0, tracker.Resource{ID: "i-0"}); err != nil {
		t.Fatal(err)
	}
	f.must(f.s.CancelPlan(t.Context(), f.id, "enough"))
	f.must(f.s.Tell(t.Context(), f.id))
	events, _ := noted(t, hooks, "wh")
	if diff := cmp.Diff([]string{"plan.planned"}, typesOf(events)); diff != "" {
		t.Errorf("while an item runs (-want +got):\n%s", diff)
	}
	_, _, _, err := f.s.SettleItem(t.Context(), f.id, 0, tracker.ItemLedger{State: tracker.ItemVerified}, nil)
	f.must(err)
	f.must(f.s.Tell(t.Context(), f.id))
	events, _ = noted(t, hooks, "wh")
	if diff := cmp.Diff([]string{"plan.cancelled", "plan.planned"}, typesOf(events)); diff != "" {
		t.Errorf("at the end (-want +got):\n%s", diff)
	}
}

// TestDeliveries_AreBounded: a webhook keeps its newest thousand, and what is dropped
// leaves nothing.
func TestDeliveries_AreBounded(t *testing.T) {
	now := epoch
	s, rdb := open(t, store.Options{Now: func() time.Time { return now }})
	hooks := hooked(t, s, "wh", nil)
	add := func(event string) {
		now = now.Add(time.Millisecond)
		if err := hooks.AddDelivery(t.Context(), store.DeliveryRef{Owner: "alice", Webhook: "wh", Event: event}, "job.failed", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1005 {
		add(fmt.Sprint("evt_", i))
	}
	add("evt_1004") // twice is once
	list, _, err := hooks.Deliveries(t.Context(), "alice", "wh", "", 2000)
	if err != nil || len(list) != 1000 || list[0].ID != "evt_1004" || list[999].ID != "evt_5" {
		t.Errorf("%d deliveries, %v", len(list), err)
	}
	if n := rdb.Exists(t.Context(), rdb.Keys(t.Context(), "*evt_4").Val()...).Val(); n > 0 {
		t.Errorf("what was dropped leaves %d keys", n)
	}
	page, next, err := hooks.Deliveries(t.Context(), "alice", "wh", "", 10)
	if err != nil || len(page) != 10 {
		t.Fatal(len(page), err)
	}
	if page, _, err = hooks.Deliveries(t.Context(), "alice", "wh", next, 10); err != nil || page[0].ID != "evt_994" {
		t.Errorf("the second page begins with %+v, %v", page[0], err)
	}
	if _, _, err := hooks.Deliveries(t.Context(), "alice", "wh", "broken", 10); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Errorf("a broken cursor: %v", err)
	}
	// Deliveries that were dropped are due no more.
	for range 10 {
		if _, err := hooks.DueDeliveries(t.Context(), 2000); err != nil {
			t.Fatal(err)
		}
	}
	if n := rdb.ZCard(t.Context(), "rt:deliveries").Val(); n != 1000 {
		t.Errorf("%d are due", n)
	}
	now = now.Add(31 * 24 * time.Hour)
	add("evt_new")
	if list, _, err := hooks.Deliveries(t.Context(), "alice", "wh", "", 2000); err != nil || len(list) != 1 {
		t.Errorf("after a month %d, %v", len(list), err)
	}
}

// TestWebhookScripts_RunTwice: what each script does a second time is nothing.
func TestWebhookScripts_RunTwice(t *testing.T) {
	s, _ := open(t, store.Options{})
	hooks := hooked(t, s, "wh", nil)
	d := store.DueDelivery{DeliveryRef: store.DeliveryRef{Owner: "alice", Webhook: "wh", Event: "evt_1"}}
	if err := hooks.AddDelivery(t.Context(), d.DeliveryRef, "job.failed", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	begin := func(claimant string) store.Turn {
		turn, _, _, _, err := hooks.BeginDelivery(t.Context(), d, claimant, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
	if a, b, c := begin("one"), begin("one"), begin("two"); a != store.TurnMine || b != store.TurnMine || c != store.TurnWait {
		t.Errorf("turns are %s, %s and %s", a, b, c)
	}
	settle := func(claimant string) tracker.DeliveryState {
		state, err := hooks.SettleDelivery(t.Context(), d, claimant, store.Settled{What: "retry", Next: s.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if a, b, c := settle("two"), settle("one"), settle("one"); a != "" || b != tracker.DeliveryPending || c != "" {
		t.Errorf("states are %q, %q and %q", a, b, c)
	}
	if begin("two") != store.TurnOver {
		t.Error("a task of an older epoch attempts it")
	}
	d.Epoch = 1
	if a, err := hooks.RenewDelivery(t.Context(), d); err != nil || !a {
		t.Error(a, err)
	}
	if a, err := hooks.RenewDelivery(t.Context(), d); err != nil || a {
		t.Error("renewed twice:", a, err)
	}
	// Whoever read a webhook before another changed it does not undo that.
	a, err := hooks.Webhook(t.Context(), "alice", "wh")
	if err != nil {
		t.Fatal(err)
	}
	b := a
	a.Description, b.Description = "a", "b"
	if err := hooks.PutWebhook(t.Context(), a, false, tracker.AuditEvent{What: "webhook.changed"}); err != nil {
		t.Fatal(err)
	}
	if err := hooks.PutWebhook(t.Context(), a, false, tracker.AuditEvent{What: "webhook.changed"}); err != nil {
		t.Error("the same again:", err)
	}
	if err := hooks.PutWebhook(t.Context(), b, false, tracker.AuditEvent{What: "webhook.changed"}); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("over another's change: %v", err)
	}
}
