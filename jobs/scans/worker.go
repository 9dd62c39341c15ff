// Package scans runs scans and access checks: it submits jobs, discovers what an
// account has, runs the cells, and ends the job. What is true of a job is in the
// Store.
package scans

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/semaphore"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Options are what scans need of a worker.
type Options struct {
	kernel.Base
	Cells int           // AWS listings at once
	Beat  time.Duration // between signs of life
	// Findings passes on what the resources of a scan could cost less. Nil finds
	// nothing. Its error is the reason why a scan was not evaluated.
	Findings func(ctx context.Context, s Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error)
	Metrics  Metrics
}

// Metrics is told what happens. Its zero value tells nobody.
type Metrics struct {
	Cell       func(ctx context.Context, t tracker.Type, o tracker.Outcome, elapsed time.Duration)
	PutBack    func(t tracker.Type, o tracker.Outcome)
	Job        func(state tracker.JobState)
	Scan       func(ended tracker.Job)             // a scan or an access check
	Found      func(report tracker.FindingsReport) // about a scan
	Redispatch func()
}

func (m Metrics) orNothing() Metrics {
	if m.Cell == nil {
		m.Cell = func(context.Context, tracker.Type, tracker.Outcome, time.Duration) {}
	}
	if m.PutBack == nil {
		m.PutBack = func(tracker.Type, tracker.Outcome) {}
	}
	if m.Job == nil {
		m.Job = func(tracker.JobState) {}
	}
	if m.Scan == nil {
		m.Scan = func(tracker.Job) {}
	}
	if m.Found == nil {
		m.Found = func(tracker.FindingsReport) {}
	}
	if m.Redispatch == nil {
		m.Redispatch = func() {}
	}
	return m
}

// Worker runs the tasks of scans.
type Worker struct {
	o       Options
	cells   *semaphore.Weighted
	running *running
	ending  chan ending
}

// NewWorker returns a worker that does nothing yet.
func NewWorker(o Options) *Worker {
	o.Metrics = o.Metrics.orNothing()
	return &Worker{o: o, cells: semaphore.NewWeighted(int64(o.Cells)), running: newRunning(), ending: make(chan ending, 256)}
}

// Register has mux hand the tasks of scans to the worker.
func (w *Worker) Register(mux *asynq.ServeMux) {
	handle := kernel.Handler(w.run)
	mux.HandleFunc(kindDiscover, handle)
	mux.HandleFunc(kindRegion, handle)
}

// Run does what goes on beside tasks, until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { kernel.Every(ctx, w.o.Beat, func() { w.beat(ctx) }) })
	all.Go(func() { w.watchCancellations(ctx) })
	for range evaluators {
		all.Go(func() { w.evaluateAll(ctx) })
	}
	all.Wait()
}

// HandBack ends the tasks that run; other workers go on with them.
func (w *Worker) HandBack() { w.running.cancelAll(errHandBack) }

// run does what a task asks for, as far as it still is to be done.
func (w *Worker) run(ctx context.Context, p payload) error {
	lease, err := w.o.Store.Begin(ctx, p.Job, store.Dispatch{Unit: p.Unit, Epoch: p.Epoch})
	if err != nil {
		return err
	}
	switch lease.Verdict {
	case store.Finalize:
		return w.finish(ctx, p.Job)
	case store.Wait:
		return kernel.Snooze(time.Second)
	case store.Done, store.Superseded, store.Gone:
		return w.dispatch(ctx, p.Job, lease.Dispatch)
	}
	u := &unitRun{w: w, lease: lease}
	ctx, end := w.running.add(ctx, p.Job, lease)
	defer end()
	again, err := u.run(ctx, p.Job)
	// Handing the unit back must also work when its context is done.
	free := context.WithoutCancel(ctx)
	next, err2 := w.o.Store.Release(free, p.Job, lease)
	if err := errors.Join(err, err2, w.dispatch(free, p.Job, next)); err != nil {
		return err
	}
	if again >= 0 {
		return kernel.Snooze(again)
	}
	return nil
}

// dispatch puts units of a job on the queue.
func (w *Worker) dispatch(ctx context.Context, job string, units []store.Dispatch) error {
	if len(units) == 0 {
		return nil
	}
	j, err := w.o.Store.Head(ctx, job)
	if err != nil {
		return kernel.IgnoreNotFound(err)
	}
	return enqueue(ctx, w.o.Queue, j, units)
}

// finish ends a job whose cells are all closed, at once or when it is evaluated.
func (w *Worker) finish(ctx context.Context, job string) error {
	j, err := w.o.Store.Head(ctx, job)
	if kernel.IgnoreNotFound(err) != nil {
		return err
	}
	if !w.evaluated(j) {
		return w.end(ctx, job)
	}
	select {
	case w.ending <- ending{job: job, task: trace.SpanContextFromContext(ctx)}:
	default: // more wait than there is room for: the sweeper brings it again
	}
	return nil
}

// end ends a job.
func (w *Worker) end(ctx context.Context, job string) error {
	ended, err := w.o.Store.Finish(ctx, job)
	w.o.Accounts.Forget(job)
	if err != nil || !ended {
		return err
	}
	j, err := w.o.Store.Lookup(ctx, job)
	if err != nil {
		return err
	}
	w.o.Metrics.Job(j.State)
	w.o.Metrics.Scan(j)
	w.o.Log.InfoContext(ctx, "job ended", "job", job, "state", j.State, "resources", j.Summary.TotalResources, "cells", j.Progress.CellsTotal)
	return nil
}
