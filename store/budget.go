package store

import (
	"context"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Budget shares rates of calls among all workers: one token bucket a key, on
// Redis's clock. A rate that is a guess is learnt: it climbs while calls wait for
// it and AWS throttles none, halves when AWS throttles, and is remembered.
type Budget struct{ *Store }

// readBucket reads a bucket at the present moment. Its fields are the tokens and
// when they were counted (at), and after a throttle when that was (throttled_at).
// A bucket whose rate is given keeps the factor by which it is slower since a
// throttle; it recovers by 5 % of the full rate a second. A bucket whose rate is
// learnt keeps the rate, and the rate at which AWS throttled it (high).
//
// KEYS: the bucket   ARGV: rate (1/s), burst, rate that may be learnt (1/s, 0: none)
const readBucket = `
local t = redis.call("TIME")
local now = t[1] * 1000 + t[2] / 1000
local rate, burst, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local learns = most > rate
local v = redis.call("HMGET", KEYS[1], "tokens", "at", "throttled_at", "factor", "rate", "high")
local tokens, at, throttled, high = tonumber(v[1]) or burst, tonumber(v[2]) or now, tonumber(v[3]), tonumber(v[6])
local factor, least, remember = 1, rate / 10, 600000
if learns then
	if v[5] then
		rate = math.max(least, math.min(most, tonumber(v[5])))
		remember = 14 * 86400000
	end
	burst = math.max(1, math.min(burst, 2 * rate))
elseif v[4] then
	factor = math.min(1, tonumber(v[4]) + 0.05 * (now - throttled) / 1000)
end
local function keep(...)
	redis.call("HSET", KEYS[1], ...)
	redis.call("PEXPIRE", KEYS[1], string.format("%d", remember))
end
`

// takeToken pays for one call. A caller may run into debt: it is told to wait
// for its turn, unless that is further off than it is willing to wait. Run twice,
// it pays twice.
//
// A rate that is learnt climbs only while callers wait for it: by 5 % a call until
// AWS first throttles, then by 2 % a second of the rate that AWS throttled.
//
// KEYS, ARGV: see readBucket, and the longest wait (ms)
// Returns the wait in ms; negative when the turn is further off and nothing was paid
var takeToken = redisScript(readBucket + `
local longest = tonumber(ARGV[4])
local speed = rate * factor / 1000
local passed = math.max(0, now - at)
tokens = math.min(burst, tokens + passed * speed)
local wait = 0
if tokens < 1 then wait = math.ceil((1 - tokens) / speed) end
if wait > longest then return -wait end
if learns and wait > 0 then
	if high then rate = rate + 0.02 * high * math.min(1, passed / 1000) else rate = rate * 1.05 end
	remember = 14 * 86400000
	redis.call("HSET", KEYS[1], "rate", string.format("%.4f", math.min(most, rate)))
end
keep("tokens", string.format("%.6f", tokens - 1), "at", string.format("%.3f", math.max(at, now)))
return wait
`)

// Take pays for one call of a bucket of that rate. It returns how long to wait
// before the call. ok is false, and nothing is paid, when that is longer than
// longest: wait then says when to ask again.
func (b Budget) Take(ctx context.Context, key string, rate tracker.CallRate, longest time.Duration) (wait time.Duration, ok bool, err error) {
	ms, err := takeToken.Run(ctx, b.rdb, []string{"rt:rate:" + key}, rate.PerSecond, rate.Burst, rate.Most, longest.Milliseconds()).Int64()
	if err != nil {
		return 0, false, fmt.Errorf("take from budget %s: %w", key, err)
	}
	if ms < 0 {
		return time.Duration(-ms) * time.Millisecond, false, nil
	}
	return time.Duration(ms) * time.Millisecond, true, nil
}

// throttleBucket halves the rate of a bucket, down to a tenth, and empties it. It
// counts once a second, and one whose rate is learnt, which may be far too high,
// once in 200 ms and with a pause of half a second: calls in flight are refused together. Run twice
// within that time, the second changes nothing.
//
// KEYS, ARGV: see readBucket
// Returns 1 | 0
var throttleBucket = redisScript(readBucket + `
if throttled and now - throttled < (learns and 200 or 1000) then return 0 end
local moment = string.format("%.3f", now)
if learns then
	remember = 14 * 86400000
	local halved = math.max(least, rate / 2)
	keep("tokens", string.format("%.6f", math.min(0, tokens) - halved / 2), "at", moment, "throttled_at", moment,
		"rate", string.format("%.4f", halved), "high", string.format("%.4f", rate))
else
	keep("tokens", string.format("%.6f", math.min(0, tokens)), "at", moment, "throttled_at", moment,
		"factor", string.format("%.4f", math.max(0.1, factor / 2)))
end
return 1
`)

// Throttled says that AWS refused a call of a bucket for its rate.
func (b Budget) Throttled(ctx context.Context, key string, rate tracker.CallRate) error {
	return wrap(throttleBucket.Run(ctx, b.rdb, []string{"rt:rate:" + key}, rate.PerSecond, rate.Burst, rate.Most).Err(), "slow down budget %s", key)
}
