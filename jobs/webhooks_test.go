package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestWebhook_TellsOfAScan(t *testing.T) {
	t.Parallel()
	h := hook(t, store.Options{}, jobs.Options{})
	h.worker()
	w := h.add("job.*")
	if w.URL != h.URL+"/hook/…" {
		t.Errorf("the URL is shown as %s", w.URL)
	}
	j := h.submit(tracker.ScanRequest{})
	got := h.wait(1)[0]
	if got.Bad != nil || got.Signatures != 1 || got.Event.Type != "job.succeeded" || got.Event.Data.JobID != j.ID || *got.Event.Data.Resources == 0 || *got.Event.Data.Incomplete != 0 {
		t.Errorf("received %+v", got)
	}
	d := h.delivery(w)
	if d.State != tracker.DeliverySucceeded || d.ID != got.ID || len(d.Attempts) != 1 || d.Attempts[0].Status != 200 || d.NextAt != nil {
		t.Errorf("delivered %+v", d)
	}
	// Again, under the same ID.
	again, err := h.hooks.ReplayDelivery(t.Context(), "alice", w.ID, d.ID)
	h.must(err)
	if again.State != tracker.DeliveryPending {
		t.Errorf("replayed %+v", again)
	}
	if all := h.wait(1); len(all) != 2 || all[1].ID != got.ID || all[1].Bad != nil {
		t.Errorf("received %+v", all)
	}
	if d := h.deliveryAs(w, func(d tracker.Delivery) bool { return len(d.Attempts) == 2 }); d.State != tracker.DeliverySucceeded {
		t.Errorf("delivered %+v", d)
	}
	// Redis holds neither the token of the URL nor the secret.
	for _, key := range h.rdb.Keys(t.Context(), "*").Val() {
		if text := h.rdb.Dump(t.Context(), key).Val(); strings.Contains(text, "hook/token") || strings.Contains(text, strings.TrimPrefix(h.secret, "whsec_")) {
			t.Errorf("%s holds a secret", key)
		}
	}
	h.must(h.hooks.DeleteWebhook(t.Context(), "alice", w.ID, "alice", ""))
	if diff := cmp.Diff([]string{"webhook.created", "webhook.deleted"}, h.audit()); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
	if left := h.rdb.Keys(t.Context(), "*"+w.ID+"*").Val(); len(left) > 0 {
		t.Errorf("a deleted webhook leaves %v", left)
	}
}

func TestWebhook_TellsOfAPlan(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	o := jobs.Options{Actions: actions, Confirm: 1}
	h := hook(t, store.Options{}, o)
	h.opts.Open = func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil }
	h.worker()
	h.add("plan.*")
	p := h.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
	var types []string
	for _, got := range h.wait(2) {
		if got.Bad != nil || got.Event.Data.PlanID != p.ID {
			t.Errorf("received %+v", got)
		}
		types = append(types, got.Event.Type)
	}
	slices.Sort(types)
	if diff := cmp.Diff([]string{"plan.planned", "plan.succeeded"}, types); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// TestWebhook_DownForAWhile has a receiver that fails before it works, and one that wants
// no more.
func TestWebhook_DownForAWhile(t *testing.T) {
	t.Parallel()
	h := hook(t, store.Options{}, jobs.Options{})
	var gone atomic.Bool
	h.answer = func(n int) int {
		switch {
		case gone.Load():
			return http.StatusGone
		case n < 3:
			return http.StatusBadGateway
		}
		return http.StatusNoContent
	}
	h.worker()
	w := h.add("*")
	_, err := h.hooks.TestWebhook(t.Context(), "alice", w.ID)
	h.must(err)
	d := h.delivery(w)
	var said []string
	for _, a := range d.Attempts {
		said = append(said, fmt.Sprint(a.Status, " ", a.Error))
	}
	if diff := cmp.Diff([]string{"502 answered 502", "502 answered 502", "204 "}, said); diff != "" || d.State != tracker.DeliverySucceeded {
		t.Errorf("%s after (-want +got):\n%s", d.State, diff)
	}
	for _, got := range h.all() {
		if got.ID != d.ID || got.Bad != nil {
			t.Errorf("received %+v", got)
		}
	}
	gone.Store(true)
	_, err = h.hooks.TestWebhook(t.Context(), "alice", w.ID)
	h.must(err)
	if d := h.delivery(w); d.State != tracker.DeliveryFailed || len(d.Attempts) != 1 {
		t.Errorf("delivered %+v", d)
	}
	w, err = h.hooks.Webhook(t.Context(), "alice", w.ID)
	h.must(err)
	if w.Enabled || w.DisabledReason != "the receiver answered 410 Gone" || w.DisabledAt == nil {
		t.Errorf("the webhook is %+v", w)
	}
	if _, err := h.hooks.TestWebhook(t.Context(), "alice", w.ID); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a test of it: %v", err)
	}
	gone.Store(false)
	if w, err = h.hooks.ChangeWebhook(t.Context(), "alice", w.ID, tracker.WebhookChange{Enabled: new(true), Who: "alice"}); err != nil || !w.Enabled || w.DisabledReason != "" || w.FailingSince != nil {
		t.Errorf("enabled anew it is %+v, %v", w, err)
	}
	if diff := cmp.Diff([]string{"webhook.created", "webhook.disabled", "webhook.changed"}, h.audit()); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// TestWebhook_FailsForDays: tries end after the last pause, and after days of failures the
// webhook is disabled.
func TestWebhook_FailsForDays(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	h := hook(t, store.Options{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }}, jobs.Options{})
	h.answer = func(int) int { return http.StatusInternalServerError }
	h.know("") // its clock is another
	h.worker()
	w := h.add("*")
	_, err := h.hooks.TestWebhook(t.Context(), "alice", w.ID)
	h.must(err)
	if d := h.delivery(w); d.State != tracker.DeliveryFailed || len(d.Attempts) != 5 {
		t.Errorf("delivered %+v", d)
	}
	if w, err = h.hooks.Webhook(t.Context(), "alice", w.ID); err != nil || !w.Enabled || w.FailingSince == nil {
		t.Errorf("the webhook is %+v, %v", w, err)
	}
	later.Store(int64(store.FailingFor))
	_, err = h.hooks.TestWebhook(t.Context(), "alice", w.ID)
	h.must(err)
	h.delivery(w)
	if w, err = h.hooks.Webhook(t.Context(), "alice", w.ID); err != nil || w.Enabled || w.DisabledReason != "every attempt failed for 5 days" {
		t.Errorf("the webhook is %+v, %v", w, err)
	}
}

// TestWebhook_CrashesAnywhere kills the worker before each command that stands between
// the end of a job and the delivery: the event is delivered all the same, under one ID.
func TestWebhook_CrashesAnywhere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, before string
		requests     int
	}{
		{"before it is known who wants it", ":webhooks", 1},
		{"before it is noted when it is due", "zadd rt:deliveries nx", 1},
		{"before the job is off the index", "3 rt:active", 1},
		{"before it is on the queue", ":t:wh_", 1},
		{"before the attempt is settled", `"duration_ms"`, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := hook(t, store.Options{}, jobs.Options{})
			h.add("job.*")
			mortal := exec.CommandContext(t.Context(), os.Args[0])
			mortal.Env = append(os.Environ(), mortalSocket+"="+h.server.Socket, mortalPoint+"=before "+tc.before, mortalID+"="+h.identity+"|"+h.certificate())
			mortal.Stderr = os.Stderr
			h.must(mortal.Start())
			h.submit(tracker.ScanRequest{})
			_ = mortal.Wait() // it died
			if code := mortal.ProcessState.ExitCode(); code != 137 {
				t.Fatalf("the worker ended with %d", code)
			}
			// It is dead: nobody has to wait until it is believed.
			h.must(h.rdb.Del(t.Context(), h.rdb.Keys(t.Context(), "rt:alive:*").Val()...).Err())
			h.worker()
			all := h.wait(tc.requests)
			for _, got := range all {
				if got.Bad != nil || got.Event.Type != "job.succeeded" || got.ID != all[0].ID {
					t.Errorf("received %+v", all)
				}
			}
		})
	}
}

// TestWebhook_DeadReceiver: a receiver that does not answer holds two attempts, and no
// scan.
func TestWebhook_DeadReceiver(t *testing.T) {
	t.Parallel()
	h := hook(t, store.Options{}, jobs.Options{})
	alive := make(chan struct{})
	var once sync.Once
	t.Cleanup(func() { once.Do(func() { close(alive) }) })
	h.hold = func() { <-alive }
	h.worker()
	w := h.add("*")
	for range 10 {
		_, err := h.hooks.TestWebhook(t.Context(), "alice", w.ID)
		h.must(err)
	}
	h.wait(2)
	h.until(h.submit(tracker.ScanRequest{}).ID, ended)
	once.Do(func() { close(alive) })
	h.wait(9) // the others, and the job's
	if h.top > 2 {
		t.Errorf("%d attempts at once", h.top)
	}
}

// TestWebhook_RotatesUnderLoad: a receiver with one secret verifies every delivery while
// secrets change, as long as it changes within the time that the old one signs.
func TestWebhook_RotatesUnderLoad(t *testing.T) {
	t.Parallel()
	h := hook(t, store.Options{}, jobs.Options{})
	h.worker()
	w := h.add("*")
	const rounds, each = 4, 20
	for range rounds {
		send := func(n int) {
			for range n {
				_, err := h.hooks.TestWebhook(t.Context(), "alice", w.ID)
				h.must(err)
			}
		}
		send(each)
		_, secret, err := h.hooks.RotateWebhookSecret(t.Context(), "alice", w.ID, time.Hour, "alice", "")
		h.must(err)
		send(each)
		h.wait(each + 10) // with the old secret, those that both sign among them
		h.know(secret)
		h.wait(each - 10)
	}
	signatures := map[int]int{}
	for _, got := range h.all() {
		signatures[got.Signatures]++
		if got.Bad != nil {
			t.Errorf("%s: %v", got.ID, got.Bad)
		}
	}
	if signatures[2] == 0 {
		t.Errorf("nothing was signed twice: %v", signatures)
	}
	t.Logf("%d deliveries by their signatures: %v", len(h.all()), signatures)
	// An old secret ends at once where that is wanted.
	_, secret, err := h.hooks.RotateWebhookSecret(t.Context(), "alice", w.ID, 0, "alice", "")
	h.must(err)
	h.know(secret)
	_, err = h.hooks.TestWebhook(t.Context(), "alice", w.ID)
	h.must(err)
	if got := h.wait(1)[rounds*each*2]; got.Signatures != 1 || got.Bad != nil {
		t.Errorf("received %+v", got)
	}
}

func TestWebhook_Refusals(t *testing.T) {
	t.Parallel()
	h := hook(t, store.Options{}, jobs.Options{})
	form := func(f tracker.WebhookForm) *tracker.WebhookForm { return &f }
	for _, tc := range []struct {
		name, field string
		ch          tracker.WebhookChange
	}{
		{"no events", "events", tracker.WebhookChange{URL: new("https://example.com/")}},
		{"unknown event", "events[1]", tracker.WebhookChange{URL: new("https://example.com/"), Events: []string{"*", "job.exploded"}}},
		{"no URL", "url", tracker.WebhookChange{Events: []string{"*"}}},
		{"private", "url", tracker.WebhookChange{URL: new("https://10.0.0.1/"), Events: []string{"*"}}},
		{"metadata", "url", tracker.WebhookChange{URL: new("http://169.254.169.254/latest"), Events: []string{"*"}}},
		{"no key", "routing_key", tracker.WebhookChange{Form: form(tracker.FormPagerDuty), Events: []string{"*"}}},
		{"key of another", "routing_key", tracker.WebhookChange{URL: new("https://example.com/"), RoutingKey: new("k"), Events: []string{"*"}}},
		{"nobody", "to", tracker.WebhookChange{Form: form(tracker.FormEmail), Events: []string{"*"}}},
		{"header", "to[0]", tracker.WebhookChange{Form: form(tracker.FormEmail), To: []string{"a@example.com\r\nBcc: b@example.com"}, Events: []string{"*"}}},
		{"long description", "description", tracker.WebhookChange{URL: new("https://example.com/"), Description: new(strings.Repeat("x", 201)), Events: []string{"*"}}},
	} {
		_, _, err := h.hooks.AddWebhook(t.Context(), "alice", tc.ch)
		if e, ok := errors.AsType[*tracker.Error](err); !ok || e.Code != tracker.CodeInvalid || e.Field != tc.field {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	var last tracker.Webhook
	for range store.MaxWebhooks {
		last = h.add("*")
	}
	if _, _, err := h.hooks.AddWebhook(t.Context(), "alice", tracker.WebhookChange{URL: new("https://example.com/"), Events: []string{"*"}}); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("one too many: %v", err)
	}
	if _, err := h.hooks.Webhook(t.Context(), "bob", last.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("bob reads alice's: %v", err)
	}
	if list, err := h.hooks.Webhooks(t.Context(), "alice"); err != nil || len(list) != store.MaxWebhooks {
		t.Errorf("%d webhooks, %v", len(list), err)
	}
}
