package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// sweepPlans puts what plans wait for on the queue again, as far as it is not
// there, starts those whose time has come, and ends those that nobody applied.
func (w *Worker) sweepPlans(ctx context.Context) error {
	active, err := w.o.Store.ActivePlans(ctx)
	if err != nil {
		return err
	}
	for id, created := range active {
		p, err2 := w.o.Store.LookupPlan(ctx, id)
		switch {
		case tracker.CodeOf(err2) == tracker.CodeNotFound:
			if time.Since(created) > strayAfter {
				err = errors.Join(err, w.o.Store.ForgetPlan(ctx, id))
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
	switch p.State {
	case tracker.PlanPlanning:
		return w.requeue(ctx, p, theLook)
	case tracker.PlanPlanned:
		if now.After(p.ExpiresAt) {
			_, err := w.o.Store.EndPlan(ctx, p.ID, tracker.PlanExpired, "nobody applied it in time")
			return errors.Join(err, w.client.audit(ctx, p, tracker.AuditEvent{Who: p.Author, What: "plan.expired"}))
		}
		return w.applyWanted(ctx, p)
	case tracker.PlanScheduled:
		if p.ApplyAt == nil || now.Before(*p.ApplyAt) {
			return nil
		}
		_, err := w.client.apply(ctx, p, "", 0, nil, tracker.AuditEvent{Who: p.Author, What: "plan.applied"})
		if tracker.CodeOf(err) == tracker.CodeConflict {
			return nil // somebody else was first
		}
		return err
	case tracker.PlanApplying, tracker.PlanHeld:
		open, err := w.o.Store.OpenItems(ctx, p.ID, p.State == tracker.PlanHeld)
		if err != nil {
			return err
		}
		return w.requeue(ctx, p, open...)
	}
	return w.o.Store.ForgetPlan(ctx, p.ID) // it has ended
}

// requeue puts items on the queue that are not there, those of dead workers among them.
func (w *Worker) requeue(ctx context.Context, p tracker.Plan, items ...int) error {
	if err := w.o.Store.FreeDead(ctx, p.ID); err != nil {
		return err
	}
	return w.client.enqueueItems(ctx, p, items...)
}
