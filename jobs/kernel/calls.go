package kernel

import (
	"context"
	"sync/atomic"
)

type callsKey struct{}

// CountCalls returns a context whose calls to AWS are counted: by Called, from whoever sees them.
func CountCalls(ctx context.Context) context.Context {
	return context.WithValue(ctx, callsKey{}, new(atomic.Int64))
}

// Called counts a call to AWS that was sent, where calls of the context are counted.
func Called(ctx context.Context) {
	if n, ok := ctx.Value(callsKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// Calls returns how many calls of the context were counted.
func Calls(ctx context.Context) int64 {
	n, ok := ctx.Value(callsKey{}).(*atomic.Int64)
	if !ok {
		return 0
	}
	return n.Load()
}
