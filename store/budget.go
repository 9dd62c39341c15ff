package store

import (
	"context"
	"fmt"
	"time"
)

// Budget shares rates of calls among all workers: one token bucket a key, on
// Redis's clock.
type Budget struct{ *Store }

// takeToken pays for one call. A caller may run into debt: it is told to wait
// for its turn, unless that is further off than it is willing to wait. Run twice,
// it pays twice.
//
// A bucket that AWS throttled (throttledBucket) refills more slowly for a while:
// factor says by how much, and recovers by 5 % of the full rate a second.
//
// KEYS: the bucket   ARGV: rate (1/s), burst, longest wait (ms)
// Returns the wait in ms; negative when the turn is further off and nothing was paid
var takeToken = redisScript(`
local t = redis.call("TIME")
local now = t[1] * 1000 + t[2] / 1000
local rate, burst, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local v = redis.call("HMGET", KEYS[1], "tokens", "at", "factor", "throttled_at")
local tokens, at = tonumber(v[1]) or burst, tonumber(v[2]) or now
local factor = 1
if v[3] then factor = math.min(1, tonumber(v[3]) + 0.05 * (now - tonumber(v[4])) / 1000) end
local speed = rate * factor / 1000
tokens = math.min(burst, tokens + math.max(0, now - at) * speed)
local wait = 0
if tokens < 1 then wait = math.ceil((1 - tokens) / speed) end
if wait > longest then return -wait end
redis.call("HSET", KEYS[1], "tokens", string.format("%.6f", tokens - 1), "at", string.format("%.3f", math.max(at, now)))
redis.call("PEXPIRE", KEYS[1], 600000)
return wait
`)

// Take pays for one call of a bucket that refills at perSecond and holds burst.
// It returns how long to wait before the call. ok is false, and nothing is paid,
// when that is longer than longest: wait then says when to ask again.
func (b Budget) Take(ctx context.Context, key string, perSecond float64, burst int, longest time.Duration) (wait time.Duration, ok bool, err error) {
	ms, err := takeToken.Run(ctx, b.rdb, []string{"rt:rate:" + key}, perSecond, burst, longest.Milliseconds()).Int64()
	if err != nil {
		return 0, false, fmt.Errorf("take from budget %s: %w", key, err)
	}
	if ms < 0 {
		return time.Duration(-ms) * time.Millisecond, false, nil
	}
	return time.Duration(ms) * time.Millisecond, true, nil
}

// throttleBucket halves the rate of a bucket, down to a tenth, and empties it. It
// counts once a second: calls in flight are refused together. Run twice within it,
// the second changes nothing.
//
// KEYS: the bucket   ARGV: none
// Returns 1 | 0
var throttleBucket = redisScript(`
local t = redis.call("TIME")
local now = t[1] * 1000 + t[2] / 1000
local v = redis.call("HMGET", KEYS[1], "tokens", "factor", "throttled_at")
local factor = 1
if v[2] then
	local since = now - tonumber(v[3])
	if since < 1000 then return 0 end
	factor = math.min(1, tonumber(v[2]) + 0.05 * since / 1000)
end
redis.call("HSET", KEYS[1], "tokens", string.format("%.6f", math.min(0, tonumber(v[1]) or 0)), "at", string.format("%.3f", now),
	"factor", string.format("%.4f", math.max(0.1, factor / 2)), "throttled_at", string.format("%.3f", now))
redis.call("PEXPIRE", KEYS[1], 600000)
return 1
`)

// Throttled says that AWS refused a call of a bucket for its rate.
func (b Budget) Throttled(ctx context.Context, key string) error {
	return wrap(throttleBucket.Run(ctx, b.rdb, []string{"rt:rate:" + key}).Err(), "slow down budget %s", key)
}
