// Package store keeps jobs and their results in Redis.
//
// All keys of a job share the hash tag {job ID}, so that one Lua script can
// change them together on a Redis Cluster too. Every change of a job's state is
// one script, and every script says what happens when it runs twice.
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Options say how long things are kept. The zero value works.
type Options struct {
	// Retention is how long a job can be read after its end; 0 is 24 hours.
	Retention time.Duration
	// PlanRetention is how long a plan can be read, and undone, after its end; 0 is
	// 30 days.
	PlanRetention time.Duration
	// AuditRetention is how long lines of the audit are kept; 0 is a year.
	AuditRetention time.Duration
	// Window is how many region tasks of one job are on the queue at once when
	// the job sets no limit of its own; 0 is 256.
	Window int
	// Shards is how many queues a lane has to keep tenants apart; 0 is 4.
	Shards int
	// MaxCells is how many cells a job can have of which no quota says it; 0 is 100,000.
	MaxCells int
	// Records has ended jobs noted, for a history to take them in.
	Records bool
	// Quotas are the limits of tenants that have none of their own; nil is no limits.
	Quotas tracker.Limits
	// PageRows is how many resources a page holds; 0 is 1,000.
	PageRows int
	// Failover says that a replica may take the place of Redis at any time, also where
	// none is connected, as Sentinel has it. Where it is false Redis is asked.
	Failover bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Store is a Redis-backed store of jobs. It is safe for concurrent use.
type Store struct {
	rdb    redis.UniversalClient
	o      Options
	audits auditTurns
	nodes  *nodes
}

// New returns a Store on rdb.
func New(rdb redis.UniversalClient, o Options) *Store {
	if o.Retention <= 0 {
		o.Retention = 24 * time.Hour
	}
	if o.PlanRetention <= 0 {
		o.PlanRetention = 30 * 24 * time.Hour
	}
	if o.AuditRetention <= 0 {
		o.AuditRetention = 365 * 24 * time.Hour
	}
	if o.Window <= 0 {
		o.Window = 256
	}
	if o.Shards <= 0 {
		o.Shards = 4
	}
	if o.MaxCells <= 0 {
		o.MaxCells = 100_000
	}
	if o.PageRows <= 0 {
		o.PageRows = 1000
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Store{rdb, o, newAuditTurns(), &nodes{until: map[string]nodeSeen{}}}
}

// Ping reports whether Redis answers and takes a write: one that is full, or a replica,
// answers and does not.
func (s *Store) Ping(ctx context.Context) error {
	return s.rdb.Set(ctx, "rt:ping", s.now(), time.Minute).Err()
}

// Now is the time on the store's clock.
func (s *Store) Now() time.Time { return s.o.Now() }

func (s *Store) now() int64 { return s.o.Now().UnixMilli() }

// cancelKey is the pub/sub channel on which IDs of jobs are told that were cancelled.
const cancelKey = "rt:cancel"

// jobKey names one part of a job: m meta, u units, c cells, e failures,
// s summary counters, f counters of failed cells, l events, h held-back units,
// x sealed credentials, n what was found about the whole, g who finds it, a
// alias, p:… pages.
func jobKey(id, part string) string { return "rt:{" + id + "}:" + part }

// jobKeys are the KEYS of every job script, in the order that prelude names.
func jobKeys(id string) []string {
	parts := []string{"m", "u", "c", "e", "s", "f", "l", "h", "x", "n"}
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = jobKey(id, p)
	}
	return keys
}

// ownerKey names a set that belongs to a principal. Principals are hashed:
// their names may hold anything, a hash tag included.
func ownerKey(owner, part string) string {
	sum := sha256.Sum256([]byte(owner))
	return "rt:owner:" + hex.EncodeToString(sum[:16]) + ":" + part
}

// prelude is what all job scripts share.
//
// A unit (region task) is "state:runs:strikes:epoch:beat:left": its state is
// h held back, q queued, r running, w waiting for its time, d done; runs counts
// the times it was begun, strikes those that nobody handed back, epoch the times
// it was put on the queue anew; beat is the last sign of life in ms; left counts
// its open cells.
//
// A cell is "-:tries:outcome" while open, where outcome is that of its last try;
// then "outcome:seq:run:rows:pages:bytes:ms:tries".
const prelude = `
local M, U, C, E, S, F, L, H, X, N = unpack(KEYS)
local num, call = tonumber, redis.call

local function unit(id)
	local v = call("HGET", U, id)
	if not v then return nil end
	local state, runs, strikes, epoch, beat, left = string.match(v, "^(%a):(%d+):(%d+):(%d+):(%d+):(%d+)$")
	return {id = id, state = state, runs = num(runs), strikes = num(strikes), epoch = num(epoch), beat = num(beat), left = num(left)}
end
local function putUnit(u)
	call("HSET", U, u.id, string.format("%s:%d:%d:%d:%.0f:%d", u.state, u.runs, u.strikes, u.epoch, u.beat, u.left))
end
local function busy(u) return u.state == "q" or u.state == "r" end
-- move changes a unit's state and keeps count of those that take a place in the window.
local function move(u, state)
	local before = busy(u)
	u.state = state
	if before and not busy(u) then call("HINCRBY", M, "busy", -1) end
	if busy(u) and not before then call("HINCRBY", M, "busy", 1) end
end
local function enter(state, now)
	call("HSET", M, "state", state)
	if state == "finalizing" then call("HSET", M, "finalizing_at", now) end
	call("RPUSH", L, "s" .. state)
end
-- keep gives keys that were born after the job its time to live.
local function keep()
	local ttl = call("PTTL", M)
	if ttl > 0 then
		for i = 2, #KEYS do
			if call("PTTL", KEYS[i]) == -1 then call("PEXPIRE", KEYS[i], ttl) end
		end
	end
end
-- dispatch lets held-back units onto the queue while the window has room, and
-- adds "unit|epoch" of each to out.
local function dispatch(now, out)
	local room = num(call("HGET", M, "window")) - num(call("HGET", M, "busy") or 0)
	while room > 0 do
		local id = call("LPOP", H)
		if not id then return end
		local u = unit(id)
		if u and u.state == "h" then
			move(u, "q")
			u.beat = now
			putUnit(u)
			room = room - 1
			out[#out + 1] = id .. "|" .. u.epoch
		end
	end
end
-- written says whether all pages of a run are there.
local function written(cell, run, pages)
	for n = 0, num(pages) - 1 do
		if call("EXISTS", string.sub(M, 1, -2) .. "p:" .. cell .. ":" .. run .. ":" .. n) == 0 then return false end
	end
	return true
end
local function good(outcome) return outcome == "ok" or outcome == "empty" end
-- called counts the calls that a try has made, where the job has been counting from its beginning.
local function called(calls)
	if call("HEXISTS", M, "calls") == 1 then call("HINCRBY", M, "calls", calls) end
end
-- close ends an open cell and returns true, or returns false when it was closed before.
local function close(cell, uid, now, outcome, run, rows, pages, bytes, ms, failure, counts)
	local tries = string.match(call("HGET", C, cell) or "", "^%-:(%d+):")
	if not tries then return false end
	local seq = call("HINCRBY", M, "seq", 1)
	call("HSET", C, cell, table.concat({outcome, seq, run, rows, pages, bytes, ms, num(tries) + 1}, ":"))
	call("HINCRBY", M, "n:" .. outcome, 1)
	call("HINCRBY", M, "closed", 1)
	if num(bytes) > 0 then call("HINCRBY", M, "bytes", bytes) end
	if failure ~= "" then call("HSET", E, cell, failure) else call("HDEL", E, cell) end
	for i = 1, #counts, 2 do call("HINCRBY", S, counts[i], counts[i + 1]) end
	if #counts > 0 and not good(outcome) then call("HSET", F, cell, cjson.encode(counts)) end
	call("RPUSH", L, "c" .. cell)
	if string.sub(cell, -4) == "/*/*" then call("HINCRBY", M, "discovering", -1) end
	local u = unit(uid)
	if u then
		u.left = u.left - 1
		if u.left <= 0 then move(u, "d") end
		putUnit(u)
	end
	if call("HINCRBY", M, "open", -1) == 0 and call("HGET", M, "state") == "running" then enter("finalizing", now) end
	return true
end
`

// script is a job script with the prelude.
func script(body string) *redis.Script { return redis.NewScript(prelude + body) }

func num(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func millis(s string) *time.Time {
	ms := num(s)
	return tracker.AtMillis(&ms)
}

// notFound is the error for jobs that are not there, or not the caller's.
func notFound(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no job %q: it does not exist, has expired, or belongs to somebody else", id)
}

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}
