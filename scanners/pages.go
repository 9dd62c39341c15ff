package scanners

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// pages ranges over every page of an SDK list call; an error is the last thing
// it yields. cursor returns where a request carries the page token and the token
// that an answer gives for the next page.
//
// It takes the client's method rather than an SDK paginator, whose client
// interface would keep every operation of the service in the binary.
func pages[In, Out, Opts any](
	ctx context.Context,
	call func(context.Context, *In, ...func(*Opts)) (*Out, error),
	in *In,
	cursor func(*In, *Out) (sent **string, next *string),
) iter.Seq2[*Out, error] {
	return func(yield func(*Out, error) bool) {
		req := *in
		seed, seen := maphash.MakeSeed(), map[uint64]bool{}
		for {
			out, err := call(ctx, &req)
			if !yield(out, err) || err != nil {
				return
			}
			sent, next := cursor(&req, out)
			token := aws.ToString(next)
			if token == "" {
				return
			}
			// A token that comes back leads to pages that were already read:
			// an endless loop, and resources counted twice.
			hash := maphash.String(seed, token)
			if seen[hash] {
				yield(nil, fmt.Errorf("%s answers a page token that it answered before", operation(in)))
				return
			}
			seen[hash] = true
			*sent = &token
		}
	}
}

// operation names the call that takes in: "ec2.DescribeVolumes".
func operation(in any) string {
	return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", in), "*"), "Input")
}
