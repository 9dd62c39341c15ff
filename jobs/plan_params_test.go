package jobs_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// scaling is an action that needs a number.
var scaling = []tracker.ActionInfo{{
	Type: "EC2_Instance", Verb: "stop", Reversible: true, Undo: "start", Liftable: []string{"in_use"},
	Params: []tracker.Param{{Name: "count", Kind: tracker.ParamInteger, Required: true, Max: 9, Doc: "How many"}},
}}

// TestPlan_ParamsAreCheckedWhereItIsFrozen writes plans as an API that checks nothing
// would: the worker plans none of it.
func TestPlan_ParamsAreCheckedWhereItIsFrozen(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := start(t, nil, jobs.Options{
		Actions: scaling, Confirm: time.Millisecond,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	scan := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	listed := len(e.calls)
	queue := asynq.NewClientFromRedisClient(s.rdb)
	old := jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: queue})
	client := jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: queue, Actions: scaling})
	f, err := filter.Parse("type:EC2_Instance")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		params tracker.Metadata
		lift   []string
		want   string
	}{
		{nil, nil, "params.count: is required: How many (stop of EC2_Instance)"},
		{tracker.Metadata{"count": nil}, nil, "params.count: has to be an integer: How many (stop of EC2_Instance)"},
		{tracker.Metadata{"count": "3"}, nil, "params.count: has to be an integer: How many (stop of EC2_Instance)"},
		{tracker.Metadata{"count": 10}, nil, "params.count: has to be from 0 to 9 (stop of EC2_Instance)"},
		{tracker.Metadata{"count": -1}, nil, "params.count: has to be from 0 to 9 (stop of EC2_Instance)"},
		{tracker.Metadata{"count": 3, "cuont": 3}, nil, "params.cuont: is no parameter; allowed: count (stop of EC2_Instance)"},
		{tracker.Metadata{"count": 3}, []string{"all"}, `lift: "all" is no rule that can be lifted; allowed: in_use (stop of EC2_Instance)`},
	} {
		named := items("stop", "EC2_Instance", "i-1")
		named[0].Params, named[0].Lift = row.params, row.lift
		for _, r := range []tracker.PlanRequest{
			{Items: named, Apply: true},
			{Select: &tracker.PlanSelection{Filter: f, Verb: "stop", Params: row.params, Lift: row.lift}, Apply: true},
			{Select: &tracker.PlanSelection{JobID: scan.ID, Filter: f, Verb: "stop", Params: row.params, Lift: row.lift}, Apply: true},
		} {
			want := "actions[0]." + row.want
			if r.Select != nil {
				want = "select." + row.want
			}
			sub := tracker.PlanSubmission{Owner: "alice", Sealed: []byte("AKIA"), Request: r}
			if _, _, err := client.AddPlan(t.Context(), sub); err == nil || err.Error() != want {
				t.Errorf("adding %+v: %v, want %s", r, err, want)
			}
			p, _, err := old.AddPlan(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			if p = s.planEnd(p.ID); p.State != tracker.PlanFailed || p.Reason != want || p.Totals.Items != 0 {
				t.Errorf("an old plan %+v is %s with %d items: %s, want %s", r, p.State, p.Totals.Items, p.Reason, want)
			}
		}
	}
	if len(e.sent) > 0 || len(e.calls) > listed {
		t.Errorf("sent %v, listed %v", e.sent, e.calls[listed:])
	}
}

// What AWS takes away by itself is waited for: the item is planned, and begins when
// nothing is in its way any more.
func TestPlan_WaitsForWhatPasses(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	e.waits["i-1"] = "its gateway has just gone"
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	var looks int
	var mu sync.Mutex
	e.at = func(point, id, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if point == "look" {
			if looks++; looks == 2 {
				e.mu.Lock()
				delete(e.waits, id)
				e.mu.Unlock()
			}
		}
		return nil
	}
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded || e.sent["i-1/stop"] != 1 || looks != 2 {
		t.Errorf("the plan is %s after %d looks, sent %v", p.State, looks, e.sent)
	}
}

// The second look comes when the catalogue says, and tells what came back meanwhile.
func TestPlan_ReappearsBeforeTheSecondLook(t *testing.T) {
	t.Parallel()
	const after = 2500 * time.Millisecond // longer than where nothing is said
	known := slices.Clone(actions)
	for i := range known {
		known[i].Confirm = after
	}
	e := newEstate(map[string]string{"i-1": "running"})
	var mu sync.Mutex
	var checks []time.Time
	e.at = func(point, id, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if point == "check" && e.get(id) == tracker.Gone {
			if checks = append(checks, time.Now()); len(checks) == 2 {
				e.set(id, "running")
			}
		}
		return nil
	}
	s := start(t, nil, jobs.Options{
		Actions: known, Lost: time.Second,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	p := s.plan(tracker.PlanRequest{Items: items("terminate", "EC2_Instance", "i-1"), Apply: true})
	s.planEnd(p.ID)
	if got := s.states(p.ID)["i-1"]; got != tracker.ItemReappeared || len(checks) != 2 || checks[1].Sub(checks[0]) < after-100*time.Millisecond {
		t.Errorf("the item is %s, looked at %v", got, checks)
	}
}

// An undo is a plan like any other: an inverse whose parameters are wrong is refused.
func TestPlan_UndoIsChecked(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	known := slices.Clone(actions)
	known[slices.IndexFunc(known, func(a tracker.ActionInfo) bool { return a.Verb == "start" })].Params = scaling[0].Params
	s := start(t, nil, jobs.Options{
		Actions: known, Confirm: time.Millisecond,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	p := s.planEnd(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1"), Apply: true}).ID)
	client := jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: asynq.NewClientFromRedisClient(s.rdb), Actions: known})
	_, _, err := client.UndoPlan(t.Context(), tracker.PlanSubmission{Owner: "alice", UndoOf: p.ID})
	if want := "actions[0].params.count: is required: How many (start of EC2_Instance)"; err == nil || err.Error() != want {
		t.Errorf("undoing a plan that is %s: %v, want %s", p.State, err, want)
	}
}
