package scanners

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// listPages emits the resources of every page of an SDK list call.
func listPages[In, Out, Opts any](
	ctx context.Context,
	emit Emit,
	call func(context.Context, *In, ...func(*Opts)) (*Out, error),
	in *In,
	cursor func(*In, *Out) (sent **string, next *string),
	resources func(*Out) []tracker.Resource,
) error {
	for page, err := range sdk.Pages(ctx, call, in, cursor) {
		if err != nil {
			return err
		}
		if err := emit(resources(page)...); err != nil {
			return err
		}
	}
	return nil
}

// detailConcurrency bounds the calls about single resources of one scan.
const detailConcurrency = 8

// errDropped is what a look-up answers for what is no resource of the type.
var errDropped = errors.New("no resource of this type")

// withDetails runs list and emits what it lists after look has completed each
// resource, for services that answer only for one at a time. A resource that has
// vanished since it was listed is left out; one that look fails for is emitted
// as it was listed, and the failure is returned after everything was emitted.
func withDetails(ctx context.Context, emit Emit, look func(context.Context, *tracker.Resource) error, list func(Emit) error) error {
	var missed failures
	err := list(func(rs ...tracker.Resource) error {
		errs := make([]error, len(rs))
		var g errgroup.Group
		g.SetLimit(detailConcurrency)
		for i := range rs {
			g.Go(func() error {
				errs[i] = look(ctx, &rs[i])
				return nil
			})
		}
		_ = g.Wait()
		kept := rs[:0]
		for i, r := range rs {
			if errors.Is(errs[i], errDropped) || gone(errs[i]) {
				continue
			}
			missed.add(errs[i])
			kept = append(kept, r)
		}
		return emit(kept...)
	})
	return errors.Join(err, missed.err())
}

// failures keeps the first of many errors: they tend to have one cause.
type failures struct {
	first error
	more  int
}

func (f *failures) add(err error) {
	if err == nil {
		return
	}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range all.Unwrap() {
			f.add(err)
		}
		return
	}
	if f.first != nil {
		f.more++
		return
	}
	f.first = err
}

func (f *failures) err() error {
	if f.more > 0 {
		return fmt.Errorf("%w (and %d more)", f.first, f.more)
	}
	return f.first
}

// gone reports whether err is a service's way to say that there is no such thing.
func gone(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	code := api.ErrorCode()
	return strings.Contains(code, "NotFound") || strings.Contains(code, "NonExistent") || strings.Contains(code, "DoesNotExist")
}

// lower returns one of AWS's states as resources carry it.
func lower[T ~string](state T) string {
	if state == "" {
		return stateUnknown
	}
	return strings.ToLower(string(state))
}

// last returns what follows the last separator of s, or s.
func last(s, separator string) string { return s[strings.LastIndex(s, separator)+1:] }
