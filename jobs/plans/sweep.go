package plans

import (
	"context"
	"errors"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Sweep puts what plans wait for on the queue again, as far as it is not
// there, starts those whose time has come, and ends those that nobody applied.
func (w *Worker) Sweep(ctx context.Context) error {
	active, err := w.client.plans().ActivePlans(ctx)
	if err != nil {
		return err
	}
	for id, created := range active {
		p, err2 := w.client.plans().LookupPlan(ctx, id)
		switch {
		case tracker.CodeOf(err2) == tracker.CodeNotFound:
			if time.Since(created) > store.StrayAfter {
				err = errors.Join(err, w.client.plans().ForgetPlan(ctx, id))
			}
		case err2 != nil:
			err = errors.Join(err, err2)
		default:
			err = errors.Join(err, w.sweepPlan(ctx, p))
		}
	}
	return err
}

func (w *Worker) sweepPlan(ctx context.Context, p tracker.Plan) error {
	now := time.Now()
	if err := w.client.plans().Tell(ctx, p.ID); err != nil { // what whoever died did not tell
		return err
	}
	switch p.State {
	case tracker.PlanPlanning:
		_, err := w.client.plans().FreeDead(ctx, p.ID)
		return errors.Join(err, w.client.enqueueItems(ctx, p, theLook))
	case tracker.PlanPlanned:
		if now.After(p.ExpiresAt) {
			_, err := w.client.plans().EndPlan(ctx, p.ID, tracker.PlanExpired, "nobody applied it in time")
			return err
		}
		return w.applyWanted(ctx, p)
	case tracker.PlanScheduled:
		if p.ApplyAt == nil || now.Before(*p.ApplyAt) {
			return nil
		}
		_, err := w.client.apply(ctx, p, "", 0, nil, store.Caller{})
		if tracker.CodeOf(err) == tracker.CodeConflict {
			return nil // somebody else was first
		}
		return err
	case tracker.PlanApplying, tracker.PlanHeld:
		return w.requeue(ctx, p)
	}
	return w.client.plans().ForgetPlan(ctx, p.ID) // it has ended
}

const (
	// idleAfter is when an item that nobody was heard of is looked for.
	idleAfter = 2 * kernel.SweepEvery
	// requeueAtOnce bounds the items of a plan that one sweep looks for.
	requeueAtOnce = 1000
)

// requeue puts items on the queue that are not there: those of dead workers, and
// those whose tasks may be lost.
func (w *Worker) requeue(ctx context.Context, p tracker.Plan) error {
	freed, err := w.client.plans().FreeDead(ctx, p.ID)
	if err != nil {
		return err
	}
	idle, err := w.client.plans().IdleItems(ctx, p.ID, idleAfter, requeueAtOnce)
	if err != nil {
		return err
	}
	return w.client.enqueueItems(ctx, p, append(freed, idle...)...)
}
