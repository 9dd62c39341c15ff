package sdk

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Pages ranges over every page of an SDK list call; an error is the last thing
// it yields. cursor returns where a request carries the page token and the token
// that an answer gives for the next page.
//
// While a page is looked at, the next one is on its way: what belongs to a page,
// such as tags, then takes no time of its own. Two pages are in memory at most.
//
// It takes the client's method rather than an SDK paginator, whose client
// interface would keep every operation of the service in the binary.
func Pages[In, Out, Opts any](
	ctx context.Context,
	call func(context.Context, *In, ...func(*Opts)) (*Out, error),
	in *In,
	cursor func(*In, *Out) (sent **string, next *string),
) iter.Seq2[*Out, error] {
	return func(yield func(*Out, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		req := *in
		seed, seen := maphash.MakeSeed(), map[uint64]bool{}
		for coming := begin(ctx, call, req); coming != nil; {
			a := <-coming
			if coming = nil; a.err != nil {
				yield(nil, a.err)
				return
			}
			sent, next := cursor(&req, a.out)
			token := aws.ToString(next)
			hash := maphash.String(seed, token)
			repeated := seen[hash]
			if token != "" && firstOnly(ctx) {
				token = ""
			}
			if token != "" && !repeated {
				seen[hash] = true
				*sent = &token
				coming = begin(ctx, call, req)
			}
			if !yield(a.out, nil) {
				cancel()
				if coming != nil {
					<-coming
				}
				return
			}
			// A token that comes back leads to pages that were already read:
			// an endless loop, and resources counted twice.
			if repeated {
				yield(nil, fmt.Errorf("%s answers a page token that it answered before", Operation(in)))
				return
			}
		}
	}
}

type firstPagesKey struct{}

// FirstPages returns a context in which every list ends after its first page: a
// Scan then makes each kind of call that it can, and few of them.
func FirstPages(ctx context.Context) context.Context {
	return context.WithValue(ctx, firstPagesKey{}, true)
}

func firstOnly(ctx context.Context) bool { return ctx.Value(firstPagesKey{}) != nil }

type answer[Out any] struct {
	out *Out
	err error
}

// begin makes a call and returns where its answer will be.
func begin[In, Out, Opts any](ctx context.Context, call func(context.Context, *In, ...func(*Opts)) (*Out, error), in In) <-chan answer[Out] {
	coming := make(chan answer[Out], 1)
	go func() {
		out, err := call(ctx, &in)
		coming <- answer[Out]{out, err}
	}()
	return coming
}

// Operation names the call that takes in: "ec2.DescribeVolumes".
func Operation(in any) string {
	return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", in), "*"), "Input")
}
