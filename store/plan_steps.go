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
// array, in the order in which they became known: {n: name, i: when it was claimed,
// c: by whom, w: since when its claim waits for a replica, a: AWS's receipt, d: the
// receipt of its effect}. All are strings, which a script passes on as they are.
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
`

func stepScript(body string) *redis.Script { return planScript(stepPrelude + body) }

// intendStep claims the sending of a step's call: once for ever, unless the claim
// is given back because the call is known to have changed nothing. The line for the
// audit is noted with the claim, but not again for one that has waited. Run twice by
// one claimant, both say that it may send.
//
// ARGV: item, step, now (ms), repeatable (1|0), claimant, line for the audit   Returns 1 send | 0 was claimed before | -1 cancelled
var intendStep = stepScript(`
if call("HGET", S, ARGV[1]) ~= "running" then return -1 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
if step.c == ARGV[5] then return save(ARGV[1], list) end
if step.i and ARGV[4] == "0" then return 0 end
if not step.i and meta("cancelled") then return -1 end
if step.i or not step.w then tell(ARGV[6]) end
step.i, step.c = ARGV[3], ARGV[5]
return save(ARGV[1], list)
`)

// Claim is the answer to the wish to send a step's call.
type Claim int

// The answers.
const (
	ClaimSend      Claim = 1  // send it; nobody else may
	ClaimSent      Claim = 0  // it was claimed before: look, do not send
	ClaimCancelled Claim = -1 // the plan was cancelled, or the item has ended
	ClaimWaits     Claim = -2 // no replica acknowledged it: try again later, do not send
)

// IntendStep claims the sending of a step for a claimant, whose name no other claim
// ever had. A repeatable one can be claimed again. Where Redis has replicas, one of
// them has the claim and its line for the audit before the answer is to send.
func (s Plans) IntendStep(ctx context.Context, id string, item int, step, claimant string, repeatable bool) (Claim, error) {
	line, err := s.lineOf(tracker.AuditEvent{What: "item.sending", Item: &item, Step: step})
	if err != nil {
		return 0, err
	}
	reply, acknowledged := s.acknowledged(ctx, intendStep, planKeys(id), item, step, s.now(), flag(repeatable), claimant, line)
	n, err := reply.Int()
	if err != nil || Claim(n) != ClaimSend || acknowledged {
		return Claim(n), wrap(err, "claim step %s of item %d of plan %s", step, item, id)
	}
	return ClaimWaits, s.unclaimStep(context.WithoutCancel(ctx), id, item, step, claimant, s.now())
}

// unclaimStep gives a claim back, if it is still the claimant's: after a failover it
// may be another's. Run twice, the second changes nothing.
//
// ARGV: item, step, claimant, since when the claim waits for a replica (ms; 0: it does not)   Returns 1 | 0
var unclaimStep = stepScript(`
local list = steps(ARGV[1])
local step, at = find(list, ARGV[2])
if not step.i or step.c ~= ARGV[3] then return 0 end
step.i, step.c = nil, nil
if ARGV[4] == "0" then step.w = nil else step.w = step.w or ARGV[4] end
if not step.a and not step.d and not step.w then table.remove(list, at) end
return save(ARGV[1], list)
`)

// UnclaimStep gives a claimant's claim back: the call is known to have changed
// nothing, and may be sent again.
func (s Plans) UnclaimStep(ctx context.Context, id string, item int, step, claimant string) error {
	return s.unclaimStep(ctx, id, item, step, claimant, 0)
}

func (s Plans) unclaimStep(ctx context.Context, id string, item int, step, claimant string, waits int64) error {
	return wrap(unclaimStep.Run(ctx, s.rdb, planKeys(id), item, step, claimant, waits).Err(), "unclaim step %s of item %d of plan %s", step, item, id)
}

// noteStep notes what is known of a step. Run twice, the first note counts, so that
// a late run changes nothing.
//
// ARGV: item, step, "a" AWS took it | "d" its effect was seen, receipt JSON, line for the audit or ""   Returns 1 | 0
var noteStep = stepScript(`
if not call("HGET", S, ARGV[1]) then return 0 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
if step[ARGV[3]] then return 0 end
step[ARGV[3]] = ARGV[4]
if ARGV[5] ~= "" then tell(ARGV[5]) end
return save(ARGV[1], list)
`)

type stepReceipt struct {
	AtMS int64 `json:"at_ms"`
	tracker.Receipt
}

// AcceptStep notes that AWS took a step's call.
func (s Plans) AcceptStep(ctx context.Context, id string, item int, step string, r tracker.Receipt) error {
	line, err := s.lineOf(tracker.AuditEvent{What: "item.accepted", Item: &item, Step: step, RequestID: r.RequestID})
	if err != nil {
		return err
	}
	return s.noteStep(ctx, id, item, step, "a", stepReceipt{s.now(), r}, line)
}

// DoneStep notes that a step's effect was seen.
func (s Plans) DoneStep(ctx context.Context, id string, item int, step string, left map[string]string) error {
	return s.noteStep(ctx, id, item, step, "d", stepReceipt{s.now(), tracker.Receipt{Left: left}}, "")
}

func (s Plans) noteStep(ctx context.Context, id string, item int, step, what string, r stepReceipt, line string) error {
	body, err := encode(r)
	if err != nil {
		return err
	}
	return wrap(noteStep.Run(ctx, s.rdb, planKeys(id), item, step, what, body, line).Err(), "note step %s of item %d of plan %s", step, item, id)
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
		Waits    string `json:"w"`
		Accepted string `json:"a"`
		Done     string `json:"d"`
	}
	if err := json.Unmarshal([]byte(v), &list); err != nil {
		return nil, "", fmt.Errorf("decode steps: %w", err)
	}
	for _, l := range list {
		if l.Waits != "" && l.Intended == "" {
			waits = fmt.Sprintf("%s is not sent yet: since %s it waits until a replica of Redis acknowledges its claim", l.Name, millis(l.Waits).Format(time.RFC3339))
			continue
		}
		r := tracker.StepRecord{Name: l.Name, IntendedAt: millis(l.Intended)}
		accepted, err := decodeReceipt(l.Accepted)
		if err != nil {
			return nil, "", err
		}
		done, err := decodeReceipt(l.Done)
		if err != nil {
			return nil, "", err
		}
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
