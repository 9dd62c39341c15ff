package savings

import (
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// metricsBatch is how many metrics are read at once: as many as a call takes.
const metricsBatch = 500

// Scan is a scan that has been to all it would, as an evaluation reads it.
type Scan struct {
	// Each calls f with every resource of some types.
	Each func(ctx context.Context, types []tracker.Type, f func(tracker.Resource) error) error
	// Metrics reads metrics of one region of an account. Every query has an answer,
	// if only why it could not be read; an error ends the evaluation.
	Metrics func(ctx context.Context, account, region string, queries []tracker.MetricQuery) (tracker.MetricValues, error)
	// Found takes what is found.
	Found func(tracker.Finding) error
}

// Evaluate finds what the resources of a scan could cost less.
func Evaluate(ctx context.Context, o Options, s Scan) (tracker.FindingsReport, error) {
	rules, err := New(o)
	if err != nil {
		return tracker.FindingsReport{}, err
	}
	e := &scanned{rules: rules, scan: s, report: tracker.FindingsReport{Status: tracker.Evaluated, MonthlySaving: new(tracker.Money)}}
	if err := s.Each(ctx, rules.Notes(), func(r tracker.Resource) error {
		rules.Note(r)
		return nil
	}); err != nil {
		return e.report, err
	}
	if err := s.Each(ctx, rules.Finds(), func(r tracker.Resource) error { return e.find(ctx, r) }); err != nil {
		return e.report, err
	}
	if err := e.flush(ctx); err != nil {
		return e.report, err
	}
	e.report.ByRule = rules.Report()
	return e.report, nil
}

// scanned is one scan before the rules. It holds the resources of one batch of
// metrics.
type scanned struct {
	rules  *Evaluation
	scan   Scan
	report tracker.FindingsReport

	// Resources of one account and region that wait for their metrics.
	waiting []tracker.Resource
	wanted  []tracker.MetricQuery
}

// find finds what there is about a resource, at once or when its metrics are read.
func (e *scanned) find(ctx context.Context, r tracker.Resource) error {
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
func (e *scanned) flush(ctx context.Context) error {
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

func (e *scanned) decide(r tracker.Resource, values tracker.MetricValues) error {
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
		if err := e.scan.Found(f); err != nil {
			return err
		}
	}
	return nil
}
