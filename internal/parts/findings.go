package parts

import (
	"context"

	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// metricsBatch is how many metrics are read at once: as many as a call takes.
const metricsBatch = 500

// Findings returns the function that looks for savings in the resources of a
// scan, by the rules of savings.
func Findings(prices savings.Prices) func(context.Context, jobs.Scanned, func(tracker.Finding) error) (tracker.FindingsReport, error) {
	return func(ctx context.Context, s jobs.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
		request := s.Job.Request
		rules, err := savings.New(savings.Options{
			Prices: prices, Now: s.Job.CreatedAt, Coverage: savings.CoverageOf(s.Coverage),
			Filtered: len(request.Tags) > 0 || !request.Filter.IsZero(), Metrics: request.Metrics,
		})
		if err != nil {
			return tracker.FindingsReport{}, err
		}
		e := &evaluation{rules: rules, scan: s, found: found, report: tracker.FindingsReport{Status: tracker.Evaluated, MonthlySaving: new(tracker.Money)}}
		if err := e.each(ctx, rules.Notes(), func(r tracker.Resource) error {
			rules.Note(r)
			return nil
		}); err != nil {
			return e.report, err
		}
		if err := e.each(ctx, rules.Finds(), func(r tracker.Resource) error { return e.find(ctx, r) }); err != nil {
			return e.report, err
		}
		if err := e.flush(ctx); err != nil {
			return e.report, err
		}
		e.report.ByRule = rules.Report()
		return e.report, nil
	}
}

// evaluation is one scan before the rules. It holds the resources of one batch of
// metrics.
type evaluation struct {
	rules  *savings.Evaluation
	scan   jobs.Scanned
	found  func(tracker.Finding) error
	report tracker.FindingsReport

	// Resources of one account and region that wait for their metrics.
	waiting []tracker.Resource
	wanted  []tracker.MetricQuery
}

func (e *evaluation) each(ctx context.Context, types []tracker.Type, f func(tracker.Resource) error) error {
	return e.scan.Each(ctx, types, func(row []byte) error {
		r, err := rows.Resource(row)
		if err != nil {
			return err
		}
		return f(r)
	})
}

// find finds what there is about a resource, at once or when its metrics are read.
func (e *evaluation) find(ctx context.Context, r tracker.Resource) error {
	wanted := e.rules.Wanted(r)
	if len(wanted) == 0 {
		return e.decide(r, nil)
	}
	full := len(e.wanted)+len(wanted) > metricsBatch
	if len(e.waiting) > 0 && (full || e.waiting[0].AccountID != r.AccountID || e.waiting[0].Region != r.Region) {
		if err := e.flush(ctx); err != nil {
			return err
		}
	}
	e.waiting, e.wanted = append(e.waiting, r), append(e.wanted, wanted...)
	return nil
}

// flush reads the metrics that resources wait for.
func (e *evaluation) flush(ctx context.Context) error {
	if len(e.waiting) == 0 {
		return nil
	}
	values, err := e.scan.Metrics(ctx, e.waiting[0].AccountID, e.waiting[0].Region, e.wanted)
	if err != nil {
		return err
	}
	e.report.MetricsRead += len(e.wanted)
	for _, r := range e.waiting {
		if err := e.decide(r, values); err != nil {
			return err
		}
	}
	clear(e.waiting)
	e.waiting, e.wanted = e.waiting[:0], e.wanted[:0]
	return nil
}

func (e *evaluation) decide(r tracker.Resource, values tracker.MetricValues) error {
	for _, f := range e.rules.Find(r, values) {
		e.report.Findings++
		switch {
		case !f.Counted:
		case f.MonthlySaving == nil:
			e.report.Counted++
			e.report.Unpriced++
		default:
			e.report.Counted++
			*e.report.MonthlySaving += *f.MonthlySaving
		}
		if err := e.found(f); err != nil {
			return err
		}
	}
	return nil
}
