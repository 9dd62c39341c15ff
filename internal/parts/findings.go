package parts

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Findings returns the function that looks for savings in the resources of a
// scan, by the rules of savings. Tags of these keys protect resources.
func Findings(prices savings.Prices, protectTags []string) func(context.Context, scans.Scanned, func(tracker.Finding) error) (tracker.FindingsReport, error) {
	return func(ctx context.Context, s scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
		// What follows names no more of s than it reads: the coverage of an organisation is large.
		request, each, metrics := s.Job.Request, s.Each, s.Metrics
		refused := func(r tracker.Resource, item tracker.ActionItem) []tracker.Refusal {
			return actions.Refused(r, item, protectTags)
		}
		return savings.Evaluate(ctx, savings.Options{
			Prices: prices, After: actions.After, Refused: refused, Now: s.Job.CreatedAt, Coverage: savings.CoverageOf(s.Coverage),
			Filtered: len(request.Tags) > 0 || !request.Filter.IsZero(), Metrics: request.Metrics,
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
