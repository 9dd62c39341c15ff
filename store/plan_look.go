package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A plan is looked at in turns, by whichever worker has its task. What a turn has seen of
// items is kept one by one, so that the next goes on with the others. The head of the
// plan says what is being looked at, so that it is known when the worker dies.

// Look is how far the look at a plan has come when a turn of it begins.
type Look struct {
	Verdict string // as of BeginItem
	Began   time.Time
	// Deaths counts the workers that have died at it, Doing says what the last one did,
	// and Suspects are the items before this index: what was looked at is among them.
	Deaths   int
	Doing    string
	Suspects int
	// Chosen says that the selection was made.
	Chosen bool
}

// beginLook lets a worker look at a plan. Run twice, both go on, and the later worker is
// noted.
//
// ARGV: worker, epoch of the task, deaths allowed, now (ms)
// Returns {verdict, began (ms), deaths, doing, suspects, chosen}
var beginLook = planScript(`
if meta("state") ~= "planning" then return {"ended"} end
if num(ARGV[2]) < num(call("HGET", E, "-1") or 0) then return {"superseded"} end
call("HSETNX", M, "look_began", ARGV[4])
local deaths = hold("-1", ARGV[1])
local verdict = "run"
if deaths >= num(ARGV[3]) then verdict = "deadly" end
return {verdict, meta("look_began"), tostring(deaths), meta("look_doing") or "", meta("look_to") or "0", meta("look_chosen") or ""}
`)

// BeginLook lets a worker look at a plan, by the task of an epoch.
func (s Plans) BeginLook(ctx context.Context, id string, epoch int, worker string) (Look, error) {
	r, err := beginLook.Run(ctx, s.rdb, planKeys(id), worker, epoch, maxStrikes, s.now()).StringSlice()
	if err != nil {
		return Look{}, fmt.Errorf("begin to look at plan %s: %w", id, err)
	}
	if len(r) == 1 {
		return Look{Verdict: r[0]}, nil
	}
	return Look{
		Verdict: r[0], Began: time.UnixMilli(num(r[1])), Deaths: int(num(r[2])), Doing: r[3], Suspects: int(num(r[4])), Chosen: r[5] != "",
	}, nil
}

// markLook notes what a turn of the look does next. Run twice, it notes the same.
//
// ARGV: what, suspects   Returns 1 | 0 when the plan is not planning
var markLook = planScript(`
if meta("state") ~= "planning" then return 0 end
call("HSET", M, "look_doing", ARGV[1], "look_to", ARGV[2])
return 1
`)

// MarkLook notes what a worker does next, in the words "so many workers died while they
// …", and the index that the items lie before which it looks at. wanted is false when the
// plan has ended.
func (s Plans) MarkLook(ctx context.Context, id, doing string, suspects int) (wanted bool, err error) {
	n, err := markLook.Run(ctx, s.rdb, planKeys(id), doing, suspects).Int()
	return n == 1, wrap(err, "mark the look at plan %s", id)
}

// clearLook clears the look of the workers that have died at it. Run twice, the second
// changes nothing.
//
// Returns 1 | 0
var clearLook = planScript(`return call("HDEL", G, "-1")`)

// ClearLook notes that all is done that workers have died of.
func (s Plans) ClearLook(ctx context.Context, id string) error {
	return wrap(clearLook.Run(ctx, s.rdb, planKeys(id)).Err(), "clear the look at plan %s", id)
}

// chooseItems notes the items that a plan's selection holds. Run twice, what the first
// noted counts.
//
// ARGV: the items JSON   Returns the items JSON that count | "" when the plan is not planning
var chooseItems = planScript(`
if meta("state") ~= "planning" then return "" end
if not meta("look_chosen") then
	call("SET", R, ARGV[1])
	keep(R)
	call("HSET", M, "look_chosen", 1)
	call("HDEL", G, "-1")
end
return call("GET", R)
`)

// ChooseItems notes what a plan's selection holds, once, and returns what was noted
// first; nothing when the plan has ended.
func (s Plans) ChooseItems(ctx context.Context, id string, items []tracker.ActionItem) ([]tracker.ActionItem, error) {
	body, err := encode(items)
	if err != nil {
		return nil, err
	}
	v, err := chooseItems.Run(ctx, s.rdb, planKeys(id), body).Text()
	if err != nil || v == "" {
		return nil, wrap(err, "note what plan %s selects", id)
	}
	var chosen []tracker.ActionItem
	return chosen, wrap(json.Unmarshal([]byte(v), &chosen), "decode what plan %s selects", id)
}

// Looked is what a look at one item saw.
type Looked struct {
	tracker.PlanItem
	After []tracker.Ref `json:"after,omitempty"` // what has to come first, where the plan has it
}

// putLooked keeps what was seen of items. Run twice, it keeps the same.
//
// ARGV: index and JSON of each   Returns 1 | 0 when the plan is not planning
var putLooked = planScript(`
if meta("state") ~= "planning" then return 0 end
for at = 1, #ARGV, 2 do call("HSET", K, ARGV[at], ARGV[at + 1]) end
keep(K)
return 1
`)

// PutLooked keeps what was seen of items. wanted is false when the plan has ended.
func (s Plans) PutLooked(ctx context.Context, id string, items ...Looked) (wanted bool, err error) {
	args := make([]any, 0, 2*len(items))
	for _, it := range items {
		body, err := encode(it)
		if err != nil {
			return false, err
		}
		args = append(args, it.Index, body)
	}
	n, err := putLooked.Run(ctx, s.rdb, planKeys(id), args...).Int()
	return n == 1, wrap(err, "keep what was seen of plan %s", id)
}

// LookedAt returns the indexes of the items that were looked at.
func (s Plans) LookedAt(ctx context.Context, id string) (map[int]bool, error) {
	fields, err := s.rdb.HKeys(ctx, jobKey(id, "pk")).Result()
	if err != nil {
		return nil, fmt.Errorf("read what was looked at of plan %s: %w", id, err)
	}
	items := make(map[int]bool, len(fields))
	for _, f := range fields {
		items[int(num(f))] = true
	}
	return items, nil
}

// Looked returns what was seen of the n items of a plan, all of which were looked at.
func (s Plans) Looked(ctx context.Context, id string, n int) ([]Looked, error) {
	indexes := make([]int, n)
	for i := range indexes {
		indexes[i] = i
	}
	items := make([]Looked, 0, n)
	for batch := range slices.Chunk(indexes, frozenBatch) {
		bodies, err := s.rdb.HMGet(ctx, jobKey(id, "pk"), fieldsOf(batch)...).Result()
		if err != nil {
			return nil, fmt.Errorf("read what was seen of plan %s: %w", id, err)
		}
		for k, body := range bodies {
			text, _ := body.(string)
			var it Looked
			if err := json.Unmarshal([]byte(text), &it); err != nil {
				return nil, fmt.Errorf("decode what was seen of item %d of plan %s: %w", batch[k], id, err)
			}
			items = append(items, it)
		}
	}
	return items, nil
}
