package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// redisScript is a script on keys of its own, without the prelude of jobs.
func redisScript(body string) *redis.Script { return redis.NewScript(body) }

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), wrap(err, "encode")
}

// StrayAfter is when an index entry without a job or plan is dropped: one that is
// younger may be of one that is being created.
const StrayAfter = time.Minute

// Active is an entry of the sweeper's index: a job that has not ended.
type Active struct {
	Job       string       `json:"-"`
	Owner     string       `json:"owner"`
	Lane      tracker.Lane `json:"lane"`
	Shard     int          `json:"shard"`
	CreatedMS int64        `json:"created_ms"`
}

// The index of jobs that have not ended. Its keys are in one slot of a Redis Cluster, so
// that one script changes them together: what is counted is always what is there.
const (
	activeKey       = "rt:active"          // HASH job ID -> Active
	activeDueKey    = "{rt:active}:due"    // ZSET job ID -> when the sweeper looks at it next (ms)
	activePlacesKey = "{rt:active}:places" // HASH "lane|shard|owner" -> jobs; "lane|shard" -> owners that have any
)

var activeKeys = []string{activeKey, activeDueKey, activePlacesKey}

// firstLook is how long after its creation the sweeper looks at a job or plan.
const firstLook = 3 * time.Second

// enterActive indexes a job, and picks its queue where that is not given: the one that
// the owner's jobs of the lane are in already, else the one with the fewest owners. Run
// twice, the second answers the queue of the first.
//
// KEYS: entries, due, places
// ARGV: job, owner, lane, shard or "", how many shards, now (ms), first look (ms)
// Returns the shard
var enterActive = redisScript(`
local call, num = redis.call, tonumber
local before = call("HGET", KEYS[1], ARGV[1])
if before then return cjson.decode(before).shard end
local owner, lane, shard = ARGV[2], ARGV[3], num(ARGV[4])
if not shard then
	local least
	for i = 0, num(ARGV[5]) - 1 do
		local at = lane .. "|" .. i
		if call("HEXISTS", KEYS[3], at .. "|" .. owner) == 1 then
			shard = i
			break
		end
		local owners = num(call("HGET", KEYS[3], at) or 0)
		if not least or owners < least then shard, least = i, owners end
	end
end
call("HSET", KEYS[1], ARGV[1], cjson.encode({owner = owner, lane = lane, shard = shard, created_ms = num(ARGV[6])}))
local at = string.format("%s|%d", lane, shard)
if call("HINCRBY", KEYS[3], at .. "|" .. owner, 1) == 1 then call("HINCRBY", KEYS[3], at, 1) end
call("ZADD", KEYS[2], ARGV[7], ARGV[1])
return shard
`)

// leaveActive takes a job out of the index. Run twice, the second finds it gone.
//
// KEYS: entries, due, places   ARGV: job
// Returns 1 | 0
var leaveActive = redisScript(`
local call = redis.call
call("ZREM", KEYS[2], ARGV[1])
local before = call("HGET", KEYS[1], ARGV[1])
if not before then return 0 end
call("HDEL", KEYS[1], ARGV[1])
local e = cjson.decode(before)
local at = string.format("%s|%d", e.lane, e.shard)
if call("HINCRBY", KEYS[3], at .. "|" .. e.owner, -1) <= 0 then
	call("HDEL", KEYS[3], at .. "|" .. e.owner)
	if call("HINCRBY", KEYS[3], at, -1) <= 0 then call("HDEL", KEYS[3], at) end
end
return 1
`)

// addActive indexes a job and returns its queue; a negative shard has one picked.
func (s *Store) addActive(ctx context.Context, job, owner string, lane tracker.Lane, shard int, now int64) (int, error) {
	given := ""
	if shard >= 0 {
		given = strconv.Itoa(shard)
	}
	shard, err := enterActive.Run(ctx, s.rdb, activeKeys, job, owner, string(lane), given, s.o.Shards, now, now+firstLook.Milliseconds()).Int()
	return shard, wrap(err, "index job %s", job)
}

// Forget drops a job from the sweeper's index, when there is no such job or it has ended.
func (s *Store) Forget(ctx context.Context, job string) error {
	return wrap(leaveActive.Run(ctx, s.rdb, activeKeys, job).Err(), "take job %s out of the index", job)
}

// Shards is how many queues each lane has.
func (s *Store) Shards() int { return s.o.Shards }

// sweepKey is held by the process that sweeps.
const sweepKey = "rt:sweep"

// ClaimSweep reports whether the caller is to sweep now; nobody else is told so
// for the same while.
func (s *Store) ClaimSweep(ctx context.Context, forMS int64) (bool, error) {
	n, err := claim.Run(ctx, s.rdb, []string{sweepKey}, forMS).Int()
	return n == 1, wrap(err, "claim the sweep")
}

// claim takes a key for a while.
//
// KEYS: the key   ARGV: for how long (ms)   Returns 1 | 0
var claim = redisScript(`
if redis.call("SET", KEYS[1], 1, "NX", "PX", ARGV[1]) then return 1 end
return 0
`)

// Cancelled announces that running work of a job is to stop.
func (s *Store) Cancelled(ctx context.Context, job string) error {
	return wrap(s.rdb.Publish(ctx, cancelKey, job).Err(), "announce the end of job %s", job)
}

// Cancellations calls f with the ID of each job that is announced to stop, until ctx ends.
func (s *Store) Cancellations(ctx context.Context, f func(job string)) error {
	sub := s.rdb.Subscribe(ctx, cancelKey)
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case msg, ok := <-sub.Channel():
			if !ok {
				return nil
			}
			f(msg.Payload)
		}
	}
}
