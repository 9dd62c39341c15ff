package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A job or plan has its place among what has not ended before it is created, and until
// it has ended. Whoever dies between leaves a place of something that there is not, or
// that has ended: it is looked for where a limit is reached, and where usage is read.

// openKind is what has places.
type openKind struct {
	part          string // of the key, and the name of the counter of the day
	atOnce, daily tracker.Quota
	meta          string // the part of a job's key that holds its state
	ended         func(state string) bool
}

var (
	openJobs  = openKind{"jobs", tracker.QuotaJobs, tracker.QuotaJobsDay, "m", func(s string) bool { return tracker.JobState(s).Terminal() }}
	openPlans = openKind{"plans", tracker.QuotaPlans, tracker.QuotaPlansDay, "pm", func(s string) bool { return tracker.PlanState(s).Terminal() }}
)

// takePlace gives what begins its place, and counts it, unless a limit forbids it. Run
// twice, the second finds the place taken.
//
// KEYS: places, day
// ARGV: ID, principal, day, now (ms), name of the counter, how long the day is kept (ms), 1
// where no limit counts | 0, limits: at once, a day, of the principal at once, a day
// Returns {1 | 2 where it had its place} | {0, which limit forbids it: 1 to 4, used}
var takePlace = redisScript(`
local P, D, who, name = KEYS[1], KEYS[2], ARGV[2], ARGV[5]
local num, call = tonumber, redis.call
if call("HEXISTS", P, ARGV[1]) == 1 then return {2} end
if ARGV[7] == "0" then
	local function full(at, used)
		local limit = num(ARGV[7 + at])
		return limit > 0 and used >= limit and {0, at, used}
	end
	local refused = full(1, call("HLEN", P)) or full(2, num(call("HGET", D, name) or 0))
	if refused then return refused end
	if num(ARGV[10]) > 0 then
		local mine = 0
		for _, v in ipairs(call("HVALS", P)) do
			if string.match(v, "^[^|]+") == who then mine = mine + 1 end
		end
		refused = full(3, mine)
		if refused then return refused end
	end
	refused = full(4, num(call("HGET", D, name .. "@" .. who) or 0))
	if refused then return refused end
end
call("HSET", P, ARGV[1], who .. "|" .. ARGV[3] .. "|" .. ARGV[4])
call("HINCRBY", D, name, 1)
call("HINCRBY", D, name .. "@" .. who, 1)
call("PEXPIRE", D, ARGV[6])
return {1}
`)

// freePlace takes a place back, and what was counted with it where nothing began. Run
// twice, the second finds the place gone.
//
// KEYS: places, day   ARGV: ID, value of the place, name of the counter, 1 where it is not to count | 0
// Returns 1 | 0
var freePlace = redisScript(`
local P, D, name = KEYS[1], KEYS[2], ARGV[3]
if redis.call("HGET", P, ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HDEL", P, ARGV[1])
if ARGV[4] == "1" and redis.call("EXISTS", D) == 1 then
	redis.call("HINCRBY", D, name, -1)
	redis.call("HINCRBY", D, name .. "@" .. string.match(ARGV[2], "^[^|]+"), -1)
end
return 1
`)

// takePlace gives a job or plan of a tenant its place, within the quotas. fresh is false
// where it had one. Where always is set no quota forbids it.
func (s *Store) takePlace(ctx context.Context, tenant, who string, k openKind, id string, always bool) (fresh bool, err error) {
	limits, err := s.Quotas(ctx, tenant)
	if err != nil {
		return false, err
	}
	quotas := []tracker.Quota{k.atOnce, k.daily, k.atOnce.OfPrincipal(), k.daily.OfPrincipal()}
	day := s.dayKey(tenant)
	_, date, _ := strings.Cut(day, "}:day:")
	args := []any{id, principalName(cmp.Or(who, tenant)), date, s.now(), k.part, dayKept.Milliseconds(), flag(always)}
	for _, q := range quotas {
		args = append(args, limits[q])
	}
	for tries := 0; ; tries++ {
		r, err := takePlace.Run(ctx, s.rdb, []string{quotaKey(tenant, k.part), day}, args...).Int64Slice()
		if err != nil {
			return false, fmt.Errorf("count %s: %w", id, err)
		}
		if r[0] != 0 {
			return r[0] == 1, nil
		}
		q := quotas[r[1]-1]
		u := q.Use(limits[q], r[2], s.o.Now())
		if tries > 0 || !u.Passes() {
			return false, u.Refused()
		}
		if err := s.prune(ctx, tenant, k); err != nil {
			return false, err
		}
	}
}

// takeJob gives a job its place, unless the tenant keeps too much.
func (s *Store) takeJob(ctx context.Context, tenant, who, id string) (fresh bool, err error) {
	limits, err := s.Quotas(ctx, tenant)
	if err != nil {
		return false, err
	}
	if limit := limits[tracker.QuotaStoredBytes]; limit > 0 {
		used, err := s.storedBytes(ctx, tenant)
		if err != nil {
			return false, err
		}
		if used >= limit {
			return false, tracker.QuotaStoredBytes.Use(limit, used, s.o.Now()).Refused()
		}
	}
	return s.takePlace(ctx, tenant, who, openJobs, id, false)
}

// free takes the place of what has ended, or was not begun, which is not to count.
func (s *Store) free(ctx context.Context, tenant string, k openKind, id string, uncount bool) error {
	place, err := s.rdb.HGet(ctx, quotaKey(tenant, k.part), id).Result()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the place of %s: %w", id, err)
	}
	return s.freePlace(ctx, tenant, k, id, place, uncount)
}

func (s *Store) freePlace(ctx context.Context, tenant string, k openKind, id, place string, uncount bool) error {
	_, rest, _ := strings.Cut(place, "|")
	date, _, _ := strings.Cut(rest, "|")
	keys := []string{quotaKey(tenant, k.part), quotaKey(tenant, "day:"+date)}
	return wrap(freePlace.Run(ctx, s.rdb, keys, id, place, k.part, flag(uncount)).Err(), "free the place of %s", id)
}

// prune frees the places of what has ended, and of what was never created.
func (s *Store) prune(ctx context.Context, tenant string, k openKind) error {
	places, err := s.rdb.HGetAll(ctx, quotaKey(tenant, k.part)).Result()
	if err != nil {
		return fmt.Errorf("read what is open: %w", err)
	}
	states := map[string]*redis.StringCmd{}
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for id := range places {
			states[id] = p.HGet(ctx, jobKey(id, k.meta), "state")
		}
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read the states of what is open: %w", err)
	}
	for id, place := range places {
		state, since := states[id].Val(), num(place[strings.LastIndex(place, "|")+1:])
		missing := state == "" && s.now()-since > StrayAfter.Milliseconds()
		if !missing && !k.ended(state) {
			continue
		}
		if err := s.freePlace(ctx, tenant, k, id, place, missing); err != nil {
			return err
		}
	}
	return nil
}

// open counts what a tenant, and a principal of it, have open.
func (s *Store) open(ctx context.Context, tenant string, k openKind, who string) (all, mine int64, err error) {
	if err := s.prune(ctx, tenant, k); err != nil {
		return 0, 0, err
	}
	places, err := s.rdb.HVals(ctx, quotaKey(tenant, k.part)).Result()
	if err != nil {
		return 0, 0, fmt.Errorf("read what is open: %w", err)
	}
	for _, p := range places {
		if strings.HasPrefix(p, principalName(who)+"|") {
			mine++
		}
	}
	return int64(len(places)), mine, nil
}
