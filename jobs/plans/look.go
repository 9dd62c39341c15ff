package plans

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Actor is an Account whose resources can be changed.
type Actor interface {
	kernel.Account
	// Bind returns the action of an item.
	Bind(item tracker.ActionItem) (Action, error)
}

// Action changes one resource. Looks that come at about the same time may be made
// together.
type Action interface {
	// Look tells what the live resource is and what forbids the item.
	Look(ctx context.Context) (tracker.Sight, error)
	// Again is Look right before the first step is sent: what only a person reads may
	// be left out, and what AWS itself forbids.
	Again(ctx context.Context) (tracker.Sight, error)
	// Preflight tells whether the credentials may carry the item out.
	Preflight(ctx context.Context) tracker.Permission
	// Steps are the calls that change something, in order.
	Steps() []tracker.Step
	// Send makes the one call of a step.
	Send(ctx context.Context, step string, d tracker.Doing) (tracker.Receipt, error)
	// Check reads back how far a step has come.
	Check(ctx context.Context, step string, d tracker.Doing) (tracker.StepProgress, error)
	// Inverse is the item that undoes one that was verified.
	Inverse(d tracker.Doing) (tracker.ActionItem, bool)
}

var errNoActor = errors.New("this worker cannot change resources")

// actor opens the account of a plan.
func (w *Worker) actor(ctx context.Context, p tracker.Plan) (Actor, error) {
	account, err := w.o.Accounts.Own(ctx, kernel.PlanHolder(p))
	if err != nil {
		return nil, err
	}
	a, ok := account.(Actor)
	if !ok {
		return nil, errNoActor
	}
	return a, nil
}

// look goes on with looking at a plan until it is frozen, and applies it where it asks
// for that.
func (w *Worker) look(ctx context.Context, body payload) error {
	p, err := w.client.plans().LookupPlan(ctx, body.Plan)
	if err != nil {
		return kernel.IgnoreNotFound(err)
	}
	if p.State == tracker.PlanPlanning {
		if err := w.turn(ctx, p, body.Epoch); err != nil {
			return err
		}
		if p, err = w.client.plans().LookupPlan(ctx, p.ID); err != nil {
			return kernel.IgnoreNotFound(err)
		}
	}
	return w.applyWanted(ctx, p)
}

// applyWanted applies a frozen plan that was asked to be carried out at once.
func (w *Worker) applyWanted(ctx context.Context, p tracker.Plan) error {
	if p.State != tracker.PlanPlanned || !p.Request.Apply || p.Approval.Required && p.Approval.By == "" {
		return nil
	}
	_, err := w.client.apply(ctx, p, p.Digest, time.Duration(p.Request.After)*time.Second, nil, p.Asker)
	if tracker.CodeOf(err) == tracker.CodeConflict {
		return nil // somebody else has just applied or cancelled it
	}
	return err
}

// planError is why a plan cannot be made.
type planError struct{ reason string }

func (e planError) Error() string { return e.reason }

// notEntered is why the account of a plan is not entered: for good, or until later.
func notEntered(err error) error {
	if f, named := errors.AsType[*tracker.Failure](err); named {
		return failed(f)
	}
	if tracker.CodeOf(err) == tracker.CodeInternal {
		return err
	}
	return planError{err.Error()}
}

// cannotLook tells a failure that may pass from one that does not.
func (w *Worker) cannotLook(account kernel.Account, err error, region string) error {
	return failed(account.Explain(err, region))
}

func failed(f *tracker.Failure) error {
	if f.Outcome.Transient() {
		return kernel.Snooze(max(f.RetryAfter, time.Second))
	}
	return planError{f.Error()}
}

// lookAt looks at one item.
func (r *lookRun) lookAt(ctx context.Context, index int, asked tracker.ActionItem) (store.Looked, error) {
	it := store.Looked{PlanItem: tracker.PlanItem{Index: index, ActionItem: asked}}
	info, ok := r.w.action(asked)
	if !ok {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "unsupported", Message: fmt.Sprintf("Unsupported action %s for resource type %s", it.Verb, it.Type)})
		return it, nil
	}
	it.Verb, it.Would, it.Undo = info.Verb, info.Summary, info.Undo
	if it.AccountID != "" && it.AccountID != r.accountID {
		it.Refusals = append(it.Refusals, tracker.Refusal{
			Rule: "other_account", Message: fmt.Sprintf("the credentials are of account %s, the item is of %s", r.accountID, it.AccountID),
			HowToLift: "plan it with credentials of its account",
		})
		return it, nil
	}
	it.AccountID = r.accountID
	var sight tracker.Sight
	action, err := r.account.Bind(it.ActionItem)
	if err == nil {
		sight, err = r.lookPatiently(ctx, action, it.Region)
	}
	if _, ok := errors.AsType[kernel.Snooze](err); ok {
		return it, err
	}
	if err != nil {
		f := r.account.Explain(err, it.Region)
		it.Ledger.Error = f
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "cannot_look", Message: "it could not be looked at: " + f.Error()})
		return it, nil
	}
	seen := sight.Resource
	it.Name, it.Seen, it.Watched = seen.Name, seen.State, sight.Watched
	it.Dependents, it.Notes, it.After = sight.Dependents, sight.Notes, sight.After
	it.Refusals = append(it.Refusals, sight.Refusals...)
	if outside := r.w.outside(r.plan, it.ActionItem, sight); outside != nil {
		it.Refusals = append(it.Refusals, *outside)
	}
	if seen.State == tracker.Gone && !info.Creates {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "not_found", Message: fmt.Sprintf("there is no such resource in %s of account %s", it.Region, r.accountID)})
	}
	if r.w.o.Saving != nil {
		it.MonthlySaving = r.w.o.Saving(it.ActionItem, sight)
	}
	if !r.plan.Request.Apply && len(it.Refusals) == 0 && !sight.Done {
		allowed := action.Preflight(ctx)
		it.Permission = &allowed
		if allowed.Verdict == "denied" {
			it.Refusals = append(it.Refusals, tracker.Refusal{
				Rule: "permission", Message: "the credentials may not do it: " + allowed.Message, HowToLift: "allow " + fmt.Sprint(allowed.Denied),
			})
		}
	}
	return it, nil
}

// lookPatiently looks at an item, and waits where AWS or the budget asks for it, as long
// as the turn lasts.
func (r *lookRun) lookPatiently(ctx context.Context, action Action, region string) (tracker.Sight, error) {
	for {
		sight, err := action.Look(ctx)
		if err == nil {
			return sight, nil
		}
		f := r.account.Explain(err, region)
		if ctx.Err() == nil && (!f.Outcome.Transient() || f.Outcome == tracker.OutcomeError) {
			return sight, err
		}
		pause := max(f.RetryAfter, time.Second)
		if time.Now().Add(pause).After(r.until) {
			return sight, kernel.Snooze(pause)
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return sight, kernel.Snooze(pause)
		}
	}
}

// action finds what the catalogue knows of an item's verb.
func (w *Worker) action(it tracker.ActionItem) (tracker.ActionInfo, bool) {
	for _, a := range w.o.Actions {
		if a.Type == it.Type && a.Called(it.Verb) {
			return a, true
		}
	}
	return tracker.ActionInfo{}, false
}

// outside refuses an item that who asked for its plan may not change.
func (w *Worker) outside(p tracker.Plan, it tracker.ActionItem, seen tracker.Sight) *tracker.Refusal {
	within, _ := p.Asker.Within(tracker.PermitPlan)
	return tracker.Outside(within, it, it.AccountID, seen)
}

func (w *Worker) auditItem(ctx context.Context, p tracker.Plan, it tracker.PlanItem, e tracker.AuditEvent) error {
	e.Who, e.Item = p.Author, &it.Index
	e.Target = tracker.RefOf(it.ActionItem)
	return w.client.audit(ctx, p, e)
}
