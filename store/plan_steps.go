package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// stepPrelude is what the scripts of steps share. The steps of an item are a JSON
// array, in the order in which they became known. All are strings, which a script
// passes on as they are:
//
//	n  name                              c  how many calls were claimed, for good or not
//	i  when its call was claimed (ms)    q  how many of the last of them brought nothing on
//	f  when it was first claimed (ms)    e  what AWS answered last that it did not carry out
//	a  AWS's receipt                     w  when a look first showed it under way
//	d  the receipt of its effect         u  the outcomes that the audit was told of
//	l, m  when the audit was last told how often it was sent (ms), and of how many calls
//	b  by whom it was claimed last       r  since when its claim waits for a replica (ms)
const stepPrelude = `
local function steps(i) return cjson.decode(call("HGET", T, i) or "[]") end
local function find(list, name)
	for at, s in ipairs(list) do if s.n == name then return s, at end end
	list[#list + 1] = {n = name}
	return list[#list], #list
end
local function save(i, list)
	if #list == 0 then return call("HDEL", T, i) end
	call("HSET", T, i, cjson.encode(list))
	keep(T)
	return 1
end
local function add(v, n) return string.format("%.0f", num(v or 0) + n) end
-- counted tells the audit how often a step was sent, as far as it was not told. The
-- first call has a line of its own.
local function counted(i, step, now)
	if num(step.c or 0) <= num(step.m or 1) then return end
	tell(cjson.encode({what = "item.repeated", at_ms = num(now), item = num(i), step = step.n, calls = num(step.c), since_ms = num(step.f), detail = step.e}))
	step.l, step.m = now, step.c
end
`

func stepScript(body string) *redis.Script { return planScript(stepPrelude + body) }

// intendStep claims the sending of a step's call: once for ever, unless the claim
// is given back because the call is known to have changed nothing. One that repeats is
// claimed again within its bounds, which count from its first claim, until the plan is
// cancelled. The line for the audit is noted with the first claim, but not again where
// that one waited for a replica. The audit is told how often at the latest when the time
// since the first call has doubled: of a step that repeats for two days there are a dozen
// lines. Run twice by one claimant, both answer the same, and one call is counted.
//
// ARGV: item, step, now (ms), repeatable (1|0), time bound (ms), bound of idle calls (0 for none), claimant, line for the audit
// Returns 1 send | 2 send again | 0 was claimed before | -1 cancelled | -2 a bound is reached
var intendStep = stepScript(`
if call("HGET", S, ARGV[1]) ~= "running" then return -1 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
local now = num(ARGV[3])
if step.b == ARGV[7] then
	save(ARGV[1], list)
	return num(step.c) > 1 and 2 or 1
end
if step.i and ARGV[4] == "0" then return 0 end
if meta("cancelled") then return -1 end
if step.f and (now - num(step.f) > num(ARGV[5]) or num(ARGV[6]) > 0 and num(step.q or 0) >= num(ARGV[6])) then return -2 end
local again = step.f and 2 or 1
if not step.f and not step.r then tell(ARGV[8]) end
step.i, step.f, step.b = step.i or ARGV[3], step.f or ARGV[3], ARGV[7]
step.c, step.q = add(step.c, 1), add(step.q, 1)
local span = now - num(step.f)
if span >= 60000 and span >= 2 * (num(step.l or step.f) - num(step.f)) then counted(ARGV[1], step, ARGV[3]) end
save(ARGV[1], list)
return again
`)

// Claim is the answer to the wish to send a step's call.
type Claim int

// The answers.
const (
	ClaimSend      Claim = 1  // send it; nobody else may
	ClaimAgain     Claim = 2  // send it once more; the audit knows of it
	ClaimSent      Claim = 0  // it was claimed before: look, do not send
	ClaimCancelled Claim = -1 // the plan was cancelled, or the item has ended
	ClaimSpent     Claim = -2 // it was sent as often or as long as it may be
	ClaimWaits     Claim = -3 // no replica acknowledged it: try again later, do not send
)

// IntendStep claims the sending of a step for a claimant, whose name no other claim
// ever had. One that repeats can be claimed again within its bounds; of another, For
// bounds how long a call that AWS throttles is tried. Where Redis has replicas, one of
// them has the claim and its line for the audit before the answer is to send.
func (s Plans) IntendStep(ctx context.Context, id string, item int, step, claimant string, repeatable bool, bound tracker.Repeats) (Claim, error) {
	sending := tracker.AuditEvent{What: "item.sending", Item: &item, Step: step}
	if repeatable {
		sending.Detail = fmt.Sprintf("it is sent again until it is done, for %v or %d calls that bring nothing on at most", bound.For, bound.Idle)
	}
	line, err := s.lineOf(sending)
	if err != nil {
		return 0, err
	}
	reply, acknowledged := s.acknowledged(ctx, intendStep, planKeys(id), item, step, s.now(), flag(repeatable), bound.For.Milliseconds(), bound.Idle, claimant, line)
	n, err := reply.Int()
	claim := Claim(n)
	if err != nil || claim != ClaimSend && claim != ClaimAgain || acknowledged {
		return claim, wrap(err, "claim step %s of item %d of plan %s", step, item, id)
	}
	return ClaimWaits, s.unclaim(context.WithoutCancel(ctx), id, item, step, claimant, false, s.now())
}

// unclaimStep gives a claim back, if it is still the claimant's: after a failover it
// may be another's. Of a call that was never sent nothing is left but since when it
// waits; one that AWS throttled counts. Run twice, the second changes nothing.
//
// ARGV: item, step, claimant, sent (1|0), since when it waits for a replica (ms; 0: it does not)   Returns 1 | 0
var unclaimStep = stepScript(`
local list = steps(ARGV[1])
local step, at = find(list, ARGV[2])
if not step.i or step.b ~= ARGV[3] then return 0 end
step.i, step.b = nil, nil
step.q = add(step.q, -1)
if ARGV[4] == "0" then step.c = add(step.c, -1) end
if ARGV[5] == "0" then step.r = nil else step.r = step.r or ARGV[5] end
if num(step.c or 0) <= 0 then
	step.c, step.q, step.f, step.l, step.m = nil, nil, nil, nil, nil
	if not step.a and not step.d and not step.r then table.remove(list, at) end
end
return save(ARGV[1], list)
`)

func (s Plans) unclaim(ctx context.Context, id string, item int, step, claimant string, sent bool, waits int64) error {
	return wrap(unclaimStep.Run(ctx, s.rdb, planKeys(id), item, step, claimant, flag(sent), waits).Err(), "unclaim step %s of item %d of plan %s", step, item, id)
}

// noteOutcome notes what became of a call that AWS did not take. The audit is told once
// of each outcome; the calls are counted. Run twice, the second changes nothing.
//
// ARGV: item, step, what happened, why, line for the audit   Returns 1 | 0
var noteOutcome = stepScript(`
if not call("HGET", S, ARGV[1]) then return 0 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
step.e = ARGV[4]
if not string.find(step.u or "", ARGV[3], 1, true) then
	step.u = (step.u or "") .. ARGV[3] .. " "
	tell(ARGV[5])
end
return save(ARGV[1], list)
`)

// Outcomes of calls that AWS did not take.
const (
	StepThrottled  = "item.throttled"  // AWS took no notice of it: it may be sent again
	StepUnanswered = "item.unanswered" // whether it was carried out is not known
)

// NoteStep notes that AWS did not take the call of a step that a claimant claimed, and
// why. One that was throttled gives its claim back.
func (s Plans) NoteStep(ctx context.Context, id string, item int, step, claimant, outcome, requestID, why string) error {
	line, err := s.lineOf(tracker.AuditEvent{What: outcome, Item: &item, Step: step, RequestID: requestID, Detail: why})
	if err != nil {
		return err
	}
	if err := noteOutcome.Run(ctx, s.rdb, planKeys(id), item, step, outcome, why, line).Err(); err != nil {
		return fmt.Errorf("note step %s of item %d of plan %s: %w", step, item, id, err)
	}
	if outcome == StepThrottled {
		return s.unclaim(ctx, id, item, step, claimant, true, 0)
	}
	return nil
}

// noteStep notes what is known of a step. Run twice, the first note counts, so that
// a late run changes nothing; but the newest receipt of a step that repeats counts.
//
// ARGV: item, step, "a" AWS took it | "d" its effect was seen | "w" it was seen under way, receipt JSON,
// line for the audit or "", now (ms), trouble or "", it was brought on (1|0), repeatable (1|0)   Returns 1 | 0
var noteStep = stepScript(`
if not call("HGET", S, ARGV[1]) then return 0 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
local before = step[ARGV[3]]
if before and ARGV[9] == "0" then return 0 end
step[ARGV[3]] = ARGV[4]
if ARGV[3] == "a" then step.e = ARGV[7] ~= "" and ARGV[7] or nil end
if ARGV[8] == "1" then step.q = nil end
if ARGV[3] == "d" then counted(ARGV[1], step, ARGV[6]) end
if ARGV[5] ~= "" and not before then tell(ARGV[5]) end
return save(ARGV[1], list)
`)

type stepReceipt struct {
	AtMS int64 `json:"at_ms"`
	tracker.Receipt
}

// AcceptStep notes that AWS took a step's call.
func (s Plans) AcceptStep(ctx context.Context, id string, item int, step tracker.Step, r tracker.Receipt) error {
	line, err := s.lineOf(tracker.AuditEvent{What: "item.accepted", Item: &item, Step: step.Name, RequestID: r.RequestID})
	if err != nil {
		return err
	}
	return s.noteStep(ctx, id, item, step.Name, "a", r, line, r.Trouble, flag(r.Changed > 0), flag(step.Repeatable()))
}

// DoneStep notes that a step's effect was seen.
func (s Plans) DoneStep(ctx context.Context, id string, item int, step string, left map[string]string) error {
	return s.noteStep(ctx, id, item, step, "d", tracker.Receipt{Left: left}, "", "", flag(false), flag(false))
}

// MovedStep notes that a look showed a step under way.
func (s Plans) MovedStep(ctx context.Context, id string, item int, step string) error {
	return s.noteStep(ctx, id, item, step, "w", tracker.Receipt{}, "", "", flag(false), flag(false))
}

func (s Plans) noteStep(ctx context.Context, id string, item int, step, what string, r tracker.Receipt, line string, rest ...any) error {
	body, err := encode(stepReceipt{s.now(), r})
	if err != nil {
		return err
	}
	args := append([]any{item, step, what, body, line, s.now()}, rest...)
	return wrap(noteStep.Run(ctx, s.rdb, planKeys(id), args...).Err(), "note step %s of item %d of plan %s", step, item, id)
}

// decodeSteps reads the steps of an item; "" is none. A step whose claim waits for a
// replica has not begun: it is no record, and waits says so.
func decodeSteps(v string) (steps []tracker.StepRecord, waits string, err error) {
	if v == "" {
		return nil, "", nil
	}
	var list []struct {
		Name     string `json:"n"`
		Intended string `json:"i"`
		Waits    string `json:"r"`
		Accepted string `json:"a"`
		Done     string `json:"d"`
		First    string `json:"f"`
		Moved    string `json:"w"`
		Calls    string `json:"c"`
		Idle     string `json:"q"`
		Trouble  string `json:"e"`
	}
	if err := json.Unmarshal([]byte(v), &list); err != nil {
		return nil, "", fmt.Errorf("decode steps: %w", err)
	}
	for _, l := range list {
		if l.Waits != "" && l.Intended == "" {
			waits = fmt.Sprintf("%s is not sent yet: since %s it waits until a replica of Redis acknowledges its claim", l.Name, millis(l.Waits).Format(time.RFC3339))
			if l.Calls == "" {
				continue
			}
		}
		r := tracker.StepRecord{
			Name: l.Name, IntendedAt: millis(l.Intended), FirstAt: millis(l.First), Calls: int(num(l.Calls)), Idle: int(num(l.Idle)), Trouble: l.Trouble,
		}
		accepted, err := decodeReceipt(l.Accepted)
		if err != nil {
			return nil, "", err
		}
		done, err := decodeReceipt(l.Done)
		if err != nil {
			return nil, "", err
		}
		moved, err := decodeReceipt(l.Moved)
		if err != nil {
			return nil, "", err
		}
		r.MovedAt = tracker.AtMillis(&moved.AtMS)
		r.AcceptedAt, r.DoneAt, r.RequestID = tracker.AtMillis(&accepted.AtMS), tracker.AtMillis(&done.AtMS), accepted.RequestID
		if len(accepted.Left)+len(done.Left) > 0 {
			r.Left = map[string]string{}
			maps.Copy(r.Left, accepted.Left)
			maps.Copy(r.Left, done.Left)
		}
		steps = append(steps, r)
	}
	return steps, waits, nil
}

// decodeReceipt reads a receipt; "" is none.
func decodeReceipt(v string) (r stepReceipt, err error) {
	if v == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(v), &r); err != nil {
		return r, fmt.Errorf("decode receipt: %w", err)
	}
	return r, nil
}
