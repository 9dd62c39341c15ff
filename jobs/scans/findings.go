package scans

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A scan is evaluated when its last cell has closed and before it ends, because
// metrics need its credentials. One worker does it at a time: it holds a claim,
// which it renews. When it dies the sweeper, who looks at every job that has not
// ended, has another begin anew.

const (
	// evaluators is how many scans a worker evaluates at once; each holds a page.
	evaluators = 2
	// claimLife is how long a claim lasts that is not renewed.
	claimLife = kernel.DeadAfter
	// evaluationTime is how long an evaluation may take, so that no scan waits for
	// one for ever.
	evaluationTime = 10 * time.Minute
	// maxHolders is how often an evaluation is begun that never ends, such as one
	// that kills its worker.
	maxHolders = 3
)

var errClaimLost = errors.New("another worker evaluates the scan, or it has ended")

// Scanned is a scan whose cells are closed, as what evaluates it reads it.
type Scanned struct {
	Job      tracker.Job
	Coverage []tracker.CellReport
	// Each calls row with every resource of some types, as JSON that is valid until
	// row returns.
	Each func(ctx context.Context, types []tracker.Type, row func(json []byte) error) error
	// Metrics reads metrics of one region of an account. Every query has an answer,
	// if only why it could not be read; an error ends the evaluation.
	Metrics func(ctx context.Context, account, region string, queries []tracker.MetricQuery) (tracker.MetricValues, error)
}

// Meter is an Account that reads metrics.
type Meter interface {
	// Metrics answers every query, if only with why it could not be read.
	Metrics(ctx context.Context, account, region string, queries []tracker.MetricQuery) tracker.MetricValues
}

// ending is a scan to evaluate and to end.
type ending struct {
	job  string
	task trace.SpanContext // of the task that closed its last cell
}

// evaluated reports whether a job is to be evaluated before it ends.
func (w *Worker) evaluated(j tracker.Job) bool {
	return j.Kind == tracker.KindScan && j.State == tracker.JobFinalizing &&
		(w.o.Findings != nil && j.Request.Findings || j.Request.Billed != nil)
}

// evaluateAll evaluates the scans that wait for it, and ends them, until ctx ends.
func (w *Worker) evaluateAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case next := <-w.ending:
			within, span := traceEvaluation(ctx, next)
			if err := w.evaluate(within, next.job); err != nil && ctx.Err() == nil {
				w.o.Log.WarnContext(within, "the scan could not be ended; the next sweep tries again", "job", next.job, "err", err)
			}
			span.End()
		}
	}
}

// evaluate finds what a scan's resources could cost less, and ends the scan
// whatever comes of that.
func (w *Worker) evaluate(ctx context.Context, job string) error {
	holder := rand.Text()
	claim, holders, err := w.o.Store.ClaimFindings(ctx, job, holder, claimLife)
	if err != nil {
		return err
	}
	switch claim {
	case store.ClaimHeld:
		return nil // who holds it ends the scan
	case store.ClaimNone:
		return w.end(ctx, job)
	}
	j, err := w.o.Store.Lookup(ctx, job)
	if err != nil {
		return err
	}
	look := w.find
	switch {
	case holders > maxHolders:
		look = giveUp
	case !j.Request.Findings || w.o.Findings == nil:
		look = notAsked
	}
	if err := w.write(ctx, j, holder, look); err != nil {
		if errors.Is(err, errClaimLost) {
			return nil
		}
		// Let the next one begin at once.
		return errors.Join(err, w.o.Store.ReleaseFindings(context.WithoutCancel(ctx), job, holder))
	}
	return w.end(ctx, job)
}

// write writes what look finds about a scan, or why it finds nothing. An error is
// ours, or the end of this worker.
func (w *Worker) write(ctx context.Context, j tracker.Job, holder string, look finder) error {
	ctx, lose := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { w.renew(ctx, j.ID, holder, lose) })
	defer renewing.Wait()
	defer lose(nil)

	out := w.o.Store.FindingWriter(j.ID, holder, j.ExpiresAt)
	report, err := look(ctx, j, func(f tracker.Finding) error {
		if err := out.Add(ctx, f); err != nil {
			return storeError{err}
		}
		return nil
	})
	own, ours := errors.AsType[storeError](err)
	switch {
	case ctx.Err() != nil:
		return errors.Join(context.Cause(ctx), out.Drop(context.WithoutCancel(ctx)))
	case ours:
		return errors.Join(own, out.Drop(ctx))
	case err != nil:
		if err := out.Drop(ctx); err != nil {
			return err
		}
		report = tracker.FindingsReport{Status: tracker.NotEvaluated, Reason: err.Error(), ByRule: []tracker.RuleReport{}}
		w.o.Log.WarnContext(ctx, "a scan was not evaluated", "job", j.ID, "err", err)
	}
	billed, err := w.billed(ctx, j)
	if err != nil {
		return errors.Join(context.Cause(ctx), err, out.Drop(context.WithoutCancel(ctx)))
	}
	won, err := out.Close(ctx, report, billed)
	switch {
	case err != nil:
		return err
	case !won:
		return errClaimLost
	case j.Request.Findings:
		w.o.Metrics.Found(report)
	}
	return nil
}

// finder finds what there is about a scan.
type finder func(ctx context.Context, j tracker.Job, found func(tracker.Finding) error) (tracker.FindingsReport, error)

// giveUp is the finder for scans whose evaluation does not come to an end.
func giveUp(context.Context, tracker.Job, func(tracker.Finding) error) (tracker.FindingsReport, error) {
	return tracker.FindingsReport{}, fmt.Errorf("the evaluation began %d times and never ended", maxHolders)
}

// notAsked is the finder for scans of which only the bill is wanted.
func notAsked(context.Context, tracker.Job, func(tracker.Finding) error) (tracker.FindingsReport, error) {
	return tracker.FindingsReport{Status: tracker.NotEvaluated, Reason: "findings were not asked for", ByRule: []tracker.RuleReport{}}, nil
}

func (w *Worker) find(ctx context.Context, j tracker.Job, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
	tooLong := fmt.Errorf("the evaluation took longer than %s", evaluationTime)
	ctx, cancel := context.WithTimeoutCause(ctx, evaluationTime, tooLong)
	defer cancel()
	coverage, err := w.o.Store.Coverage(ctx, j.ID)
	if err != nil {
		return tracker.FindingsReport{}, storeError{err}
	}
	report, err := w.o.Findings(ctx, Scanned{
		Job: j, Coverage: coverage,
		Each: func(ctx context.Context, types []tracker.Type, row func([]byte) error) error {
			names := make([]string, len(types))
			for i, t := range types {
				names[i] = string(t)
			}
			var theirs error
			err := w.o.Store.Each(ctx, j.ID, filter.Where(filter.FieldType, names...), func(json []byte) error {
				theirs = row(json)
				return theirs
			})
			if err != nil && theirs == nil {
				return storeError{err}
			}
			return err
		},
		Metrics: func(ctx context.Context, account, region string, queries []tracker.MetricQuery) (tracker.MetricValues, error) {
			values := w.meter(ctx, j, account, region, queries)
			return values, ctx.Err()
		},
	}, found)
	if err != nil && errors.Is(context.Cause(ctx), tooLong) {
		return report, tooLong
	}
	return report, err
}

// meter reads metrics with the scan's credentials.
func (w *Worker) meter(ctx context.Context, j tracker.Job, account, region string, queries []tracker.MetricQuery) tracker.MetricValues {
	a, err := w.account(ctx, j, account)
	if err == nil {
		if m, ok := a.(Meter); ok {
			return m.Metrics(ctx, account, region, queries)
		}
		err = errors.New("metrics cannot be read from this account")
	}
	values := tracker.MetricValues{}
	for _, q := range queries {
		values[q.ID()] = tracker.MetricSeries{Failure: err.Error()}
	}
	return values
}

// renew holds the claim until ctx ends, or loses it.
func (w *Worker) renew(ctx context.Context, job, holder string, lose context.CancelCauseFunc) {
	tick := time.NewTicker(w.o.Beat)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		claim, _, err := w.o.Store.ClaimFindings(ctx, job, holder, claimLife)
		switch {
		case err == nil && claim == store.ClaimMine:
			renewed = time.Now()
		case err == nil, time.Since(renewed) > claimLife:
			lose(errClaimLost)
			return
		}
	}
}
