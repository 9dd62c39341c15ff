package store

import (
	"context"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// drainJob closes every open cell, so that the job can be finished. A cell that
// waits for another try keeps the outcome of its last one, unless the job was
// cancelled. Run twice, the second finds nothing open.
//
// ARGV: outcome, now (ms), reason, failure JSON
// Returns the job's state before, or "" when there is no such job
var drainJob = script(`
local state = call("HGET", M, "state")
if not state then return "" end
if state ~= "queued" and state ~= "running" then return state end
if ARGV[1] == "cancelled" then call("HSET", M, "cancelled", 1) end
if not call("HGET", M, "reason") then call("HSET", M, "reason", ARGV[3]) end
if state == "queued" then enter("running", ARGV[2]) end
for _, id in ipairs(call("HKEYS", C)) do
	local last = string.match(call("HGET", C, id), "^%-:%d+:(.*)$")
	if last then
		local outcome, failure = ARGV[1], ARGV[4]
		if last ~= "" and outcome ~= "cancelled" then
			outcome, failure = last, call("HGET", E, id) or failure
		end
		close(id, string.match(id, "^(.*)/[^/]*$"), ARGV[2], outcome, 0, 0, 0, 0, 0, failure, {})
	end
end
keep()
return state
`)

// Drain closes every open cell of a job with one failure and its reason. The job
// is then to be finished. It returns the job's state before.
func (s *Store) Drain(ctx context.Context, job string, reason string, f tracker.Failure) (tracker.JobState, error) {
	b, err := encode(f)
	if err != nil {
		return "", err
	}
	state, err := drainJob.Run(ctx, s.rdb, jobKeys(job), string(f.Outcome), s.now(), reason, b).Text()
	if err != nil {
		return "", fmt.Errorf("drain job %s: %w", job, err)
	}
	if state == "" {
		return "", notFound(job)
	}
	return tracker.JobState(state), nil
}

// finishJob ends a job whose cells are all closed: it decides the final state,
// deletes the credentials and starts the time that the result is kept. Run twice,
// the second returns "".
//
// ARGV: now (ms)
// Returns the final state, or ""
var finishJob = script(`
if call("HGET", M, "state") ~= "finalizing" then return "" end
local seen = num(call("HGET", M, "n:ok") or 0) + num(call("HGET", M, "n:empty") or 0)
local rows = 0
for _, name in ipairs(call("HKEYS", S)) do
	if string.sub(name, 1, 5) == "type:" then rows = rows + num(call("HGET", S, name)) end
end
local final = "partial"
if call("HGET", M, "cancelled") then final = "cancelled"
elseif seen == num(call("HGET", M, "closed")) then final = "succeeded"
elseif seen == 0 and rows == 0 then final = "failed" end
if final == "succeeded" then call("HDEL", M, "reason")
elseif not call("HGET", M, "reason") then
	call("HSET", M, "reason", (num(call("HGET", M, "closed")) - seen) .. " of " .. call("HGET", M, "closed") .. " cells did not complete: see coverage")
end
call("HSET", M, "finished_at", ARGV[1])
call("HINCRBY", M, "commits", 1)
enter(final, ARGV[1])
call("DEL", X)
for i = 1, #KEYS do call("PEXPIRE", KEYS[i], call("HGET", M, "retention")) end
return final
`)

// Finish ends a job whose cells are all closed; exactly one call does. Any call
// on an ended job repairs what a crash may have left undone after its end.
func (s *Store) Finish(ctx context.Context, job string) (ended bool, err error) {
	final, err := finishJob.Run(ctx, s.rdb, jobKeys(job), s.now()).Text()
	if err != nil {
		return false, fmt.Errorf("finish job %s: %w", job, err)
	}
	return final != "", s.retire(ctx, job)
}

// retire takes an ended job out of the indexes. It is safe to run twice.
func (s *Store) retire(ctx context.Context, job string) error {
	fields := append([]string{"state", "flight", "owner", "deadline_at", "retention", "commits"}, storedFields...)
	m, err := s.rdb.HMGet(ctx, jobKey(job, "m"), fields...).Result()
	if err != nil {
		return fmt.Errorf("retire job %s: %w", job, err)
	}
	text := func(i int) string { s, _ := m[i].(string); return s }
	state, flight, owner := text(0), text(1), text(2)
	if state != "" && !tracker.JobState(state).Terminal() {
		return nil
	}
	if owner != "" {
		// Its pages were to be kept until then, when they were written.
		if err := s.noteStored(ctx, owner, job, storedOf(m[6:]), num(text(3))+num(text(4))); err != nil {
			return err
		}
		if err := s.free(ctx, owner, openJobs, job, false); err != nil {
			return err
		}
	}
	if err := s.freeFlight(ctx, flight, job); err != nil {
		return err
	}
	if state != "" {
		if err := s.tellEnd(ctx, jobEnd{job, owner, state, text(5)}); err != nil {
			return err // the sweep tells, and retires it
		}
		if s.o.Records {
			if err := s.toRecord(ctx, job); err != nil {
				return err
			}
		}
	}
	return s.Forget(ctx, job)
}

// reopenJob opens the cells that did not complete, for a retry, and forgets what
// was found about the whole, but not what was billed, which was paid for. Run twice, the second finds the job running.
//
// ARGV: now (ms), deadline (ms), sealed credentials, life of the keys (ms)
// Returns {"ok" | "gone" | "running" | "complete", dispatches…}
var reopenJob = script(`
-- Amounts of money are more digits than a Lua number keeps.
local function negative(n) return string.sub(n, 1, 1) == "-" and string.sub(n, 2) or "-" .. n end
local state = call("HGET", M, "state")
if not state then return {"gone"} end
if state == "queued" or state == "running" or state == "finalizing" then return {"running"} end
if state == "succeeded" then return {"complete"} end
local now, reopened = num(ARGV[1]), 0
call("HSET", M, "busy", 0)
call("DEL", H)
call("HDEL", N, "findings")
for _, id in ipairs(call("HKEYS", C)) do
	local outcome = string.match(call("HGET", C, id), "^([%a_]+):")
	if outcome and not good(outcome) then
		call("HSET", C, id, "-:0:")
		call("HINCRBY", M, "n:" .. outcome, -1)
		call("HINCRBY", M, "closed", -1)
		call("HDEL", E, id)
		local counted = call("HGET", F, id)
		if counted then
			local counts = cjson.decode(counted)
			for i = 1, #counts, 2 do call("HINCRBY", S, counts[i], negative(counts[i + 1])) end
			call("HDEL", F, id)
		end
		if string.sub(id, -4) == "/*/*" then call("HINCRBY", M, "discovering", 1) end
		local uid = string.match(id, "^(.*)/[^/]*$")
		local u = unit(uid)
		if u.state ~= "h" then
			u.state, u.epoch, u.strikes, u.left = "h", u.epoch + 1, 0, 0
			call("RPUSH", H, uid)
		end
		u.left = u.left + 1
		putUnit(u)
		reopened = reopened + 1
	end
end
call("HSET", M, "open", reopened, "deadline_at", ARGV[2], "reopened_at", now)
call("HDEL", M, "cancelled", "reason", "finished_at", "evaluations")
call("SET", X, ARGV[3])
for i = 1, #KEYS do call("PEXPIRE", KEYS[i], ARGV[4]) end
enter("running", ARGV[1])
local out = {"ok"}
dispatch(now, out)
keep()
return out
`)

// Reopen opens the cells of an ended job that did not complete, with new
// credentials, for who asks. Resources of completed cells stay as they are.
func (s *Store) Reopen(ctx context.Context, by tracker.Principal, j tracker.Job, timeout time.Duration, sealed []byte) ([]Dispatch, error) {
	now := s.o.Now()
	life := max(timeout+s.o.Retention, time.Until(j.ExpiresAt))
	fresh, err := s.takeJob(ctx, j.Owner, by.CountedAs(), j.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.addActive(ctx, j.ID, j.Owner, j.Lane, j.Shard, now.UnixMilli()); err != nil {
		return nil, err
	}
	r, err := reopenJob.Run(ctx, s.rdb, jobKeys(j.ID), now.UnixMilli(), now.Add(timeout).UnixMilli(), sealed, life.Milliseconds()).Slice()
	if err != nil {
		return nil, fmt.Errorf("reopen job %s: %w", j.ID, err)
	}
	if fresh && r[0] != "ok" { // a job that runs has its place
		if err := s.free(ctx, j.Owner, openJobs, j.ID, true); err != nil {
			return nil, err
		}
	}
	switch r[0] {
	case "gone":
		return nil, notFound(j.ID)
	case "running":
		return nil, tracker.Errorf(tracker.CodeConflict, "job %s is still running", j.ID)
	case "complete":
		return nil, tracker.Errorf(tracker.CodeConflict, "job %s is complete: no cell failed", j.ID)
	}
	return parseDispatches(r[1:]), nil
}
