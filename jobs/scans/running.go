package scans

import (
	"context"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/store"
)

// running knows the units that this process runs, to say that they are alive and
// to stop them.
type running struct {
	mu    sync.Mutex
	units map[*runningUnit]struct{}
}

type runningUnit struct {
	job    string
	lease  store.Lease
	cancel context.CancelCauseFunc
}

func newRunning() *running { return &running{units: map[*runningUnit]struct{}{}} }

// add registers a unit until end is called, and returns the context to run it in.
func (r *running) add(ctx context.Context, job string, l store.Lease) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	u := &runningUnit{job, l, cancel}
	r.mu.Lock()
	r.units[u] = struct{}{}
	r.mu.Unlock()
	return ctx, func() {
		r.mu.Lock()
		delete(r.units, u)
		r.mu.Unlock()
		cancel(nil)
	}
}

func (r *running) cancelAll(cause error) { r.cancel(cause, func(*runningUnit) bool { return true }) }

func (r *running) cancelJob(job string, cause error) {
	r.cancel(cause, func(u *runningUnit) bool { return u.job == job })
}

func (r *running) cancel(cause error, which func(*runningUnit) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for u := range r.units {
		if which(u) {
			u.cancel(cause)
		}
	}
}

// leases returns what runs, by job.
func (r *running) leases() map[string][]store.Lease {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := map[string][]store.Lease{}
	for u := range r.units {
		m[u.job] = append(m[u.job], u.lease)
	}
	return m
}

// accountIdle is how long a worker that runs nothing of a job keeps its
// credentials open.
const accountIdle = 30 * time.Second

// beat says that the units of this process are alive, and stops those whose job
// has ended in the meantime.
func (w *Worker) beat(ctx context.Context) {
	busy := w.running.leases()
	w.o.Accounts.Prune(accountIdle, func(job string) bool { return busy[job] != nil })
	for job, leases := range busy {
		wanted, err := w.o.Store.Beat(ctx, job, leases...)
		if err != nil {
			w.o.Log.WarnContext(ctx, "cannot reach Redis to say that work goes on", "job", job, "err", err)
		}
		if !wanted {
			w.running.cancelJob(job, errCancelled)
		}
	}
}

// watchCancellations stops units at once when their job is cancelled. It is the
// quick way; beat is the sure one.
func (w *Worker) watchCancellations(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.o.Store.Cancellations(ctx, func(job string) {
			w.running.cancelJob(job, errCancelled)
			w.o.Accounts.Forget(job)
		})
		if err != nil {
			w.o.Log.WarnContext(ctx, "cannot listen for cancellations", "err", err)
		}
	}
}
