package jobs_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// estate is an account with instances and volumes that can be changed. Changes
// show at once.
type estate struct {
	aws
	at func(point, id, step string) error // called where a worker may die or AWS may fail

	mu       sync.Mutex
	state    map[string]string // by resource ID
	attached map[string]string // volume -> instance
	waits    map[string]string // by resource ID, why it cannot begin yet
	env      map[string]string // by resource ID, the value of its tag env
	sent     map[string]int    // "id/step" -> calls that changed something
	order    []string          // in which they came
}

func newEstate(state map[string]string) *estate {
	return &estate{
		aws: aws{id: "111122223333", regions: []string{"a"}}, state: state,
		attached: map[string]string{}, env: map[string]string{}, waits: map[string]string{}, sent: map[string]int{}, at: func(string, string, string) error { return nil },
	}
}

var actions = []tracker.ActionInfo{
	{Type: "EBS_Volume", Verb: "delete", Summary: "deletes the volume", Undo: "restore from the snapshot", Destroys: true},
	{Type: "EBS_Volume", Verb: "restore", Creates: true, Params: []tracker.Param{{Name: "snapshot_id", Kind: tracker.ParamString, Required: true, Doc: "its data"}}},
	{Type: "EC2_Instance", Verb: "reboot"},
	{Type: "EC2_Instance", Verb: "start", Undo: "stop", Reversible: true, Opposite: "stop"},
	{Type: "EC2_Instance", Verb: "stop", Undo: "start", Reversible: true, Opposite: "start"},
	{Type: "EC2_Instance", Verb: "terminate", Aliases: []string{"delete"}, Destroys: true},
}

// targets are the states that verbs lead to.
var targets = map[string]string{
	"stop": "stopped", "start": "running", "terminate": tracker.Gone, "delete": tracker.Gone, "restore": "available",
}

func (e *estate) get(id string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.state[id]; ok {
		return s
	}
	return tracker.Gone
}

func (e *estate) set(id, state string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state[id] = state
}

func (e *estate) Bind(it tracker.ActionItem) (plans.Action, error) { return bound{e, it}, nil }

// bound is what is done to a resource of an estate.
type bound struct {
	*estate
	item tracker.ActionItem
}

func (b bound) Again(ctx context.Context) (tracker.Sight, error) { return b.Look(ctx) }

func (b bound) Look(context.Context) (tracker.Sight, error) {
	e, it := b.estate, b.item
	if err := e.at("look", it.ResourceID, ""); err != nil {
		return tracker.Sight{}, err
	}
	state := e.get(it.ResourceID)
	s := tracker.Sight{
		Resource: tracker.Resource{ID: it.ResourceID, Type: it.Type, Region: it.Region, State: state},
		Watched:  map[string]string{"state": state}, Done: state == targets[it.Verb],
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Waits = e.waits[it.ResourceID]
	if env := e.env[it.ResourceID]; env != "" {
		s.Resource.Tags = map[string]string{"env": env}
	}
	if on := e.attached[it.ResourceID]; on != "" && e.state[on] != tracker.Gone {
		s.Refusals = append(s.Refusals, tracker.Refusal{
			Rule: "volume_attached", Message: "it is attached to " + on, ClearedBy: []tracker.Ref{{Type: "EC2_Instance", ID: on}},
		})
	}
	return s, nil
}

func (b bound) Preflight(context.Context) tracker.Permission {
	return tracker.Permission{Verdict: "allowed", How: "dry_run"}
}

func (b bound) Steps() []tracker.Step {
	if b.item.Type == "EBS_Volume" && b.item.Verb == "delete" {
		return []tracker.Step{{Name: "snapshot"}, {Name: "delete"}}
	}
	return []tracker.Step{{Name: b.item.Verb}}
}

func (e *estate) Send(_ context.Context, step string, d tracker.Doing) (tracker.Receipt, error) {
	id := d.Item.ResourceID
	if err := e.at("before", id, step); err != nil {
		return tracker.Receipt{}, err
	}
	e.mu.Lock()
	e.sent[id+"/"+step]++
	e.order = append(e.order, id+"/"+step)
	switch step {
	case "reboot":
	case "snapshot":
		e.state["snap-"+d.Token] = "completed"
	default:
		e.state[id] = targets[d.Item.Verb]
	}
	e.mu.Unlock()
	if err := e.at("after", id, step); err != nil {
		return tracker.Receipt{}, err
	}
	r := tracker.Receipt{RequestID: "req-" + id}
	if step == "reboot" { // which leaves no trace but AWS's answer
		r.Left = map[string]string{"rebooted": "yes"}
	}
	return r, nil
}

func (e *estate) Check(_ context.Context, step string, d tracker.Doing) (tracker.StepProgress, error) {
	id := d.Item.ResourceID
	if err := e.at("check", id, step); err != nil {
		return tracker.StepProgress{}, err
	}
	p := tracker.StepProgress{Stage: tracker.StepNotBegun, State: e.get(id)}
	switch {
	case step == "snapshot" && e.get("snap-"+d.Token) == "completed":
		p.Stage, p.Left = tracker.StepDone, map[string]string{"snapshot_id": "snap-" + d.Token}
	case step == "reboot" && d.Left["rebooted"] != "":
		p.Stage = tracker.StepDone
	case step != "snapshot" && p.State == targets[d.Item.Verb]:
		p.Stage = tracker.StepDone
	}
	return p, nil
}

func (e *estate) Inverse(d tracker.Doing) (tracker.ActionItem, bool) {
	it := d.Item
	switch it.Verb {
	case "stop":
		it.Verb = "start"
	case "delete":
		it.Verb, it.Params = "restore", tracker.Metadata{"snapshot_id": d.Left["snapshot_id"]}
	default:
		return it, false
	}
	return it, true
}

// acting is a system whose workers change an estate.
func acting(t testing.TB, e *estate) *system {
	t.Helper()
	return start(t, nil, jobs.Options{
		Actions: actions, Confirm: time.Millisecond, Lost: time.Second,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
}

func items(verb string, t tracker.Type, ids ...string) []tracker.ActionItem {
	var list []tracker.ActionItem
	for _, id := range ids {
		list = append(list, tracker.ActionItem{ResourceID: id, Type: t, Region: "a", Verb: verb})
	}
	return list
}

func (s *system) plans() store.Plans { return store.Plans{Store: s.store} }

func (s *system) plan(r tracker.PlanRequest) tracker.Plan {
	s.t.Helper()
	p, _, err := s.client.AddPlan(s.t.Context(), tracker.PlanSubmission{Owner: "alice", Sealed: []byte("AKIA"), Request: r})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// planUntil waits for a plan to be in one of some states.
func (s *system) planUntil(id string, states ...tracker.PlanState) tracker.Plan {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 3*time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p, err := s.plans().LookupPlan(s.t.Context(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		if slices.Contains(states, p.State) {
			return p
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			items, _, err := s.plans().PlanItems(s.t.Context(), id, 0, 1000)
			s.t.Fatalf("plan is %s, want %v: %+v\n%+v %v", p.State, states, p, items, err)
		}
	}
}

// endsBefore waits for a plan to end, and answers false when over comes first.
func (s *system) endsBefore(id string, over <-chan struct{}) bool {
	s.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p, err := s.plans().LookupPlan(s.t.Context(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		if p.State.Terminal() {
			return true
		}
		select {
		case <-tick.C:
		case <-over:
			return false
		}
	}
}

func (s *system) planEnd(id string) tracker.Plan {
	s.t.Helper()
	return s.planUntil(id, tracker.PlanSucceeded, tracker.PlanPartial, tracker.PlanFailed, tracker.PlanCancelled, tracker.PlanExpired)
}

func (s *system) planItems(id string) []tracker.PlanItem {
	s.t.Helper()
	items, _, err := s.plans().PlanItems(s.t.Context(), id, 0, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return items
}

// states returns the states of a plan's items by resource.
func (s *system) states(id string) map[string]tracker.ItemState {
	m := map[string]tracker.ItemState{}
	for _, it := range s.planItems(id) {
		m[it.ResourceID] = it.Ledger.State
	}
	return m
}

// auditUntil waits for a line of alice's audit, which is told right after the state
// that it tells of shows, and returns what all lines say.
func (s *system) auditUntil(last string) []string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		trail, err := store.Audit{Store: s.store}.AuditTrail(s.t.Context(), "alice", "", time.Time{}, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		var what []string
		for _, line := range trail {
			what = append(what, line.What)
		}
		if slices.Contains(what, last) {
			return what
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("the audit lacks %s: %v", last, what)
		}
	}
}
