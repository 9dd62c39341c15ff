package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// beginItem lets a run begin an item, or go on with one that was begun, and notes
// which worker has it. Run twice, both go on, and the later worker is noted.
//
// ARGV: item, worker   Returns "run" | "held" | "ended"
var beginItem = planScript(`
local state, plan = call("HGET", S, ARGV[1]), meta("state")
if not state or terminal(state) then return "ended" end
if state ~= "running" and (state ~= "ready" or plan ~= "applying" or meta("cancelled")) then return "held" end
call("HSET", M, "w:" .. ARGV[1], ARGV[2])
return "run"
`)

// BeginItem reports whether a worker may begin an item or go on with it. held: the
// plan is held or the item waits; ended: nothing is left to do.
func (s *Store) BeginItem(ctx context.Context, id string, item int, worker string) (verdict string, err error) {
	verdict, err = beginItem.Run(ctx, s.rdb, planKeys(id), item, worker).Text()
	return verdict, wrap(err, "begin item %d of plan %s", item, id)
}

// leaveItem notes that a worker no longer has an item. Run twice, or after another
// worker took it, it changes nothing.
//
// ARGV: item, worker   Returns 1 | 0
var leaveItem = planScript(`
if meta("w:" .. ARGV[1]) ~= ARGV[2] then return 0 end
return call("HDEL", M, "w:" .. ARGV[1])
`)

// LeaveItem notes that a worker no longer has an item, or the plan where item is -1.
func (s *Store) LeaveItem(ctx context.Context, id string, item int, worker string) error {
	return wrap(leaveItem.Run(ctx, s.rdb, planKeys(id), item, worker).Err(), "leave item %d of plan %s", item, id)
}

// HoldPlan notes that a worker looks at a plan's items.
func (s *Store) HoldPlan(ctx context.Context, id, worker string) error {
	return wrap(s.rdb.HSet(ctx, jobKey(id, "pm"), "w:-1", worker).Err(), "hold plan %s", id)
}

func aliveKey(worker string) string { return "rt:alive:" + worker }

// Alive says that a worker lives, for a while.
func (s *Store) Alive(ctx context.Context, worker string, ttl time.Duration) error {
	return wrap(s.rdb.Set(ctx, aliveKey(worker), 1, ttl).Err(), "say that worker %s lives", worker)
}

// freeItem takes an item from a worker that has died, so that it can be put on the
// queue anew: under a new epoch, since the task that died keeps its ID for a while.
// Run twice, the second changes nothing.
//
// ARGV: item, worker   Returns 1 | 0
var freeItem = planScript(`
if meta("w:" .. ARGV[1]) ~= ARGV[2] then return 0 end
call("HDEL", M, "w:" .. ARGV[1])
call("HINCRBY", M, "e:" .. ARGV[1], 1)
return 1
`)

// FreeDead takes the items of a plan from workers that have died.
func (s *Store) FreeDead(ctx context.Context, id string) error {
	m, err := s.rdb.HGetAll(ctx, jobKey(id, "pm")).Result()
	if err != nil {
		return fmt.Errorf("read plan %s: %w", id, err)
	}
	for k, worker := range m {
		item, ok := strings.CutPrefix(k, "w:")
		if !ok {
			continue
		}
		n, err := s.rdb.Exists(ctx, aliveKey(worker)).Result()
		if err == nil && n == 0 {
			err = freeItem.Run(ctx, s.rdb, planKeys(id), item, worker).Err()
		}
		if err != nil {
			return fmt.Errorf("free item %s of plan %s: %w", item, id, err)
		}
	}
	return nil
}

// ItemEpochs returns how often each item, and as -1 the plan itself, was taken from
// a worker that had died; those that never were are left out.
func (s *Store) ItemEpochs(ctx context.Context, id string) (map[int]int, error) {
	m, err := s.rdb.HGetAll(ctx, jobKey(id, "pm")).Result()
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", id, err)
	}
	epochs := map[int]int{}
	for k, v := range m {
		if item, ok := strings.CutPrefix(k, "e:"); ok {
			epochs[int(num(item))] = int(num(v))
		}
	}
	return epochs, nil
}

// startItem notes what an item's run saw before its first step, once: later runs
// get what the first noted.
//
// ARGV: item, ledger JSON   Returns the ledger that counts, or "" when the item may not begin
var startItem = planScript(`
local state = call("HGET", S, ARGV[1])
if state == "running" then return call("HGET", L, ARGV[1]) end
if state ~= "ready" or meta("state") ~= "applying" or meta("cancelled") then return "" end
put(ARGV[1], "running")
call("HSET", L, ARGV[1], ARGV[2])
return ARGV[2]
`)

// record is an item's ledger as it is kept.
type record struct {
	Message    string              `json:"message,omitempty"`
	Error      *tracker.Failure    `json:"error,omitempty"`
	Current    string              `json:"current,omitempty"`
	BegunMS    int64               `json:"begun_ms,omitempty"`
	FinishedMS int64               `json:"finished_ms,omitempty"`
	Inverse    *tracker.ActionItem `json:"inverse,omitempty"`
	Seen       *tracker.Resource   `json:"seen,omitempty"`
}

// StartItem notes the resource as it was before the first step. ok is false when
// the plan was held or cancelled meanwhile; otherwise seen is what the first run
// to start the item saw.
func (s *Store) StartItem(ctx context.Context, id string, item int, r tracker.Resource) (seen tracker.Resource, begun time.Time, ok bool, err error) {
	body, err := encode(record{BegunMS: s.now(), Current: r.State, Seen: &r})
	if err != nil {
		return seen, begun, false, err
	}
	v, err := startItem.Run(ctx, s.rdb, planKeys(id), item, body).Text()
	if err != nil || v == "" {
		return seen, begun, false, wrap(err, "start item %d of plan %s", item, id)
	}
	var rec record
	if err := json.Unmarshal([]byte(v), &rec); err != nil || rec.Seen == nil {
		return seen, begun, false, fmt.Errorf("decode item %d of plan %s: %w", item, id, errors.Join(err, errNoRecord))
	}
	return *rec.Seen, time.UnixMilli(rec.BegunMS).UTC(), true, nil
}

var errNoRecord = errors.New("there is no record of its beginning")

// intendStep claims the sending of a step's call: once for ever, unless the claim
// is given back because the call is known to have changed nothing.
//
// ARGV: item, step, now (ms), repeatable (1|0)   Returns 1 send | 0 was claimed before | -1 cancelled
var intendStep = planScript(`
if call("HGET", S, ARGV[1]) ~= "running" then return -1 end
local field = ARGV[1] .. "/" .. ARGV[2] .. "/i"
local claimed = call("HGET", T, field)
if claimed and ARGV[4] == "0" then return 0 end
if not claimed and meta("cancelled") then return -1 end
call("HSET", T, field, ARGV[3])
local ttl = call("PTTL", M)
if ttl > 0 then call("PEXPIRE", T, ttl) end
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
func (s *Store) IntendStep(ctx context.Context, id string, item int, step string, repeatable bool) (Claim, error) {
	again := 0
	if repeatable {
		again = 1
	}
	n, err := intendStep.Run(ctx, s.rdb, planKeys(id), item, step, s.now(), again).Int()
	return Claim(n), wrap(err, "claim step %s of item %d of plan %s", step, item, id)
}

func stepField(item int, step, what string) string {
	return strconv.Itoa(item) + "/" + step + "/" + what
}

// UnclaimStep gives a claim back: the call is known to have changed nothing, and
// may be sent again.
func (s *Store) UnclaimStep(ctx context.Context, id string, item int, step string) error {
	return wrap(s.rdb.HDel(ctx, jobKey(id, "pt"), stepField(item, step, "i")).Err(), "unclaim step %s of item %d of plan %s", step, item, id)
}

type stepReceipt struct {
	AtMS int64 `json:"at_ms"`
	tracker.Receipt
}

// AcceptStep notes that AWS took a step's call.
func (s *Store) AcceptStep(ctx context.Context, id string, item int, step string, r tracker.Receipt) error {
	return s.noteStep(ctx, id, item, step, "a", stepReceipt{s.now(), r})
}

// DoneStep notes that a step's effect was seen.
func (s *Store) DoneStep(ctx context.Context, id string, item int, step string, left map[string]string) error {
	return s.noteStep(ctx, id, item, step, "d", stepReceipt{s.now(), tracker.Receipt{Left: left}})
}

func (s *Store) noteStep(ctx context.Context, id string, item int, step, what string, r stepReceipt) error {
	body, err := encode(r)
	if err != nil {
		return err
	}
	// The first note counts: HSETNX, so that a late run changes nothing.
	return wrap(s.rdb.HSetNX(ctx, jobKey(id, "pt"), stepField(item, step, what), body).Err(), "note step %s of item %d of plan %s", step, item, id)
}

// settleItem ends an item. Run twice, the second changes nothing.
//
// ARGV: item, state, ledger JSON, now (ms)   Returns {1 | 0, final state of the plan or "", ready items…}
var settleItem = planScript(`
local state = call("HGET", S, ARGV[1])
if not state or terminal(state) then return {"0", ""} end
local out = {}
settle(ARGV[1], ARGV[2], ARGV[3], ARGV[4], out)
local final = advance(ARGV[4], out)
if meta("state") == "held" then out = {} end
return {"1", final, unpack(out)}
`)

// SettleItem ends an item. It returns the items to put on the queue next; final
// is the state of the plan if that was its last.
func (s *Store) SettleItem(ctx context.Context, id string, item int, l tracker.ItemLedger, seen *tracker.Resource) (settled bool, ready []int, final tracker.PlanState, err error) {
	body, err := encode(record{
		Message: l.Message, Error: l.Error, Current: l.Current, BegunMS: stamp(l.BegunAt), FinishedMS: s.now(), Inverse: l.Inverse, Seen: seen,
	})
	if err != nil {
		return false, nil, "", err
	}
	r, err := settleItem.Run(ctx, s.rdb, planKeys(id), item, string(l.State), body, s.now()).StringSlice()
	if err != nil {
		return false, nil, "", fmt.Errorf("settle item %d of plan %s: %w", item, id, err)
	}
	ready, err = s.advanced(ctx, id, r[1:])
	return r[0] == "1", ready, tracker.PlanState(r[1]), err
}
