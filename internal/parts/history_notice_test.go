package parts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// noticed is a schedule on a real Redis, whose runs are taken into a history, and a webhook that wants to know.
type noticed struct {
	*testing.T
	redis *redistest.Server
	now   time.Time
	h     *history.Store
	st    *store.Store
	seen  int // deliveries that were read
}

func newNoticed(t *testing.T, n *tracker.Notice) *noticed {
	t.Helper()
	w := &noticed{T: t, redis: redistest.Start(t), now: time.Now().UTC().Truncate(time.Second)}
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Migrate: true, Dictionary: []byte("{}")})
	w.must(err)
	t.Cleanup(func() { _ = h.Close() })
	w.h, w.st = h, w.store(w.redis.Client(t))
	w.put(n)
	hook := tracker.Webhook{ID: "wh", Owner: "alice", Form: tracker.FormStandard, Events: []string{"inventory.changed"}, Enabled: true, CreatedAt: w.now, ChangedAt: w.now}
	w.must(store.Webhooks{Store: w.st}.PutWebhook(t.Context(), store.WebhookRecord{Webhook: hook}, false, tracker.AuditEvent{Who: "alice", What: "webhook.created", Webhook: hook.ID}))
	return w
}

func (w *noticed) store(rdb redis.UniversalClient) *store.Store {
	return store.New(rdb, store.Options{Records: true, Now: func() time.Time { return w.now }})
}

func (w *noticed) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// put writes the schedule.
func (w *noticed) put(n *tracker.Notice) {
	w.Helper()
	sc := tracker.Schedule{ID: "s", Name: "hourly", Owner: "alice", Author: tracker.TenantItself("alice"), EverySeconds: 3600, Keep: 10, Notify: n}
	w.must(store.Schedules{Store: w.st}.PutSchedule(w.Context(), sc, []byte("sealed"), true, tracker.ScheduleEvent{What: "schedule.created", Who: "alice"}))
}

// instance is an instance in words: its ID, its state, its cost and its address.
func instance(text string) tracker.Resource {
	f := strings.Fields(text + " -")
	r := tracker.Resource{ID: f[0], Name: tracker.Named("name of " + f[0]), State: f[1], Metadata: tracker.Metadata{}}
	var cost float64
	if n, _ := fmt.Sscan(f[2], &cost); n == 1 {
		r.MonthlyCost = new(tracker.Dollars(cost))
	}
	if f[3] != "-" {
		r.Metadata["public_ip"] = f[3]
	}
	return r
}

// scan has a scan find instances in regions; a region of which an outcome is told was not seen.
func (w *noticed) scan(job, schedule string, regions map[string]string) {
	w.Helper()
	w.now = w.now.Add(time.Hour)
	ctx := w.Context()
	_, err := w.st.Submit(ctx, tracker.Submission{
		Owner: "alice", Lane: tracker.LaneInteractive, Schedule: schedule, Sealed: []byte("sealed"), JobID: job, OwnFlight: true,
	}, []string{"self"}, time.Hour)
	w.must(err)
	_, err = w.st.Begin(ctx, job, store.Dispatch{Unit: "self/*"})
	w.must(err)
	var found []store.Found
	for region := range regions {
		found = append(found, store.Found{Unit: "1/" + region, Types: []tracker.Type{"EC2_Instance"}})
	}
	next, err := w.st.Expand(ctx, job, tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, found)
	w.must(err)
	w.run(job, next, regions)
}

// retry has the failed regions of a scan seen.
func (w *noticed) retry(job string, regions map[string]string) {
	w.Helper()
	w.now = w.now.Add(time.Hour)
	j, err := w.st.Lookup(w.Context(), job)
	w.must(err)
	next, err := w.st.Reopen(w.Context(), tracker.Principal{}, j, time.Hour, []byte("new"))
	w.must(err)
	w.run(job, next, regions)
}

func (w *noticed) run(job string, next []store.Dispatch, regions map[string]string) {
	w.Helper()
	ctx := w.Context()
	for _, d := range next {
		l, err := w.st.Begin(ctx, job, d)
		w.must(err)
		_, region, _ := strings.Cut(d.Unit, "/")
		cell := tracker.Cell{AccountID: "1", Region: region, Type: "EC2_Instance"}
		closing := store.Closing{Cell: cell, Outcome: tracker.OutcomeOK, Run: l.Run}
		pages := w.st.Pages(job, cell, l.Run, w.now.Add(time.Hour))
		if o := tracker.Outcome(regions[region]); o == tracker.OutcomeDenied || o == tracker.OutcomeTimeout {
			closing.Outcome, closing.Failure = o, &tracker.Failure{Outcome: o, Code: "Code"}
		} else {
			for line := range strings.Lines(regions[region]) {
				r := instance(line)
				r.Type, r.AccountID, r.Region = cell.Type, cell.AccountID, cell.Region
				w.must(pages.Add(ctx, r))
			}
		}
		closing.Written, err = pages.Close(ctx)
		w.must(err)
		_, _, _, err = w.st.Close(ctx, job, closing)
		w.must(err)
	}
	_, err := w.st.Finish(ctx, job)
	w.must(err)
}

// take takes in what waits for the history, by way of a connection to Redis.
func (w *noticed) take(st *store.Store) error {
	ctx := w.Context()
	w.now = w.now.Add(time.Minute) // what another had claimed is free
	for {
		job, err := st.ClaimRecord(ctx, time.Minute)
		if err != nil || job == "" {
			return err
		}
		r, err := st.Record(ctx, job)
		if err == nil {
			err = keeper(w.h, st)(ctx, r)
		}
		if err == nil {
			err = st.Recorded(ctx, r)
		}
		if err != nil {
			return err
		}
	}
}

// told are the events that came since, the oldest first.
func (w *noticed) told() (events []tracker.EventData) {
	w.Helper()
	hooks := store.Webhooks{Store: w.st}
	list, _, err := hooks.Deliveries(w.Context(), "alice", "wh", "", 100)
	w.must(err)
	for i := len(list) - 1 - w.seen; i >= 0; i-- {
		due := store.DueDelivery{DeliveryRef: store.DeliveryRef{Owner: "alice", Webhook: "wh", Event: list[i].ID}}
		_, _, _, body, err := hooks.BeginDelivery(w.Context(), due, "reader", 0)
		w.must(err)
		var e tracker.WebhookEvent
		w.must(json.Unmarshal(body, &e))
		if e.Type != "inventory.changed" {
			w.Errorf("an event %s", e.Type)
		}
		events = append(events, e.Data)
	}
	w.seen = len(list)
	return events
}

// says are the events that came since, in words.
func (w *noticed) says() string {
	w.Helper()
	var all []string
	for _, d := range w.told() {
		c := d.Changes
		words := []string{d.JobID, fmt.Sprintf("+%d -%d ~%d", c.Added, c.Removed, c.Changed), fmt.Sprintf("$%g", c.CostDifference.Float())}
		for _, t := range c.Top {
			words = append(words, fmt.Sprintf("%s %s%v", t.Kind, t.ResourceID, t.Fields))
		}
		if c.Unknown > 0 {
			words = append(words, fmt.Sprint(c.Unknown, " unknown"))
		}
		all = append(all, strings.Join(words, ", "))
	}
	return strings.Join(all, "; ")
}

// step takes a scan in and holds what is told of it.
func (w *noticed) step(what, want string) {
	w.Helper()
	w.must(w.take(w.st))
	if diff := cmp.Diff(want, w.says()); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func parsed(t *testing.T, text string) filter.Filter {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// addresses asks for public addresses that have appeared.
func addresses(t *testing.T) *tracker.Notice {
	t.Helper()
	return &tracker.Notice{Filter: parsed(t, "meta.public_ip"), Selected: []tracker.SelectedWhen{tracker.SelectedNow}}
}

func TestNotice(t *testing.T) {
	w := newNoticed(t, addresses(t))
	type seen = map[string]string
	w.scan("first", "s", seen{"a": "i-1 running 5\ni-2 running 5 1.1.1.1", "b": "i-3 running 5"})
	w.step("the first run has nothing to compare with", "")
	w.scan("by hand", "", seen{"a": "i-1 running 5 2.2.2.2\ni-2 running 5 1.1.1.1"})
	w.step("another scan tells nothing", "")
	w.scan("second", "s", seen{"a": "i-1 running 5 2.2.2.2\ni-2 running 5 1.1.1.1\ni-4 running 8 4.4.4.4\ni-5 running 5", "b": "timeout", "c": "i-6 running 5 6.6.6.6"})
	w.step("of what it could not see, or saw first, it tells nothing", "second, +1 -0 ~1, $8, added i-4[], changed i-1[metadata.public_ip], 2 unknown")
	w.retry("second", seen{"b": "i-3 running 5 3.3.3.3"})
	w.step("what is seen when it is tried again is told then", "second, +0 -0 ~1, $0, changed i-3[metadata.public_ip]")
	w.scan("third", "s", seen{"a": "i-1 running 5 2.2.2.9\ni-2 stopped 5 1.1.1.1", "b": "i-3 running 5 3.3.3.3", "c": "i-6 running 5 6.6.6.6"})
	w.step("what had an address, or has none any more, is not asked for", "")
	w.put(&tracker.Notice{Changes: []tracker.ChangeKind{tracker.Removed}})
	w.scan("fourth", "s", seen{"a": "i-1 stopped 5 2.2.2.9", "b": "denied", "c": ""})
	w.step("what is gone", "fourth, +0 -2 ~0, $-10, removed i-2[], removed i-6[], 1 unknown")
	w.put(nil)
	w.scan("fifth", "s", seen{"a": "", "b": "", "c": ""})
	w.step("nobody asks", "")
	w.put(&tracker.Notice{})
	w.scan("of one deleted", "gone", seen{"a": "i-9 running 1"})
	w.step("of a schedule that is gone", "")
}

// TestNotice_Data holds what an event says beside the counts, and that it stays small.
func TestNotice_Data(t *testing.T) {
	w := newNoticed(t, &tracker.Notice{Filter: parsed(t, "type:EC2_Instance cost>=1"), Changes: []tracker.ChangeKind{tracker.Added}})
	w.scan("first", "s", map[string]string{"a": ""})
	many := ""
	for i := range 30 {
		many += fmt.Sprintf("i-%02d running %d\n", i, i+1)
	}
	w.scan("second", "s", map[string]string{"a": many + "i-unknown running ?"})
	w.must(w.take(w.st))
	told := w.told()
	if len(told) != 1 {
		t.Fatalf("%d events", len(told))
	}
	d := told[0]
	top := d.Changes.Top
	if d.Changes.Added != 30 || d.Changes.CostDifference != 465*tracker.Dollar || len(top) != topChanges || top[0].ResourceID != "i-29" || top[9].ResourceID != "i-20" || top[0].Name != "name of i-29" {
		t.Errorf("%+v", d.Changes)
	}
	want := map[string]string{
		"schedule": "/api/v1/schedules/s", "job": "/api/v1/jobs/second",
		"changes": "/api/v1/diff?changes=added&filter=type%3AEC2_Instance+cost%3E%3D1&from=earlier&to=second.0",
	}
	if diff := cmp.Diff(want, d.Links); diff != "" || d.ScheduleID != "s" || d.Name != "hourly" || d.StartedAt == nil {
		t.Errorf("%+v (-want +got):\n%s", d, diff)
	}
}

// dying is a connection to Redis that is cut before a command, or right after it was carried out: as its process dies.
type dying struct {
	left  atomic.Int64 // commands until then
	after bool
}

var errDied = &net.OpError{Op: "read", Net: "unix", Err: errors.New("cut by the test")}

func (d *dying) DialHook(next redis.DialHook) redis.DialHook { return next }

func (d *dying) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		left := d.left.Add(-1)
		if left > 0 || left == 0 && d.after {
			if err := next(ctx, cmd); err != nil || left > 0 {
				return err
			}
		}
		cmd.SetErr(errDied)
		return errDied
	}
}

func (d *dying) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		left := d.left.Add(-1)
		if left > 0 || left == 0 && d.after {
			if err := next(ctx, cmds); err != nil || left > 0 {
				return err
			}
		}
		for _, cmd := range cmds {
			cmd.SetErr(errDied)
		}
		return errDied
	}
}

// TestNotice_Deaths cuts the way to Redis at each command in turn, and has another take the scan in: one event is told.
func TestNotice_Deaths(t *testing.T) {
	w := newNoticed(t, addresses(t))
	found := "i-0 running 5\n"
	w.scan("run 0", "s", map[string]string{"a": found})
	w.step("the first run", "")
	for n, whole := int64(1), false; !whole; n++ {
		for _, after := range []bool{false, true} {
			id := fmt.Sprintf("i-%d-%t", n, after)
			job := "run " + id
			found += id + " running 5 1.1.1.1\n"
			w.scan(job, "s", map[string]string{"a": found})
			rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: w.redis.Socket, MaxRetries: -1, DisableIdentity: true})
			d := &dying{after: after}
			d.left.Store(n)
			rdb.AddHook(d)
			whole = w.take(w.store(rdb)) == nil
			_ = rdb.Close()
			w.step(fmt.Sprintf("cut at command %d", n), fmt.Sprintf("%s, +1 -0 ~0, $5, added %s[]", job, id))
		}
		if n > 100 {
			t.Fatal("it never ends")
		}
	}
}
