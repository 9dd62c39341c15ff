package scanners

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

// each asks about every item, a few at a time, and returns all that the answers
// hold, in the order of items. One that fails goes to missed; it does not stop
// the others, and may answer as well.
func each[T, R any](ctx context.Context, items []T, missed *failures, ask func(context.Context, T) ([]R, error)) []R {
	answers, errs := make([][]R, len(items)), make([]error, len(items))
	var g errgroup.Group
	g.SetLimit(detailConcurrency)
	for i, item := range items {
		g.Go(func() error {
			answers[i], errs[i] = ask(ctx, item)
			return nil
		})
	}
	_ = g.Wait()
	for _, err := range errs {
		missed.add(err)
	}
	return slices.Concat(answers...)
}

// undescribed returns r when nothing is known of it but its names and the given
// metadata: the rest, made of an empty description, would look like facts.
func undescribed(r tracker.Resource, known ...string) tracker.Resource {
	r.State = stateUnknown
	for k := range r.Metadata {
		if !slices.Contains(known, k) {
			r.Metadata[k] = nil
		}
	}
	return r
}
