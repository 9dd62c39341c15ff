package e2e

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// mortal is an account whose worker dies once at a point of every step.
type mortal struct {
	plans.Actor
	point string // "before" and "after" a call is sent, or at its "check"
	died  *sync.Map
}

func (m mortal) die(point, step string, d tracker.Doing) {
	if point != m.point {
		return
	}
	if _, again := m.died.LoadOrStore(d.Item.ResourceID+"/"+step, true); !again {
		panic("the worker dies " + point + " " + step)
	}
}

func (m mortal) Bind(it tracker.ActionItem) (plans.Action, error) {
	a, err := m.Actor.Bind(it)
	return mortalAction{a, m}, err
}

type mortalAction struct {
	plans.Action
	mortal mortal
}

func (a mortalAction) Send(ctx context.Context, step string, d tracker.Doing) (tracker.Receipt, error) {
	a.mortal.die("before", step, d)
	r, err := a.Action.Send(ctx, step, d)
	a.mortal.die("after", step, d)
	return r, err
}

func (a mortalAction) Check(ctx context.Context, step string, d tracker.Doing) (tracker.StepProgress, error) {
	a.mortal.die("check", step, d)
	return a.Action.Check(ctx, step, d)
}

// TestWorkerDiesAtEveryStep has the worker die at every step of every verb that the
// simulator serves: it carries out no call twice, and every item ends as is true.
func TestWorkerDiesAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"before", "after", "check"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			died := &sync.Map{}
			s := newSystem(t, actingEstate(), unlimited, quickly, func(s *setup) {
				s.wrap = func(a plans.Actor) kernel.Account { return mortal{a, point, died} }
			})
			c := s.client(t)
			m := newMixture(t, s.account)
			m.everyVerb()
			before := m.looks()
			p := c.plan(with(planOf(m.items...), "canary", false))
			s.account.ResetCalls() // among which are dry runs
			p = c.carriedOut(p)
			after := m.looks()
			snapshots := 0
			for _, it := range p.Items {
				n := s.account.Mutations(it.ResourceID)
				// A reboot leaves no trace but its answer.
				traceless := it.Verb == "reboot"
				ok := n == 0
				switch it.Ledger.State {
				case tracker.ItemVerified:
					ok = n == 1 && (traceless || before[it.ResourceID] != after[it.ResourceID])
				case tracker.ItemFailed:
					ok = strings.Contains(it.Ledger.Message, "not known") && (n == 0 && point == "before" || n == 1 && point == "after" && traceless)
				case tracker.ItemBlocked:
					ok = ok && point == "before"
				default:
					ok = false
				}
				if !ok {
					t.Errorf("%s of %s %s is %s, changed %d times, and is %q: %s",
						it.Verb, it.Type, it.ResourceID, it.Ledger.State, n, after[it.ResourceID], it.Ledger.Message)
				}
				if it.Type == "EBS_Volume" && it.Verb == "delete" && it.Ledger.State == tracker.ItemVerified {
					snapshots++
				}
			}
			if n := s.account.Calls()["ec2:CreateSnapshot"]; n != snapshots {
				t.Errorf("%d snapshots were taken of %d volumes", n, snapshots)
			}
			addsUp(t, p)
			deaths := 0
			died.Range(func(any, any) bool { deaths++; return true })
			if deaths < len(p.Items)/2 {
				t.Errorf("the worker died %d times for %d items", deaths, len(p.Items))
			}
		})
	}
}

// everyVerb fills the mixture with two of every verb that the simulator serves.
func (m *mixture) everyVerb() {
	m.t.Helper()
	m.mixed(2)
	onDemand := m.instances()
	ordinary := func(r tracker.Resource) bool { _, ok := onDemand[r.ID]; return ok }
	m.pick(2, "EC2_Instance", "start", "stopped", nil, ordinary)
	m.pick(2, "EC2_Instance", "reboot", "running", nil, ordinary)
	m.pick(2, "EBS_Volume", "untag", "available", map[string]any{"keys": []string{"Team"}}, func(r tracker.Resource) bool { return r.Tags["Team"] != "" })
}

// TestDeadCredentialsOfAPlan says of a plan whose credentials AWS does not take, or
// no longer takes, that this is why.
func TestDeadCredentialsOfAPlan(t *testing.T) {
	t.Parallel()
	s := newSystem(t, actingEstate(), unlimited, quickly)
	c := s.client(t)
	m := newMixture(t, s.account)
	m.pick(2, "EC2_Instance", "tag", "running", map[string]any{"tags": map[string]any{"stage": "test"}}, nil)
	good := c.plan(planOf(m.items...))
	s.account.Inject(simulator.Fault{Kind: simulator.ExpiredCredentials})

	p := c.plan(planOf(m.items...))
	if p.State != tracker.PlanFailed || !strings.Contains(p.Reason, "ExpiredToken") {
		t.Errorf("the plan is %s: %q", p.State, p.Reason)
	}
	p = c.carriedOut(good)
	if p.State != tracker.PlanFailed {
		t.Errorf("the plan whose credentials expired after it was planned ended %s", p.State)
	}
	for _, it := range p.Items {
		if it.Ledger.State != tracker.ItemFailed || !strings.Contains(it.Ledger.Message, "RequestExpired") || it.Ledger.Error == nil {
			t.Errorf("its item is %s: %s", it.Ledger.State, it.Ledger.Message)
		}
	}
}
