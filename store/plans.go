package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// plansKey is the sweeper's index of plans that have not ended: HASH plan ID ->
// creation time (ms).
const plansKey = "rt:plans"

// planKeys are the KEYS of every plan script, in the order that planPrelude names:
// pm meta, pi the frozen items, ps their states, pl what happened to them, pt
// their steps, pd how many items each still waits for, po which items wait for
// each, pq the order in which they are let go, x the sealed credentials.
func planKeys(id string) []string {
	parts := []string{"pm", "pi", "ps", "pl", "pt", "pd", "po", "pq", "x"}
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = jobKey(id, p)
	}
	return keys
}

// planPrelude is what all plan scripts share.
//
// The order pq is let go in waves: one item, then a tenth, then the rest; or all at
// once. meta holds opened, how many of the order have been let go; left, how many
// of those have not ended; done, how many were carried out to an end, and failed,
// how many of these badly.
const planPrelude = `
local M, I, S, L, T, D, O, Q, X = unpack(KEYS)
local num, call = tonumber, redis.call
local function meta(f) return call("HGET", M, f) end
local function count(f) return num(meta(f) or 0) end
local function terminal(state)
	return state ~= "planned" and state ~= "waiting" and state ~= "ready" and state ~= "running"
end
local function put(i, state)
	call("HINCRBY", M, "n:" .. call("HGET", S, i), -1)
	call("HINCRBY", M, "n:" .. state, 1)
	call("HSET", S, i, state)
end
-- open lets the next wave go, and adds the items of it that wait for none to out.
local function open(out)
	local n, opened, wave = call("LLEN", Q), count("opened"), call("HINCRBY", M, "wave", 1)
	local size = n - opened
	if meta("canary") == "1" then
		if wave == 1 then size = 1 elseif wave == 2 then size = math.min(size, math.ceil(n / 10)) end
	end
	if size <= 0 then return end
	local left = 0
	for _, i in ipairs(call("LRANGE", Q, opened, opened + size - 1)) do
		if not terminal(call("HGET", S, i)) then
			left = left + 1
			if num(call("HGET", D, i) or 0) == 0 then
				put(i, "ready")
				out[#out + 1] = i
			else
				put(i, "waiting")
			end
		end
	end
	call("HSET", M, "opened", opened + size, "left", left)
	if left == 0 then return open(out) end
end
-- finish ends the plan when no item is open any more.
local function finish(now)
	local state = "partial"
	local total, verified = count("items"), count("n:verified")
	if meta("cancelled") then state = "cancelled"
	elseif verified == total and total > 0 then state = "succeeded"
	elseif verified == 0 and count("n:verify_timeout") == 0 and count("n:reappeared") == 0 then state = "failed" end
	call("HSET", M, "state", state, "finished_at", now)
	call("DEL", X)
	for i = 1, #KEYS do call("PEXPIRE", KEYS[i], meta("retention")) end
	return state
end
-- advance goes on after an item has ended: the next wave, a hold, or the end. It
-- returns the plan's final state, or "".
local function advance(now, out)
	local state = meta("state")
	if meta("cancelled") then
		if count("n:running") == 0 then return finish(now) end
		return ""
	end
	if state ~= "applying" then return "" end
	local notBegun = count("n:ready") + count("n:waiting") + count("n:planned")
	if meta("canary") == "1" and notBegun > 0 and count("failed") * 100 > count("limit") * count("done") then
		call("HSET", M, "state", "held", "reason", count("failed") .. " of " .. count("done") .. " items that were carried out failed: the rest is held until the plan is resumed or cancelled")
		return ""
	end
	if count("left") <= 0 then
		open(out)
		if count("left") <= 0 and count("n:ready") + count("n:waiting") + count("n:running") + count("n:planned") == 0 then return finish(now) end
	end
	return ""
end
-- settle ends an item that has not ended, and blocks what needs it when it ended badly.
local function settle(i, state, ledger, now, out)
	if terminal(call("HGET", S, i)) then return end
	local before = call("HGET", S, i)
	put(i, state)
	call("HSET", L, i, ledger)
	if before ~= "planned" then call("HINCRBY", M, "left", -1) end
	if state ~= "blocked" and state ~= "not_run" and state ~= "refused" then call("HINCRBY", M, "done", 1) end
	if state == "failed" or state == "verify_timeout" or state == "reappeared" then call("HINCRBY", M, "failed", 1) end
	local waiting = call("HGET", O, i)
	if not waiting then return end
	for _, k in ipairs(cjson.decode(waiting)) do
		k = tostring(k)
		if state == "verified" then
			if call("HINCRBY", D, k, -1) == 0 and call("HGET", S, k) == "waiting" then
				put(k, "ready")
				out[#out + 1] = k
			end
		else
			settle(k, "blocked", cjson.encode({message = "item " .. i .. " had to succeed first, and is " .. state, finished_ms = num(now)}), now, out)
		end
	end
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
// ARGV: life (ms), sealed credentials, their life (ms), meta fields and values…   Returns 1 | 0
var createPlan = planScript(`
if call("EXISTS", M) == 1 then return 0 end
call("HSET", M, unpack(ARGV, 4))
call("SET", X, ARGV[2], "PX", ARGV[3])
call("PEXPIRE", M, ARGV[1])
return 1
`)

// CreatePlan writes a plan in state planning. created is false when there is one.
func (s *Store) CreatePlan(ctx context.Context, p tracker.Plan, sealed []byte) (created bool, err error) {
	request, err := encode(p.Request)
	if err != nil {
		return false, err
	}
	now := s.now()
	if err := s.rdb.HSet(ctx, plansKey, p.ID, now).Err(); err != nil {
		return false, fmt.Errorf("index plan %s: %w", p.ID, err)
	}
	required := 0
	if p.Approval.Required {
		required = 1
	}
	n, err := createPlan.Run(ctx, s.rdb, planKeys(p.ID),
		(p.ExpiresAt.UnixMilli()-now)+s.o.PlanRetention.Milliseconds(), sealed, p.ExpiresAt.UnixMilli()-now+credentialsSlack.Milliseconds(),
		"state", string(tracker.PlanPlanning), "owner", p.Owner, "author", p.Author, "shard", p.Shard, "request", request,
		"undo_of", p.UndoOf, "schedule", p.Schedule, "origin", p.Origin, "approval_required", required,
		"created_at", now, "expires_at", p.ExpiresAt.UnixMilli(), "retention", s.o.PlanRetention.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("create plan %s: %w", p.ID, err)
	}
	if n == 0 {
		return false, nil
	}
	err = s.rdb.ZAdd(ctx, ownerKey(p.Owner, "plans"), redis.Z{Member: fmt.Sprintf("%013d:%s", now, p.ID)}).Err()
	return true, wrap(err, "list plan %s", p.ID)
}

// freezePlan writes what a plan will do, once. Run twice, the second changes nothing.
//
// ARGV: digest, canary (1|0), failure limit (%), saving (nano-dollars), savings unknown,
// then of each item: JSON, state, ledger JSON, dependencies, dependents JSON or "";
// then "order" and the indexes in order
// Returns 1 | 0
var freezePlan = planScript(`
if meta("state") ~= "planning" then return 0 end
local at, i = 6, 0
while ARGV[at] ~= "order" do
	local state = ARGV[at + 1]
	call("HSET", I, i, ARGV[at])
	call("HSET", S, i, state)
	call("HSET", L, i, ARGV[at + 2])
	call("HSET", D, i, ARGV[at + 3])
	if ARGV[at + 4] ~= "" then call("HSET", O, i, ARGV[at + 4]) end
	call("HINCRBY", M, "n:" .. state, 1)
	at, i = at + 5, i + 1
end
for k = at + 1, #ARGV do call("RPUSH", Q, ARGV[k]) end
call("HSET", M, "state", "planned", "digest", ARGV[1], "canary", ARGV[2], "limit", ARGV[3], "saving", ARGV[4], "saving_unknown", ARGV[5], "items", i)
local ttl = call("PTTL", M)
for k = 2, #KEYS do if call("PTTL", KEYS[k]) == -1 then call("PEXPIRE", KEYS[k], ttl) end end
return 1
`)

// FrozenItem is an item of a plan that is to be frozen.
type FrozenItem struct {
	tracker.PlanItem
	Dependents []int // the items that wait for this one
}

// FreezePlan writes the items of a plan that is in state planning; order lists
// those that are to be carried out, each after what it depends on.
func (s *Store) FreezePlan(ctx context.Context, id, digest string, canary bool, limit int, totals tracker.PlanTotals, items []FrozenItem, order []int) (frozen bool, err error) {
	flag := 0
	if canary {
		flag = 1
	}
	args := []any{digest, flag, limit, int64(totals.MonthlySaving), totals.SavingUnknown}
	for _, it := range items {
		ledger := record{Message: it.Ledger.Message, Error: it.Ledger.Error, FinishedMS: stamp(it.Ledger.FinishedAt)}
		state := it.Ledger.State
		it.Ledger = tracker.ItemLedger{}
		body, err := encode(it.PlanItem)
		if err != nil {
			return false, err
		}
		led, err := encode(ledger)
		if err != nil {
			return false, err
		}
		dependents := ""
		if len(it.Dependents) > 0 {
			if dependents, err = encode(it.Dependents); err != nil {
				return false, err
			}
		}
		args = append(args, body, string(state), led, len(it.DependsOn), dependents)
	}
	args = append(args, "order")
	for _, i := range order {
		args = append(args, i)
	}
	n, err := freezePlan.Run(ctx, s.rdb, planKeys(id), args...).Int()
	return n == 1, wrap(err, "freeze plan %s", id)
}

func stamp(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

// endPlan ends a plan that nothing was or is to be sent of. Run twice, the second
// finds it ended.
//
// ARGV: final state, reason, now (ms)   Returns 1 | 0
var endPlan = planScript(`
local state = meta("state")
if state ~= "planning" and state ~= "planned" and state ~= "scheduled" then return 0 end
for _, i in ipairs(call("HKEYS", S)) do
	if not terminal(call("HGET", S, i)) then put(i, "not_run") end
end
if ARGV[1] == "cancelled" then call("HSET", M, "cancelled", 1) end
finish(ARGV[3])
call("HSET", M, "state", ARGV[1], "reason", ARGV[2])
return 1
`)

// EndPlan ends a plan before it is applied, such as one that nobody applied in time.
func (s *Store) EndPlan(ctx context.Context, id string, state tracker.PlanState, reason string) (ended bool, err error) {
	n, err := endPlan.Run(ctx, s.rdb, planKeys(id), string(state), reason, s.now()).Int()
	if err != nil {
		return false, fmt.Errorf("end plan %s: %w", id, err)
	}
	return n == 1, s.retirePlan(ctx, id)
}

func (s *Store) retirePlan(ctx context.Context, id string) error {
	return wrap(s.rdb.HDel(ctx, plansKey, id).Err(), "retire plan %s", id)
}

// applyPlan starts a plan, or says when to. Run twice, the second finds it started.
//
// ARGV: digest ("" when its time has come), now (ms), when (ms; 0 is now), new sealed
// credentials or "", how long to keep credentials from when on (ms)
// Returns {verdict, state or "", ready items…}
var applyPlan = planScript(`
local state = meta("state")
if not state then return {"gone"} end
local due = ARGV[1] == ""
if due and state ~= "scheduled" or not due and state ~= "planned" then return {"state", state} end
if not due and ARGV[1] ~= meta("digest") then return {"digest"} end
if meta("approval_required") == "1" and not meta("approved_by") then return {"approval"} end
if not due and num(meta("expires_at")) < num(ARGV[2]) then return {"expired"} end
if ARGV[4] ~= "" then call("SET", X, ARGV[4], "KEEPTTL") end
if num(ARGV[3]) > num(ARGV[2]) then
	call("HSET", M, "state", "scheduled", "apply_at", ARGV[3])
	call("PEXPIRE", X, num(ARGV[3]) - num(ARGV[2]) + num(ARGV[5]))
	return {"ok", ""}
end
call("HSET", M, "state", "applying", "applied_at", ARGV[2])
call("PEXPIRE", X, ARGV[5])
for i = 1, #KEYS - 1 do
	local ttl = call("PTTL", KEYS[i])
	if ttl > 0 and ttl < num(meta("retention")) then call("PEXPIRE", KEYS[i], meta("retention")) end
end
local out = {}
local final = advance(ARGV[2], out)
return {"ok", final, unpack(out)}
`)

// ApplyPlan carries a plan out from now on, or schedules it at a time after now.
// It returns the items to put on the queue. An empty digest starts a scheduled
// plan whose time has come.
func (s *Store) ApplyPlan(ctx context.Context, id, digest string, at time.Time, sealed []byte) (ready []int, err error) {
	when := int64(0)
	if !at.IsZero() {
		when = at.UnixMilli()
	}
	r, err := applyPlan.Run(ctx, s.rdb, planKeys(id), digest, s.now(), when, sealed, longestApply.Milliseconds()).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("apply plan %s: %w", id, err)
	}
	switch r[0] {
	case "gone":
		return nil, noPlan(id)
	case "digest":
		return nil, &tracker.Error{Code: tracker.CodeConflict, Field: "digest", Message: "is not that of the plan: look at the plan again before applying it"}
	case "approval":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan needs the approval of a second person first: POST /api/v1/plans/%s/approve", id)
	case "expired":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan has expired: plan anew")
	case "state":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan is %s: only one that is planned can be applied", r[1])
	}
	return s.advanced(ctx, id, r[1:])
}

// advanced reads {final state or "", ready items…} and retires an ended plan.
func (s *Store) advanced(ctx context.Context, id string, r []string) (ready []int, err error) {
	for _, v := range r[1:] {
		ready = append(ready, int(num(v)))
	}
	if r[0] != "" {
		return ready, s.retirePlan(ctx, id)
	}
	return ready, nil
}

// approvePlan notes the agreement of a second person. Run twice by the same, the
// second changes nothing.
//
// ARGV: who, now (ms), digest   Returns a verdict
var approvePlan = planScript(`
local state = meta("state")
if not state then return "gone" end
if state ~= "planned" then return "state:" .. state end
if meta("owner") == ARGV[1] then return "author" end
if meta("digest") ~= ARGV[3] then return "digest" end
if not meta("approved_by") then call("HSET", M, "approved_by", ARGV[1], "approved_at", ARGV[2]) end
return "ok"
`)

// ApprovePlan notes that who agrees to a plan; its author cannot.
func (s *Store) ApprovePlan(ctx context.Context, id, who, digest string) error {
	verdict, err := approvePlan.Run(ctx, s.rdb, planKeys(id), who, s.now(), digest).Text()
	if err != nil {
		return fmt.Errorf("approve plan %s: %w", id, err)
	}
	switch state, isState := strings.CutPrefix(verdict, "state:"); {
	case isState:
		return tracker.Errorf(tracker.CodeConflict, "the plan is %s: only one that is planned can be approved", state)
	case verdict == "gone":
		return noPlan(id)
	case verdict == "author":
		return tracker.Errorf(tracker.CodeConflict, "the author of a plan cannot approve it")
	case verdict == "digest":
		return &tracker.Error{Code: tracker.CodeConflict, Field: "digest", Message: "is not that of the plan"}
	}
	return nil
}

// cancelPlan stops a plan: what was not begun is not run; what was is seen to its
// end. Run twice, the second finds it cancelled.
//
// ARGV: now (ms), reason   Returns {verdict, final state or ""}
var cancelPlan = planScript(`
local state = meta("state")
if not state then return {"gone", ""} end
if state ~= "planning" and state ~= "planned" and state ~= "scheduled" and state ~= "applying" and state ~= "held" then return {"ended", ""} end
call("HSET", M, "cancelled", 1, "reason", ARGV[2])
for _, i in ipairs(call("HKEYS", S)) do
	local s = call("HGET", S, i)
	if s ~= "running" and not terminal(s) then put(i, "not_run") end
end
if count("n:running") == 0 then return {"ok", finish(ARGV[1])} end
return {"ok", ""}
`)

// CancelPlan stops a plan that has not ended.
func (s *Store) CancelPlan(ctx context.Context, id, reason string) error {
	r, err := cancelPlan.Run(ctx, s.rdb, planKeys(id), s.now(), reason).StringSlice()
	if err != nil {
		return fmt.Errorf("cancel plan %s: %w", id, err)
	}
	switch {
	case r[0] == "gone":
		return noPlan(id)
	case r[0] == "ended":
		return tracker.Errorf(tracker.CodeConflict, "the plan has ended")
	case r[1] != "":
		return s.retirePlan(ctx, id)
	}
	return nil
}

// resumePlan goes on with a held plan. Run twice, the second finds it applying.
//
// ARGV: now (ms), new sealed credentials or ""   Returns {verdict, final state or "", ready items…}
var resumePlan = planScript(`
local state = meta("state")
if not state then return {"gone"} end
if state ~= "held" then return {"state", state} end
if ARGV[2] ~= "" then call("SET", X, ARGV[2], "KEEPTTL") end
call("HSET", M, "state", "applying", "done", 0, "failed", 0)
call("HDEL", M, "reason")
local out = {}
for _, i in ipairs(call("LRANGE", Q, 0, count("opened") - 1)) do
	if call("HGET", S, i) == "ready" then out[#out + 1] = i end
end
local final = advance(ARGV[1], out)
return {"ok", final, unpack(out)}
`)

// ResumePlan goes on with a plan that is held; the count of failures begins anew.
func (s *Store) ResumePlan(ctx context.Context, id string, sealed []byte) (ready []int, err error) {
	r, err := resumePlan.Run(ctx, s.rdb, planKeys(id), s.now(), sealed).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("resume plan %s: %w", id, err)
	}
	switch r[0] {
	case "gone":
		return nil, noPlan(id)
	case "state":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan is %s: only one that is held can be resumed", r[1])
	}
	return s.advanced(ctx, id, r[1:])
}
