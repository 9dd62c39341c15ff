package inventory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Standing is how much is known of a cell.
type Standing string

// The standings.
const (
	Good    Standing = "good"    // seen to its end by the last look, and not too long ago
	Stale   Standing = "stale"   // seen to its end once; the last look failed, or is too long ago
	Unknown Standing = "unknown" // looked at, and never seen to its end
)

// Standings lists them.
var Standings = []Standing{Good, Stale, Unknown}

// maxWorst is how many cells an answer names.
const maxWorst = 20

// KnownCell is what is known of a cell.
type KnownCell struct {
	tracker.Cell
	Standing Standing        `json:"standing" enum:"good,stale,unknown" doc:"good: seen to its end by the last look, within max_age. stale: seen to its end once, but the last look failed or is too old. unknown: never seen to its end"`
	Outcome  tracker.Outcome `json:"outcome" doc:"How the last look at it ended; superseded where a newer scan was in before"`
	SeenAt   *time.Time      `json:"seen_at" doc:"When it was last seen to its end; null: never"`
	LookedAt time.Time       `json:"looked_at" doc:"When it was last looked at"`
}

// Coverage is how much is known of the cells that can hold what a view selects. What nobody has ever looked at is not
// in it.
type Coverage struct {
	Cells   int         `json:"cells" doc:"Cells (account, region, type) that were ever looked at and can hold what the filter selects"`
	Good    int         `json:"good"`
	Stale   int         `json:"stale"`
	Unknown int         `json:"unknown"`
	Share   *float64    `json:"share" doc:"Of the cells, how many are good, from 0 to 1; null without cells"`
	Oldest  *time.Time  `json:"oldest" doc:"When the cell that was seen longest ago was seen; null without one"`
	Worst   []KnownCell `json:"worst" doc:"Up to 20 cells that are not good: those never seen first, then by when they were seen. GET /api/v1/inventory/coverage has all"`
}

// standing judges a reading.
func (v View) standing(r history.Reading) Standing {
	switch {
	case r.Seen == 0:
		return Unknown
	case !r.Outcome.Complete() || v.MaxAge > 0 && r.Seen < v.At.Add(-v.MaxAge).UnixMilli():
		return Stale
	}
	return Good
}

// readings calls f with cells that can hold what the filter selects, and how many accounts have it alike. The
// account of the cell is one of them.
func (v View) readings(seen history.Seen, f func(r history.Reading, accounts []string)) {
	byAccount := slices.ContainsFunc(v.Filter.Conditions(), func(c filter.Condition) bool { return c.Field == filter.FieldAccount })
	for accounts, readings := range seen.Alike() {
		for _, r := range readings {
			if !byAccount {
				if r.MayHold(v.Filter) {
					f(r, accounts)
				}
				continue
			}
			for i := range accounts {
				if r.AccountID = accounts[i]; r.MayHold(v.Filter) {
					f(r, accounts[i:i+1])
				}
			}
		}
	}
}

// seen is what had been seen of the accounts that the filter can select from.
func (v View) seen(ctx context.Context) (history.Seen, error) {
	if v.looks != nil {
		return v.looks, nil
	}
	return v.History.SeenAt(ctx, v.Tenant, v.At.UnixMilli(), named(v.Filter, filter.FieldAccount)...)
}

// Coverage sums up how much is known.
func (v View) Coverage(ctx context.Context) (Coverage, error) {
	seen, err := v.seen(ctx)
	if err != nil {
		return Coverage{}, err
	}
	return v.coverage(seen), nil
}

func (v View) coverage(seen history.Seen) Coverage {
	c := Coverage{Worst: []KnownCell{}}
	oldest := int64(0)
	worse := func(a, b KnownCell) int {
		return cmp.Or(compareTimes(a.SeenAt, b.SeenAt), tracker.CompareCells(a.Cell, b.Cell))
	}
	v.readings(seen, func(r history.Reading, accounts []string) {
		n := len(accounts)
		c.Cells += n
		if r.Seen > 0 && (oldest == 0 || r.Seen < oldest) {
			oldest = r.Seen
		}
		switch v.standing(r) {
		case Good:
			c.Good += n
			return
		case Stale:
			c.Stale += n
		case Unknown:
			c.Unknown += n
		}
		for _, account := range accounts[:min(n, maxWorst)] {
			r.AccountID = account
			c.Worst = append(c.Worst, v.cell(r))
		}
		if len(c.Worst) > 50*maxWorst {
			slices.SortFunc(c.Worst, worse)
			c.Worst = c.Worst[:maxWorst]
		}
	})
	slices.SortFunc(c.Worst, worse)
	c.Worst = c.Worst[:min(len(c.Worst), maxWorst)]
	if c.Cells > 0 {
		c.Share = new(float64(c.Good) / float64(c.Cells))
	}
	c.Oldest = moment(oldest)
	return c
}

// compareTimes puts what never was first.
func compareTimes(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}

func (v View) cell(r history.Reading) KnownCell {
	return KnownCell{r.Cell, v.standing(r), r.Outcome, moment(r.Seen), time.UnixMilli(r.Looked).UTC()}
}

// moment is nil for 0.
func moment(ms int64) *time.Time { return tracker.AtMillis(&ms) }

// Cells lists what is known of cells, in the order of accounts, regions and types, those after one: at most limit,
// and of some standings only where any are given.
func (v View) Cells(ctx context.Context, after tracker.Cell, limit int, standings ...Standing) (page []KnownCell, more bool, err error) {
	seen, err := v.seen(ctx)
	if err != nil {
		return nil, false, err
	}
	byAccount := map[string][]history.Reading{}
	for accounts, readings := range seen.Alike() {
		for _, a := range accounts {
			byAccount[a] = readings // shared
		}
	}
	page = []KnownCell{}
	accounts := make([]string, 0, len(byAccount))
	for a := range byAccount {
		if a >= after.AccountID {
			accounts = append(accounts, a)
		}
	}
	slices.Sort(accounts)
	for _, a := range accounts {
		for _, r := range byAccount[a] {
			r.AccountID = a
			if tracker.CompareCells(r.Cell, after) <= 0 || !r.MayHold(v.Filter) || len(standings) > 0 && !slices.Contains(standings, v.standing(r)) {
				continue
			}
			if len(page) == limit {
				return page, true, nil
			}
			page = append(page, v.cell(r))
		}
	}
	return page, false, nil
}
