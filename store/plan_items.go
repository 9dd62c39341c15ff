package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// beginItem lets a run begin an item, or go on with one that was begun, and notes
// which worker has it. Run twice, both go on, and the later worker is noted.
//
// ARGV: item, worker, now (ms), epoch of the task, deaths allowed
// Returns "run" | "held" | "ended" | "superseded" | "deadly"
var beginItem = planScript(`
local state, plan = call("HGET", S, ARGV[1]), meta("state")
if not state or terminal(state) then return "ended" end
if num(ARGV[4]) < num(call("HGET", E, ARGV[1]) or 0) then return "superseded" end
if state ~= "running" and (state ~= "ready" or plan ~= "applying" or meta("cancelled")) then return "held" end
call("ZADD", B, "XX", ARGV[3], ARGV[1])
if hold(ARGV[1], ARGV[2]) >= num(ARGV[5]) then return "deadly" end
return "run"
`)

// BeginItem reports whether a worker may begin an item or go on with it, by the task of
// an epoch. held: the plan is held or the item waits; ended: nothing is left to do;
// superseded: a newer task has the item; deadly: so many workers have died with it that
// it is to be given up.
func (s Plans) BeginItem(ctx context.Context, id string, item, epoch int, worker string) (verdict string, err error) {
	verdict, err = beginItem.Run(ctx, s.rdb, planKeys(id), item, worker, s.now(), epoch, maxStrikes).Text()
	return verdict, wrap(err, "begin item %d of plan %s", item, id)
}

// leaveItem notes that a worker no longer has an item. That it lives clears the item of
// those that have died, but not the plan's look (-1), which leaves off anywhere. Run
// twice, or after another worker took it, it changes nothing.
//
// ARGV: item, worker   Returns 1 | 0
var leaveItem = planScript(`
if call("HGET", W, ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[1] ~= "-1" then call("HDEL", G, ARGV[1]) end
return call("HDEL", W, ARGV[1])
`)

// LeaveItem notes that a worker no longer has an item, or the plan where item is -1.
func (s Plans) LeaveItem(ctx context.Context, id string, item int, worker string) error {
	return wrap(leaveItem.Run(ctx, s.rdb, planKeys(id), item, worker).Err(), "leave item %d of plan %s", item, id)
}

func aliveKey(worker string) string { return "rt:alive:" + worker }

// workersKey counts the workers that live: ZSET worker -> until when (ms).
const workersKey = "rt:workers"

// Alive says that a worker lives, for a while.
func (s *Store) Alive(ctx context.Context, worker string, ttl time.Duration) error {
	now := s.now()
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, aliveKey(worker), 1, ttl)
		p.ZAdd(ctx, workersKey, redis.Z{Score: float64(now + ttl.Milliseconds()), Member: worker})
		p.ZRemRangeByScore(ctx, workersKey, "-inf", strconv.FormatInt(now, 10))
		return nil
	})
	return wrap(err, "say that worker %s lives", worker)
}

// Workers returns how many workers live.
func (s *Store) Workers(ctx context.Context) (int, error) {
	n, err := s.rdb.ZCount(ctx, workersKey, "("+strconv.FormatInt(s.now(), 10), "+inf").Result()
	return int(n), wrap(err, "count workers")
}

// freeItem takes an item from a worker that has died, so that it can be put on the
// queue anew: under a new epoch, since the task that died keeps its ID for a while.
// Run twice, the second changes nothing.
//
// ARGV: item, worker   Returns 1 | 0
var freeItem = planScript(`
if call("HGET", W, ARGV[1]) ~= ARGV[2] then return 0 end
call("HDEL", W, ARGV[1])
call("HINCRBY", G, ARGV[1], 1)
call("HINCRBY", E, ARGV[1], 1)
keep(G)
keep(E)
return 1
`)

// renewItem claims the right to put an item on the queue anew, whose task will not be
// delivered. Run twice with the same epoch, the second returns 0.
//
// ARGV: item, epoch seen   Returns the new epoch | 0
var renewItem = planScript(`
if not meta("state") or num(call("HGET", E, ARGV[1]) or 0) ~= num(ARGV[2]) then return 0 end
local epoch = call("HINCRBY", E, ARGV[1], 1)
keep(E)
return epoch
`)

// RenewItem claims an item, or as -1 the plan's look, whose task of an epoch will not be
// delivered. ok is false when somebody else was first.
func (s Plans) RenewItem(ctx context.Context, id string, item, epoch int) (next int, ok bool, err error) {
	next, err = renewItem.Run(ctx, s.rdb, planKeys(id), item, epoch).Int()
	return next, next > 0, wrap(err, "renew item %d of plan %s", item, id)
}

// FreeDead takes the items of a plan from workers that have died, and returns them.
// It reads what workers have at the moment, which is few however large the plan.
func (s Plans) FreeDead(ctx context.Context, id string) (freed []int, err error) {
	held, err := s.rdb.HGetAll(ctx, jobKey(id, "pw")).Result()
	if err != nil {
		return nil, fmt.Errorf("read who works on plan %s: %w", id, err)
	}
	alive := map[string]*redis.IntCmd{}
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, worker := range held {
			if alive[worker] == nil {
				alive[worker] = p.Exists(ctx, aliveKey(worker))
			}
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("ask who lives of plan %s: %w", id, err)
	}
	for item, worker := range held {
		if alive[worker].Val() > 0 {
			continue
		}
		n, err := freeItem.Run(ctx, s.rdb, planKeys(id), item, worker).Int()
		if err != nil {
			return freed, fmt.Errorf("free item %s of plan %s: %w", item, id, err)
		}
		if n == 1 {
			freed = append(freed, int(num(item)))
		}
	}
	return freed, nil
}

// ItemEpochs returns how often each of some items, or as -1 the plan's look, was put on
// the queue anew.
func (s Plans) ItemEpochs(ctx context.Context, id string, items []int) ([]int, error) {
	epochs := make([]int, len(items))
	if len(items) == 0 {
		return epochs, nil
	}
	values, err := s.rdb.HMGet(ctx, jobKey(id, "pe"), fieldsOf(items)...).Result()
	if err != nil {
		return nil, fmt.Errorf("read epochs of plan %s: %w", id, err)
	}
	for k, v := range values {
		v, _ := v.(string)
		epochs[k] = int(num(v))
	}
	return epochs, nil
}

func fieldsOf(items []int) []string {
	fields := make([]string, len(items))
	for k, i := range items {
		fields[k] = strconv.Itoa(i)
	}
	return fields
}

// idleItems finds items that are ready or running and were not heard of for a while:
// their tasks may be lost. Run twice, the second finds those that are next; an item
// whose finder died comes again after that while.
//
// ARGV: last heard of before (ms), now (ms), limit   Returns {items…}
var idleItems = planScript(`
local out, held = {}, meta("state") ~= "applying"
for _, i in ipairs(call("ZRANGEBYSCORE", B, "-inf", ARGV[1], "LIMIT", 0, ARGV[3])) do
	call("ZADD", B, "XX", ARGV[2], i)
	if not held or call("HGET", S, i) == "running" then out[#out + 1] = i end
end
return out
`)

// IdleItems returns up to limit items of a plan that are to be on the queue and were
// not heard of for so long; of one that is held or cancelled, those that were begun.
func (s Plans) IdleItems(ctx context.Context, id string, idle time.Duration, limit int) ([]int, error) {
	now := s.now()
	list, err := idleItems.Run(ctx, s.rdb, planKeys(id), now-idle.Milliseconds(), now, limit).StringSlice()
	items := make([]int, len(list))
	for k, i := range list {
		items[k] = int(num(i))
	}
	return items, wrap(err, "find idle items of plan %s", id)
}

// startItem notes what an item's run saw before its first step, once: later runs
// get what the first noted.
//
// ARGV: item, ledger JSON, now (ms)   Returns the ledger that counts, or "" when the item may not begin
var startItem = planScript(`
local state = call("HGET", S, ARGV[1])
if state == "running" then return call("HGET", L, ARGV[1]) end
if state ~= "ready" or meta("state") ~= "applying" or meta("cancelled") then return "" end
put(ARGV[1], "running", ARGV[3])
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
func (s Plans) StartItem(ctx context.Context, id string, item int, r tracker.Resource) (seen tracker.Resource, begun time.Time, ok bool, err error) {
	body, err := encode(record{BegunMS: s.now(), Current: r.State, Seen: &r})
	if err != nil {
		return seen, begun, false, err
	}
	v, err := startItem.Run(ctx, s.rdb, planKeys(id), item, body, s.now()).Text()
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

// settleItem ends an item, and tells the audit how often its steps were sent. Run
// twice, the second changes nothing.
//
// ARGV: item, state, ledger JSON, now (ms), message   Returns {"1" | "0", final state of the plan or "", {ready items…}}
var settleItem = stepScript(`
local state = call("HGET", S, ARGV[1])
if not state or terminal(state) then return {"0", "", {}} end
local out, list = {}, steps(ARGV[1])
for _, step in ipairs(list) do counted(ARGV[1], step, ARGV[4]) end
save(ARGV[1], list)
settle(ARGV[1], ARGV[2], ARGV[3], ARGV[4], out, ARGV[5])
local final = advance(ARGV[4], out)
if meta("state") == "held" then out = {} end
return {"1", final, out}
`)

// SettleItem ends an item. It returns the items to put on the queue next; final
// is the state of the plan if that was its last.
func (s Plans) SettleItem(ctx context.Context, id string, item int, l tracker.ItemLedger, seen *tracker.Resource) (settled bool, ready []int, final tracker.PlanState, err error) {
	body, err := encode(record{
		Message: l.Message, Error: l.Error, Current: l.Current, BegunMS: stamp(l.BegunAt), FinishedMS: s.now(), Inverse: l.Inverse, Seen: seen,
	})
	if err != nil {
		return false, nil, "", err
	}
	r, err := let(settleItem.Run(ctx, s.rdb, planKeys(id), item, string(l.State), body, s.now(), l.Message))
	if err != nil {
		return false, nil, "", fmt.Errorf("settle item %d of plan %s: %w", item, id, err)
	}
	return r.verdict == "1", r.ready, tracker.PlanState(r.state), s.advanced(ctx, id, r)
}
