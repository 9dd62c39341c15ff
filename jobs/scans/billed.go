package scans

import (
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Biller is an Account that tells what AWS has billed.
type Biller interface {
	// Billed adds up by one grouping. It asks spend before each call, which is paid.
	Billed(ctx context.Context, account string, r tracker.BilledRequest, by string, spend func(context.Context) (bool, error)) tracker.BilledSum
}

// billed is what the accounts of a scan were billed; nil when nobody asks, or when
// it is known from an earlier run.
func (w *Worker) billed(ctx context.Context, j tracker.Job) (*tracker.BilledReport, error) {
	r := j.Request.Billed
	if r == nil {
		return nil, nil
	}
	if _, err := w.o.Store.Billed(ctx, j.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		return nil, err
	}
	coverage, err := w.o.Store.Coverage(ctx, j.ID)
	if err != nil {
		return nil, err
	}
	report := &tracker.BilledReport{Start: r.Start, End: r.End, Complete: true, Sums: []tracker.BilledSum{}}
	spend := func(ctx context.Context) (bool, error) {
		allowed, err := w.o.Store.Spend(ctx, j.Owner, j.ID, r.MaxPaidCalls)
		if allowed && err == nil {
			report.PaidCalls++
		}
		return allowed, err
	}
	seen := map[string]bool{}
	for _, c := range coverage {
		if c.Type == tracker.Any || seen[c.AccountID] {
			continue // an account whose number is not known was not reached
		}
		seen[c.AccountID] = true
		for _, by := range r.GroupBy {
			sum := w.billedBy(ctx, j, c.AccountID, by, spend)
			report.Complete = report.Complete && sum.Complete
			report.Sums = append(report.Sums, sum)
		}
	}
	if len(report.Sums) == 0 {
		report.Complete, report.Reason = false, "no account was reached"
	}
	return report, ctx.Err()
}

func (w *Worker) billedBy(ctx context.Context, j tracker.Job, account, by string, spend func(context.Context) (bool, error)) tracker.BilledSum {
	sum := tracker.BilledSum{AccountID: account, GroupBy: by, Groups: []tracker.BilledGroup{}}
	a, err := w.account(ctx, j, account)
	if err != nil {
		sum.Reason = err.Error()
		return sum
	}
	b, ok := a.(Biller)
	if !ok {
		sum.Reason = "billed costs cannot be read from this account"
		return sum
	}
	sum = b.Billed(ctx, account, *j.Request.Billed, by, spend)
	sum.AccountID = account
	return sum
}
