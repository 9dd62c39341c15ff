package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/hibiken/asynq"

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
		w.freeTask(p, p.ID+":look")
		return enqueuePlan(ctx, w.queue, p)
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
		for _, i := range open {
			w.freeTask(p, itemTaskID(p.ID, i))
		}
		return enqueueItems(ctx, w.queue, p, open)
	}
	return w.o.Store.ForgetPlan(ctx, p.ID) // it has ended
}

// freeTask deletes a task that asynq has given up on, whose ID would keep a new one
// off the queue. That there is none is as good.
func (w *Worker) freeTask(p tracker.Plan, id string) {
	queue := queueName(tracker.LaneActions, p.Shard)
	if info, err := w.inspect.GetTaskInfo(queue, id); err == nil && info.State == asynq.TaskStateArchived {
		_ = w.inspect.DeleteTask(queue, id)
	}
}
