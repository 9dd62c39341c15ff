package actions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	stateActive  = "active"
	stateUnknown = "unknown"
)

// tagToken is the tag, on what a step creates, that holds the item's token.
const tagToken = "resource-tracker:token"

// gone is a resource that does not exist.
func gone() tracker.Resource { return tracker.Resource{State: tracker.Gone} }

// missing returns a resource that does not exist if err is AWS's word for that,
// and err otherwise.
func missing(err error, codes ...string) (tracker.Resource, error) {
	if says(err, codes...) {
		return gone(), nil
	}
	return tracker.Resource{}, err
}

// says reports whether AWS answered one of codes.
func says(err error, codes ...string) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, e.ErrorCode())
}

// copyName names what is kept of a resource, such as a final snapshot. It is made
// of the token, so that it can be found without the answer to the call that made
// it, and fits the rules of every service: letters, digits and single hyphens.
func copyName(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "resource-tracker-" + hex.EncodeToString(sum[:10])
}

// clientToken is a token for calls that take one, which allow 64 characters.
func clientToken(token string) *string {
	if len(token) > 64 {
		sum := sha256.Sum256([]byte(token))
		token = hex.EncodeToString(sum[:])
	}
	return &token
}

// pages ranges over every page of an SDK list call. It takes the client's method
// rather than an SDK paginator, whose client interface would keep every operation
// of the service in the binary.
func pages[In, Out, Opts any](
	ctx context.Context,
	call func(context.Context, *In, ...func(*Opts)) (*Out, error),
	in *In,
	cursor func(*In, *Out) (sent **string, next *string),
) iter.Seq2[*Out, error] {
	return func(yield func(*Out, error) bool) {
		req := *in
		for {
			out, err := call(ctx, &req)
			if !yield(out, err) || err != nil {
				return
			}
			sent, next := cursor(&req, out)
			// A token that comes back leads to the page that was just read.
			if aws.ToString(next) == "" || aws.ToString(next) == aws.ToString(*sent) {
				return
			}
			*sent = next
		}
	}
}

// tags turns any SDK's list of tags into a map.
func tags[T any](items []T, pair func(T) (key, value *string)) map[string]string {
	m := make(map[string]string, len(items))
	for _, item := range items {
		k, v := pair(item)
		m[aws.ToString(k)] = aws.ToString(v)
	}
	return m
}

// pick returns one string of each item, leaving out empty ones. It is never nil.
func pick[T any](items []T, of func(T) *string) []string {
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s := aws.ToString(of(item)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// distinct sorts items and leaves out repetitions. It is never nil.
func distinct(items []string) []string {
	if items == nil {
		return []string{}
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// Metadata is made of few Go types: string, bool, int64, nil for unknown, and
// []string.

func opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func num[T int32 | int64](p *T) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func str(p *string) any { return text(aws.ToString(p)) }

func stamp(t *time.Time) any {
	at := tracker.At(t)
	if at == nil {
		return nil
	}
	return at.Format(time.RFC3339)
}

// fact returns a string of the metadata; "" when it is unknown.
func fact(r tracker.Resource, key string) string {
	s, _ := r.Metadata[key].(string)
	return s
}
