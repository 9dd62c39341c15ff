// Package records has a history take in what scans have found, each when it has ended. What
// is still to be taken in is in the Store: a worker that dies leaves it to the next.
package records

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// claimLife is for how long a scan is a worker's without a sign of life.
	claimLife = time.Minute
	every     = time.Second
	// pruneEvery is how often it is looked whether there is something to forget.
	pruneEvery = time.Hour
	// exportEvery is how often it is looked whether there is a day to write out.
	exportEvery = time.Minute
	// reckonEvery is how often it is looked whether budgets are to be reckoned.
	reckonEvery = 10 * time.Second
	// billEvery is how often it is looked whether AWS has written bills anew, which it does three times a day.
	billEvery = 10 * time.Minute
)

// Options are what taking in needs.
type Options struct {
	Store *store.Store
	// Keep takes a scan in. It may be called again with what is in already.
	Keep func(ctx context.Context, r store.Record) error
	// Forget deletes what somebody has asked to be deleted. It may be called again with the same.
	Forget func(ctx context.Context, f store.Forgetting) error
	// Prune forgets what is kept for too long. Run twice, the second finds little.
	Prune func(ctx context.Context) error
	// Reckon reckons budgets and tells what they cross; nil does nothing. Run twice, the second finds little.
	Reckon func(ctx context.Context) error
	// Export writes out what is due, and Bill reads what was billed anew; nil does nothing. Both tell of each day or period how
	// that ended, and other workers do not have it meanwhile.
	Export, Bill func(ctx context.Context, told func(how string)) error
	// Exported and Billed are told how that ended: "written", or "read", or "failed".
	Exported, Billed func(how string)
	// Kept is told of each scan how that ended: "kept", "failed" or "lost".
	Kept func(how string)
	Log  *slog.Logger
	// Again is after how long a scan comes again that could not be taken in, and what could not be deleted; 0 is 30 s.
	Again time.Duration
}

// Worker has scans taken in, one at a time, and what is old forgotten.
type Worker struct{ o Options }

// NewWorker returns a worker that does nothing yet.
func NewWorker(o Options) *Worker {
	for _, told := range []*func(string){&o.Kept, &o.Exported, &o.Billed} {
		if *told == nil {
			*told = func(string) {}
		}
	}
	if o.Again <= 0 {
		o.Again = 30 * time.Second
	}
	return &Worker{o}
}

// Run has scans taken in until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() {
		kernel.Every(ctx, pruneEvery, func() { w.warn(ctx, "the history could not forget what is old", "", w.o.Prune(ctx)) })
	})
	all.Go(func() {
		kernel.Every(ctx, every, func() {
			for more := true; more && ctx.Err() == nil; {
				more = w.forget(ctx)
			}
		})
	})
	if w.o.Export != nil {
		all.Go(func() {
			atOnceAndEvery(ctx, exportEvery, func() { w.warn(ctx, "the history was not written out", "", w.o.Export(ctx, w.o.Exported)) })
		})
	}
	if w.o.Reckon != nil {
		all.Go(func() {
			kernel.Every(ctx, reckonEvery, func() { w.warn(ctx, "budgets are not reckoned yet", "", w.o.Reckon(ctx)) })
		})
	}
	if w.o.Bill != nil {
		all.Go(func() {
			atOnceAndEvery(ctx, billEvery, func() { w.warn(ctx, "what was billed was not read", "", w.o.Bill(ctx, w.o.Billed)) })
		})
	}
	defer all.Wait()
	kernel.Every(ctx, every, func() {
		for more := true; more && ctx.Err() == nil; {
			more = w.next(ctx)
		}
	})
}

func atOnceAndEvery(ctx context.Context, tick time.Duration, f func()) {
	f()
	kernel.Every(ctx, tick, f)
}

// next has one scan taken in, if there is one. more is whether there may be another.
func (w *Worker) next(ctx context.Context) (more bool) {
	job, err := w.o.Store.ClaimRecord(ctx, claimLife)
	if err != nil || job == "" {
		w.warn(ctx, "cannot look for scans that the history lacks", "", err)
		return false
	}
	how, err := w.keep(ctx, job)
	switch {
	case ctx.Err() != nil: // this worker ends: another goes on
		_ = w.o.Store.PutOffRecord(context.WithoutCancel(ctx), job, 0)
		return false
	case err != nil:
		w.o.Kept("failed")
		w.warn(ctx, "a scan is not in the history yet", job, errors.Join(err, w.o.Store.PutOffRecord(ctx, job, w.o.Again)))
		return true
	case how != "":
		w.o.Kept(how)
	}
	return true
}

// forget has one thing deleted, if there is one. more is whether there may be another.
func (w *Worker) forget(ctx context.Context) (more bool) {
	f, ok, err := w.o.Store.ClaimForgetting(ctx, w.o.Again)
	if ok {
		if err = w.o.Forget(ctx, f); err == nil {
			err = w.o.Store.Forgotten(ctx, f)
		}
	}
	w.warn(ctx, "what somebody has deleted is not deleted yet", "", err)
	return ok && err == nil
}

// keep has a scan taken in. how is empty where a job is not for the history.
func (w *Worker) keep(ctx context.Context, job string) (how string, err error) {
	r, err := w.o.Store.Record(ctx, job)
	switch {
	case tracker.CodeOf(err) == tracker.CodeNotFound:
		w.o.Log.ErrorContext(ctx, "a scan was deleted before the history had it", "job", job)
		return "lost", w.o.Store.DropRecord(ctx, job)
	case tracker.CodeOf(err) == tracker.CodeConflict: // it is retried: its end brings it again
		return "", w.o.Store.PutOffRecord(ctx, job, w.o.Again)
	case err != nil:
		return "", err
	case !r.Job.Whole():
		return "", w.o.Store.DropRecord(ctx, job)
	}
	ctx, cancel := context.WithCancel(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() {
		kernel.Every(ctx, claimLife/3, func() {
			if err := w.o.Store.PutOffRecord(ctx, job, claimLife); err != nil {
				w.warn(ctx, "the claim on a scan was not renewed; another worker may take it in too, which changes nothing", job, err)
			}
		})
	})
	err = w.o.Keep(ctx, r)
	cancel()
	renewing.Wait()
	if err != nil {
		return "", err
	}
	return "kept", w.o.Store.Recorded(context.WithoutCancel(ctx), r)
}

func (w *Worker) warn(ctx context.Context, what, job string, err error) {
	if err != nil && ctx.Err() == nil {
		w.o.Log.WarnContext(ctx, "the history is behind", "what", what, "job", job, "err", err)
	}
}
