package scans

import (
	"context"
	"errors"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// lostAfter is when a queued unit that nobody began is looked for.
const lostAfter = 20 * time.Second

// Sweep looks after every job that has not ended.
func (w *Worker) Sweep(ctx context.Context) error {
	active, err := w.o.Store.Active(ctx)
	if err != nil {
		return err
	}
	for _, a := range active {
		err = errors.Join(err, w.sweepJob(ctx, a))
	}
	return err
}

func (w *Worker) sweepJob(ctx context.Context, a store.Active) error {
	j, err := w.o.Store.Lookup(ctx, a.Job)
	switch {
	case tracker.CodeOf(err) == tracker.CodeNotFound:
		if time.Since(time.UnixMilli(a.CreatedMS)) > store.StrayAfter {
			return w.o.Store.Forget(ctx, a.Job)
		}
		return nil
	case err != nil:
		return err
	case j.State.Terminal(), j.State == tracker.JobFinalizing:
		return w.finish(ctx, j.ID)
	case time.Now().After(j.DeadlineAt):
		return w.expire(ctx, j)
	}
	next, err := w.o.Store.Window(ctx, j.ID)
	if err != nil {
		return err
	}
	if err := enqueue(ctx, w.o.Queue, j, next); err != nil {
		return err
	}
	units, err := w.o.Store.Units(ctx, j.ID)
	if err != nil {
		return err
	}
	for _, u := range units {
		err = errors.Join(err, w.sweepUnit(ctx, j, u))
	}
	return err
}

// expire ends a job whose time is up with what it has found.
func (w *Worker) expire(ctx context.Context, j tracker.Job) error {
	f := tracker.Failure{Outcome: tracker.OutcomeTimeout, Message: "the job's time was up before the cell was done"}
	if _, err := w.o.Store.Drain(ctx, j.ID, "the job's time was up", f); err != nil {
		return err
	}
	return errors.Join(w.finish(ctx, j.ID), w.o.Store.Cancelled(ctx, j.ID))
}

// sweepUnit puts a unit whose task is lost on the queue anew.
func (w *Worker) sweepUnit(ctx context.Context, j tracker.Job, u store.Unit) error {
	switch {
	case u.State == "r" && u.Idle > kernel.DeadAfter:
	case (u.State == "q" || u.State == "w") && u.Idle > lostAfter:
	default:
		return nil
	}
	p := payload{Job: j.ID, Unit: u.Unit, Epoch: u.Epoch}
	delivery, err := w.o.Deliveries.Of(ctx, kernel.QueueName(j.Lane, j.Shard), p.taskID())
	// A unit that runs is lost when its beat is, whatever asynq's own lease says.
	if err != nil || delivery == kernel.Waiting || delivery == kernel.Active && u.State != "r" {
		return err
	}
	next, ok, err := w.o.Store.Redispatch(ctx, j.ID, u.Dispatch)
	if err != nil || !ok {
		return err
	}
	w.o.Metrics.Redispatch()
	w.o.Log.InfoContext(ctx, "a unit was lost and is queued again", "job", j.ID, "unit", u.Unit, "idle", u.Idle)
	return enqueue(ctx, w.o.Queue, j, []store.Dispatch{next})
}
