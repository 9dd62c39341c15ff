package api

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/semaphore"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
)

// smallBody is the largest body, in bytes, that is not counted: connections are
// bounded, so that small bodies are bounded with them.
const smallBody = 64 << 10

// budget bounds the bytes of all bodies that are held at once. A tenant has half of it at
// most, so that one who sends slowly leaves something to the others.
type budget struct {
	left *semaphore.Weighted
	half int64
	wait time.Duration

	mu     sync.Mutex
	shares map[string]*share // of tenants with bodies that are held or waited for
}

// share is what is left to a tenant, and how many requests hold or want of it.
type share struct {
	left     *semaphore.Weighted
	requests int
}

func newBudget(all int64, wait time.Duration) *budget {
	half := max(all/2, 1)
	return &budget{left: semaphore.NewWeighted(2 * half), half: half, wait: wait, shares: map[string]*share{}}
}

// of returns the share of a tenant until done is called.
func (b *budget) of(tenant string) (left *semaphore.Weighted, done func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.shares[tenant]
	if s == nil {
		s = &share{left: semaphore.NewWeighted(b.half)}
		b.shares[tenant] = s
	}
	s.requests++
	return s.left, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if s.requests--; s.requests == 0 {
			delete(b.shares, tenant)
		}
	}
}

// acquire takes bytes of a tenant's share and of the whole.
func (b *budget) acquire(ctx context.Context, tenant *semaphore.Weighted, size int64) error {
	ctx, cancel := context.WithTimeout(ctx, b.wait)
	defer cancel()
	if err := tenant.Acquire(ctx, size); err != nil {
		return err
	}
	err := b.left.Acquire(ctx, size)
	if err != nil {
		tenant.Release(size)
	}
	return err
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
	size = min(size, b.half)
	tenant, done := b.of(owner(ctx.Context()))
	defer done()
	if b.acquire(ctx.Context(), tenant, size) != nil {
		writeProblem(ctx, newProblem(http.StatusServiceUnavailable, "the server holds as much of other requests as it can").with("Retry-After", "5"))
		return
	}
	defer tenant.Release(size)
	defer b.left.Release(size)
	next(ctx)
}
