package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// stepPrelude is what the scripts of steps share. The steps of an item are a JSON
// array, in the order in which they became known: {n: name, i: when it was claimed,
// a: AWS's receipt, d: the receipt of its effect}. All are strings, which a script
// passes on as they are.
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
// is given back because the call is known to have changed nothing.
//
// ARGV: item, step, now (ms), repeatable (1|0)   Returns 1 send | 0 was claimed before | -1 cancelled
var intendStep = stepScript(`
if call("HGET", S, ARGV[1]) ~= "running" then return -1 end
local list = steps(ARGV[1])
local step = find(list, ARGV[2])
if step.i and ARGV[4] == "0" then return 0 end
if not step.i and meta("cancelled") then return -1 end
step.i = ARGV[3]
save(ARGV[1], list)
return 1
`)

// Claim is the answer to the wish to send a step's call.
type Claim int

// The answers.
const (
	ClaimSend      Claim = 1  // send it; nobody else may
	ClaimSent      Claim = 0  // it was claimed before: look, do not send
	ClaimCancelled Claim = -1 // the plan was cancelled, or the item has ended
)

// IntendStep claims the sending of a step. A repeatable one can be claimed again.
func (s Plans) IntendStep(ctx context.Context, id string, item int, step string, repeatable bool) (Claim, error) {
	n, err := intendStep.Run(ctx, s.rdb, planKeys(id), item, step, s.now(), flag(repeatable)).Int()
	return Claim(n), wrap(err, "claim step %s of item %d of plan %s", step, item, id)
}

// unclaimStep gives a claim back. Run twice, the second changes nothing.
//
// ARGV: item, step   Returns 1 | 0
var unclaimStep = stepScript(`
local list = steps(ARGV[1])
local step, at = find(list, ARGV[2])
if not step.i then return 0 end
step.i = nil
if not step.a and not step.d then table.remove(list, at) end
return save(ARGV[1], list)
`)

// UnclaimStep gives a claim back: the call is known to have changed nothing, and
// may be sent again.
func (s Plans) UnclaimStep(ctx context.Context, id string, item int, step string) error {
	return wrap(unclaimStep.Run(ctx, s.rdb, planKeys(id), item, step).Err(), "unclaim step %s of item %d of plan %s", step, item, id)
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

// decodeSteps reads the steps of an item; "" is none.
func decodeSteps(v string) ([]tracker.StepRecord, error) {
	if v == "" {
		return nil, nil
	}
	var list []struct {
		Name     string `json:"n"`
		Intended string `json:"i"`
		Accepted string `json:"a"`
		Done     string `json:"d"`
	}
	if err := json.Unmarshal([]byte(v), &list); err != nil {
		return nil, fmt.Errorf("decode steps: %w", err)
	}
	steps := make([]tracker.StepRecord, len(list))
	for i, l := range list {
		r := tracker.StepRecord{Name: l.Name, IntendedAt: millis(l.Intended)}
		accepted, err := decodeReceipt(l.Accepted)
		if err != nil {
			return nil, err
		}
		done, err := decodeReceipt(l.Done)
		if err != nil {
			return nil, err
		}
		r.AcceptedAt, r.DoneAt, r.RequestID = tracker.AtMillis(&accepted.AtMS), tracker.AtMillis(&done.AtMS), accepted.RequestID
		if len(accepted.Left)+len(done.Left) > 0 {
			r.Left = map[string]string{}
			maps.Copy(r.Left, accepted.Left)
			maps.Copy(r.Left, done.Left)
		}
		steps[i] = r
	}
	return steps, nil
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
