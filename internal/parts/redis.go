package parts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// PoolSize is how many connections a program may need: its tasks and cells, and
// the loops around them.
func PoolSize(cfg config.Config) int { return cfg.WorkerConcurrency + cfg.CellConcurrency + 64 }

// CheckRedis waits a little for Redis to answer, and refuses one that may throw
// away keys when its memory is full: a lost key is a lost resource.
func CheckRedis(ctx context.Context, rdb redis.UniversalClient) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	retry := time.NewTicker(500 * time.Millisecond)
	defer retry.Stop()
	for {
		err := rdb.Ping(ctx).Err()
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("REDIS_URL: Redis does not answer: %w", err)
		case <-retry.C:
		}
	}
	policy, err := rdb.ConfigGet(ctx, "maxmemory-policy").Result()
	if err != nil { // managed services forbid CONFIG; the documents say what to set
		return nil
	}
	if p := policy["maxmemory-policy"]; p != "" && !strings.EqualFold(p, "noeviction") {
		return fmt.Errorf("REDIS_URL: this Redis evicts keys when it is full (maxmemory-policy %s): set maxmemory-policy noeviction", p)
	}
	return nil
}
