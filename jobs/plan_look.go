package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Actor is an Account whose resources can be changed.
type Actor interface {
	Account
	// Bind returns the action of an item.
	Bind(item tracker.ActionItem) (Action, error)
}

// Action changes one resource. Looks that come at about the same time may be made
// together.
type Action interface {
	// Look tells what the live resource is and what forbids the item.
	Look(ctx context.Context) (tracker.Sight, error)
	// Again is Look right before the first step is sent: what only a person reads may
	// be left out, and what AWS itself forbids.
	Again(ctx context.Context) (tracker.Sight, error)
	// Preflight tells whether the credentials may carry the item out.
	Preflight(ctx context.Context) tracker.Permission
	// Steps are the calls that change something, in order.
	Steps() []tracker.Step
	// Send makes the one call of a step.
	Send(ctx context.Context, step string, d tracker.Doing) (tracker.Receipt, error)
	// Check reads back how far a step has come.
	Check(ctx context.Context, step string, d tracker.Doing) (tracker.StepProgress, error)
	// Inverse is the item that undoes one that was verified.
	Inverse(d tracker.Doing) (tracker.ActionItem, bool)
}

const (
	// looksAtOnce is how many items of a plan are looked at side by side: many, since
	// AWS describes up to a thousand in a call.
	looksAtOnce = 500
	// lookTime is how long a plan may take to be looked at.
	lookTime = 10 * time.Minute
)

var errNoActor = errors.New("this worker cannot change resources")

// actor opens the account of a plan.
func (w *Worker) actor(ctx context.Context, p tracker.Plan) (Actor, error) {
	account, err := w.accounts.get(ctx, tracker.Job{ID: p.ID}, selfAccount)
	if err != nil {
		return nil, err
	}
	a, ok := account.(Actor)
	if !ok {
		return nil, errNoActor
	}
	return a, nil
}

func (w *Worker) handlePlan(ctx context.Context, t *asynq.Task) error {
	return planTask(ctx, t, func(ctx context.Context, body planPayload) error { return w.look(ctx, body.Plan) })
}

// planTask runs a task of a plan in its trace.
func planTask(ctx context.Context, t *asynq.Task, run func(context.Context, planPayload) error) error {
	var body planPayload
	if err := json.Unmarshal(t.Payload(), &body); err != nil || body.Plan == "" {
		return fmt.Errorf("task %s has a payload that is not ours: %w", t.Type(), asynq.SkipRetry)
	}
	unit := ""
	if body.Item != theLook {
		unit = strconv.Itoa(body.Item)
	}
	ctx, end := traceTask(ctx, t.Type(), t.Headers(), payload{Job: body.Plan, Unit: unit})
	err := run(ctx, body)
	end(err)
	return err
}

// look freezes a plan, and applies it where it asks for that.
func (w *Worker) look(ctx context.Context, id string) error {
	p, err := w.o.Store.LookupPlan(ctx, id)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if p.State == tracker.PlanPlanning {
		if err := w.o.Store.HoldPlan(ctx, id, w.id); err != nil {
			return err
		}
		defer w.leave(ctx, id, theLook)
		err = w.freeze(ctx, p)
		if _, ok := errors.AsType[snooze](err); ok && time.Since(p.CreatedAt) > lookTime {
			err = planError{fmt.Sprintf("its items could not be looked at within %v: %v", lookTime, err)}
		}
		if e, ok := errors.AsType[planError](err); ok {
			_, err = w.o.Store.EndPlan(ctx, id, tracker.PlanFailed, e.reason)
			w.accounts.forget(id)
			return errors.Join(err, w.client.audit(ctx, p, tracker.AuditEvent{Who: p.Author, What: "plan.failed", Detail: e.reason}))
		}
		if err != nil {
			return err
		}
		if p, err = w.o.Store.LookupPlan(ctx, id); err != nil {
			return err
		}
	}
	return w.applyWanted(ctx, p)
}

// applyWanted applies a frozen plan that was asked to be carried out at once.
func (w *Worker) applyWanted(ctx context.Context, p tracker.Plan) error {
	if p.State != tracker.PlanPlanned || !p.Request.Apply || p.Approval.Required && p.Approval.By == "" {
		return nil
	}
	_, err := w.client.apply(ctx, p, p.Digest, time.Duration(p.Request.After)*time.Second, nil, tracker.AuditEvent{Who: p.Author, From: p.Origin, What: "plan.applied"})
	if tracker.CodeOf(err) == tracker.CodeConflict {
		return nil // somebody else has just applied or cancelled it
	}
	return err
}

// planError is why a plan cannot be made.
type planError struct{ reason string }

func (e planError) Error() string { return e.reason }

// freeze looks at every item of a plan and writes what it would do.
func (w *Worker) freeze(ctx context.Context, p tracker.Plan) error {
	account, err := w.actor(ctx, p)
	if err != nil {
		if tracker.CodeOf(err) == tracker.CodeInternal {
			return err
		}
		return planError{err.Error()}
	}
	accountID, err := account.Identity(ctx)
	if err != nil {
		return w.cannotLook(account, err, "")
	}
	items, err := w.selected(ctx, p, account, accountID)
	if err != nil {
		return err
	}
	planned := make([]tracker.PlanItem, len(items))
	sights := make([]tracker.Sight, len(items))
	var g errgroup.Group
	g.SetLimit(looksAtOnce)
	for i, it := range items {
		g.Go(func() error {
			planned[i].Index, planned[i].ActionItem = i, it
			return w.lookAt(ctx, p, account, accountID, &planned[i], &sights[i])
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	frozen, order := w.arrange(planned, sights)
	totals := tracker.PlanTotals{}
	for _, it := range frozen {
		switch {
		case it.Ledger.State == tracker.ItemRefused:
		case it.MonthlySaving == nil:
			totals.SavingUnknown++
		default:
			totals.MonthlySaving += *it.MonthlySaving
		}
	}
	digest, err := digestOf(frozen)
	if err != nil {
		return err
	}
	canary := len(order) >= canaryFrom
	if p.Request.Canary != nil {
		canary = *p.Request.Canary
	}
	won, err := w.o.Store.FreezePlan(ctx, p.ID, digest, canary, p.Request.MaxFailurePercent, totals, frozen, order)
	if err != nil || !won {
		return err
	}
	for _, it := range frozen {
		if it.Ledger.State == tracker.ItemRefused {
			err = errors.Join(err, w.auditItem(ctx, p, it.PlanItem, tracker.AuditEvent{What: "item.refused", Detail: it.Ledger.Message}))
		}
	}
	return errors.Join(err, w.client.audit(ctx, p, tracker.AuditEvent{
		Who: p.Author, What: "plan.planned", Detail: fmt.Sprintf("%d items, %d refused, digest %s", len(frozen), len(frozen)-len(order), digest),
	}))
}

// cannotLook tells a failure that may pass from one that does not.
func (w *Worker) cannotLook(account Account, err error, region string) error {
	f := account.Explain(err, region)
	if f.Outcome.Transient() {
		return snooze{max(f.RetryAfter, time.Second)}
	}
	return planError{f.Error()}
}

// lookAt looks at one item.
func (w *Worker) lookAt(ctx context.Context, p tracker.Plan, account Actor, accountID string, it *tracker.PlanItem, sight *tracker.Sight) error {
	info, ok := w.action(it.ActionItem)
	if !ok {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "unsupported", Message: fmt.Sprintf("Unsupported action %s for resource type %s", it.Verb, it.Type)})
		return nil
	}
	it.Verb, it.Would, it.Undo = info.Verb, info.Summary, info.Undo
	if it.AccountID != "" && it.AccountID != accountID {
		it.Refusals = append(it.Refusals, tracker.Refusal{
			Rule: "other_account", Message: fmt.Sprintf("the credentials are of account %s, the item is of %s", accountID, it.AccountID),
			HowToLift: "plan it with credentials of its account",
		})
		return nil
	}
	it.AccountID = accountID
	action, err := account.Bind(it.ActionItem)
	if err == nil {
		*sight, err = w.lookPatiently(ctx, p, account, action, it.Region)
	}
	if _, ok := errors.AsType[snooze](err); ok {
		return err
	}
	if err != nil {
		f := account.Explain(err, it.Region)
		it.Ledger.Error = f
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "cannot_look", Message: "it could not be looked at: " + f.Error()})
		return nil
	}
	r := sight.Resource
	it.Name, it.Seen, it.Watched = r.Name, r.State, sight.Watched
	it.Dependents, it.Notes = sight.Dependents, sight.Notes
	it.Refusals = append(it.Refusals, sight.Refusals...)
	if r.State == tracker.Gone && !info.Creates {
		it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "not_found", Message: fmt.Sprintf("there is no such resource in %s of account %s", it.Region, accountID)})
	}
	it.MonthlySaving = w.saving(info, r)
	if !p.Request.Apply && len(it.Refusals) == 0 && !sight.Done {
		allowed := action.Preflight(ctx)
		it.Permission = &allowed
		if allowed.Verdict == "denied" {
			it.Refusals = append(it.Refusals, tracker.Refusal{
				Rule: "permission", Message: "the credentials may not do it: " + allowed.Message, HowToLift: "allow " + fmt.Sprint(allowed.Denied),
			})
		}
	}
	return nil
}

// lookPatiently looks at an item, and waits where AWS or the budget asks for it: of
// the other items nothing has to be looked at twice.
func (w *Worker) lookPatiently(ctx context.Context, p tracker.Plan, account Account, action Action, region string) (tracker.Sight, error) {
	for {
		sight, err := action.Look(ctx)
		if err == nil {
			return sight, nil
		}
		f := account.Explain(err, region)
		if ctx.Err() == nil && (!f.Outcome.Transient() || f.Outcome == tracker.OutcomeError) {
			return sight, err
		}
		pause := max(f.RetryAfter, time.Second)
		if time.Since(p.CreatedAt)+pause > lookTime {
			return sight, snooze{pause}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return sight, snooze{pause}
		}
	}
}

// action finds what the catalogue knows of an item's verb.
func (w *Worker) action(it tracker.ActionItem) (tracker.ActionInfo, bool) {
	for _, a := range w.o.Actions {
		if a.Type == it.Type && a.Called(it.Verb) {
			return a, true
		}
	}
	return tracker.ActionInfo{}, false
}

// saving is what a month costs less once a verb has done its work; nil when that is
// not known.
func (w *Worker) saving(info tracker.ActionInfo, r tracker.Resource) *tracker.Money {
	if w.o.Price == nil || r.State == tracker.Gone {
		return nil
	}
	after := r
	w.o.Price(&r)
	if info.Destroys {
		return r.MonthlyCost
	}
	switch info.Verb {
	case "stop":
		after.State = "stopped"
	case "pause":
		after.State = "paused"
	case "to_gp3":
		after.Metadata = maps.Clone(after.Metadata)
		after.Metadata["volume_type"] = "gp3"
	default:
		return nil
	}
	w.o.Price(&after)
	if r.MonthlyCost == nil || after.MonthlyCost == nil {
		return nil
	}
	return new(*r.MonthlyCost - *after.MonthlyCost)
}

// selected returns the items of a plan: as named, or as its selection finds them.
func (w *Worker) selected(ctx context.Context, p tracker.Plan, account Account, accountID string) ([]tracker.ActionItem, error) {
	s := p.Request.Select
	if s == nil {
		return p.Request.Items, nil
	}
	var items []tracker.ActionItem
	ofType := map[tracker.Type]int{}
	add := func(r tracker.Resource) error {
		if _, ok := w.action(tracker.ActionItem{Type: r.Type, Verb: s.Verb}); !ok {
			return planError{fmt.Sprintf("the selection holds a %s, which has no action %s: narrow the filter", r.Type, s.Verb)}
		}
		if len(items) == p.Request.MaxItems {
			return planError{fmt.Sprintf("the selection holds more than %d resources, which is the most that this plan may change: narrow the filter or raise max_items", p.Request.MaxItems)}
		}
		ofType[r.Type]++
		items = append(items, tracker.ActionItem{
			ResourceID: r.ID, Type: r.Type, Region: r.Region, AccountID: r.AccountID, Verb: s.Verb, Params: s.Params, Lift: s.Lift,
		})
		return nil
	}
	var all map[tracker.Type]int
	var err error
	if s.JobID != "" {
		all, err = w.selectFromJob(ctx, s, add)
	} else {
		all, err = w.selectLive(ctx, s, account, accountID, add)
	}
	if err != nil {
		return nil, err
	}
	for t, n := range ofType {
		if total := all[t]; total > shareFloor && n*100 > p.Request.MaxSharePercent*total {
			return nil, planError{fmt.Sprintf("the selection holds %d of %d resources of type %s, and a plan here may change at most %d %% of a type: narrow the filter or raise max_share_percent", n, total, t, p.Request.MaxSharePercent)}
		}
	}
	if len(items) == 0 {
		return nil, planError{"the selection holds no resource"}
	}
	return items, nil
}

func (w *Worker) selectFromJob(ctx context.Context, s *tracker.PlanSelection, add func(tracker.Resource) error) (map[tracker.Type]int, error) {
	j, err := w.o.Store.Lookup(ctx, s.JobID)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil, planError{"the scan that it selects from has expired"}
	}
	if err != nil {
		return nil, err
	}
	in := &rows.Row{}
	err = w.o.Store.Each(ctx, s.JobID, s.Filter, func(row []byte) error {
		in.Read(string(row))
		r, err := in.Identity()
		if err != nil {
			return fmt.Errorf("select from job %s: %w", s.JobID, err)
		}
		return add(r)
	})
	return j.Summary.ByType, err
}

// selectLive lists the types that have the verb, in the regions asked for. What
// cannot be listed ends the plan: a part of a selection is not what was asked for.
func (w *Worker) selectLive(ctx context.Context, s *tracker.PlanSelection, account Account, accountID string, add func(tracker.Resource) error) (map[tracker.Type]int, error) {
	regions := s.Regions
	if len(regions) == 0 {
		var err error
		if regions, err = account.Regions(ctx); err != nil {
			return nil, w.cannotLook(account, err, "")
		}
	}
	all := map[tracker.Type]int{}
	for _, info := range w.o.Types {
		if _, ok := w.action(tracker.ActionItem{Type: info.Type, Verb: s.Verb}); !ok || !mayBe(s.Filter, info.Type) {
			continue
		}
		where := regions
		if info.Scope == tracker.Global {
			where = []string{tracker.Global}
		}
		for _, region := range where {
			cell := tracker.Cell{AccountID: accountID, Region: region, Type: info.Type}
			err := account.Scan(ctx, cell, Wanted{Types: []tracker.Type{info.Type}, Regions: s.Regions}, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					all[r.Type]++
					if s.Filter.Match(&r) {
						if err := add(r); err != nil {
							return err
						}
					}
				}
				return nil
			})
			if e, ok := errors.AsType[planError](err); ok {
				return nil, e
			}
			if err != nil {
				return nil, w.cannotLook(account, err, region)
			}
		}
	}
	return all, nil
}

// mayBe reports whether a filter can select resources of a type.
func mayBe(f filter.Filter, t tracker.Type) bool {
	return f.Possible(func(c filter.Condition) bool { return c.Field != filter.FieldType || c.Meets(string(t)) })
}

// place is what a Ref is within a region.
type place struct {
	tracker.Ref
	region string
}

// arrange orders the items by what they depend on, and drops the refusals that
// other items of the plan clear. order lists what is to be carried out.
func (w *Worker) arrange(items []tracker.PlanItem, sights []tracker.Sight) (frozen []store.FrozenItem, order []int) {
	at := map[place]int{}
	destroys := make([]bool, len(items))
	for i, it := range items {
		info, _ := w.action(it.ActionItem)
		destroys[i] = info.Destroys
		key := place{tracker.Ref{Type: it.Type, ID: it.ResourceID}, it.Region}
		if _, ok := at[key]; !ok || info.Destroys {
			at[key] = i
		}
	}
	find := func(i int, r tracker.Ref) (int, bool) {
		k, ok := at[place{r, items[i].Region}]
		return k, ok && k != i
	}
	// An item that is itself refused clears nothing, so this goes on until no more
	// item is refused.
	refused := make([]bool, len(items))
	standing := func(i int) []tracker.Refusal {
		stand := []tracker.Refusal{}
		for _, r := range items[i].Refusals {
			cleared := len(r.ClearedBy) > 0
			for _, by := range r.ClearedBy {
				k, ok := find(i, by)
				cleared = cleared && ok && destroys[k] && !refused[k]
			}
			if !cleared {
				stand = append(stand, r)
			}
		}
		return stand
	}
	for changed := true; changed; {
		changed = false
		for i := range items {
			if !refused[i] && len(standing(i)) > 0 {
				refused[i], changed = true, true
			}
		}
	}
	needs := make([]map[int]bool, len(items))
	for i := range items {
		needs[i] = map[int]bool{}
		if refused[i] {
			continue
		}
		for _, r := range items[i].Refusals {
			for _, by := range r.ClearedBy {
				k, _ := find(i, by)
				needs[i][k] = true
			}
		}
		for _, ref := range sights[i].After {
			if k, ok := find(i, ref); ok && !refused[k] {
				needs[i][k] = true
			}
		}
	}
	order = inOrder(needs, refused)
	frozen = make([]store.FrozenItem, len(items))
	for i, it := range items {
		it.Refusals = standing(i)
		it.DependsOn = slices.Sorted(maps.Keys(needs[i]))
		it.Ledger.State = tracker.ItemPlanned
		if !refused[i] && !slices.Contains(order, i) {
			it.Refusals = append(it.Refusals, tracker.Refusal{Rule: "cycle", Message: "it and other items of the plan each have to come before the other"})
			refused[i] = true
		}
		if refused[i] {
			it.DependsOn = nil
			it.Ledger.State, it.Ledger.Message = tracker.ItemRefused, it.Refusals[0].Message
		}
		frozen[i].PlanItem = it
	}
	for i := range frozen {
		for _, k := range frozen[i].DependsOn {
			frozen[k].Dependents = append(frozen[k].Dependents, i)
		}
	}
	return frozen, order
}

// inOrder returns the items that are not refused, each after those it needs, and
// otherwise in their own order. Items on a cycle are left out.
func inOrder(needs []map[int]bool, refused []bool) []int {
	var order []int
	placed := make([]bool, len(needs))
	for grown := true; grown; {
		grown = false
		for i := range needs {
			if refused[i] || placed[i] {
				continue
			}
			ready := true
			for k := range needs[i] {
				ready = ready && placed[k]
			}
			if ready {
				placed[i], grown = true, true
				order = append(order, i)
			}
		}
	}
	return order
}

// digestOf names exactly what a plan would do, and what it saw.
func digestOf(items []store.FrozenItem) (string, error) {
	h := sha256.New()
	for _, it := range items {
		b, err := json.Marshal([]any{it.ActionItem, it.Seen, it.Watched, it.Refusals, it.DependsOn})
		if err != nil {
			return "", fmt.Errorf("encode item %d: %w", it.Index, err)
		}
		h.Write(b)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

func (w *Worker) auditItem(ctx context.Context, p tracker.Plan, it tracker.PlanItem, e tracker.AuditEvent) error {
	e.Who, e.Item = p.Author, &it.Index
	e.Target = &tracker.ActionRef{ResourceID: it.ResourceID, Type: it.Type, Region: it.Region, AccountID: it.AccountID, Verb: it.Verb}
	return w.client.audit(ctx, p, e)
}
