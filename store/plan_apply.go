package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// endPlan ends a plan that nothing was or is to be sent of. Run twice, the second
// finds it ended.
//
// ARGV: final state, reason, now (ms), line for the audit   Returns 1 | 0
var endPlan = planScript(`
local state = meta("state")
if state ~= "planning" and state ~= "planned" and state ~= "scheduled" then return 0 end
if state == "planning" then drop() end
stop(ARGV[3])
if ARGV[1] == "cancelled" then call("HSET", M, "cancelled", 1) end
finish(ARGV[3])
call("HSET", M, "state", ARGV[1], "reason", ARGV[2])
tell(ARGV[4])
return 1
`)

// EndPlan ends a plan before it is applied, such as one that nobody applied in time.
func (s Plans) EndPlan(ctx context.Context, id string, state tracker.PlanState, reason string) (ended bool, err error) {
	line, err := s.line("plan."+string(state), reason)
	if err != nil {
		return false, err
	}
	n, err := endPlan.Run(ctx, s.rdb, planKeys(id), string(state), reason, s.now(), line).Int()
	if err != nil {
		return false, fmt.Errorf("end plan %s: %w", id, err)
	}
	return n == 1, s.retirePlan(ctx, id)
}

func (s Plans) retirePlan(ctx context.Context, id string) error {
	if all, err := s.tell(ctx, id); err != nil || !all {
		return err // the sweep tells, and retires it
	}
	owner, err := s.rdb.HGet(ctx, jobKey(id, "pm"), "owner").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("retire plan %s: %w", id, err)
	}
	if owner != "" {
		if err := s.free(ctx, owner, openPlans, id, false); err != nil {
			return err
		}
	}
	_, err = s.rdb.TxPipelined(ctx, func(tx redis.Pipeliner) error {
		tx.HDel(ctx, plansKey, id)
		tx.ZRem(ctx, plansDueKey, id)
		return nil
	})
	return wrap(err, "retire plan %s", id)
}

// applyPlan starts a plan, or says when to. Run twice, the second finds it started.
//
// ARGV: digest ("" when its time has come), now (ms), when (ms; 0 is now), new sealed
// credentials or "", how long to keep credentials from when on (ms), line for the audit
// Returns {verdict, state or "", {ready items…}}
var applyPlan = planScript(`
local state = meta("state")
if not state then return {"gone", "", {}} end
local due = ARGV[1] == ""
if due and state ~= "scheduled" or not due and state ~= "planned" then return {"state", state, {}} end
if not due and ARGV[1] ~= meta("digest") then return {"digest", "", {}} end
if meta("approval_required") == "1" and not meta("approved_by") then return {"approval", "", {}} end
if not due and num(meta("expires_at")) < num(ARGV[2]) then return {"expired", "", {}} end
if ARGV[4] ~= "" then call("SET", X, ARGV[4], "KEEPTTL") end
tell(ARGV[6])
if num(ARGV[3]) > num(ARGV[2]) then
	call("HSET", M, "state", "scheduled", "apply_at", ARGV[3])
	call("PEXPIRE", X, num(ARGV[3]) - num(ARGV[2]) + num(ARGV[5]))
	return {"ok", "", {}}
end
call("HSET", M, "state", "applying", "applied_at", ARGV[2])
call("PEXPIRE", X, ARGV[5])
for i = 1, #KEYS - 1 do
	local ttl = call("PTTL", KEYS[i])
	if ttl > 0 and ttl < num(meta("retention")) then call("PEXPIRE", KEYS[i], meta("retention")) end
end
local out = {}
local final = advance(ARGV[2], out)
return {"ok", final, out}
`)

// ApplyPlan carries a plan out from now on, or schedules it at a time after now.
// It returns the items to put on the queue. An empty digest starts a scheduled
// plan whose time has come.
func (s Plans) ApplyPlan(ctx context.Context, id, digest string, at time.Time, sealed []byte) (ready []int, err error) {
	when, what, detail := int64(0), "plan.applied", ""
	if !at.IsZero() {
		when, what, detail = at.UnixMilli(), "plan.scheduled", "to be applied at "+at.UTC().Format(time.RFC3339)
	}
	line, err := s.line(what, detail)
	if err != nil {
		return nil, err
	}
	if err := s.soon(ctx, id); err != nil {
		return nil, err
	}
	r, err := let(applyPlan.Run(ctx, s.rdb, planKeys(id), digest, s.now(), when, sealed, longestApply.Milliseconds(), line))
	if err != nil {
		return nil, fmt.Errorf("apply plan %s: %w", id, err)
	}
	switch r.verdict {
	case "gone":
		return nil, noPlan(id)
	case "digest":
		return nil, &tracker.Error{Code: tracker.CodeConflict, Field: "digest", Message: "is not that of the plan: look at the plan again before applying it"}
	case "approval":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan needs the approval of a second person first: POST /api/v1/plans/%s/approve", id)
	case "expired":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan has expired: plan anew")
	case "state":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan is %s: only one that is planned can be applied", r.state)
	}
	return r.ready, s.advanced(ctx, id, r)
}

// soon has the sweeper look at a plan whose items go on the queue now: whoever dies
// before they are there leaves them to the sweeper.
func (s Plans) soon(ctx context.Context, id string) error {
	return s.SetPlansDue(ctx, map[string]time.Time{id: s.Now().Add(firstLook)})
}

// letGo is what a script answers that lets items onto the queue.
type letGo struct {
	verdict string
	state   string // the plan's final state, or ""
	ready   []int
}

// let reads {verdict, state, {ready items…}}.
func let(cmd *redis.Cmd) (letGo, error) {
	r, err := cmd.Slice()
	if err != nil {
		return letGo{}, err
	}
	l := letGo{verdict: r[0].(string), state: r[1].(string)}
	for _, v := range r[2].([]any) {
		l.ready = append(l.ready, int(num(v.(string))))
	}
	return l, nil
}

// advanced retires a plan that has ended.
func (s Plans) advanced(ctx context.Context, id string, l letGo) error {
	if l.state == "" {
		return nil
	}
	return s.retirePlan(ctx, id)
}

// approvePlan notes the agreement of a second person. Run twice by the same, the
// second changes nothing.
//
// ARGV: who, now (ms), digest, line for the audit   Returns a verdict
var approvePlan = planScript(`
local state = meta("state")
if not state then return "gone" end
if state ~= "planned" then return "state:" .. state end
if meta("author") == ARGV[1] then return "author" end
if meta("digest") ~= ARGV[3] then return "digest" end
if not meta("approved_by") then
	call("HSET", M, "approved_by", ARGV[1], "approved_at", ARGV[2])
	tell(ARGV[4])
end
return "ok"
`)

// ApprovePlan notes that who changes plans here agrees to one; its author cannot.
func (s Plans) ApprovePlan(ctx context.Context, id, digest string) error {
	line, err := s.line("plan.approved", "")
	if err != nil {
		return err
	}
	verdict, err := approvePlan.Run(ctx, s.rdb, planKeys(id), s.By.Who, s.now(), digest, line).Text()
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
// ARGV: now (ms), reason, line for the audit   Returns {verdict, final state or ""}
var cancelPlan = planScript(`
local state = meta("state")
if not state then return {"gone", ""} end
if state ~= "planning" and state ~= "planned" and state ~= "scheduled" and state ~= "applying" and state ~= "held" then return {"ended", ""} end
if state == "planning" then drop() end
if not meta("cancelled") then tell(ARGV[3]) end
call("HSET", M, "cancelled", 1, "reason", ARGV[2])
stop(ARGV[1])
if count("n:running") == 0 then return {"ok", finish(ARGV[1])} end
return {"ok", ""}
`)

// CancelPlan stops a plan that has not ended.
func (s Plans) CancelPlan(ctx context.Context, id, reason string) error {
	line, err := s.line("plan.cancelled", "")
	if err != nil {
		return err
	}
	r, err := cancelPlan.Run(ctx, s.rdb, planKeys(id), s.now(), reason, line).StringSlice()
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
// ARGV: now (ms), new sealed credentials or "", line for the audit   Returns {verdict, final state or "", {ready items…}}
var resumePlan = planScript(`
local state = meta("state")
if not state then return {"gone", "", {}} end
if state ~= "held" then return {"state", state, {}} end
if ARGV[2] ~= "" then call("SET", X, ARGV[2], "KEEPTTL") end
call("HSET", M, "state", "applying", "done", 0, "failed", 0)
tell(ARGV[3])
call("HDEL", M, "reason")
local out = {}
local going = call("ZRANGE", B, 0, -1)
for k, state in ipairs(get(S, going)) do
	if state == "ready" then out[#out + 1] = going[k] end
end
local final = advance(ARGV[1], out)
return {"ok", final, out}
`)

// ResumePlan goes on with a plan that is held; the count of failures begins anew.
func (s Plans) ResumePlan(ctx context.Context, id string, sealed []byte) (ready []int, err error) {
	line, err := s.line("plan.resumed", "")
	if err != nil {
		return nil, err
	}
	if err := s.soon(ctx, id); err != nil {
		return nil, err
	}
	r, err := let(resumePlan.Run(ctx, s.rdb, planKeys(id), s.now(), sealed, line))
	if err != nil {
		return nil, fmt.Errorf("resume plan %s: %w", id, err)
	}
	switch r.verdict {
	case "gone":
		return nil, noPlan(id)
	case "state":
		return nil, tracker.Errorf(tracker.CodeConflict, "the plan is %s: only one that is held can be resumed", r.state)
	}
	return r.ready, s.advanced(ctx, id, r)
}
