package api_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// plans are the fake's plans: each ends at once as outcome says of its items.
type plans struct {
	list     []tracker.Plan
	items    map[string][]tracker.PlanItem
	asked    []tracker.PlanSubmission
	outcome  func(tracker.ActionItem) tracker.ItemLedger
	trail    []tracker.AuditEvent
	check    tracker.AuditCheck
	checked  []string
	approval tracker.Approval
	applied  int
	refused  []string // what NoteRefusal was told
}

func (f *fake) NoteRefusal(_ context.Context, by tracker.Principal, plan, detail string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plans.refused = append(f.plans.refused, fmt.Sprintf("%s from %s, plan %q: %s", by.Who, by.From, plan, detail))
	return nil
}

func (f *fake) planIndex(id string) int {
	return slices.IndexFunc(f.plans.list, func(p tracker.Plan) bool { return p.ID == id })
}

func (f *fake) AddPlan(_ context.Context, sub tracker.PlanSubmission) (tracker.Plan, bool, error) {
	if f.err != nil {
		return tracker.Plan{}, false, f.err
	}
	if _, err := sub.Seal("plan-1"); err != nil {
		return tracker.Plan{}, false, err
	}
	sub.Seal = nil
	f.plans.asked = append(f.plans.asked, sub)
	p := tracker.Plan{
		ID: "plan-1", Owner: sub.Owner, Asker: sub.By, Author: sub.By.Who, State: tracker.PlanPlanned, Digest: "sha256:1", Request: sub.Request,
		CreatedAt: epoch, ExpiresAt: epoch.Add(time.Hour), Approval: f.plans.approval,
	}
	if sub.Request.Apply && !p.Approval.Required {
		p.State = tracker.PlanPartial
	}
	f.plans.items = map[string][]tracker.PlanItem{}
	for i, it := range sub.Request.Items {
		item := tracker.PlanItem{Index: i, ActionItem: it, Refusals: []tracker.Refusal{}}
		item.Ledger.State = tracker.ItemPlanned
		if sub.Request.Apply && f.plans.outcome != nil {
			item.Ledger = f.plans.outcome(it)
		}
		f.plans.items[p.ID] = append(f.plans.items[p.ID], item)
	}
	f.plans.list = append(f.plans.list, p)
	return p, true, nil
}

func (f *fake) SchedulePlans(ctx context.Context, owner, _ string) ([]tracker.Plan, error) {
	list, _, err := f.Plans(ctx, owner, "", 0, "")
	return list, err
}

func (f *fake) ApplyPlan(ctx context.Context, by tracker.Principal, id, digest string, _ time.Duration, _ []byte) (tracker.Plan, error) {
	p, err := f.Plan(ctx, by.Tenant, id)
	if err == nil && p.Digest != digest {
		err = &tracker.Error{Code: tracker.CodeConflict, Field: "digest", Message: "is another"}
	}
	if err == nil {
		f.plans.applied++
	}
	return p, err
}

func (f *fake) ApprovePlan(ctx context.Context, by tracker.Principal, id, _ string) (tracker.Plan, error) {
	return f.Plan(ctx, by.Tenant, id)
}

func (f *fake) ResumePlan(ctx context.Context, by tracker.Principal, id string, _ []byte) (tracker.Plan, error) {
	return f.Plan(ctx, by.Tenant, id)
}

func (f *fake) CancelPlan(ctx context.Context, by tracker.Principal, id string) (tracker.Plan, error) {
	return f.Plan(ctx, by.Tenant, id)
}

func (f *fake) UndoPlan(ctx context.Context, sub tracker.PlanSubmission) (tracker.Plan, bool, error) {
	p, err := f.Plan(ctx, sub.Owner, sub.UndoOf)
	if err == nil {
		_, err = sub.Seal(p.ID)
	}
	return p, err == nil, err
}

func (f *fake) Plan(_ context.Context, owner, id string) (tracker.Plan, error) {
	if i := f.planIndex(id); i >= 0 && f.plans.list[i].Owner == owner {
		return f.plans.list[i], f.err
	}
	return tracker.Plan{}, tracker.Errorf(tracker.CodeNotFound, "no such plan")
}

func (f *fake) Plans(_ context.Context, owner, cursor string, limit int, account string) (list []tracker.Plan, next string, err error) {
	f.asked = fmt.Sprintf("plans %s %q %d", account, cursor, limit)
	for _, p := range f.plans.list {
		if p.Owner == owner {
			list = append(list, p)
		}
	}
	return list, f.next, f.err
}

func (f *fake) PlanItems(_ context.Context, id string, from, limit int, states ...tracker.ItemState) (page []tracker.PlanItem, next int, err error) {
	for _, it := range f.plans.items[id][from:] {
		if len(states) > 0 && !slices.Contains(states, it.Ledger.State) {
			continue
		}
		if len(page) == limit {
			return page, it.Index, f.err
		}
		page = append(page, it)
	}
	return page, 0, f.err
}

func (f *fake) FailedLogin(_ context.Context, from, detail string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failedLogins = append(f.failedLogins, from+": "+detail)
	return nil
}

func (f *fake) Write(_ context.Context, _ string, events ...tracker.AuditEvent) error {
	f.plans.trail = append(f.plans.trail, events...)
	return f.err
}

func (f *fake) CheckAudit(_ context.Context, owner, cursor string, limit int) (tracker.AuditCheck, error) {
	f.plans.checked = append(f.plans.checked, fmt.Sprint(owner == alice, cursor, limit))
	return f.plans.check, f.err
}

func (f *fake) AuditTrail(_ context.Context, _, after string, _ time.Time, limit int) ([]tracker.AuditEvent, error) {
	list := f.plans.trail
	if i := slices.IndexFunc(list, func(e tracker.AuditEvent) bool { return e.ID == after }); i >= 0 {
		list = list[i+1:]
	}
	return list[:min(limit, len(list))], f.err
}

func (f *fake) AuditBefore(_ context.Context, _, before string, limit int) ([]tracker.AuditEvent, error) {
	list := f.plans.trail
	if i := slices.IndexFunc(list, func(e tracker.AuditEvent) bool { return e.ID == before }); i >= 0 {
		list = list[:i]
	}
	list = slices.Clone(list[max(len(list)-limit, 0):])
	slices.Reverse(list)
	return list, f.err
}

func (f *fake) PlansAbout(_ context.Context, owner, account string, t tracker.Type, resource, _ string, _ int) (page []tracker.PlanAbout, next string, err error) {
	for _, p := range f.plans.list {
		for _, it := range f.plans.items[p.ID] {
			if p.Owner == owner && it.AccountID == account && it.Type == t && it.ResourceID == resource {
				page = append(page, tracker.PlanAbout{Plan: p, Item: it})
			}
		}
	}
	return page, "", f.err
}
