package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ActivePlans returns the IDs of the plans that have not ended, with their age.
func (s *Store) ActivePlans(ctx context.Context) (map[string]time.Time, error) {
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

// ForgetPlan drops a plan from the sweeper's index.
func (s *Store) ForgetPlan(ctx context.Context, id string) error { return s.retirePlan(ctx, id) }

// OpenItems returns the items of a plan that were begun, and unless it is held,
// those that are to be.
func (s *Store) OpenItems(ctx context.Context, id string, held bool) ([]int, error) {
	m, err := s.rdb.HGetAll(ctx, jobKey(id, "ps")).Result()
	if err != nil {
		return nil, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	var open []int
	for i, state := range m {
		if state == string(tracker.ItemRunning) || !held && state == string(tracker.ItemReady) {
			open = append(open, int(num(i)))
		}
	}
	slices.Sort(open)
	return open, nil
}

// noPlan is the error for plans that are not there, or not the caller's.
func noPlan(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no plan %q: it does not exist, has expired, or belongs to somebody else", id)
}

// LookupPlan returns a plan whoever owns it.
func (s *Store) LookupPlan(ctx context.Context, id string) (tracker.Plan, error) {
	m, err := s.rdb.HGetAll(ctx, jobKey(id, "pm")).Result()
	if err != nil {
		return tracker.Plan{}, fmt.Errorf("read plan %s: %w", id, err)
	}
	if len(m) == 0 {
		return tracker.Plan{}, noPlan(id)
	}
	p := tracker.Plan{
		ID: id, State: tracker.PlanState(m["state"]), Owner: m["owner"], Author: m["author"], Shard: int(num(m["shard"])),
		Digest: m["digest"], Reason: m["reason"], UndoOf: m["undo_of"], Schedule: m["schedule"], Origin: m["origin"],
		Totals:    tracker.PlanTotals{Items: int(num(m["items"])), ByState: map[tracker.ItemState]int{}, MonthlySaving: tracker.Money(num(m["saving"])), SavingUnknown: int(num(m["saving_unknown"]))},
		Approval:  tracker.Approval{Required: m["approval_required"] == "1", By: m["approved_by"], At: millis(m["approved_at"])},
		CreatedAt: time.UnixMilli(num(m["created_at"])).UTC(), ExpiresAt: time.UnixMilli(num(m["expires_at"])).UTC(),
		ApplyAt: millis(m["apply_at"]), AppliedAt: millis(m["applied_at"]), FinishedAt: millis(m["finished_at"]),
	}
	if p.State.Terminal() && p.FinishedAt != nil {
		p.ExpiresAt = p.FinishedAt.Add(time.Duration(num(m["retention"])) * time.Millisecond)
	}
	for k, v := range m {
		if state, ok := strings.CutPrefix(k, "n:"); ok && num(v) != 0 {
			p.Totals.ByState[tracker.ItemState(state)] = int(num(v))
		}
	}
	if err := json.Unmarshal([]byte(m["request"]), &p.Request); err != nil {
		return tracker.Plan{}, fmt.Errorf("decode plan %s: %w", id, err)
	}
	return p, nil
}

// Plan returns a plan of owner.
func (s *Store) Plan(ctx context.Context, owner, id string) (tracker.Plan, error) {
	p, err := s.LookupPlan(ctx, id)
	if err != nil {
		return tracker.Plan{}, err
	}
	if p.Owner != owner {
		return tracker.Plan{}, noPlan(id)
	}
	return p, nil
}

// Plans lists the plans of owner, newest first, a page at a time.
func (s *Store) Plans(ctx context.Context, owner, cursor string, limit int) (plans []tracker.Plan, next string, err error) {
	top := "+"
	if cursor != "" {
		top = "(" + cursor
	}
	members, err := s.rdb.ZRevRangeByLex(ctx, ownerKey(owner, "plans"), &redis.ZRangeBy{Max: top, Min: "-", Count: int64(limit) + 1}).Result()
	if err != nil {
		return nil, "", fmt.Errorf("list plans: %w", err)
	}
	plans = []tracker.Plan{}
	for i, m := range members {
		if i == limit {
			return plans, members[i-1], nil
		}
		_, id, _ := strings.Cut(m, ":")
		p, err := s.Plan(ctx, owner, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			if err := s.rdb.ZRem(ctx, ownerKey(owner, "plans"), m).Err(); err != nil {
				return nil, "", fmt.Errorf("list plans: %w", err)
			}
			continue // expired
		}
		if err != nil {
			return nil, "", err
		}
		plans = append(plans, p)
	}
	return plans, "", nil
}

// PlanItems returns items of a plan in order, from index on, at most limit; 0 is all.
func (s *Store) PlanItems(ctx context.Context, id string, from, limit int) ([]tracker.PlanItem, error) {
	n, err := s.rdb.HLen(ctx, jobKey(id, "pi")).Result()
	if err != nil {
		return nil, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	to := int(n)
	if limit > 0 {
		to = min(to, from+limit)
	}
	if from >= to {
		return []tracker.PlanItem{}, nil
	}
	fields := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		fields = append(fields, strconv.Itoa(i))
	}
	var bodies, states, ledgers *redis.SliceCmd
	var steps *redis.MapStringStringCmd
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		bodies, states = p.HMGet(ctx, jobKey(id, "pi"), fields...), p.HMGet(ctx, jobKey(id, "ps"), fields...)
		ledgers, steps = p.HMGet(ctx, jobKey(id, "pl"), fields...), p.HGetAll(ctx, jobKey(id, "pt"))
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	byItem, err := stepsByItem(steps.Val())
	if err != nil {
		return nil, fmt.Errorf("decode steps of plan %s: %w", id, err)
	}
	items := make([]tracker.PlanItem, len(fields))
	for k := range items {
		body, _ := bodies.Val()[k].(string)
		state, _ := states.Val()[k].(string)
		ledger, _ := ledgers.Val()[k].(string)
		var rec record
		if err := errors.Join(json.Unmarshal([]byte(body), &items[k]), json.Unmarshal([]byte(ledger), &rec)); err != nil {
			return nil, fmt.Errorf("decode item %d of plan %s: %w", from+k, id, err)
		}
		items[k].Ledger = tracker.ItemLedger{
			State: tracker.ItemState(state), Message: rec.Message, Error: rec.Error, Current: rec.Current,
			Steps: byItem[from+k], BegunAt: tracker.AtMillis(&rec.BegunMS), FinishedAt: tracker.AtMillis(&rec.FinishedMS), Inverse: rec.Inverse,
		}
	}
	return items, nil
}

// PlanItem returns one item of a plan.
func (s *Store) PlanItem(ctx context.Context, id string, item int) (tracker.PlanItem, error) {
	items, err := s.PlanItems(ctx, id, item, 1)
	if err != nil {
		return tracker.PlanItem{}, err
	}
	if len(items) == 0 {
		return tracker.PlanItem{}, tracker.Errorf(tracker.CodeNotFound, "plan %s has no item %d", id, item)
	}
	return items[0], nil
}

// stepsByItem reads the fields "item/step/what" of a plan's steps, in the order
// in which they were intended.
func stepsByItem(fields map[string]string) (map[int][]tracker.StepRecord, error) {
	type key struct {
		item int
		step string
	}
	steps := map[key]*tracker.StepRecord{}
	for field, v := range fields {
		f := strings.SplitN(field, "/", 3)
		if len(f) != 3 {
			return nil, fmt.Errorf("step %q is not item/step/what", field)
		}
		k := key{int(num(f[0])), f[1]}
		if steps[k] == nil {
			steps[k] = &tracker.StepRecord{Name: k.step}
		}
		r := steps[k]
		if f[2] == "i" {
			r.IntendedAt = millis(v)
			continue
		}
		var receipt stepReceipt
		if err := json.Unmarshal([]byte(v), &receipt); err != nil {
			return nil, fmt.Errorf("step %q: %w", field, err)
		}
		if f[2] == "a" {
			r.AcceptedAt, r.RequestID = tracker.AtMillis(&receipt.AtMS), receipt.RequestID
		} else {
			r.DoneAt = tracker.AtMillis(&receipt.AtMS)
		}
		if len(receipt.Left) > 0 {
			if r.Left == nil {
				r.Left = map[string]string{}
			}
			maps.Copy(r.Left, receipt.Left)
		}
	}
	byItem := map[int][]tracker.StepRecord{}
	for k, r := range steps {
		byItem[k.item] = append(byItem[k.item], *r)
	}
	for _, list := range byItem {
		slices.SortFunc(list, func(a, b tracker.StepRecord) int { return firstOf(a).Compare(firstOf(b)) })
	}
	return byItem, nil
}

// firstOf is when something of a step was first known.
func firstOf(r tracker.StepRecord) time.Time {
	for _, t := range []*time.Time{r.IntendedAt, r.AcceptedAt, r.DoneAt} {
		if t != nil {
			return *t
		}
	}
	return time.Time{}
}
