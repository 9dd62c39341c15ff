package parts

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Findings returns the function that looks for savings in the resources of a
// scan, by the rules of savings. Tags of these keys protect resources. h, where it is not nil, tells since when
// they are as they are.
func Findings(prices savings.Prices, protectTags []string, h *history.Store) func(context.Context, scans.Scanned, func(tracker.Finding) error) (tracker.FindingsReport, error) {
	return func(ctx context.Context, s scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
		// What follows names no more of s than it reads: the coverage of an organisation is large.
		request, each, metrics := s.Job.Request, s.Each, s.Metrics
		refused := func(r tracker.Resource, item tracker.ActionItem) []tracker.Refusal {
			return actions.Refused(r, item, protectTags)
		}
		return savings.Evaluate(ctx, savings.Options{
			Prices: prices, After: actions.After, Refused: refused, Now: s.Job.CreatedAt, Coverage: savings.CoverageOf(s.Coverage),
			UnusedSince: unusedSince(ctx, h, s.Job.Owner), Filtered: len(request.Tags) > 0 || !request.Filter.IsZero(), Metrics: request.Metrics,
		}, savings.Scan{
			Each: func(ctx context.Context, types []tracker.Type, f func(tracker.Resource) error) error {
				return each(ctx, types, func(row []byte) error {
					r, err := rows.Resource(row)
					if err != nil {
						return err
					}
					return f(r)
				})
			},
			Metrics: metrics, Found: found,
		})
	}
}

// Saving returns the function that tells what an item of a plan saves a month; nil
// where that is not known. A finding that the item repairs saves the same.
func Saving(prices savings.Prices) func(tracker.ActionItem, tracker.Sight) *tracker.Money {
	return func(item tracker.ActionItem, s tracker.Sight) *tracker.Money {
		return savings.OfItem(prices, actions.After, item, s.Resource, s.Taken, time.Now()).Monthly
	}
}

// unusedSince returns the function that tells since when at least a resource is as it is found: by its state, or by the
// finding, which scans have confirmed since. What cannot be read is not known.
func unusedSince(ctx context.Context, h *history.Store, tenant string) savings.UnusedSince {
	if h == nil {
		return nil
	}
	return func(r tracker.Resource, rule string, byState bool) (at time.Time, ok bool) {
		key := history.Key{Cell: cellOf(r.AccountID, r.Region, r.Type), Resource: r.ID}
		var since int64
		if byState {
			states, err := h.StateSince(ctx, tenant, []history.Key{key})
			if s, seen := states[key]; err == nil && seen && s.State == r.State {
				since = s.At
			}
		}
		opened, err := h.OpenSince(ctx, tenant, rule+"/"+r.Key())
		if err == nil && opened > 0 && (since == 0 || opened < since) {
			since = opened
		}
		return time.UnixMilli(since), since > 0
	}
}
