package scans

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// lostAfter is when a queued unit that nobody began is looked for.
	lostAfter = 20 * time.Second
	// sweepBatch is how many jobs are read at once.
	sweepBatch = 100
)

// Sweep looks after the jobs that are due to be looked at.
func (w *Worker) Sweep(ctx context.Context) error {
	var errs error
	for {
		due, err := w.o.Store.DueJobs(ctx, lostAfter, sweepBatch)
		if err != nil {
			return errors.Join(errs, err)
		}
		looks, err := w.o.Store.Glances(ctx, due)
		if err != nil {
			return errors.Join(errs, err)
		}
		again := map[string]time.Time{}
		for i, l := range looks {
			errs = errors.Join(errs, w.sweepJob(ctx, due[i], l))
			again[l.Job.ID] = nextLook(l, time.Now())
		}
		if errs = errors.Join(errs, w.o.Store.SetJobsDue(ctx, again)); len(due) < sweepBatch || errs != nil {
			return errs
		}
	}
}

// nextLook is when a job may next need help: when one of its units would count as
// lost, and soon where that can be otherwise.
func nextLook(l store.Glance, now time.Time) time.Time {
	soon, next := now.Add(kernel.SweepEvery/2), now.Add(lostAfter)
	if l.Job.State == tracker.JobFinalizing {
		return soon
	}
	if l.Job.State == tracker.JobRunning { // units begin and end, and some may wait for a place
		next = now.Add(2 * kernel.SweepEvery)
	}
	for _, u := range l.Units {
		at := now.Add(lostAfter - u.Idle)
		if u.State == "r" {
			at = now.Add(kernel.DeadAfter - u.Idle)
		}
		if u.State != "d" && u.State != "h" && at.After(now) && at.Before(next) {
			next = at
		}
	}
	if l.Found && l.Job.DeadlineAt.Before(next) {
		next = l.Job.DeadlineAt
	}
	return later(next, soon)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (w *Worker) sweepJob(ctx context.Context, a store.Active, l store.Glance) error {
	j := l.Job
	switch {
	case !l.Found:
		if time.Since(time.UnixMilli(a.CreatedMS)) > store.StrayAfter {
			return w.o.Store.Forget(ctx, a.Job)
		}
		return nil
	case j.State.Terminal(), j.State == tracker.JobFinalizing:
		return w.finish(ctx, j.ID)
	case time.Now().After(j.DeadlineAt):
		return w.expire(ctx, j)
	}
	if slices.ContainsFunc(l.Units, func(u store.Unit) bool { return u.State == "h" }) {
		next, err := w.o.Store.Window(ctx, j.ID)
		if err != nil {
			return err
		}
		if err := enqueue(ctx, w.o.Queue, j, next); err != nil {
			return err
		}
	}
	var errs error
	for _, u := range l.Units {
		errs = errors.Join(errs, w.sweepUnit(ctx, j, u))
	}
	return errs
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
	return enqueue(w.o.Deliveries.Traced(ctx, kernel.QueueName(j.Lane, j.Shard), p.taskID()), w.o.Queue, j, []store.Dispatch{next})
}
