package plans

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

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

const (
	// looksAtOnce is how many items of a plan are looked at side by side: many, since
	// AWS describes up to a thousand in a call.
	looksAtOnce = 500
	// lookTime is how long a plan may take to be looked at.
	lookTime = 10 * time.Minute
)

var errNoActor = errors.New("this worker cannot change resources")

// actor opens the account of a plan.
func (w *Worker) actor(ctx context.Context, p tracker.Plan) (Actor, error) {
	account, err := w.o.Accounts.Own(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	a, ok := account.(Actor)
	if !ok {
		return nil, errNoActor
	}
	return a, nil
}

// look freezes a plan, and applies it where it asks for that.
func (w *Worker) look(ctx context.Context, id string) error {
	p, err := w.client.plans().LookupPlan(ctx, id)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if p.State == tracker.PlanPlanning {
		if err := w.client.plans().HoldPlan(ctx, id, w.o.ID); err != nil {
			return err
		}
		defer w.leave(ctx, id, theLook)
		err = w.freeze(ctx, p)
		if _, ok := errors.AsType[kernel.Snooze](err); ok && time.Since(p.CreatedAt) > lookTime {
			err = planError{fmt.Sprintf("its items could not be looked at within %v: %v", lookTime, err)}
		}
		if e, ok := errors.AsType[planError](err); ok {
			_, err = w.client.plans().EndPlan(ctx, id, tracker.PlanFailed, e.reason)
			w.o.Accounts.Forget(id)
			return err
		}
		if err != nil {
			return err
		}
		if p, err = w.client.plans().LookupPlan(ctx, id); err != nil {
			return err
		}
	}
	return w.applyWanted(ctx, p)
}

// applyWanted applies a frozen plan that was asked to be carried out at once.
func (w *Worker) applyWanted(ctx context.Context, p tracker.Plan) error {
	if p.State != tracker.PlanPlanned || !p.Request.Apply || p.Approval.Required && p.Approval.By == "" {
		return nil
	}
	_, err := w.client.apply(ctx, p, p.Digest, time.Duration(p.Request.After)*time.Second, nil, store.Caller{Who: p.Author, From: p.Origin})
	if tracker.CodeOf(err) == tracker.CodeConflict {
		return nil // somebody else has just applied or cancelled it
	}
	return err
}

// planError is why a plan cannot be made.
type planError struct{ reason string }

func (e planError) Error() string { return e.reason }

// freeze looks at every item of a plan and writes what it would do.
func (w *Worker) freeze(ctx context.Context, p tracker.Plan) error {
	account, err := w.actor(ctx, p)
	if err != nil {
		if tracker.CodeOf(err) == tracker.CodeInternal {
			return err
		}
		return planError{err.Error()}
	}
	accountID, err := account.Identity(ctx)
	if err != nil {
		return w.cannotLook(account, err, "")
	}
	items, err := w.selected(ctx, p, account, accountID)
	if err != nil {
		return err
	}
	planned := make([]tracker.PlanItem, len(items))
	sights := make([]tracker.Sight, len(items))
	var g errgroup.Group
	g.SetLimit(looksAtOnce)
	for i, it := range items {
		g.Go(func() error {
			planned[i].Index, planned[i].ActionItem = i, it
			return w.lookAt(ctx, p, account, accountID, &planned[i], &sights[i])
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := w.client.noteHolders(ctx, p, planned); err != nil {
		return err
	}
	frozen, order := w.arrange(planned, sights)
	totals := tracker.PlanTotals{}
	for _, it := range frozen {
		switch {
		case it.Ledger.State == tracker.ItemRefused:
		case it.MonthlySaving == nil:
			totals.SavingUnknown++
		default:
			totals.MonthlySaving += *it.MonthlySaving
		}
	}
	digest, err := digestOf(frozen)
	if err != nil {
		return err
	}
	canary := len(order) >= canaryFrom
	if p.Request.Canary != nil {
		canary = *p.Request.Canary
	}
	won, err := w.client.plans().FreezePlan(ctx, p.ID, store.Frozen{
		Run: rand.Text(), Digest: digest, Canary: canary, FailureLimit: p.Request.MaxFailurePercent, Totals: totals, Items: frozen, Order: order,
	})
	if err != nil || !won {
		return err
	}
	return w.client.plans().Tell(ctx, p.ID)
}

// cannotLook tells a failure that may pass from one that does not.
func (w *Worker) cannotLook(account kernel.Account, err error, region string) error {
	f := account.Explain(err, region)
	if f.Outcome.Transient() {
		return kernel.Snooze(max(f.RetryAfter, time.Second))
	}
	return planError{f.Error()}
}

// lookAt looks at one item.
func (w *Worker) lookAt(ctx context.Context, p tracker.Plan, account Actor, accountID string, it *tracker.PlanItem, sight *tracker.Sight) error {
	info, ok := w.action(it.ActionItem)
	if !ok {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "unsupported", Message: fmt.Sprintf("Unsupported action %s for resource type %s", it.Verb, it.Type)})
		return nil
	}
	it.Verb, it.Would, it.Undo = info.Verb, info.Summary, info.Undo
	if it.AccountID != "" && it.AccountID != accountID {
		it.Refusals = append(it.Refusals, tracker.Refusal{
			Rule: "other_account", Message: fmt.Sprintf("the credentials are of account %s, the item is of %s", accountID, it.AccountID),
			HowToLift: "plan it with credentials of its account",
		})
		return nil
	}
	it.AccountID = accountID
	action, err := account.Bind(it.ActionItem)
	if err == nil {
		*sight, err = w.lookPatiently(ctx, p, account, action, it.Region)
	}
	if _, ok := errors.AsType[kernel.Snooze](err); ok {
		return err
	}
	if err != nil {
		f := account.Explain(err, it.Region)
		it.Ledger.Error = f
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "cannot_look", Message: "it could not be looked at: " + f.Error()})
		return nil
	}
	r := sight.Resource
	it.Name, it.Seen, it.Watched = r.Name, r.State, sight.Watched
	it.Dependents, it.Notes = sight.Dependents, sight.Notes
	it.Refusals = append(it.Refusals, sight.Refusals...)
	if r.State == tracker.Gone && !info.Creates {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "not_found", Message: fmt.Sprintf("there is no such resource in %s of account %s", it.Region, accountID)})
	}
	if w.o.Saving != nil {
		it.MonthlySaving = w.o.Saving(it.ActionItem, *sight)
	}
	if !p.Request.Apply && len(it.Refusals) == 0 && !sight.Done {
		allowed := action.Preflight(ctx)
		it.Permission = &allowed
		if allowed.Verdict == "denied" {
			it.Refusals = append(it.Refusals, tracker.Refusal{
				Rule: "permission", Message: "the credentials may not do it: " + allowed.Message, HowToLift: "allow " + fmt.Sprint(allowed.Denied),
			})
		}
	}
	return nil
}

// lookPatiently looks at an item, and waits where AWS or the budget asks for it: of
// the other items nothing has to be looked at twice.
func (w *Worker) lookPatiently(ctx context.Context, p tracker.Plan, account kernel.Account, action Action, region string) (tracker.Sight, error) {
	for {
		sight, err := action.Look(ctx)
		if err == nil {
			return sight, nil
		}
		f := account.Explain(err, region)
		if ctx.Err() == nil && (!f.Outcome.Transient() || f.Outcome == tracker.OutcomeError) {
			return sight, err
		}
		pause := max(f.RetryAfter, time.Second)
		if time.Since(p.CreatedAt)+pause > lookTime {
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

func (w *Worker) auditItem(ctx context.Context, p tracker.Plan, it tracker.PlanItem, e tracker.AuditEvent) error {
	e.Who, e.Item = p.Author, &it.Index
	e.Target = tracker.RefOf(it.ActionItem)
	return w.client.audit(ctx, p, e)
}
