package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	catalogue "github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// stubborn is an account in which no step is ever done, unless a test says so.
type stubborn struct {
	aws
	steps map[string]tracker.Step // by verb
	send  func(d tracker.Doing) (tracker.Receipt, error)
	look  func() []tracker.Refusal
	check func(d tracker.Doing) tracker.StepProgress

	mu   sync.Mutex
	sent map[string]int // by resource ID
}

func newStubborn(steps map[string]tracker.Step) *stubborn {
	return &stubborn{
		aws: aws{id: "111122223333", regions: []string{"a"}}, steps: steps, sent: map[string]int{},
		send: func(tracker.Doing) (tracker.Receipt, error) { return tracker.Receipt{RequestID: "r"}, nil },
		look: func() []tracker.Refusal { return nil },
		check: func(tracker.Doing) tracker.StepProgress {
			return tracker.StepProgress{Stage: tracker.StepNotBegun, State: "as before"}
		},
	}
}

func (s *stubborn) calls(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[id]
}

func (s *stubborn) Bind(it tracker.ActionItem) (plans.Action, error) { return unmoved{s, it}, nil }

type unmoved struct {
	*stubborn
	item tracker.ActionItem
}

func (u unmoved) Look(context.Context) (tracker.Sight, error) {
	return tracker.Sight{
		Resource: tracker.Resource{ID: u.item.ResourceID, Type: u.item.Type, Region: u.item.Region, State: "as before"},
		Refusals: u.look(),
	}, nil
}

func (u unmoved) Again(context.Context) (tracker.Sight, error) {
	return tracker.Sight{Resource: tracker.Resource{ID: u.item.ResourceID, Type: u.item.Type, Region: u.item.Region, State: "as before"}}, nil
}

func (u unmoved) Preflight(context.Context) tracker.Permission { return tracker.Permission{} }
func (u unmoved) Steps() []tracker.Step                        { return []tracker.Step{u.steps[u.item.Verb]} }

func (u unmoved) Send(_ context.Context, _ string, d tracker.Doing) (tracker.Receipt, error) {
	u.mu.Lock()
	u.sent[d.Item.ResourceID]++
	u.mu.Unlock()
	return u.send(d)
}

func (u unmoved) Check(_ context.Context, _ string, d tracker.Doing) (tracker.StepProgress, error) {
	return u.check(d), nil
}

func (u unmoved) Inverse(tracker.Doing) (tracker.ActionItem, bool) {
	return tracker.ActionItem{}, false
}

// resisting is a system whose workers change a stubborn account; deadline is that of all
// its verbs.
func resisting(t *testing.T, account *stubborn, deadline time.Duration) (*system, []tracker.ActionItem) {
	t.Helper()
	var infos []tracker.ActionInfo
	var items []tracker.ActionItem
	for verb := range account.steps {
		infos = append(infos, tracker.ActionInfo{Type: "EC2_Instance", Verb: verb, Deadline: deadline})
		items = append(items, tracker.ActionItem{ResourceID: verb, Type: "EC2_Instance", Region: "a", Verb: verb})
	}
	s := start(t, nil, jobs.Options{
		Actions: infos, Confirm: time.Millisecond, Lost: time.Minute, Idle: time.Millisecond,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return account, nil },
	})
	s.client = jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: asynq.NewClientFromRedisClient(s.rdb), Actions: infos, Rules: plans.Rules{MaxItems: 1000}})
	return s, items
}

// one runs a plan of a single step to its end.
func (s *system) one(items []tracker.ActionItem) (tracker.Plan, tracker.PlanItem) {
	s.t.Helper()
	p := s.planEnd(s.plan(tracker.PlanRequest{Apply: true, Items: items}).ID)
	return p, s.planItems(p.ID)[0]
}

// TestPlan_EveryStepThatRepeatsEnds walks the catalogue: each step that may be sent again
// is, in an account that takes its calls and never lets it be done.
func TestPlan_EveryStepThatRepeatsEnds(t *testing.T) {
	steps := map[string]tracker.Step{}
	for _, info := range catalogue.Catalog() {
		b, err := catalogue.Bind(catalogue.Target{}, tracker.ActionItem{
			Type: info.Type, Verb: info.Verb, Lift: info.Liftable, Params: tracker.Metadata{"empty": true, "remove": []string{"key"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range b.Steps() {
			if step.Repeatable() {
				steps[strings.ToLower(fmt.Sprintf("%s_%s_%s", info.Type, info.Verb, step.Name))] = step
			}
		}
	}
	if len(steps) < 100 {
		t.Fatalf("only %d steps repeat: %v", len(steps), steps)
	}
	account := newStubborn(steps)
	s, items := resisting(t, account, time.Hour)
	no := false
	p := s.planEnd(s.plan(tracker.PlanRequest{Apply: true, Items: items, MaxItems: len(items), Canary: &no}).ID)
	for _, it := range s.planItems(p.ID) {
		step := steps[it.Verb]
		said := fmt.Sprintf("%s does not come to an end: it was sent %d times", step.Name, step.Repeats.Idle)
		if it.Ledger.State != tracker.ItemFailed || !strings.HasPrefix(it.Ledger.Message, said) || !strings.Contains(it.Ledger.Message, "last seen as before") {
			t.Errorf("%s is %s: %s", it.Verb, it.Ledger.State, it.Ledger.Message)
		}
		if rec := it.Ledger.Steps[0]; account.calls(it.Verb) != step.Repeats.Idle || rec.Calls != step.Repeats.Idle {
			t.Errorf("%s was sent %d times, and %d are counted, want %d", it.Verb, account.calls(it.Verb), rec.Calls, step.Repeats.Idle)
		}
	}
	lines := map[string]int{}
	// The plan's end is told right after it shows, and behind all else.
	for after := ""; lines["plan.failed"] == 0; {
		trail, err := store.Audit{Store: s.store}.AuditTrail(t.Context(), "alice", after, time.Time{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range trail {
			lines[l.What]++
			if l.What == "item.repeated" && l.Calls != steps[l.Target.Verb].Repeats.Idle {
				t.Errorf("the audit counts %d calls of %s", l.Calls, l.Target.Verb)
			}
			after = l.ID
		}
	}
	for _, what := range []string{"item.sending", "item.accepted", "item.repeated"} {
		if lines[what] != len(items) {
			t.Errorf("%d lines of %s, want one for each of %d items", lines[what], what, len(items))
		}
	}
}

// A step that is brought on by each call, and never done, ends with its time.
func TestPlan_RepeatsForSoLong(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"empty": {Name: "empty", Repeats: tracker.Repeats{For: time.Second, Idle: 3}}})
	account.send = func(tracker.Doing) (tracker.Receipt, error) { return tracker.Receipt{Changed: 1}, nil }
	s, items := resisting(t, account, time.Hour)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemFailed || it.Ledger.Steps[0].Calls != account.calls("empty") || it.Ledger.Steps[0].Calls < 4 {
		t.Errorf("after %d calls: %+v", account.calls("empty"), it.Ledger)
	}
}

// Answers that are lost count as calls that brought nothing on.
func TestPlan_RepeatsUnanswered(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"lift": {Name: "lift", Repeats: tracker.Repeats{For: time.Hour, Idle: 3}}})
	account.send = func(tracker.Doing) (tracker.Receipt, error) { return tracker.Receipt{}, errors.New("connection reset") }
	s, items := resisting(t, account, time.Hour)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemFailed || account.calls("lift") != 3 || !strings.Contains(it.Ledger.Message, "connection reset") {
		t.Errorf("after %d calls: %+v", account.calls("lift"), it.Ledger)
	}
}

// A call that AWS always throttles ends with the time of the verb, also of a step that is
// sent once.
func TestPlan_ThrottledForEver(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"delete": {Name: "delete"}})
	account.send = func(tracker.Doing) (tracker.Receipt, error) {
		return tracker.Receipt{}, &tracker.Failure{Outcome: tracker.OutcomeThrottled, Message: "slow down", Harmless: true}
	}
	s, items := resisting(t, account, 2*time.Second)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemFailed || !strings.Contains(it.Ledger.Message, "slow down") || it.Ledger.Steps[0].Calls != account.calls("delete") {
		t.Errorf("after %d calls: %+v", account.calls("delete"), it.Ledger)
	}
	if what := s.auditUntil("plan.failed"); len(what) > 10 {
		t.Errorf("%d lines: %v", len(what), what)
	}
}

// What AWS would not change for good is named, and nothing is sent after it.
func TestPlan_FinalTrouble(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"empty": {Name: "empty", Repeats: tracker.Repeats{For: time.Hour, Idle: 3}}})
	account.send = func(tracker.Doing) (tracker.Receipt, error) {
		return tracker.Receipt{Changed: 9, Trouble: "1 of 10 objects were not deleted: k (AccessDenied: locked)", Final: true}, nil
	}
	s, items := resisting(t, account, time.Hour)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemFailed || account.calls("empty") != 1 || !strings.Contains(it.Ledger.Message, "k (AccessDenied: locked)") {
		t.Errorf("after %d calls: %+v", account.calls("empty"), it.Ledger)
	}
}

// Cancelling a plan holds between two calls of a step.
func TestPlan_CancelHoldsBetweenCalls(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"empty": {Name: "empty", Repeats: tracker.Repeats{For: time.Hour, Idle: 3}}})
	under, cancelled := make(chan struct{}), make(chan struct{})
	account.send = func(tracker.Doing) (tracker.Receipt, error) {
		if account.calls("empty") == 3 {
			close(under)
			<-cancelled
		}
		return tracker.Receipt{Changed: 1, Left: map[string]string{"objects_deleted": fmt.Sprint(account.calls("empty"))}}, nil
	}
	s, items := resisting(t, account, time.Hour)
	p := s.plan(tracker.PlanRequest{Apply: true, Items: items})
	<-under
	if _, err := s.client.CancelPlan(t.Context(), as("alice"), p.ID); err != nil {
		t.Fatal(err)
	}
	close(cancelled)
	p = s.planEnd(p.ID)
	it := s.planItems(p.ID)[0]
	want := "the plan was cancelled before empty was done: it was sent 3 times in 0s; objects_deleted: 3; it was last seen as before"
	if p.State != tracker.PlanCancelled || account.calls("empty") != 3 || it.Ledger.State != tracker.ItemFailed || it.Ledger.Message != want {
		t.Errorf("plan is %s after %d calls: %+v", p.State, account.calls("empty"), it.Ledger)
	}
}

// A protection that was switched on after the item was looked at refuses it, as it would
// have before.
func TestPlan_RejectedForARule(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"stop": {Name: "stop"}})
	var on atomic.Bool
	account.look = func() []tracker.Refusal {
		if on.Load() {
			return []tracker.Refusal{{Rule: "stop_protection", Message: "it is protected against being stopped"}}
		}
		return nil
	}
	account.send = func(tracker.Doing) (tracker.Receipt, error) {
		on.Store(true)
		return tracker.Receipt{}, &tracker.Failure{Outcome: tracker.OutcomeError, Code: "OperationNotPermitted", Message: "no", Harmless: true}
	}
	s, items := resisting(t, account, time.Hour)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemRefused || !strings.HasPrefix(it.Ledger.Message, "it is protected against being stopped; AWS answered: ") {
		t.Errorf("item is %+v", it.Ledger)
	}
	if what := s.auditUntil("item.refused"); !slices.Contains(what, "item.rejected") {
		t.Errorf("audit %v", what)
	}
}

// A look is told when AWS took the call, and whether the step has been seen under way.
func TestPlan_LooksKnowOfTheCall(t *testing.T) {
	t.Parallel()
	account := newStubborn(map[string]tracker.Step{"start": {Name: "start"}})
	account.check = func(d tracker.Doing) tracker.StepProgress {
		switch {
		case d.AcceptedAt == nil:
			return tracker.StepProgress{Stage: tracker.StepNotBegun, State: "stopped"}
		case !d.Moved:
			return tracker.StepProgress{Stage: tracker.StepUnderWay, State: "pending"}
		}
		return tracker.StepProgress{Stage: tracker.StepFailed, State: "stopped", Message: "AWS took the call, and it is stopped again"}
	}
	s, items := resisting(t, account, time.Hour)
	_, it := s.one(items)
	if it.Ledger.State != tracker.ItemFailed || it.Ledger.Message != "start did not succeed: AWS took the call, and it is stopped again" || account.calls("start") != 1 {
		t.Errorf("after %d calls: %+v", account.calls("start"), it.Ledger)
	}
}
