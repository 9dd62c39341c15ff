package parts

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	topChanges = 10 // that an event names
	topFields  = 5  // of one of them
)

// tellChanges tells webhooks what a run of a schedule, which is in the history, saw otherwise than the runs before it.
func tellChanges(ctx context.Context, h *history.Store, st *store.Store, r store.Record) error {
	if r.Job.Schedule == "" {
		return nil
	}
	of := store.Schedules{Store: st}
	sc, err := of.Schedule(ctx, r.Job.Owner, r.Job.Schedule)
	if tracker.CodeOf(err) == tracker.CodeNotFound || err == nil && sc.Notify == nil {
		return nil
	}
	if err != nil {
		return err
	}
	return of.TellChanges(ctx, sc, r, func() (tracker.EventChanges, error) { return changesOf(ctx, h, r, *sc.Notify) })
}

// changesOf are the changes that a run tells of. What it could not see, and what no run before it had seen, tells nothing.
func changesOf(ctx context.Context, h *history.Store, r store.Record, n tracker.Notice) (out tracker.EventChanges, err error) {
	d := inventory.Diff{Tenant: r.Job.Owner, Cells: inventory.Cells(n.Filter), Noisy: scanners.Noise, Changes: n.Changes, Selected: n.Selected}
	if d.From, err = h.SeenBySchedule(ctx, d.Tenant, r.Job.Schedule, r.At.UnixMilli()); err != nil {
		return out, err
	}
	if d.To, err = h.SeenByRun(ctx, d.Tenant, history.Scanned{Job: r.Job.ID, Run: int64(r.Run), At: r.At.UnixMilli()}); err != nil {
		return out, err
	}
	if len(d.From) == 0 || len(d.To) == 0 {
		return out, nil
	}
	d.Filter = n.Filter.At(time.UnixMilli(d.To.Newest()).UTC())
	compared, err := d.Compare(ctx, h)
	if err != nil {
		return out, err
	}
	for _, u := range compared.Unknown {
		if u.Looked > 0 {
			out.Unknown++
		}
	}
	tally := inventory.NewTally(nil)
	err = compared.Each(ctx, 0, func(c *inventory.Change) error {
		if tally.Add(c); !c.OnlyNoise() {
			out.Top = withChange(out.Top, c)
		}
		return nil
	})
	sums := tally.Totals()
	out.Added, out.Removed, out.Changed, out.CostDifference, out.Unpriced = sums.Added, sums.Removed, sums.Changed, sums.CostDifference, sums.Unpriced
	return out, err
}

// withChange adds a change to those that cost or save most, if it is one of them. Of those alike the first stay.
func withChange(top []tracker.EventChange, c *inventory.Change) []tracker.EventChange {
	if len(top) == topChanges && inventory.Weight(c.CostDifference) <= inventory.Weight(top[topChanges-1].CostDifference) {
		return top
	}
	one := tracker.EventChange{Kind: c.Kind, ResourceID: c.ID, Type: c.Type, Region: c.Region, AccountID: c.AccountID, CostDifference: c.CostDifference}
	if c.Name != nil {
		one.Name = *c.Name
	}
	for _, f := range c.Fields[:min(len(c.Fields), topFields)] {
		one.Fields = append(one.Fields, f.Field)
	}
	top = append(top, one)
	slices.SortStableFunc(top, func(a, b tracker.EventChange) int {
		return cmp.Compare(inventory.Weight(b.CostDifference), inventory.Weight(a.CostDifference))
	})
	return top[:min(len(top), topChanges)]
}
