package scans

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// An access check is a scan whose cells are probes: each makes the calls that a
// scan makes for the first page of every list, and keeps nothing. What a probe
// does not reach, such as the call about one resource of a type that the region
// has none of, IAM is asked about, where it may be. Where the two disagree, the
// probe is right.

// simulation is what IAM says of a unit.
type simulation struct {
	denied []string
	reason string // why it could not be asked
}

// checks reports whether the job is an access check.
func (u *unitRun) checks() bool { return u.job.Kind == tracker.KindAccessCheck }

// meet notes whose credentials they are in an account.
func (u *unitRun) meet(ctx context.Context, account string) error {
	id, err := u.account.Caller(ctx)
	if err != nil {
		return err
	}
	if err := u.w.o.Store.NoteCaller(ctx, u.job.ID, account, id); err != nil {
		return storeError{err}
	}
	return nil
}

// undiscovered names the permission without which no region can be looked at. Who
// it is needs none: no policy would help where that is refused.
func undiscovered(f *tracker.Failure) *tracker.Failure {
	denied := f.Outcome == tracker.OutcomeDenied || f.Outcome == tracker.OutcomeDeniedSCP
	if !denied || f.API == "" || f.API == "sts:GetCallerIdentity" {
		return f
	}
	named := *f
	named.Missing = []string{f.API}
	return &named
}

// simulate asks IAM about all that the cells of the unit need, and returns those to
// probe now: none when IAM has no time and they were put back.
func (u *unitRun) simulate(ctx context.Context, open []store.OpenCell) ([]store.OpenCell, error) {
	if len(open) == 0 {
		return nil, nil
	}
	account, region := splitUnit(u.lease.Unit)
	var actions []string
	for _, c := range open {
		actions = append(actions, u.w.permissions(c.Type, u.job.Request.Details)...)
	}
	slices.Sort(actions)
	denied, err := u.account.Simulate(ctx, region, slices.Compact(actions))
	if err == nil {
		u.simulation.denied = denied
		return open, u.w.o.Store.NoteSimulation(ctx, u.job.ID, account, "")
	}
	if left(ctx) {
		return nil, nil
	}
	f := u.account.Explain(err, region)
	throttled := f.Outcome == tracker.OutcomeThrottled
	if throttled && !slices.ContainsFunc(open, func(c store.OpenCell) bool { return !u.mayTry(c, f) }) {
		for _, c := range open {
			if err := u.putBack(ctx, c, f); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	u.simulation.reason = f.Error()
	return open, u.w.o.Store.NoteSimulation(ctx, u.job.ID, account, u.simulation.reason)
}

// permissions are what a scan of a type calls that asks for some details.
func (w *Worker) permissions(t tracker.Type, details []string) []string {
	i := slices.IndexFunc(w.o.Types, func(known tracker.TypeInfo) bool { return known.Type == t })
	if i < 0 {
		return nil
	}
	all := slices.Clone(w.o.Types[i].Permissions)
	for _, d := range w.o.Types[i].Details {
		if slices.Contains(details, d.Name) {
			all = append(all, d.Permissions...)
		}
	}
	return all
}

// probe runs one cell of an access check to its outcome, or puts it back.
func (u *unitRun) probe(ctx context.Context, c store.OpenCell) error {
	began := time.Now()
	n, allowed, err := u.account.Probe(ctx, c.Cell, wanted(u.job.Request, c.AccountID))
	if left(ctx) {
		return nil
	}
	outcome, failure := tracker.OutcomeOK, (*tracker.Failure)(nil)
	if n == 0 {
		outcome = tracker.OutcomeEmpty
	}
	untried := slices.DeleteFunc(slices.Clone(u.w.permissions(c.Type, u.job.Request.Details)), func(p string) bool { return slices.Contains(allowed, p) })
	notes, err := u.account.Aside(err)
	if err != nil {
		failure = u.account.Explain(err, c.Region)
		if u.mayTry(c, failure) {
			return u.putBack(ctx, c, failure)
		}
		if done, err := u.deadCredentials(ctx, failure); done || err != nil {
			return err
		}
	}
	failure = u.simulation.judge(failure, untried)
	if failure != nil {
		outcome = failure.Outcome
	}
	return u.close(ctx, store.Closing{
		Cell: c.Cell, Outcome: outcome, Written: store.Written{Summary: tracker.NewSummary()}, Elapsed: time.Since(began),
		Failure: failure, Notes: notes,
	})
}

// judge adds to what a probe met what IAM knows of the actions that it has not
// seen let through. After a denial, what could not be tried counts as missing
// unless IAM says otherwise: no scan gets there either.
func (s simulation) judge(met *tracker.Failure, untried []string) *tracker.Failure {
	if met != nil && met.Outcome != tracker.OutcomeDenied && met.Outcome != tracker.OutcomeDeniedSCP {
		return met
	}
	missing := slices.DeleteFunc(slices.Clone(untried), func(p string) bool {
		return !slices.Contains(s.denied, p) && (met == nil || p != met.API)
	})
	switch {
	case met == nil && len(missing) == 0:
		return nil
	case met == nil:
		return &tracker.Failure{
			Outcome: tracker.OutcomeDenied, Missing: missing,
			Message: fmt.Sprintf("the calls that could be tried are allowed; IAM's simulation denies %s, which a scan calls as soon as there is a resource", missing[0]),
		}
	case len(missing) == 0 || s.reason != "":
		missing = untried
	}
	f := *met
	f.Missing = missing
	return &f
}
