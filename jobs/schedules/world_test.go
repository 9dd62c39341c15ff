package schedules_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/jobs/schedules"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// actions is a catalogue of one pair, and of a verb that cannot be undone.
var actions = []tracker.ActionInfo{
	{Type: "EC2_Instance", Verb: "start", Opposite: "stop", Reversible: true},
	{Type: "EC2_Instance", Verb: "stop", Opposite: "start", Reversible: true, Params: []tracker.Param{{Name: "force", Kind: tracker.ParamBoolean}}},
	{Type: "EC2_Instance", Verb: "terminate", Destroys: true},
}

// world is schedules on a real Redis, with a clock that the test sets.
type world struct {
	t     *testing.T
	redis *redistest.Server
	rdb   redis.UniversalClient
	now   atomic.Int64 // ns
	store *store.Store
	*schedules.Client
	rules *plans.Rules
}

func newWorld(t *testing.T, now time.Time) *world {
	t.Helper()
	w := &world{t: t, redis: redistest.Start(t), rules: &plans.Rules{}}
	w.set(now)
	w.rdb = w.redis.Client(t)
	w.store = store.New(w.rdb, store.Options{Now: w.time})
	w.Client = w.worker(&scans{started: map[string]string{}}, w.rdb)
	return w
}

// anew begins again at noon, with nothing in Redis.
func (w *world) anew() {
	w.t.Helper()
	if err := w.rdb.FlushAll(w.t.Context()).Err(); err != nil {
		w.t.Fatal(err)
	}
	w.set(noon)
	w.Client = w.worker(&scans{started: map[string]string{}}, w.rdb)
	w.store = w.Store // whose turns know nothing of an audit before
}

func (w *world) set(now time.Time) { w.now.Store(now.UnixNano()) }

func (w *world) time() time.Time { return time.Unix(0, w.now.Load()).UTC() }

// worker is a client of schedules as a worker or an API has it.
func (w *world) worker(s *scans, rdb redis.UniversalClient) *schedules.Client {
	st := store.New(rdb, store.Options{Now: w.time})
	return &schedules.Client{Store: st, Scans: s, Plans: ruled{&plans.Client{Store: st, Queue: asynq.NewClientFromRedisClient(rdb), Actions: actions}, w.rules}}
}

// ruled is plans under rules that a test changes.
type ruled struct {
	*plans.Client
	rules *plans.Rules
}

func (r ruled) CheckScheduled(p tracker.PlanRequest) error {
	c := *r.Client
	c.Rules = *r.rules
	return c.CheckScheduled(p)
}

// scans starts nothing, and notes what it was asked to start, in order.
type scans struct {
	mu      sync.Mutex
	started map[string]string // job -> schedule
	order   []string
	billed  []tracker.BilledRequest
	fail    func(schedule string) error
}

func (s *scans) Check(tracker.ScanRequest) error { return nil }

func (s *scans) Submit(_ context.Context, sub tracker.Submission) (tracker.Job, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		if err := s.fail(sub.Schedule); err != nil {
			return tracker.Job{}, false, err
		}
	}
	_, before := s.started[sub.JobID]
	s.started[sub.JobID] = sub.Schedule
	if !before {
		s.order = append(s.order, sub.Schedule)
		if b := sub.Request.Billed; b != nil {
			s.billed = append(s.billed, *b)
		}
	}
	return tracker.Job{ID: sub.JobID}, !before, nil
}

func (w *world) scans() *scans { return w.Scans.(*scans) }

func (w *world) put(sc tracker.Schedule) tracker.Schedule {
	w.t.Helper()
	sc.Owner = "alice"
	sc, err := w.PutSchedule(w.t.Context(), sc, []byte("sealed"))
	if err != nil {
		w.t.Fatal(err)
	}
	return sc
}

func (w *world) get(id string) tracker.Schedule {
	w.t.Helper()
	sc, err := w.Schedule(w.t.Context(), "alice", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return sc
}

func (w *world) fire() {
	w.t.Helper()
	if err := w.FireDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// history is what happened to a schedule, oldest first.
func (w *world) history(id string) []tracker.ScheduleEvent {
	w.t.Helper()
	events, err := w.ScheduleHistory(w.t.Context(), "alice", id)
	if err != nil {
		w.t.Fatal(err)
	}
	out := make([]tracker.ScheduleEvent, 0, len(events))
	for i := range events {
		out = append(out, events[len(events)-1-i])
	}
	return out
}

func (w *world) what(id string) []string {
	w.t.Helper()
	out := []string{}
	for _, e := range w.history(id) {
		out = append(out, e.What)
	}
	return out
}

func carrying(verb string, filterOf string) *tracker.PlanRequest {
	f, err := filter.Parse(filterOf)
	if err != nil {
		panic(err)
	}
	return &tracker.PlanRequest{Select: &tracker.PlanSelection{Filter: f, Verb: verb}}
}

// cut is a connection to Redis that breaks after some commands, before or after the
// last of them is carried out.
type cut struct {
	left atomic.Int64 // commands until it breaks; negative is never
}

var errCut = &net.OpError{Op: "read", Net: "unix", Err: errors.New("cut by the test")}

func (c *cut) broken() (before, after bool) {
	if c.left.Load() < 0 {
		return false, false
	}
	switch left := c.left.Add(-1); {
	case left > 0:
		return false, false
	case left == 0:
		return false, true
	default:
		c.left.Store(0)
		return true, true
	}
}

func (c *cut) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *cut) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		before, after := c.broken()
		if !before {
			if err := next(ctx, cmd); err != nil || !after {
				return err
			}
		}
		cmd.SetErr(errCut)
		return errCut
	}
}

func (c *cut) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		before, after := c.broken()
		if !before {
			if err := next(ctx, cmds); err != nil || !after {
				return err
			}
		}
		for _, cmd := range cmds {
			cmd.SetErr(errCut)
		}
		return errCut
	}
}
