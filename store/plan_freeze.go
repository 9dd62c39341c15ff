package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Freezing writes a plan's items, in batches, and then counts them, in one small
// script. Until then the plan is planning and shows none. A run of freezing owns the
// plan from beginFreeze on: a run that begins later takes it over and begins anew,
// and what the earlier one still writes is refused. So two workers may freeze at
// once, and one may die between: the items are those of one run.

// frozenBatch is how many items one script writes.
const frozenBatch = 500

// beginFreeze makes a run the one that freezes a plan. Run twice, it begins anew.
//
// ARGV: run   Returns 1 | 0 when the plan is not planning
var beginFreeze = planScript(`
if meta("state") ~= "planning" then return 0 end
drop()
call("HSET", M, "freezer", ARGV[1])
return 1
`)

// putItems writes items of a plan that is to be frozen. Run twice, it writes the same.
//
// ARGV: run, first index, then of each item: frozen JSON, state, ledger JSON, dependencies, dependents JSON or "", place in the order or ""
// Returns 1 | 0 when another run freezes the plan, or it is not planning
var putItems = planScript(`
if meta("state") ~= "planning" or meta("freezer") ~= ARGV[1] then return 0 end
local i = num(ARGV[2])
for at = 3, #ARGV, 6 do
	call("HSET", I, i, ARGV[at])
	call("HSET", S, i, ARGV[at + 1])
	call("HSET", L, i, ARGV[at + 2])
	call("HSET", D, i, ARGV[at + 3])
	if ARGV[at + 4] ~= "" then call("HSET", O, i, ARGV[at + 4]) end
	if ARGV[at + 5] ~= "" then call("ZADD", Q, ARGV[at + 5], i) end
	i = i + 1
end
for _, key in ipairs({I, S, L, D, O, Q}) do keep(key) end
return 1
`)

// freezePlan freezes a plan whose items are written. Run twice by one run, the
// second changes nothing and answers the same.
//
// ARGV: run, digest, canary (1|0), failure limit (%), saving (nano-dollars), savings unknown, items, line for the audit, how many states, these and how many items have each, then the items that are refused…
// Returns 1 | 0 when another run freezes or froze the plan, or items are missing
var freezePlan = planScript(`
if meta("freezer") ~= ARGV[1] then return 0 end
if meta("state") ~= "planning" then return meta("digest") and 1 or 0 end
if call("HLEN", I) ~= num(ARGV[7]) then return 0 end
call("HSET", M, "state", "planned", "digest", ARGV[2], "canary", ARGV[3], "limit", ARGV[4], "saving", ARGV[5], "saving_unknown", ARGV[6], "items", ARGV[7])
local refused = 10 + 2 * ARGV[9]
for k = 10, refused - 1, 2 do call("HSET", M, "n:" .. ARGV[k], ARGV[k + 1]) end
for k = refused, #ARGV do tell(ARGV[k]) end
tell(ARGV[8])
call("UNLINK", R, K)
return 1
`)

// FrozenItem is an item of a plan that is to be frozen.
type FrozenItem struct {
	tracker.PlanItem
	Dependents []int // the items that wait for this one
}

// Frozen is what a plan will do.
type Frozen struct {
	// Run names the attempt at freezing the plan, among all that ever were.
	Run    string
	Digest string
	Canary bool
	// FailureLimit is the share of failed items, in percent, that holds the rest.
	FailureLimit int
	Totals       tracker.PlanTotals // its counts of items are not read
	Items        []FrozenItem
	// Order lists the items that are to be carried out, each after what it depends on.
	Order []int
}

// FreezePlan writes the items of a plan that is in state planning. won is false when
// another run is at it, or the plan has ended.
func (s Plans) FreezePlan(ctx context.Context, id string, f Frozen) (won bool, err error) {
	mine, err := s.putItems(ctx, id, f)
	if err != nil || !mine {
		return false, err
	}
	if err := s.listAbout(ctx, id, f.Items); err != nil {
		return false, err
	}
	return s.freeze(ctx, id, f)
}

// putItems takes a plan over and writes its items.
func (s Plans) putItems(ctx context.Context, id string, f Frozen) (mine bool, err error) {
	if n, err := beginFreeze.Run(ctx, s.rdb, planKeys(id), f.Run).Int(); err != nil || n == 0 {
		return false, wrap(err, "begin to freeze plan %s", id)
	}
	place := make(map[int]int, len(f.Order))
	for at, i := range f.Order {
		place[i] = at
	}
	from := 0
	for batch := range slices.Chunk(f.Items, frozenBatch) {
		args := []any{f.Run, from}
		for k, it := range batch {
			at, ordered := place[from+k]
			if args, err = it.args(args, at, ordered); err != nil {
				return false, err
			}
		}
		if n, err := putItems.Run(ctx, s.rdb, planKeys(id), args...).Int(); err != nil || n == 0 {
			return false, wrap(err, "write items of plan %s", id)
		}
		from += len(batch)
	}
	return true, nil
}

// freeze freezes a plan whose items are written.
func (s Plans) freeze(ctx context.Context, id string, f Frozen) (won bool, err error) {
	states := map[tracker.ItemState]int{}
	for _, it := range f.Items {
		states[it.Ledger.State]++
	}
	refused := states[tracker.ItemRefused]
	line, err := s.line("plan.planned", fmt.Sprintf("%d items, %d refused, digest %s", len(f.Items), refused, f.Digest))
	if err != nil {
		return false, err
	}
	args := []any{f.Run, f.Digest, flag(f.Canary), f.FailureLimit, int64(f.Totals.MonthlySaving), f.Totals.SavingUnknown, len(f.Items), line, len(states)}
	for state, n := range states {
		args = append(args, string(state), n)
	}
	for _, it := range f.Items {
		if it.Ledger.State != tracker.ItemRefused {
			continue
		}
		line, err := s.lineOf(tracker.AuditEvent{What: "item.refused", Item: &it.Index, Detail: it.Ledger.Message})
		if err != nil {
			return false, err
		}
		args = append(args, line)
	}
	n, err := freezePlan.Run(ctx, s.rdb, planKeys(id), args...).Int()
	return n == 1, wrap(err, "freeze plan %s", id)
}

// args appends what putItems takes of an item.
func (it FrozenItem) args(args []any, place int, ordered bool) ([]any, error) {
	ledger, err := encode(record{Message: it.Ledger.Message, Error: it.Ledger.Error, FinishedMS: stamp(it.Ledger.FinishedAt)})
	if err != nil {
		return nil, err
	}
	state := it.Ledger.State
	it.Ledger = tracker.ItemLedger{}
	body, err := encode(it.PlanItem)
	if err != nil {
		return nil, err
	}
	dependents := ""
	if len(it.Dependents) > 0 {
		if dependents, err = encode(it.Dependents); err != nil {
			return nil, err
		}
	}
	args = append(args, body, string(state), ledger, len(it.DependsOn), dependents)
	if ordered {
		return append(args, place), nil
	}
	return append(args, ""), nil
}

func flag(set bool) int {
	if set {
		return 1
	}
	return 0
}

func stamp(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}
