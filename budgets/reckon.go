package budgets

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/trends"
)

const (
	// reckonDays is how many days before today are reckoned: what a forecast looks at, and a month.
	reckonDays = trends.FitDays + 31
	// claimLife is for how long the budgets of a tenant are a worker's.
	claimLife = 10 * time.Minute
	// tellAtOnce is how many crossings are told in one go.
	tellAtOnce = 100
	dayMillis  = 24 * 60 * 60 * 1000
)

// Reckoner reckons the days of budgets, and tells what they cross.
type Reckoner struct {
	History *history.Store
	// Tell tells webhooks of a crossing. Called again with the same, it tells nothing new.
	Tell func(ctx context.Context, c history.Crossing) error
}

// Run reckons the budgets that are due, and tells what was crossed and is not told yet: by this worker, or by one that died
// before it had told. Run twice, or by two workers, nothing is told twice.
func (r Reckoner) Run(ctx context.Context, now time.Time) error {
	for {
		all, scans, ok, err := r.History.ClaimBudgets(ctx, now.UnixMilli(), now.Add(claimLife).UnixMilli())
		if err != nil || !ok {
			return errors.Join(err, r.tell(ctx, now))
		}
		if err := r.reckon(ctx, all, scans, now); err != nil {
			return errors.Join(err, r.tell(ctx, now))
		}
	}
}

func (r Reckoner) tell(ctx context.Context, now time.Time) error {
	for {
		untold, err := r.History.Untold(ctx, tellAtOnce)
		for _, c := range untold {
			if err == nil {
				err = r.Tell(ctx, c)
			}
			if err == nil {
				err = r.History.TellCrossing(ctx, c, now.UnixMilli())
			}
		}
		if err != nil || len(untold) < tellAtOnce {
			return err
		}
	}
}

// reckon reckons all budgets of a tenant, in one walk over what the history has.
func (r Reckoner) reckon(ctx context.Context, all []history.Budget, scans int64, now time.Time) error {
	tenant, today := all[0].Tenant, trends.DayOf(now)
	first, ever, err := r.firstDay(ctx, tenant, today)
	if err != nil {
		return err
	}
	var tallies []*tally
	for _, k := range all {
		b, err := Of(k)
		if err != nil {
			return err
		}
		f, err := filter.Parse(b.Filter)
		if err != nil {
			return err
		}
		tallies = append(tallies, &tally{Budget: b, filter: f, changes: make([]history.Day, today-first+2)})
	}
	if ever && first <= today {
		in := &rows.Row{}
		err := r.History.EachSpan(ctx, tenant, together(tallies), first*dayMillis-1, func(v history.Version) error {
			// It counts from the day on which it began to the day before it ended.
			from, to := max(v.From/dayMillis, first), min(v.To/dayMillis, today+1)
			if from >= to {
				return nil
			}
			in.Read(string(v.JSON))
			for _, t := range tallies {
				ok, err := in.Selected(t.filter)
				if err != nil {
					return err
				}
				if ok {
					add(&t.changes[from-first], 1, v.Cost)
					add(&t.changes[to-first], -1, v.Cost)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	looker, err := newLooker(ctx, r.History, tenant, now)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		k := history.Reckoning{At: now.UnixMilli(), Scans: scans}
		if ever {
			k.Days = t.days(first, today)
		}
		kept, err := r.History.BudgetDays(ctx, t.ID, today-reckonDays)
		if err != nil {
			return err
		}
		// Days before the first that is kept whole stay as they were reckoned.
		kept = slices.DeleteFunc(kept, func(d history.Day) bool { return d.Day >= first })
		t.kept.Reckoned = k.At
		if k.Crossings, err = t.crossings(looker.standing(t.Budget, append(kept, k.Days...)), now); err != nil {
			return err
		}
		if err := r.History.Reckon(ctx, t.kept, k); err != nil {
			return err
		}
	}
	return nil
}

// firstDay is the first day that can be reckoned on: on which somebody had looked, and of which the versions are kept.
func (r Reckoner) firstDay(ctx context.Context, tenant string, today int64) (day int64, ever bool, err error) {
	look, ever, err := r.History.FirstLook(ctx, tenant)
	if err != nil {
		return 0, false, err
	}
	since, err := r.History.Since(ctx, tenant)
	return max(look, (since+dayMillis-1)/dayMillis, today-reckonDays), ever, err
}

// together are the cells that can hold what one of the budgets selects.
func together(tallies []*tally) history.Cells {
	c := inventory.Cells(tallies[0].filter)
	for _, t := range tallies[1:] {
		of := inventory.Cells(t.filter)
		// A list that is empty narrows nothing, and so does the list together with it.
		c.Accounts, c.Regions, c.Types = union(c.Accounts, of.Accounts), union(c.Regions, of.Regions), union(c.Types, of.Types)
		c.May = nil
	}
	return c
}

func union[T comparable](a, b []T) []T {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	for _, v := range b {
		if !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}

// tally is a budget on its way to its days.
type tally struct {
	Budget
	filter  filter.Filter
	changes []history.Day // by which each day differs from the one before, and those after today together
}

func add(d *history.Day, n int64, cost *int64) {
	d.Resources += n
	if cost == nil {
		d.Unpriced += n
		return
	}
	d.Cost += n * *cost
}

func (t *tally) days(first, today int64) []history.Day {
	days := make([]history.Day, 0, today-first+1)
	sum := history.Day{}
	for day := first; day <= today; day++ {
		c := t.changes[day-first]
		sum.Day, sum.Resources, sum.Unpriced, sum.Cost = day, sum.Resources+c.Resources, sum.Unpriced+c.Unpriced, sum.Cost+c.Cost
		days = append(days, sum)
	}
	return days
}
