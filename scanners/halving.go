package scanners

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/smithy-go"
)

// Some calls describe many named things at once, and AWS refuses them all where it
// refuses one: an ARN of a form that it does not take, a resource that is gone, one that
// a policy hides. What the others are would then be unknown because of it.

// maxRefused is how many refused calls a scan halves. One that nothing is allowed to then
// costs no more calls than this, and one with a few bad items finds them: one among a
// hundred takes seven.
const maxRefused = 32

// refusals counts the refused calls of one scan. A nil one allows none.
type refusals struct{ n atomic.Int32 }

func (r *refusals) halve() bool { return r != nil && r.n.Add(1) <= maxRefused }

// halving asks about items at once, and about each half where that is refused. What ask
// answers with an error stands for items that could not be looked up; one that is gone
// is left out.
func halving[T, R any](ctx context.Context, refused *refusals, items []T, ask func(context.Context, []T) ([]R, error)) ([]R, error) {
	rs, err := ask(ctx, items)
	if len(items) == 1 && gone(err) {
		return nil, nil
	}
	if err == nil || len(items) < 2 || !refusesItem(err) || !refused.halve() {
		return rs, err
	}
	half := len(items) / 2
	first, err := halving(ctx, refused, items[:half], ask)
	second, err2 := halving(ctx, refused, items[half:], ask)
	return slices.Concat(first, second), errors.Join(err, err2)
}

// refusesItem reports whether AWS may have refused a call because of one of the things
// that it is about: there is none, its name is not taken, or a policy hides it. Of
// credentials, quotas and outages it does not depend what is asked.
func refusesItem(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	switch code := api.ErrorCode(); code {
	case "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSignatureException", "InvalidToken", "InvalidAction":
		return false
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
		return true
	default:
		return gone(err) || strings.HasPrefix(code, "Invalid") || strings.HasPrefix(code, "Validation") || strings.HasPrefix(code, "Malformed")
	}
}
