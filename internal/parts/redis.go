package parts

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// PoolSize is how many connections a program may need: its tasks and cells, and
// the loops around them.
func PoolSize(cfg config.Config) int { return cfg.WorkerConcurrency + cfg.CellConcurrency + 64 }

// redisPatience is how long Redis has to answer when a program starts.
const redisPatience = 3 * time.Second

// CheckRedis waits a little for Redis to answer, and refuses one that may throw
// away keys when its memory is full: a lost key is a lost resource. It warns of one
// whose memory has no bound: the machine ends it when that is used up.
func CheckRedis(ctx context.Context, rdb redis.UniversalClient, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, redisPatience)
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
			return fmt.Errorf("REDIS_URL: Redis did not answer within %v (%w): start it, or leave REDIS_URL out and cmd/api brings its own", redisPatience, err)
		case <-retry.C:
		}
	}
	config, err := rdb.ConfigGet(ctx, "maxmemory*").Result()
	if err != nil { // managed services forbid CONFIG; the documents say what to set
		log.WarnContext(ctx, "this Redis does not tell its settings: it needs maxmemory, and maxmemory-policy noeviction")
		return nil
	}
	if p := config["maxmemory-policy"]; p != "" && !strings.EqualFold(p, "noeviction") {
		return fmt.Errorf("REDIS_URL: this Redis evicts keys when it is full (maxmemory-policy %s): set maxmemory-policy noeviction", p)
	}
	if config["maxmemory"] == "0" {
		log.WarnContext(ctx, "this Redis has no maxmemory: it grows until the machine has none left, and is killed instead of refusing writes")
	}
	return nil
}

// WarnOpen warns of an API that others than this machine reach and that speaks no TLS
// itself, where no proxy is named that does.
func WarnOpen(ctx context.Context, cfg config.Config, log *slog.Logger) {
	host, err := netip.ParseAddr(cfg.Host)
	if len(cfg.TrustedProxies) == 0 && cfg.Host != "localhost" && (err != nil || !host.IsLoopback()) {
		log.WarnContext(ctx, "HOST is not loopback, and the API speaks no TLS: keys and credentials cross the network readable. Put a proxy with TLS before it and name it in TRUSTED_PROXIES", "host", cfg.Host)
	}
}
