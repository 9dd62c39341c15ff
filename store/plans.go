package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Plans keeps plans and their items.
//
// The head of a plan is one small hash. What belongs to an item stands in hashes by
// the item's index, so that no item costs more to read or to change the more items
// there are; a script that touches them all is one that changes them all.
type Plans struct {
	*Store
	// By is who asks for a change, for the audit; the zero value is the plan's author.
	By tracker.Principal
}

// The index of plans that have not ended, in one slot of a Redis Cluster.
const (
	plansKey    = "rt:plans"       // HASH plan ID -> creation time (ms)
	plansDueKey = "{rt:plans}:due" // ZSET plan ID -> when the sweeper looks at it next (ms)
)

// planKeys are the KEYS of every plan script, in the order that planPrelude names.
//
//	pm  M  HASH    the head: state, request without its actions, counters
//	pr  R  STRING  the actions of the request (JSON), until the plan is frozen
//	pi  I  HASH    item -> what was frozen of it (JSON)
//	ps  S  HASH    item -> its state
//	pl  L  HASH    item -> what happened to it (JSON)
//	pt  T  HASH    item -> its steps (JSON)
//	pw  W  HASH    item -> the worker that has it; -1 is the plan's look
//	pe  E  HASH    item -> how often it was put on the queue anew
//	pg  G  HASH    item -> how many workers have died with it in their hands
//	pd  D  HASH    item -> how many items it still waits for
//	po  O  HASH    item -> the items that wait for it (JSON)
//	pq  Q  ZSET    item -> its place in the order in which items are let go
//	pb  B  ZSET    item that is ready or running -> when it was last heard of (ms)
//	pa  A  LIST    lines for the audit that are not written there yet (JSON)
//	pk  K  HASH    item -> what the look at it saw (JSON), until the plan is frozen
//	x   X  STRING  the sealed credentials
func planKeys(id string) []string {
	parts := []string{"pm", "pr", "pi", "ps", "pl", "pt", "pw", "pe", "pg", "pd", "po", "pq", "pb", "pa", "pk", "x"}
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = jobKey(id, p)
	}
	return keys
}

// planPrelude is what all plan scripts share. No script unpacks a list that grows
// with a plan: Lua takes about 7,999 values.
//
// The order Q is let go in waves: one item, then a tenth, then the rest; or all at
// once. The head holds opened, how many of the order have been let go; left, how many
// of those have not ended; done, how many were carried out to an end, and failed,
// how many of these badly.
const planPrelude = `
local M, R, I, S, L, T, W, E, G, D, O, Q, B, A, K, X = unpack(KEYS)
local num, call = tonumber, redis.call
local function meta(f) return call("HGET", M, f) end
local function count(f) return num(meta(f) or 0) end
local function terminal(state)
	return state ~= "planned" and state ~= "waiting" and state ~= "ready" and state ~= "running"
end
-- keep gives a key that was born after the plan its time to live.
local function keep(key)
	if call("PTTL", key) == -1 then call("PEXPIRE", key, call("PTTL", M)) end
end
-- hold notes that a worker has an item, and returns how many workers have died with it:
-- one that had it and did not leave it counts as dead.
local function hold(i, worker)
	local before = call("HGET", W, i)
	if before and before ~= worker then call("HINCRBY", G, i, 1) end
	call("HSET", W, i, worker)
	keep(W)
	keep(G)
	return num(call("HGET", G, i) or 0)
end
-- chunks calls f with a thousand of a list at a time, which Lua unpacks.
local function chunks(list, f)
	for at = 1, #list, 1000 do
		local part = {}
		for k = at, math.min(at + 999, #list) do part[#part + 1] = list[k] end
		f(part)
	end
end
-- get reads what a hash says of items.
local function get(key, items)
	local values = {}
	chunks(items, function(part)
		for _, v in ipairs(call("HMGET", key, unpack(part))) do values[#values + 1] = v end
	end)
	return values
end
-- tell notes a line for the audit, which is written there afterwards. What has changed
-- and that it has to be told are one: whoever dies between leaves the line to others.
local function tell(line)
	call("RPUSH", A, line)
	keep(A)
end
local function told(what, now, item, detail)
	tell(cjson.encode({what = what, at_ms = num(now), item = item and num(item), detail = detail or nil}))
end
local function open(state) return state == "ready" or state == "running" end
-- move changes the state of items that are all in the same, and keeps count.
local function move(items, before, state, now)
	if #items == 0 then return end
	call("HINCRBY", M, "n:" .. before, -#items)
	call("HINCRBY", M, "n:" .. state, #items)
	chunks(items, function(part)
		local states, times = {}, {}
		for _, i in ipairs(part) do
			states[#states + 1], times[#times + 1] = i, now
			states[#states + 1], times[#times + 1] = state, i
		end
		call("HSET", S, unpack(states))
		if open(state) then call("ZADD", B, unpack(times)) elseif open(before) then call("ZREM", B, unpack(part)) end
	end)
end
-- put changes an item's state.
local function put(i, state, now) move({i}, call("HGET", S, i), state, now) end
-- stop ends the items that were not begun.
local function stop(now)
	local items = call("HKEYS", S)
	local states, by = get(S, items), {planned = {}, waiting = {}, ready = {}}
	for k, i in ipairs(items) do
		local list = by[states[k]]
		if list then list[#list + 1] = i end
	end
	for state, list in pairs(by) do move(list, state, "not_run", now) end
end
-- drop forgets the items of a plan that is not frozen: they count for nothing yet.
local function drop() call("UNLINK", I, S, L, D, O, Q) end
-- release lets the next wave go, and adds the items of it that wait for none to out.
local function release(now, out)
	local n, opened, wave = call("ZCARD", Q), count("opened"), call("HINCRBY", M, "wave", 1)
	local size = n - opened
	if meta("canary") == "1" then
		if wave == 1 then size = 1 elseif wave == 2 then size = math.min(size, math.ceil(n / 10)) end
	end
	if size <= 0 then return end
	local items, ready, waiting = call("ZRANGE", Q, opened, opened + size - 1), {}, {}
	local states, waits = get(S, items), get(D, items)
	for k, i in ipairs(items) do
		if states[k] == "planned" then
			if num(waits[k] or 0) == 0 then
				ready[#ready + 1] = i
				out[#out + 1] = i
			else
				waiting[#waiting + 1] = i
			end
		end
	end
	move(ready, "planned", "ready", now)
	move(waiting, "planned", "waiting", now)
	keep(B)
	local left = #ready + #waiting
	call("HSET", M, "opened", opened + size, "left", left)
	if left == 0 then return release(now, out) end
end
-- finish ends the plan when no item is open any more.
local function finish(now)
	local state = "partial"
	local total, verified = count("items"), count("n:verified")
	if meta("cancelled") then state = "cancelled"
	elseif verified == total and total > 0 then state = "succeeded"
	elseif verified == 0 and count("n:verify_timeout") == 0 and count("n:reappeared") == 0 then state = "failed" end
	call("HSET", M, "state", state, "finished_at", now)
	call("UNLINK", X, R, K)
	for i = 1, #KEYS do call("PEXPIRE", KEYS[i], meta("retention")) end
	return state
end
-- ended is finish, and tells of it.
local function ended(now)
	local state = finish(now)
	told("plan." .. state, now, nil, meta("reason"))
	return state
end
-- advance goes on after an item has ended: the next wave, a hold, or the end. It
-- returns the plan's final state, or "".
local function advance(now, out)
	local state = meta("state")
	if meta("cancelled") then
		if count("n:running") == 0 then return ended(now) end
		return ""
	end
	if state ~= "applying" then return "" end
	local notBegun = count("n:ready") + count("n:waiting") + count("n:planned")
	if meta("canary") == "1" and notBegun > 0 and count("failed") * 100 > count("limit") * count("done") then
		call("HSET", M, "state", "held", "reason", count("failed") .. " of " .. count("done") .. " items that were carried out failed: the rest is held until the plan is resumed or cancelled")
		told("plan.held", now, nil, meta("reason"))
		return ""
	end
	if count("left") <= 0 then
		release(now, out)
		if count("left") <= 0 and count("n:ready") + count("n:waiting") + count("n:running") + count("n:planned") == 0 then return ended(now) end
	end
	return ""
end
-- settle ends an item that has not ended, and blocks what needs it when it ended
-- badly, and what needs that.
local function settle(item, ending, ledger, now, out, detail)
	local todo, at = {{item, ending, ledger, detail}}, 1
	while todo[at] do
		local i, state = todo[at][1], todo[at][2]
		local before = call("HGET", S, i)
		if not terminal(before) then
			put(i, state, now)
			call("HSET", L, i, todo[at][3])
			told("item." .. state, now, i, todo[at][4])
			if before ~= "planned" then call("HINCRBY", M, "left", -1) end
			if state ~= "blocked" and state ~= "not_run" and state ~= "refused" then call("HINCRBY", M, "done", 1) end
			if state == "failed" or state == "verify_timeout" or state == "reappeared" then call("HINCRBY", M, "failed", 1) end
			for _, k in ipairs(cjson.decode(call("HGET", O, i) or "[]")) do
				k = tostring(k)
				if state ~= "verified" then
					todo[#todo + 1] = {k, "blocked", cjson.encode({message = "item " .. i .. " had to succeed first, and is " .. state, finished_ms = num(now)}), "item " .. i .. " had to succeed first, and is " .. state}
				elseif call("HINCRBY", D, k, -1) == 0 and call("HGET", S, k) == "waiting" then
					put(k, "ready", now)
					out[#out + 1] = k
				end
			end
		end
		todo[at] = false
		at = at + 1
	end
	keep(B)
end
`

const (
	// credentialsSlack is how much longer than a plan can be applied its credentials
	// are kept, if nothing deletes them first.
	credentialsSlack = time.Hour
	// longestApply is how long a plan that is applied keeps its credentials, if it
	// does not end: one that is held for longer is resumed with new ones.
	longestApply = 7 * 24 * time.Hour
)

func planScript(body string) *redis.Script { return redis.NewScript(planPrelude + body) }

// createPlan writes a plan that is to be looked at. Run twice, the second changes
// nothing.
//
// ARGV: life (ms), sealed credentials, their life (ms), the request's actions JSON, line for the audit, fields and values of the head, a fixed list…
// Returns 1 | 0
var createPlan = planScript(`
if call("EXISTS", M) == 1 then return 0 end
call("HSET", M, unpack(ARGV, 6))
call("SET", X, ARGV[2], "PX", ARGV[3])
call("SET", R, ARGV[4], "PX", ARGV[1])
call("PEXPIRE", M, ARGV[1])
tell(ARGV[5])
return 1
`)

// noteUndo notes of a plan which one was made to undo it. Run twice, it notes the same.
//
// ARGV: the plan that undoes it   Returns 1 | 0 when there is no such plan
var noteUndo = planScript(`
if not meta("state") then return 0 end
call("HSET", M, "undone_by", ARGV[1])
return 1
`)

// CreatePlan writes a plan in state planning. created is false when there is one.
//
// Its keys are in several slots of a Redis Cluster, so this is several commands, the
// script createPlan last but one. Whoever dies before it leaves index entries of a plan
// that there is not, which readers drop after a while. Whoever dies after it leaves a
// plan that is listed, and that the sweeper finds.
func (s Plans) CreatePlan(ctx context.Context, p tracker.Plan, sealed []byte) (created bool, err error) {
	n, err := s.rdb.Exists(ctx, jobKey(p.ID, "pm")).Result()
	if err != nil {
		return false, fmt.Errorf("look for plan %s: %w", p.ID, err)
	}
	if n == 0 {
		if created, err = s.create(ctx, p, sealed); err != nil {
			return false, err
		}
	}
	if p.UndoOf != "" {
		if err := noteUndo.Run(ctx, s.rdb, planKeys(p.UndoOf), p.ID).Err(); err != nil {
			return false, fmt.Errorf("note that plan %s undoes %s: %w", p.ID, p.UndoOf, err)
		}
	}
	return created, nil
}

func (s Plans) create(ctx context.Context, p tracker.Plan, sealed []byte) (created bool, err error) {
	actions, err := encode(p.Request.Items)
	if err != nil {
		return false, err
	}
	p.Request.Items = nil
	request, err := encode(p.Request)
	if err != nil {
		return false, err
	}
	s.By = p.Asker
	asker, err := encode(p.Asker)
	if err != nil {
		return false, err
	}
	line, err := s.line("plan.created", "")
	if err != nil {
		return false, err
	}
	// What takes back is never refused: it is counted all the same.
	fresh, err := s.takePlace(ctx, p.Owner, p.Asker.CountedAs(), openPlans, p.ID, p.UndoOf != "")
	if err != nil {
		return false, err
	}
	now := s.now()
	if _, err := s.rdb.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.HSet(ctx, plansKey, p.ID, now)
		tx.ZAdd(ctx, plansDueKey, redis.Z{Score: float64(now + firstLook.Milliseconds()), Member: p.ID})
		return nil
	}); err != nil {
		return false, fmt.Errorf("index plan %s: %w", p.ID, err)
	}
	if err := s.enlist(ctx, ownerKey(p.Owner, "plans"), p.ID, now); err != nil {
		return false, err
	}
	n, err := createPlan.Run(ctx, s.rdb, planKeys(p.ID),
		(p.ExpiresAt.UnixMilli()-now)+s.o.PlanRetention.Milliseconds(), sealed, p.ExpiresAt.UnixMilli()-now+credentialsSlack.Milliseconds(), actions, line,
		"state", string(tracker.PlanPlanning), "owner", p.Owner, "author", p.Author, "shard", p.Shard, "request", request,
		"undo_of", p.UndoOf, "schedule", p.Schedule, "account", p.AccountID, "asker", asker, "origin", p.Asker.From, "approval_required", flag(p.Approval.Required),
		"created_at", now, "expires_at", p.ExpiresAt.UnixMilli(), "retention", s.o.PlanRetention.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("create plan %s: %w", p.ID, err)
	}
	if fresh && n == 0 { // another was faster, whose plan may have ended by now
		err = s.free(ctx, p.Owner, openPlans, p.ID, true)
	}
	return n == 1, err
}
