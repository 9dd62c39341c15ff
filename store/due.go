package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// takeDue takes the entries of an index that are to be looked at, and puts each off: who
// takes it and dies has it looked at again after that time. Where an older program has
// written the index, and it does not have a time for each entry, it is set right first.
// Run twice, the second takes what is left.
//
// KEYS: entries, due, and places where the index has them
// ARGV: now (ms), when those that are taken are due again (ms), how many
// Returns {ID, entry…}
var takeDue = redisScript(`
local call = redis.call
if call("HLEN", KEYS[1]) ~= call("ZCARD", KEYS[2]) then
	if KEYS[3] then call("DEL", KEYS[3]) end
	local all = call("HGETALL", KEYS[1])
	for i = 1, #all, 2 do
		call("ZADD", KEYS[2], "NX", ARGV[1], all[i])
		if KEYS[3] then
			local e = cjson.decode(all[i + 1])
			local at = string.format("%s|%d", e.lane, e.shard)
			if call("HINCRBY", KEYS[3], at .. "|" .. e.owner, 1) == 1 then call("HINCRBY", KEYS[3], at, 1) end
		end
	end
	for _, id in ipairs(call("ZRANGE", KEYS[2], 0, -1)) do
		if call("HEXISTS", KEYS[1], id) == 0 then call("ZREM", KEYS[2], id) end
	end
end
local out = {}
for _, id in ipairs(call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[1], "LIMIT", 0, ARGV[3])) do
	local entry = call("HGET", KEYS[1], id)
	if entry then
		call("ZADD", KEYS[2], ARGV[2], id)
		out[#out + 1] = id
		out[#out + 1] = entry
	else
		call("ZREM", KEYS[2], id)
	end
end
return out
`)

// take returns entries of an index that are due, as ID and value in turn.
func (s *Store) take(ctx context.Context, keys []string, again time.Duration, limit int) ([]string, error) {
	now := s.now()
	return takeDue.Run(ctx, s.rdb, keys, now, now+again.Milliseconds(), limit).StringSlice()
}

// DueJobs takes up to limit jobs that are to be looked at. Each is due again after a
// while, or when SetJobsDue says.
func (s *Store) DueJobs(ctx context.Context, again time.Duration, limit int) ([]Active, error) {
	list, err := s.take(ctx, activeKeys, again, limit)
	if err != nil {
		return nil, fmt.Errorf("read due jobs: %w", err)
	}
	due := make([]Active, 0, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		a := Active{Job: list[i]}
		if err := json.Unmarshal([]byte(list[i+1]), &a); err != nil {
			return nil, fmt.Errorf("active job %s: %w", a.Job, err)
		}
		due = append(due, a)
	}
	return due, nil
}

// SetJobsDue says when jobs are due, those that have ended left out.
func (s *Store) SetJobsDue(ctx context.Context, at map[string]time.Time) error {
	return s.lookAgain(ctx, activeDueKey, at)
}

func (s *Store) lookAgain(ctx context.Context, key string, at map[string]time.Time) error {
	if len(at) == 0 {
		return nil
	}
	members := make([]redis.Z, 0, len(at))
	for id, t := range at {
		members = append(members, redis.Z{Score: float64(t.UnixMilli()), Member: id})
	}
	return wrap(s.rdb.ZAddXX(ctx, key, members...).Err(), "put off what is looked at")
}

// Glance is what the sweeper sees of a job: of Job the ID, state, lane, shard and deadline.
type Glance struct {
	Job   tracker.Job
	Found bool
	Units []Unit
}

// Glances reads jobs for the sweeper, in one round trip.
func (s *Store) Glances(ctx context.Context, jobs []Active) ([]Glance, error) {
	metas, units := make([]*redis.SliceCmd, len(jobs)), make([]*redis.MapStringStringCmd, len(jobs))
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, j := range jobs {
			metas[i] = p.HMGet(ctx, jobKey(j.Job, "m"), "state", "lane", "shard", "deadline_at")
			units[i] = p.HGetAll(ctx, jobKey(j.Job, "u"))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at %d jobs: %w", len(jobs), err)
	}
	looks := make([]Glance, len(jobs))
	for i, j := range jobs {
		looks[i].Job.ID = j.Job
		text := func(k int) string { v, _ := metas[i].Val()[k].(string); return v }
		if looks[i].Found = text(0) != ""; !looks[i].Found {
			continue
		}
		job := &looks[i].Job
		job.State, job.Lane, job.Shard = tracker.JobState(text(0)), tracker.Lane(text(1)), int(num(text(2)))
		job.DeadlineAt = time.UnixMilli(num(text(3)))
		if looks[i].Units, err = s.parseUnits(j.Job, units[i].Val()); err != nil {
			return nil, err
		}
	}
	return looks, nil
}
