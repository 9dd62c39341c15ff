package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// The bytes of a job's pages are counted in its meta, by the scripts that let pages
// count. When it ends its tenant's count gets the sum; until then the sum is read from
// the job. Pages expire at a time that is known when they are written, and leave the
// count then.

// noteStored drops from a tenant's count the jobs whose pages have expired, and sets what
// one keeps. Run twice, the second sets the same.
//
// KEYS: stored, stored:until   ARGV: now (ms), job or "", its bytes, when they expire (ms); 0 forgets the job
// Returns the total
var noteStored = redisScript(`
local S, U = KEYS[1], KEYS[2]
local num, call = tonumber, redis.call
local function drop(job)
	local had = call("HGET", S, job)
	if had then call("HINCRBY", S, "total", "-" .. had) end
	call("HDEL", S, job)
	call("ZREM", U, job)
end
for _, job in ipairs(call("ZRANGEBYSCORE", U, "-inf", ARGV[1])) do drop(job) end
if ARGV[2] ~= "" then
	drop(ARGV[2])
	if num(ARGV[4]) > num(ARGV[1]) and num(ARGV[3]) > 0 then
		call("HSET", S, ARGV[2], ARGV[3])
		call("HINCRBY", S, "total", ARGV[3])
		call("ZADD", U, ARGV[4], ARGV[2])
	end
end
local last = call("ZRANGE", U, -1, -1, "WITHSCORES")
if last[2] then
	call("PEXPIREAT", S, last[2])
	call("PEXPIREAT", U, last[2])
else
	call("DEL", S)
end
return num(call("HGET", S, "total") or 0)
`)

func storedKeys(tenant string) []string {
	return []string{quotaKey(tenant, "stored"), quotaKey(tenant, "stored:until")}
}

// noteStored sets what an ended job keeps; until 0 forgets it.
func (s *Store) noteStored(ctx context.Context, tenant, job string, bytes, until int64) error {
	err := noteStored.Run(ctx, s.rdb, storedKeys(tenant), s.now(), job, bytes, until).Err()
	return wrap(err, "count what job %s keeps", job)
}

// storedBytes is what is kept for a tenant: of jobs that have ended, and of those that
// have not.
func (s *Store) storedBytes(ctx context.Context, tenant string) (int64, error) {
	total, err := noteStored.Run(ctx, s.rdb, storedKeys(tenant), s.now(), "", 0, 0).Int64()
	if err != nil {
		return 0, fmt.Errorf("count what is kept: %w", err)
	}
	open, err := s.rdb.HKeys(ctx, quotaKey(tenant, "jobs")).Result()
	if err != nil {
		return 0, fmt.Errorf("list open jobs: %w", err)
	}
	running, noted := make([]*redis.SliceCmd, len(open)), make([]*redis.StringCmd, len(open))
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range open {
			running[i] = p.HMGet(ctx, jobKey(id, "m"), storedFields...)
			noted[i] = p.HGet(ctx, storedKeys(tenant)[0], id) // of its end before a retry
		}
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("read what open jobs keep: %w", err)
	}
	for i := range open {
		total += max(0, storedOf(running[i].Val())-num(noted[i].Val()))
	}
	return total, nil
}

// storedFields are the fields of a job's meta that count the bytes of its pages.
var storedFields = []string{"bytes", "finding_bytes"}

func storedOf(fields []any) (bytes int64) {
	for _, v := range fields {
		text, _ := v.(string)
		bytes += num(text)
	}
	return bytes
}
