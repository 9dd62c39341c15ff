package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What a tenant uses is counted in keys of one hash slot, so that one script checks a
// limit and counts. The parts of a key are:
//
//	limits        HASH  quota -> limit, where it is another than the server's
//	jobs, plans   HASH  ID of what has not ended -> "principal|day|since (ms)"
//	day:DATE      HASH  jobs, plans and cells of the day in UTC, and those of a principal
//	month:MONTH   HASH  paid calls of the month, and those of a principal
//	cells:JOB     HASH  discovery cell -> how many cells it was counted with
//	stored        HASH  ID of an ended job -> bytes of its pages; total: all of them
//	stored:until  ZSET  ID of an ended job -> when its pages expire (ms)
func quotaKey(tenant, part string) string { return "{" + ownerKey(tenant, "quota") + "}:" + part }

func (s *Store) dayKey(tenant string) string {
	return quotaKey(tenant, "day:"+s.o.Now().UTC().Format(time.DateOnly))
}

func (s *Store) monthKey(tenant string) string {
	return quotaKey(tenant, "month:"+s.o.Now().UTC().Format("2006-01"))
}

const (
	dayKept   = 3 * 24 * time.Hour
	monthKept = 40 * 24 * time.Hour
)

// principalName names a principal in counters: names may hold anything.
func principalName(who string) string {
	sum := sha256.Sum256([]byte(who))
	return hex.EncodeToString(sum[:8])
}

// Quotas returns the limits of a tenant: its own, and the server's for the rest.
func (s *Store) Quotas(ctx context.Context, tenant string) (tracker.Limits, error) {
	own, err := s.OwnQuotas(ctx, tenant)
	if err != nil || len(own) == 0 {
		return s.o.Quotas, err
	}
	return s.o.Quotas.With(own), nil
}

// OwnQuotas returns the limits that a tenant has of its own.
func (s *Store) OwnQuotas(ctx context.Context, tenant string) (tracker.Limits, error) {
	kept, err := s.rdb.HGetAll(ctx, quotaKey(tenant, "limits")).Result()
	if err != nil {
		return nil, fmt.Errorf("read the quotas of a tenant: %w", err)
	}
	own := tracker.Limits{}
	for q, n := range kept {
		own[tracker.Quota(q)] = num(n)
	}
	return own, nil
}

// PutQuotas gives a tenant limits of its own. They replace those it had; what they do
// not name is as the server has it.
func (s *Store) PutQuotas(ctx context.Context, by tracker.Principal, tenant string, own tracker.Limits) error {
	if err := s.told(ctx, by, tracker.DefaultTenant, "tenant.quota", strings.TrimSpace(tenant+" "+own.String())); err != nil {
		return err
	}
	key := quotaKey(tenant, "limits")
	_, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, key)
		for q, n := range own {
			p.HSet(ctx, key, string(q), n)
		}
		return nil
	})
	return wrap(err, "write the quotas of a tenant")
}

// takeCells counts the cells that a discovery found, unless a limit forbids it. Run
// twice, the second counts the difference.
//
// KEYS: day, cells of the job, jobs
// ARGV: discovery cell, how many cells, limit a day, limit a day of the principal, job,
// how long the day is kept (ms)
// Returns {1} | {0, which limit forbids it: 3 | 4, used}
var takeCells = redisScript(`
local D, C, J = KEYS[1], KEYS[2], KEYS[3]
local num, call = tonumber, redis.call
local more = num(ARGV[2]) - num(call("HGET", C, ARGV[1]) or 0)
local who = string.match(call("HGET", J, ARGV[5]) or "", "^([^|]+)|")
local names = {"cells", who and "cells@" .. who}
for at, name in ipairs(names) do
	local limit, used = num(ARGV[2 + at]), num(call("HGET", D, name) or 0)
	if more > 0 and limit > 0 and used + more > limit then return {0, 2 + at, used} end
end
for _, name in ipairs(names) do
	if call("HINCRBY", D, name, more) < 0 then call("HSET", D, name, 0) end
end
call("HSET", C, ARGV[1], ARGV[2])
call("PEXPIRE", C, ARGV[6])
call("PEXPIRE", D, ARGV[6])
return {1}
`)

// takeCells counts the cells that a discovery of a job found; 0 takes them back. limits
// are the tenant's.
func (s *Store) takeCells(ctx context.Context, tenant, job, discovery string, cells int, limits tracker.Limits) error {
	day, principal := tracker.QuotaCellsDay, tracker.QuotaCellsDay.OfPrincipal()
	r, err := takeCells.Run(ctx, s.rdb, []string{s.dayKey(tenant), quotaKey(tenant, "cells:"+job), quotaKey(tenant, "jobs")},
		discovery, cells, limits[day], limits[principal], job, dayKept.Milliseconds()).Int64Slice()
	if err != nil {
		return fmt.Errorf("count the cells of job %s: %w", job, err)
	}
	if r[0] == 1 {
		return nil
	}
	q := day
	if r[1] == 4 {
		q = principal
	}
	return q.Use(limits[q], r[2], s.o.Now()).Refused()
}

// takePaidCall counts a paid call of a job, unless a limit forbids it. Run twice, it
// counts two.
//
// KEYS: month, jobs
// ARGV: job, limit a month, limit a month of the principal, how long the month is kept (ms)
// Returns {1} | {0, which limit forbids it: 2 | 3, used}
var takePaidCall = redisScript(`
local M, J = KEYS[1], KEYS[2]
local num, call = tonumber, redis.call
local who = string.match(call("HGET", J, ARGV[1]) or "", "^([^|]+)|")
local names = {"paid", who and "paid@" .. who}
for at, name in ipairs(names) do
	local limit, used = num(ARGV[1 + at]), num(call("HGET", M, name) or 0)
	if limit > 0 and used >= limit then return {0, 1 + at, used} end
end
for _, name in ipairs(names) do call("HINCRBY", M, name, 1) end
call("PEXPIRE", M, ARGV[4])
return {1}
`)

// takePaidCall counts a paid call of a job's tenant.
func (s *Store) takePaidCall(ctx context.Context, tenant, job string) error {
	limits, err := s.Quotas(ctx, tenant)
	if err != nil {
		return err
	}
	month, principal := tracker.QuotaPaidCalls, tracker.QuotaPaidCalls.OfPrincipal()
	r, err := takePaidCall.Run(ctx, s.rdb, []string{s.monthKey(tenant), quotaKey(tenant, "jobs")},
		job, limits[month], limits[principal], monthKept.Milliseconds()).Int64Slice()
	if err != nil {
		return fmt.Errorf("count a paid call of job %s: %w", job, err)
	}
	if r[0] == 1 {
		return nil
	}
	q := month
	if r[1] == 3 {
		q = principal
	}
	return q.Use(limits[q], r[2], s.o.Now()).Refused()
}

// enlistSchedule puts a schedule on its owner's list, unless that is full. Run twice, the
// second finds it there.
//
// KEYS: the list   ARGV: schedule, limit
// Returns {1} | {0, how many there are}
var enlistSchedule = redisScript(`
if redis.call("SISMEMBER", KEYS[1], ARGV[1]) == 1 then return {1} end
local n, limit = redis.call("SCARD", KEYS[1]), tonumber(ARGV[2])
if limit > 0 and n >= limit then return {0, n} end
redis.call("SADD", KEYS[1], ARGV[1])
return {1}
`)

// enlistSchedule puts a new schedule on its owner's list, within the quota.
func (s Schedules) enlistSchedule(ctx context.Context, tenant, id string) error {
	limits, err := s.Quotas(ctx, tenant)
	if err != nil {
		return err
	}
	limit := limits[tracker.QuotaSchedules]
	for tries := 0; ; tries++ {
		r, err := enlistSchedule.Run(ctx, s.rdb, []string{ownerKey(tenant, "schedules")}, id, limit).Int64Slice()
		if err != nil {
			return fmt.Errorf("list schedule %s: %w", id, err)
		}
		if r[0] == 1 {
			return nil
		}
		if tries > 0 {
			return tracker.QuotaSchedules.Use(limit, r[1], s.o.Now()).Refused()
		}
		if err := s.pruneSchedules(ctx, tenant); err != nil {
			return err
		}
	}
}

// pruneSchedules takes off the list what was never written: whoever was writing it died.
func (s Schedules) pruneSchedules(ctx context.Context, tenant string) error {
	key := ownerKey(tenant, "schedules")
	ids, err := s.rdb.SMembers(ctx, key).Result()
	if err != nil {
		return fmt.Errorf("list schedules: %w", err)
	}
	there := make([]*redis.IntCmd, len(ids))
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			there[i] = p.Exists(ctx, scheduleKey(id))
		}
		return nil
	}); err != nil {
		return fmt.Errorf("look for schedules: %w", err)
	}
	for i, id := range ids {
		if there[i].Val() == 0 && s.now()-madeAt(id) > StrayAfter.Milliseconds() {
			if err := s.rdb.SRem(ctx, key, id).Err(); err != nil {
				return fmt.Errorf("take schedule %s off the list: %w", id, err)
			}
		}
	}
	return nil
}

// madeAt is when an ID was made (ms): a UUID of version 7 begins with it.
func madeAt(id string) int64 {
	b, err := hex.DecodeString(strings.ReplaceAll(id[:min(len(id), 13)], "-", ""))
	if err != nil || len(b) != 6 {
		return 0
	}
	var ms int64
	for _, c := range b {
		ms = ms<<8 | int64(c)
	}
	return ms
}

// Usage returns how far a tenant, and a principal of it, have used their quotas.
func (s *Store) Usage(ctx context.Context, tenant, who string) ([]tracker.QuotaUse, error) {
	limits, err := s.Quotas(ctx, tenant)
	if err != nil {
		return nil, err
	}
	used := map[tracker.Quota]int64{}
	name := "@" + principalName(who)
	for _, k := range []openKind{openJobs, openPlans} {
		all, mine, err := s.open(ctx, tenant, k, who)
		if err != nil {
			return nil, err
		}
		used[k.atOnce], used[k.atOnce.OfPrincipal()] = all, mine
	}
	var day, month *redis.SliceCmd
	var schedules *redis.IntCmd
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		day = p.HMGet(ctx, s.dayKey(tenant), "jobs", "plans", "cells", "jobs"+name, "plans"+name, "cells"+name)
		month = p.HMGet(ctx, s.monthKey(tenant), "paid", "paid"+name)
		schedules = p.SCard(ctx, ownerKey(tenant, "schedules"))
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read what a tenant uses: %w", err)
	}
	count := func(from *redis.SliceCmd, quotas ...tracker.Quota) {
		for i, v := range from.Val() {
			text, _ := v.(string)
			used[quotas[i]] = num(text)
		}
	}
	count(day, tracker.QuotaJobsDay, tracker.QuotaPlansDay, tracker.QuotaCellsDay,
		tracker.QuotaJobsDay.OfPrincipal(), tracker.QuotaPlansDay.OfPrincipal(), tracker.QuotaCellsDay.OfPrincipal())
	count(month, tracker.QuotaPaidCalls, tracker.QuotaPaidCalls.OfPrincipal())
	used[tracker.QuotaSchedules] = schedules.Val()
	if used[tracker.QuotaStoredBytes], err = s.storedBytes(ctx, tenant); err != nil {
		return nil, err
	}
	var uses []tracker.QuotaUse
	for _, i := range tracker.QuotaTable {
		if !i.Quota.OfAddress() && (who != "" || !i.Quota.IsOfPrincipal()) {
			uses = append(uses, i.Quota.Use(limits[i.Quota], used[i.Quota], s.o.Now()))
		}
	}
	return uses, nil
}
