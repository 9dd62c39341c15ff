package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ActivePlans returns the IDs of the plans that have not ended, with their age.
func (s Plans) ActivePlans(ctx context.Context) (map[string]time.Time, error) {
	m, err := s.rdb.HGetAll(ctx, plansKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read active plans: %w", err)
	}
	plans := make(map[string]time.Time, len(m))
	for id, ms := range m {
		plans[id] = time.UnixMilli(num(ms))
	}
	return plans, nil
}

// DuePlans takes up to limit plans that are to be looked at, with their age. Each is due
// again after a while, or when SetPlansDue says.
func (s Plans) DuePlans(ctx context.Context, again time.Duration, limit int) (map[string]time.Time, error) {
	list, err := s.take(ctx, []string{plansKey, plansDueKey}, again, limit)
	if err != nil {
		return nil, fmt.Errorf("read due plans: %w", err)
	}
	due := make(map[string]time.Time, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		due[list[i]] = time.UnixMilli(num(list[i+1]))
	}
	return due, nil
}

// SetPlansDue says when plans are due, those that have ended left out.
func (s Plans) SetPlansDue(ctx context.Context, at map[string]time.Time) error {
	return s.lookAgain(ctx, plansDueKey, at)
}

// ForgetPlan drops a plan from the sweeper's index.
func (s Plans) ForgetPlan(ctx context.Context, id string) error { return s.retirePlan(ctx, id) }

// noPlan is the error for plans that are not there, or not the caller's.
func noPlan(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no plan %q: it does not exist, has expired, or belongs to somebody else", id)
}

// headFields are the fields of a plan's head, the counts of its items by state left out.
var headFields = []string{
	"state", "owner", "author", "shard", "digest", "reason", "undo_of", "undone_by", "schedule", "asker", "origin", "items", "saving", "saving_unknown",
	"approval_required", "approved_by", "approved_at", "created_at", "expires_at", "apply_at", "applied_at", "finished_at", "retention", "request",
	"look_began", "account",
}

// itemStates are all states of items.
var itemStates = append([]tracker.ItemState{
	tracker.ItemPlanned, tracker.ItemWaiting, tracker.ItemReady, tracker.ItemRunning,
}, tracker.ItemStates...)

// LookupPlan returns a plan whoever owns it, without the actions of its request:
// once it is frozen they are its items.
func (s Plans) LookupPlan(ctx context.Context, id string) (tracker.Plan, error) {
	fields := slices.Clone(headFields)
	for _, state := range itemStates {
		fields = append(fields, "n:"+string(state))
	}
	values, err := s.rdb.HMGet(ctx, jobKey(id, "pm"), fields...).Result()
	if err != nil {
		return tracker.Plan{}, fmt.Errorf("read plan %s: %w", id, err)
	}
	m := make(map[string]string, len(fields))
	for i, v := range values {
		m[fields[i]], _ = v.(string)
	}
	if m["state"] == "" {
		return tracker.Plan{}, noPlan(id)
	}
	p := tracker.Plan{
		ID: id, State: tracker.PlanState(m["state"]), Owner: m["owner"], Author: m["author"], AccountID: m["account"], Shard: int(num(m["shard"])),
		Digest: m["digest"], Reason: m["reason"], UndoOf: m["undo_of"], UndoneBy: m["undone_by"], Schedule: m["schedule"],
		Totals:    tracker.PlanTotals{Items: int(num(m["items"])), ByState: map[tracker.ItemState]int{}, MonthlySaving: tracker.Money(num(m["saving"])), SavingUnknown: int(num(m["saving_unknown"]))},
		Approval:  tracker.Approval{Required: m["approval_required"] == "1", By: m["approved_by"], At: millis(m["approved_at"])},
		CreatedAt: time.UnixMilli(num(m["created_at"])).UTC(), ExpiresAt: time.UnixMilli(num(m["expires_at"])).UTC(),
		ApplyAt: millis(m["apply_at"]), AppliedAt: millis(m["applied_at"]), FinishedAt: millis(m["finished_at"]),
		LookBeganAt: millis(m["look_began"]),
	}
	if p.State.Terminal() && p.FinishedAt != nil {
		p.ExpiresAt = p.FinishedAt.Add(time.Duration(num(m["retention"])) * time.Millisecond)
	}
	for _, state := range itemStates {
		if n := num(m["n:"+string(state)]); n != 0 {
			p.Totals.ByState[state] = int(n)
		}
	}
	if err := json.Unmarshal([]byte(m["request"]), &p.Request); err != nil {
		return tracker.Plan{}, fmt.Errorf("decode plan %s: %w", id, err)
	}
	if err := json.Unmarshal([]byte(m["asker"]), &p.Asker); err != nil {
		return tracker.Plan{}, fmt.Errorf("decode who asked for plan %s: %w", id, err)
	}
	p.Asker.From = m["origin"]
	return p, nil
}

// PlanActions returns the actions that a plan was asked for by name, until it is
// frozen; afterwards none.
func (s Plans) PlanActions(ctx context.Context, id string) ([]tracker.ActionItem, error) {
	b, err := s.rdb.Get(ctx, jobKey(id, "pr")).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the actions of plan %s: %w", id, err)
	}
	var items []tracker.ActionItem
	if err := json.Unmarshal(b, &items); err != nil {
		return nil, fmt.Errorf("decode the actions of plan %s: %w", id, err)
	}
	return items, nil
}

// Plan returns a plan of owner.
func (s Plans) Plan(ctx context.Context, owner, id string) (tracker.Plan, error) {
	p, err := s.LookupPlan(ctx, id)
	if err != nil {
		return tracker.Plan{}, err
	}
	if p.Owner != owner {
		return tracker.Plan{}, noPlan(id)
	}
	return p, nil
}

// Plans lists the plans of owner, newest first, a page at a time: with an account those
// that are about it, and those of which that cannot be told. Such a page may have fewer
// than limit, or none, before the end.
func (s Plans) Plans(ctx context.Context, owner, cursor string, limit int, account string) (plans []tracker.Plan, next string, err error) {
	return listed(ctx, s.Store, ownerKey(owner, "plans"), cursor, limit, func(id string) (tracker.Plan, time.Time, error) {
		p, err := s.Plan(ctx, owner, id)
		if err == nil && account != "" {
			c := isAbout(p.AccountID, account)
			if c == apart {
				return p, p.CreatedAt, errPassedOver
			}
			p.AccountUnknown = c == unknown
		}
		return p, p.CreatedAt, err
	})
}

// noteAccount notes which account a plan is about. Run twice, it notes the same.
//
// ARGV: number of the account   Returns 1 | 0 when there is no such plan
var noteAccount = planScript(`
if not meta("state") then return 0 end
call("HSET", M, "account", ARGV[1])
return 1
`)

// NoteAccount notes which account a plan is about, once AWS has said it.
func (s Plans) NoteAccount(ctx context.Context, id, account string) error {
	return wrap(noteAccount.Run(ctx, s.rdb, planKeys(id), account).Err(), "note the account of plan %s", id)
}

// PlanItems returns items of a plan in order, from an index on, at most limit; of
// some states, where any are given. next is the index to go on from; 0 is the end.
func (s Plans) PlanItems(ctx context.Context, id string, from, limit int, states ...tracker.ItemState) (items []tracker.PlanItem, next int, err error) {
	total, err := s.rdb.HGet(ctx, jobKey(id, "pm"), "items").Int()
	if errors.Is(err, redis.Nil) {
		return []tracker.PlanItem{}, 0, nil // it is not frozen
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	indexes, next, err := s.itemsIn(ctx, id, from, total, limit, states)
	if err != nil {
		return nil, 0, err
	}
	items, err = s.readItems(ctx, id, indexes)
	return items, next, err
}

// itemsIn finds the first limit items from an index on that are in one of states,
// or in any where there are none, and the next one.
func (s Plans) itemsIn(ctx context.Context, id string, from, total, limit int, states []tracker.ItemState) (found []int, next int, err error) {
	if len(states) == 0 {
		for i := max(from, 0); i < total; i++ {
			if len(found) == limit {
				return found, i, nil
			}
			found = append(found, i)
		}
		return found, 0, nil
	}
	const chunk = 1000 // states read at once
	for at := max(from, 0); at < total; at += chunk {
		indexes := make([]int, min(chunk, total-at))
		for k := range indexes {
			indexes[k] = at + k
		}
		values, err := s.rdb.HMGet(ctx, jobKey(id, "ps"), fieldsOf(indexes)...).Result()
		if err != nil {
			return nil, 0, fmt.Errorf("read states of plan %s: %w", id, err)
		}
		for k, v := range values {
			state, _ := v.(string)
			if !slices.Contains(states, tracker.ItemState(state)) {
				continue
			}
			if len(found) == limit {
				return found, indexes[k], nil
			}
			found = append(found, indexes[k])
		}
	}
	return found, 0, nil
}

// PlanItem returns one item of a plan.
func (s Plans) PlanItem(ctx context.Context, id string, item int) (tracker.PlanItem, error) {
	items, err := s.readItems(ctx, id, []int{item})
	if err != nil {
		return tracker.PlanItem{}, err
	}
	return items[0], nil
}

func (s Plans) readItems(ctx context.Context, id string, indexes []int) ([]tracker.PlanItem, error) {
	items := make([]tracker.PlanItem, len(indexes))
	if len(indexes) == 0 {
		return items, nil
	}
	fields := fieldsOf(indexes)
	var bodies, states, ledgers, steps *redis.SliceCmd
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		bodies, states = p.HMGet(ctx, jobKey(id, "pi"), fields...), p.HMGet(ctx, jobKey(id, "ps"), fields...)
		ledgers, steps = p.HMGet(ctx, jobKey(id, "pl"), fields...), p.HMGet(ctx, jobKey(id, "pt"), fields...)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	for k, i := range indexes {
		text := func(c *redis.SliceCmd) string {
			v, _ := c.Val()[k].(string)
			return v
		}
		if text(bodies) == "" {
			return nil, tracker.Errorf(tracker.CodeNotFound, "plan %s has no item %d", id, i)
		}
		var rec record
		if err := errors.Join(json.Unmarshal([]byte(text(bodies)), &items[k]), json.Unmarshal([]byte(text(ledgers)), &rec)); err != nil {
			return nil, fmt.Errorf("decode item %d of plan %s: %w", i, id, err)
		}
		list, waits, err := decodeSteps(text(steps))
		if err != nil {
			return nil, fmt.Errorf("item %d of plan %s: %w", i, id, err)
		}
		items[k].Ledger = tracker.ItemLedger{
			State: tracker.ItemState(text(states)), Message: cmp.Or(rec.Message, waits), Error: rec.Error, Current: rec.Current,
			Steps: list, BegunAt: tracker.AtMillis(&rec.BegunMS), FinishedAt: tracker.AtMillis(&rec.FinishedMS), Inverse: rec.Inverse,
		}
	}
	return items, nil
}
