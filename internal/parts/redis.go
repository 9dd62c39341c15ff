package parts

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
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

// WarnOpen warns of what leaves an API open: others than this machine reach it and it
// speaks no TLS itself, where no proxy is named that does; pages of any origin call it; it
// takes the keys of the earlier service and lets its clients act.
func WarnOpen(ctx context.Context, cfg config.Config, log *slog.Logger) {
	host, err := netip.ParseAddr(cfg.Host)
	if len(cfg.TrustedProxies) == 0 && cfg.Host != "localhost" && (err != nil || !host.IsLoopback()) {
		log.WarnContext(ctx, "HOST is not loopback, and the API speaks no TLS: keys and credentials cross the network readable. Put a proxy with TLS before it and name it in TRUSTED_PROXIES", "host", cfg.Host)
	}
	if slices.Contains(cfg.CORSOrigins, "*") {
		log.WarnContext(ctx, "CORS_ORIGINS is *: a page of any origin may call the API with a key that it was given. Name the origins of your front ends")
	}
	if cfg.Compatibility == "" {
		return
	}
	log.WarnContext(ctx, "COMPATIBILITY is on: clients of the earlier service change resources at once, without a plan that somebody has looked at")
	if n := cfg.WeakKeys(); n > 0 {
		log.WarnContext(ctx, "VALID_API_KEYS has keys that can be guessed: whoever guesses one reads every result, and changes resources with AWS keys of their own. Replace them with keys of 16 random characters or more", "keys", n)
	}
}
