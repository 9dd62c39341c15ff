package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Quotas counts requests, and tells how far quotas are used. Requests are counted in
// Redis, for all processes together; its keys begin with rate:.
type Quotas struct {
	*Store
	limiter *redis_rate.Limiter

	mu   sync.Mutex
	seen map[string]seenLimits
	down time.Time // until when Redis is not asked, because it did not answer
}

// seenLimits are limits of a tenant, as they were read.
type seenLimits struct {
	limits tracker.Limits
	until  time.Time
}

const (
	// limitsFresh is for how long the limits of a tenant are not read again for a request.
	limitsFresh = 5 * time.Second
	// limitsKept is of how many tenants limits are kept.
	limitsKept = 10_000
	// rateWithin is how long Redis may take to count a request.
	rateWithin = time.Second
	// rateDown is for how long requests are not counted after Redis did not answer: they
	// would all wait for it.
	rateDown = time.Second
)

// NewQuotas returns the quotas of a store's tenants.
func NewQuotas(s *Store) *Quotas {
	return &Quotas{Store: s, limiter: redis_rate.NewLimiter(s.rdb), seen: map[string]seenLimits{}}
}

// Request counts a request of a principal of a tenant, and answers the quotas that it
// counts in. A request that its principal's quota refuses is not counted in the tenant's.
func (q *Quotas) Request(ctx context.Context, tenant, who string) ([]tracker.RateUse, error) {
	now := time.Now()
	q.mu.Lock()
	down := now.Before(q.down)
	q.mu.Unlock()
	if down {
		return nil, nil
	}
	counting, cancel := context.WithTimeout(ctx, rateWithin)
	defer cancel()
	uses, err := q.request(counting, tenant, who, now)
	if err != nil && ctx.Err() == nil {
		q.mu.Lock()
		q.down = now.Add(rateDown)
		q.mu.Unlock()
	}
	return uses, err
}

func (q *Quotas) request(ctx context.Context, tenant, who string, now time.Time) ([]tracker.RateUse, error) {
	limits, err := q.limits(ctx, tenant, now)
	if err != nil {
		return nil, err
	}
	var uses []tracker.RateUse
	for _, of := range []struct {
		quota tracker.Quota
		key   string
	}{
		{tracker.QuotaRequests.OfPrincipal(), quotaKey(tenant, "requests:"+principalName(who))},
		{tracker.QuotaRequests, quotaKey(tenant, "requests")},
	} {
		limit := limits[of.quota]
		if limit == 0 {
			continue
		}
		r, err := q.limiter.Allow(ctx, of.key, redis_rate.PerSecond(int(limit)))
		if err != nil {
			return nil, fmt.Errorf("count a request: %w", err)
		}
		u := tracker.RateUse{Quota: of.quota, Limit: limit, Left: int64(r.Remaining), Reset: r.ResetAfter, Wait: max(0, r.RetryAfter)}
		uses = append(uses, u)
		if u.Wait > 0 {
			break
		}
	}
	return uses, nil
}

// limits are the limits of a tenant, as they were a few seconds ago.
func (q *Quotas) limits(ctx context.Context, tenant string, now time.Time) (tracker.Limits, error) {
	q.mu.Lock()
	seen, ok := q.seen[tenant]
	q.mu.Unlock()
	if ok && now.Before(seen.until) {
		return seen.limits, nil
	}
	limits, err := q.Quotas(ctx, tenant)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.seen) >= limitsKept {
		clear(q.seen)
	}
	q.seen[tenant] = seenLimits{limits, now.Add(limitsFresh)}
	return limits, nil
}
