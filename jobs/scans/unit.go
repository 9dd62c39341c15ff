package scans

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// How often a cell may be tried before its failure stands. Together with the
// waits between them, a throttled cell is given two minutes.
const (
	maxTries     = 4
	maxThrottles = 8
)

// unitRun is one run of a unit by this worker.
type unitRun struct {
	w       *Worker
	job     tracker.Job
	lease   store.Lease
	account kernel.Account
	// simulation is what IAM says, where the job is an access check.
	simulation simulation

	mu    sync.Mutex
	again time.Duration // the shortest wait of the cells that were put back; -1 for none
}

// run runs the open cells of the unit. It returns how long to wait before the
// next run; negative when nothing is left for one.
func (u *unitRun) run(ctx context.Context, job string) (again time.Duration, err error) {
	u.again = -1
	if u.job, err = u.w.o.Store.Head(ctx, job); err != nil {
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			return -1, nil
		}
		return -1, err
	}
	ctx, cancel := context.WithDeadlineCause(ctx, u.job.DeadlineAt, errDeadline)
	defer cancel()
	open, err := u.w.o.Store.OpenCells(ctx, job, u.w.candidates(u.job, u.lease.Unit))
	if err != nil {
		return -1, err
	}
	accountID, _ := splitUnit(u.lease.Unit)
	if u.account, err = u.w.account(ctx, u.job, accountID); err != nil {
		return u.notEntered(ctx, open, err)
	}
	if u.checks() && !isDiscovery(u.lease.Unit) {
		if open, err = u.simulate(ctx, open); err != nil {
			return -1, err
		}
	}
	var g errgroup.Group
	for _, c := range open {
		if err := u.w.cells.Acquire(ctx, 1); err != nil {
			break // cancelled: the cells that were not begun stay open
		}
		g.Go(func() error {
			defer u.w.cells.Release(1)
			ctx, span := traceCell(ctx, c.Cell)
			defer span.End()
			ctx = kernel.CountCalls(ctx)
			if c.Type == tracker.Any {
				return u.discover(ctx, c)
			}
			if u.checks() {
				return u.probe(ctx, c)
			}
			return u.scan(ctx, c)
		})
	}
	err = g.Wait()
	if errors.Is(context.Cause(ctx), errHandBack) {
		return 0, nil
	}
	return u.again, err
}

// notEntered ends the cells of a unit whose account is not entered, or puts them back
// where that may pass. It returns how long to wait before the next run.
func (u *unitRun) notEntered(ctx context.Context, open []store.OpenCell, err error) (again time.Duration, _ error) {
	f, named := errors.AsType[*tracker.Failure](err)
	switch {
	case errors.Is(context.Cause(ctx), errHandBack):
		return 0, nil
	case left(ctx):
		return -1, nil
	case !named && tracker.CodeOf(err) == tracker.CodeInternal:
		return -1, err
	case !named: // such as credentials that were sealed to another key: trying again is no use
		f = &tracker.Failure{Outcome: tracker.OutcomeBadCreds, Message: err.Error()}
	}
	err = nil
	for _, c := range open {
		if u.mayTry(c, f) {
			err = errors.Join(err, u.putBack(ctx, c, f))
			continue
		}
		err = errors.Join(err, u.fail(ctx, c.Cell, f, 0))
	}
	return u.again, err
}

// scan runs one cell to its outcome, or puts it back.
func (u *unitRun) scan(ctx context.Context, c store.OpenCell) error {
	began := time.Now()
	pages := u.w.o.Store.Pages(u.job.ID, c.Cell, u.lease.Run, u.job.ExpiresAt)
	tagged, asked := tagFilter(u.job.Request.Tags), u.job.Request.Filter.At(u.job.CreatedAt)
	err := u.account.Scan(ctx, c.Cell, wanted(u.job.Request, c.AccountID), func(rs ...tracker.Resource) error {
		rs = selected(rs, tagged)
		u.w.o.Price.Set(rs)
		rs = selected(rs, asked) // it may ask for costs
		if err := pages.Add(ctx, rs...); err != nil {
			return storeError{err}
		}
		return nil
	})
	if left(ctx) {
		return pages.Drop(context.WithoutCancel(ctx))
	}
	if own, ok := errors.AsType[storeError](err); ok {
		return own // ours, not AWS's: the task is tried again
	}
	written, err2 := pages.Close(ctx)
	if err2 != nil {
		return err2
	}
	outcome, failure := tracker.OutcomeOK, (*tracker.Failure)(nil)
	if written.Rows == 0 {
		outcome = tracker.OutcomeEmpty
	}
	notes, err := u.account.Aside(err)
	if err != nil {
		failure = u.account.Explain(err, c.Region)
		outcome = failure.Outcome
		if u.mayTry(c, failure) {
			if err := pages.Drop(ctx); err != nil {
				return err
			}
			return u.putBack(ctx, c, failure)
		}
		if done, err := u.deadCredentials(ctx, failure); done || err != nil {
			return err
		}
	}
	closing := store.Closing{Cell: c.Cell, Outcome: outcome, Written: written, Elapsed: time.Since(began), Failure: failure, Notes: notes}
	return u.close(ctx, closing, pages.Drop)
}

// selected keeps in place the resources that a filter selects.
func selected(rs []tracker.Resource, f filter.Filter) []tracker.Resource {
	kept := rs[:0]
	for i := range rs {
		if f.Match(&rs[i]) {
			kept = append(kept, rs[i])
		}
	}
	clear(rs[len(kept):])
	return kept
}

// tagFilter selects what carries all tags.
func tagFilter(tags map[string]string) filter.Filter {
	f := filter.Filter{}
	for k, v := range tags {
		f = filter.All(f, filter.WhereTag(k, v))
	}
	return f
}

// storeError marks an error of our own store that came back through a scanner.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// mayTry reports whether a failed cell is to be tried again. One that the call
// budget held back waits for its turn until the job's time is up.
func (u *unitRun) mayTry(c store.OpenCell, f *tracker.Failure) bool {
	if f.Unsent {
		return true
	}
	if f.Outcome == tracker.OutcomeThrottled {
		return c.Tries+1 < maxThrottles
	}
	return f.Outcome.Transient() && c.Tries+1 < maxTries
}

// putBack leaves a cell for the unit's next run.
func (u *unitRun) putBack(ctx context.Context, c store.OpenCell, f *tracker.Failure) error {
	u.w.o.Metrics.PutBack(c.Type, f.Outcome)
	traceOutcome(ctx, f.Outcome)
	wait := min(max(kernel.Backoff(c.Tries, 30*time.Second), f.RetryAfter), time.Minute)
	u.mu.Lock()
	if u.again < 0 || wait < u.again {
		u.again = wait
	}
	u.mu.Unlock()
	return u.w.o.Store.PutBack(ctx, u.job.ID, c.Cell, f, kernel.Calls(ctx))
}

// close ends a cell, and the job with it when it was the last. When another was
// first, drop deletes what this one wrote.
func (u *unitRun) close(ctx context.Context, c store.Closing, drop ...func(context.Context) error) error {
	c.Run, c.Calls = u.lease.Run, kernel.Calls(ctx)
	won, finish, next, err := u.w.o.Store.Close(ctx, u.job.ID, c)
	if err != nil {
		return err
	}
	traceOutcome(ctx, c.Outcome)
	if won {
		u.w.o.Metrics.Cell(ctx, c.Cell.Type, c.Outcome, c.Elapsed)
	} else {
		for _, drop := range drop {
			err = errors.Join(err, drop(ctx))
		}
	}
	err = errors.Join(err, enqueue(ctx, u.w.o.Queue, u.job, next))
	if finish {
		err = errors.Join(err, u.w.finish(ctx, u.job.ID))
	}
	return err
}

// fail ends a cell that nothing was listed in. When it is the discovery that all
// of the job depends on, its failure is the job's reason.
func (u *unitRun) fail(ctx context.Context, c tracker.Cell, f *tracker.Failure, elapsed time.Duration) error {
	if c.AccountID != tracker.SelfAccount && c.AccountID != tracker.OrganizationAccount {
		return u.close(ctx, store.Closing{Cell: c, Outcome: f.Outcome, Written: store.Written{Summary: tracker.NewSummary()}, Elapsed: elapsed, Failure: f})
	}
	if _, err := u.w.o.Store.Drain(ctx, u.job.ID, f.Error(), *f); err != nil {
		return err
	}
	return u.w.finish(ctx, u.job.ID)
}

// deadCredentials ends the whole job when AWS refuses the credentials that all of
// it depends on. One refused cell proves little: AWS answers the same in regions
// that are switched off. So it asks for the identity before it believes it.
func (u *unitRun) deadCredentials(ctx context.Context, f *tracker.Failure) (ended bool, err error) {
	if f.Outcome != tracker.OutcomeBadCreds || len(u.job.Request.Accounts) > 1 || u.job.Request.Organization {
		return false, nil
	}
	if _, err := u.account.Identity(ctx); err == nil || u.account.Explain(err, "").Outcome != tracker.OutcomeBadCreds {
		return false, nil
	}
	if _, err := u.w.o.Store.Drain(ctx, u.job.ID, "the credentials are invalid or have expired: "+f.Error(), *f); err != nil {
		return false, err
	}
	return true, errors.Join(u.w.finish(ctx, u.job.ID), u.w.o.Store.Cancelled(ctx, u.job.ID))
}

// left reports whether the run is to be left as it is: the job was cancelled or
// is over, or the worker is stopping. What is open stays open, or was closed by
// whoever ended the job.
func left(ctx context.Context) bool { return ctx.Err() != nil }

var (
	errDeadline  = errors.New("the job's time is up")
	errCancelled = errors.New("the job was cancelled")
	errHandBack  = errors.New("the worker is stopping")
)
