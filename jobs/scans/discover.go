package scans

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func splitUnit(unit string) (account, region string) {
	account, region, _ = strings.Cut(unit, "/")
	return account, region
}

// types returns the types that a request asks for.
func (w *Worker) types(r tracker.ScanRequest) []tracker.TypeInfo {
	if len(r.Types) == 0 {
		return w.o.Types
	}
	infos := make([]tracker.TypeInfo, len(r.Types))
	for i, t := range r.Types {
		// A type that this worker does not know gets a cell as well, which says so.
		infos[i] = tracker.TypeInfo{Type: t, Scope: tracker.Global}
		if k := slices.IndexFunc(w.o.Types, func(known tracker.TypeInfo) bool { return known.Type == t }); k >= 0 {
			infos[i] = w.o.Types[k]
		}
	}
	return infos
}

// inRegion returns the requested types that are listed in a region.
func (w *Worker) inRegion(r tracker.ScanRequest, region string) []tracker.Type {
	var types []tracker.Type
	for _, t := range w.types(r) {
		if (t.Scope == tracker.Global) == (region == tracker.Global) {
			types = append(types, t.Type)
		}
	}
	return types
}

// candidates returns the cells that a unit can have.
func (w *Worker) candidates(j tracker.Job, unit string) []tracker.Cell {
	account, region := splitUnit(unit)
	if region == tracker.Any {
		return []tracker.Cell{{AccountID: account, Region: region, Type: tracker.Any}}
	}
	var cells []tracker.Cell
	for _, t := range w.inRegion(j.Request, region) {
		cells = append(cells, tracker.Cell{AccountID: account, Region: region, Type: t})
	}
	return cells
}

// discover finds what an account has to scan and opens its cells. Not being able
// to is an outcome of its own: without a list of regions, no region is guessed.
func (u *unitRun) discover(ctx context.Context, c store.OpenCell) error {
	began := time.Now()
	found, err := u.find(ctx, c.AccountID)
	if left(ctx) {
		return nil
	}
	if own, ok := errors.AsType[storeError](err); ok {
		return own
	}
	if err != nil {
		f := u.account.Explain(err, "")
		if u.checks() {
			f = undiscovered(f)
		}
		// Asking again does not change what the request excludes.
		if !errors.Is(err, errNothingLeft) && u.mayTry(c, f) {
			return u.putBack(ctx, c, f)
		}
		return u.fail(ctx, c.Cell, f, time.Since(began))
	}
	next, err := u.w.o.Store.Expand(ctx, u.job.ID, c.Cell, found)
	if many, ok := errors.AsType[store.TooManyCells](err); ok {
		return u.fail(ctx, c.Cell, &tracker.Failure{Outcome: tracker.OutcomeError, Code: "TooManyCells", Message: many.Error()}, time.Since(began))
	}
	if tracker.CodeOf(err) == tracker.CodeQuota {
		return u.fail(ctx, c.Cell, &tracker.Failure{Outcome: tracker.OutcomeError, Code: "QuotaExceeded", Message: err.Error()}, time.Since(began))
	}
	if err != nil {
		return err
	}
	if err := enqueue(ctx, u.w.o.Queue, u.job, next); err != nil {
		return err
	}
	if len(found) == 0 {
		return u.w.finish(ctx, u.job.ID)
	}
	return nil
}

// find returns the units of an account: its regions and the global one; or, for
// an organisation, the discoveries of its accounts.
func (u *unitRun) find(ctx context.Context, account string) ([]store.Found, error) {
	if account == tracker.OrganizationAccount {
		members, err := u.account.Members(ctx)
		if err != nil {
			return nil, err
		}
		var found []store.Found
		for _, id := range members {
			found = append(found, store.Found{Unit: id + "/" + tracker.Any, Types: []tracker.Type{tracker.Any}})
		}
		return found, nil
	}
	regions := regionsOf(u.job.Request, account)
	// Both questions at once: the answers do not depend on each other.
	g, gctx := errgroup.WithContext(ctx)
	var id string
	// Who it is stays worth knowing when the regions are denied.
	g.Go(func() (err error) { id, err = u.account.Identity(ctx); return err })
	if len(regions) == 0 && len(u.w.inRegion(u.job.Request, "")) > 0 {
		g.Go(func() (err error) { regions, err = u.account.Regions(gctx); return err })
	}
	err := g.Wait()
	if id != "" && u.checks() {
		err = errors.Join(err, u.meet(ctx, id))
	}
	if err != nil {
		return nil, err
	}
	var found []store.Found
	for _, region := range append(slices.Clone(regions), tracker.Global) {
		if slices.Contains(u.job.Request.ExcludeRegions, region) {
			continue
		}
		if types := u.w.inRegion(u.job.Request, region); len(types) > 0 {
			found = append(found, store.Found{Unit: id + "/" + region, Types: types})
		}
	}
	if len(found) == 0 {
		// Nothing was looked at, so this must not end as a scan that saw everything.
		return nil, errNothingLeft
	}
	return found, nil
}

var errNothingLeft error = &tracker.Failure{
	Outcome: tracker.OutcomeError, Message: "the scan excludes every region that the account has enabled",
}
