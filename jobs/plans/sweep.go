package plans

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// lookEvery is how often a plan is looked at that waits for somebody or for its time.
	lookEvery = 20 * time.Second
	// sweepBatch is how many plans are taken at once.
	sweepBatch = 100
)

// Sweep puts what plans wait for on the queue again, as far as it is not
// there, starts those whose time has come, and ends those that nobody applied. It
// looks at the plans that are due to be looked at.
func (w *Worker) Sweep(ctx context.Context) error {
	var errs error
	for {
		due, err := w.client.plans().DuePlans(ctx, lookEvery, sweepBatch)
		if err != nil {
			return errors.Join(errs, err)
		}
		again := map[string]time.Time{}
		for id, created := range due {
			p, err := w.client.plans().LookupPlan(ctx, id)
			switch {
			case tracker.CodeOf(err) == tracker.CodeNotFound:
				if time.Since(created) > store.StrayAfter {
					errs = errors.Join(errs, w.client.plans().ForgetPlan(ctx, id))
				}
			case err != nil:
				errs = errors.Join(errs, err)
			default:
				errs = errors.Join(errs, w.sweepPlan(ctx, p))
				again[id] = nextLook(p, time.Now())
			}
		}
		if errs = errors.Join(errs, w.client.plans().SetPlansDue(ctx, again)); len(due) < sweepBatch || errs != nil {
			return errs
		}
	}
}

// nextLook is when a plan may next need help. Workers are at one that is looked at or
// carried out; another waits for somebody, or for its time.
func nextLook(p tracker.Plan, now time.Time) time.Time {
	soon, next := now.Add(kernel.SweepEvery/2), now.Add(lookEvery)
	switch {
	case p.State == tracker.PlanPlanning, p.State == tracker.PlanApplying:
		return soon
	case p.State == tracker.PlanScheduled && p.ApplyAt != nil && p.ApplyAt.Before(next):
		next = *p.ApplyAt
	case p.State == tracker.PlanPlanned && p.ExpiresAt.Before(next):
		next = p.ExpiresAt
	}
	if next.Before(soon) {
		return soon
	}
	return next
}

func (w *Worker) sweepPlan(ctx context.Context, p tracker.Plan) error {
	now := time.Now()
	if err := w.client.plans().Tell(ctx, p.ID); err != nil { // what whoever died did not tell
		return err
	}
	switch p.State {
	case tracker.PlanPlanning:
		return w.sweepLook(ctx, p)
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
		_, err := w.client.apply(ctx, p, "", 0, nil, tracker.Principal{})
		if tracker.CodeOf(err) == tracker.CodeConflict {
			return nil // somebody else was first
		}
		return err
	case tracker.PlanApplying, tracker.PlanHeld:
		return w.requeue(ctx, p)
	}
	return w.client.plans().ForgetPlan(ctx, p.ID) // it has ended
}

// sweepLook has a plan looked at, within the time that there is for it.
func (w *Worker) sweepLook(ctx context.Context, p tracker.Plan) error {
	if p.LookBeganAt == nil && time.Now().After(p.ExpiresAt) {
		_, err := w.client.plans().EndPlan(ctx, p.ID, tracker.PlanExpired, "no worker looked at it in time")
		return err
	}
	if p.LookBeganAt != nil && time.Since(*p.LookBeganAt) > w.looking() {
		return w.endLook(ctx, p, w.overdue(ctx, p))
	}
	if _, err := w.client.plans().FreeDead(ctx, p.ID); err != nil {
		return err
	}
	return w.bring(ctx, p, theLook)
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
	return w.bring(ctx, p, append(freed, idle...)...)
}

// bring puts items on the queue whose tasks asynq does not have, or has and will not
// deliver: such a task keeps its ID, so the item goes there under a new epoch.
func (w *Worker) bring(ctx context.Context, p tracker.Plan, items ...int) error {
	epochs, err := w.client.plans().ItemEpochs(ctx, p.ID, items)
	if err != nil {
		return err
	}
	queue := kernel.QueueName(tracker.LaneActions, p.Shard)
	var g errgroup.Group
	g.SetLimit(enqueuesAtOnce)
	for k, i := range items {
		g.Go(func() error {
			delivery, err := w.o.Deliveries.Of(ctx, queue, itemTaskID(p.ID, i, epochs[k]))
			switch {
			case err != nil:
				return err
			case delivery == kernel.Absent: // the task of a worker that died has the epoch before
				return w.client.enqueueItem(w.o.Deliveries.Traced(ctx, queue, itemTaskID(p.ID, i, epochs[k]-1)), p, i, epochs[k])
			case delivery != kernel.Stuck:
				return nil
			}
			epoch, ok, err := w.client.plans().RenewItem(ctx, p.ID, i, epochs[k])
			if err != nil || !ok {
				return err
			}
			w.o.Log.InfoContext(ctx, "a task would not have been delivered and is queued anew", "plan", p.ID, "item", i)
			return w.client.enqueueItem(w.o.Deliveries.Traced(ctx, queue, itemTaskID(p.ID, i, epochs[k])), p, i, epoch)
		})
	}
	return g.Wait()
}
