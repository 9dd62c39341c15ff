package scanners

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Some APIs list no more than names and describe one resource, or a few, a call.

// eachConcurrency bounds such calls of one scan.
const eachConcurrency = 8

// each asks about every item, a few at a time, and returns all that the answers
// hold, in the order of items. One that fails does not stop the others and may
// answer as well; of failures that are alike the first is returned.
func each[T, R any](ctx context.Context, items []T, ask func(context.Context, T) ([]R, error)) ([]R, error) {
	answers, failures := make([][]R, len(items)), make([]error, len(items))
	var g errgroup.Group
	g.SetLimit(eachConcurrency)
	for i, item := range items {
		g.Go(func() error {
			answers[i], failures[i] = ask(ctx, item)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(answers...), unlike(failures)
}

// unlike joins the first error of each kind: a thousand refusals are one fact.
func unlike(errs []error) error {
	seen := map[string]bool{}
	var first []error
	for _, err := range errs {
		if err == nil {
			continue
		}
		kind := err.Error()
		if api, ok := errors.AsType[smithy.APIError](err); ok {
			kind = api.ErrorCode()
		}
		if !seen[kind] {
			seen[kind] = true
			first = append(first, err)
		}
	}
	return errors.Join(first...)
}

// gone reports whether err says that a resource is no longer there: it was
// deleted after it was listed.
func gone(err error, codes ...string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, api.ErrorCode())
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
