package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/semaphore"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
)

// smallBody is the largest body, in bytes, that is not counted: connections are
// bounded, so that small bodies are bounded with them.
const smallBody = 64 << 10

// budget bounds the bytes of all bodies that are held at once.
type budget struct {
	left *semaphore.Weighted
	all  int64
	wait time.Duration
}

func newBudget(all int64, wait time.Duration) *budget {
	return &budget{semaphore.NewWeighted(all), all, wait}
}

// spend holds the bytes of a body until the request ends. A body whose length is not
// told counts as the longest that the operation takes.
func (b *budget) spend(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if op.RequestBody == nil {
		next(ctx)
		return
	}
	size := humaecho4.ContentLength(ctx)
	if size > op.MaxBodyBytes {
		writeProblem(ctx, newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("request body is too large limit=%d bytes", op.MaxBodyBytes)))
		return
	}
	if size < 0 {
		size = op.MaxBodyBytes
	}
	if size <= smallBody {
		next(ctx)
		return
	}
	size = min(size, b.all)
	waiting, cancel := context.WithTimeout(ctx.Context(), b.wait)
	err := b.left.Acquire(waiting, size)
	cancel()
	if err != nil {
		writeProblem(ctx, newProblem(http.StatusServiceUnavailable, "the server holds as much of other requests as it can").with("Retry-After", "5"))
		return
	}
	defer b.left.Release(size)
	next(ctx)
}
