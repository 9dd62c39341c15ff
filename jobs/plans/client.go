package plans

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Rules bound what plans may do. The zero value has working limits.
type Rules struct {
	// Approval demands that a second person agrees before a plan is applied.
	Approval bool
	// MaxItems is how many items a plan may have; 0 is 200.
	MaxItems int
	// MaxSharePercent is how much of a type's resources a selection may take, where
	// the type has more than ten; 0 is 50.
	MaxSharePercent int
	// Life is how long a plan can be applied; 0 is 24 hours.
	Life time.Duration
	// Looking is how long the items of a plan may be looked at before it is given up;
	// 0 is an hour.
	Looking time.Duration
	// AnyScheduledVerb lets schedules carry plans of verbs that cannot be undone.
	AnyScheduledVerb bool
}

const (
	defaultMaxItems   = 200
	defaultMaxShare   = 50
	defaultMaxFailure = 10
	shareFloor        = 10 // of so few resources of a type, any share may be selected
	canaryFrom        = 10 // plans of so many items go in waves, unless they say no
	maxAfter          = 30 * 24 * time.Hour
)

func (r Rules) withDefaults() Rules {
	if r.MaxItems <= 0 {
		r.MaxItems = defaultMaxItems
	}
	if r.MaxSharePercent <= 0 {
		r.MaxSharePercent = defaultMaxShare
	}
	if r.Life <= 0 {
		r.Life = 24 * time.Hour
	}
	if r.Looking <= 0 {
		r.Looking = time.Hour
	}
	return r
}

// enqueuesAtOnce bounds the tasks that are being put on the queue side by side: a
// wave may be of thousands of items.
const enqueuesAtOnce = 16

// apartFor is the time over which items are spread that workers died with.
const apartFor = 5 * time.Second

// Client makes plans, applies and ends them.
type Client struct {
	Store *store.Store
	Queue *asynq.Client
	// Actions is what plans may hold.
	Actions []tracker.ActionInfo
	// Rules bound what plans may do.
	Rules Rules
}

func (c *Client) plans() store.Plans { return store.Plans{Store: c.Store} }

// plansBy is plans for changes that a caller asks for.
func (c *Client) plansBy(by tracker.Principal) store.Plans {
	return store.Plans{Store: c.Store, By: by}
}

// enqueueItems puts items of a plan on its queue. Doing so twice does nothing.
func (c *Client) enqueueItems(ctx context.Context, p tracker.Plan, items ...int) error {
	if len(items) == 0 {
		return nil
	}
	epochs, err := c.plans().ItemEpochs(ctx, p.ID, items)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(enqueuesAtOnce)
	for k, i := range items {
		g.Go(func() error { return c.enqueueItem(ctx, p, i, epochs[k]) })
	}
	return g.Wait()
}

// enqueueItem puts an item of a plan on its queue under an epoch.
func (c *Client) enqueueItem(ctx context.Context, p tracker.Plan, item, epoch int) error {
	kind, timeout, in := kindItem, 10*time.Minute, time.Duration(0)
	switch {
	case item == theLook:
		kind, timeout = kindPlan, c.Rules.withDefaults().Looking+time.Minute
	case epoch > 1:
		// Items that workers died with do not all begin together again: what kills its
		// workers must not take the others with it each time.
		in = rand.N(apartFor)
	}
	return kernel.Enqueue(ctx, c.Queue, kernel.Task{
		ID: itemTaskID(p.ID, item, epoch), Kind: kind, Payload: payload{p.ID, item, epoch}, Lane: tracker.LaneActions, Shard: p.Shard,
		// What an item may still do is in its ledger, however often it is tried.
		Retries: 10_000, Timeout: timeout, In: in,
	})
}

// itemTaskID is unique for each time that an item is put on the queue anew.
func itemTaskID(plan string, item, epoch int) string {
	return fmt.Sprintf("%s:%d:%d", plan, item, epoch)
}

// AddPlan makes a plan, which workers look at and freeze. created is false when the
// same was asked for before under its idempotency key.
func (c *Client) AddPlan(ctx context.Context, sub tracker.PlanSubmission) (p tracker.Plan, created bool, err error) {
	rules := c.Rules.withDefaults()
	if err := c.checkPlan(ctx, &sub, rules); err != nil {
		return p, false, err
	}
	id := sub.PlanID
	if id == "" {
		u, err := uuid.NewV7()
		if err != nil {
			return p, false, fmt.Errorf("make a plan ID: %w", err)
		}
		id = u.String()
	}
	if sub.IdempotencyKey != "" {
		digest, err := tracker.Digest("plan", sub.CredentialsDigest, sub.Request, sub.UndoOf)
		if err != nil {
			return p, false, err
		}
		if id, err = c.Store.ClaimKey(ctx, sub.Owner, sub.IdempotencyKey, digest, id); err != nil {
			return p, false, err
		}
	}
	asker := askerOf(sub)
	p = tracker.Plan{
		ID: id, Owner: sub.Owner, Asker: asker, Author: asker.Who, AccountID: sub.Account, Shard: c.planShard(sub.Owner), Request: sub.Request, UndoOf: sub.UndoOf, Schedule: sub.Schedule,
		Approval: tracker.Approval{Required: rules.Approval}, ExpiresAt: time.Now().Add(rules.Life + time.Duration(sub.Request.After)*time.Second),
	}
	if !sub.Until.IsZero() && sub.Until.Before(p.ExpiresAt) {
		p.ExpiresAt = sub.Until
	}
	sealed := sub.Sealed
	if sealed == nil && sub.Seal != nil {
		if sealed, err = sub.Seal(id); err != nil {
			return p, false, err
		}
	}
	if created, err = c.plans().CreatePlan(ctx, p, sealed); err != nil {
		return p, false, err
	}
	if created {
		if err := c.plans().Tell(ctx, id); err != nil {
			return p, false, err
		}
	}
	if p, err = c.plans().Plan(ctx, sub.Owner, id); err != nil {
		return p, false, err
	}
	if p.State == tracker.PlanPlanning {
		err = c.enqueueItems(ctx, p, theLook)
	}
	return p, created, err
}

// askerOf is who asks for a plan.
func askerOf(sub tracker.PlanSubmission) tracker.Principal {
	if sub.By.Who == "" {
		return tracker.TenantItself(sub.Owner)
	}
	return sub.By
}

// planShard is the queue of an owner's plans: always the same, so that two plans of
// one owner cannot crowd out two other owners.
func (c *Client) planShard(owner string) int {
	h := fnv.New32a()
	h.Write([]byte(owner))
	return int(h.Sum32() % uint32(c.Store.Shards()))
}

// checkPlan refuses a request that could never be planned, and fills in its limits.
func (c *Client) checkPlan(ctx context.Context, sub *tracker.PlanSubmission, rules Rules) error {
	r := &sub.Request
	for _, f := range []struct {
		name       string
		value      *int
		unset, max int
	}{
		{"max_items", &r.MaxItems, rules.MaxItems, rules.MaxItems},
		{"max_share_percent", &r.MaxSharePercent, rules.MaxSharePercent, rules.MaxSharePercent},
		{"max_failure_percent", &r.MaxFailurePercent, defaultMaxFailure, 100},
	} {
		if *f.value == 0 {
			*f.value = f.unset
		}
		if *f.value < 1 || *f.value > f.max {
			return tracker.Invalid(f.name, "must be from 1 to %d", f.max)
		}
	}
	if err := checkAfter(time.Duration(r.After) * time.Second); err != nil {
		return err
	}
	if err := r.Check(c.Actions); err != nil {
		return err
	}
	switch {
	case (len(r.Items) == 0) == (r.Select == nil):
		return tracker.Invalid("actions", "give either actions or select")
	case len(r.Items) > r.MaxItems:
		return tracker.Invalid("actions", "has %d items, and a plan here takes at most %d", len(r.Items), r.MaxItems)
	case r.Select == nil || r.Select.JobID == "":
		return nil
	}
	j, err := c.Store.Job(ctx, sub.Owner, r.Select.JobID)
	if err != nil {
		return err
	}
	if !j.State.Terminal() {
		return tracker.Errorf(tracker.CodeConflict, "job %s has not ended: a plan selects from a finished scan", r.Select.JobID)
	}
	r.Select.JobID = j.ID
	return nil
}

// CheckScheduled refuses a plan that a schedule must not carry: nobody looks at
// it before it is applied, so it has to be one that can be undone.
func (c *Client) CheckScheduled(r tracker.PlanRequest) error {
	if r.Select == nil || r.Select.JobID != "" {
		return tracker.Invalid("plan.select", "takes no job_id: a schedule selects from the resources that the account has at the time")
	}
	known := false
	for _, a := range c.Actions {
		if !a.Called(r.Select.Verb) {
			continue
		}
		known = true
		if !a.Reversible && !c.Rules.AnyScheduledVerb {
			return tracker.Invalid("plan.select.action", "cannot be undone for %s: a schedule carries reversible actions only, unless SCHEDULE_ANY_ACTION is on", a.Type)
		}
	}
	if !known {
		return tracker.Invalid("plan.select.action", "is not an action of any resource type")
	}
	sub := tracker.PlanSubmission{Request: r}
	err := c.checkPlan(context.Background(), &sub, c.Rules.withDefaults())
	if e, ok := errors.AsType[*tracker.Error](err); ok && e.Field != "" {
		return &tracker.Error{Code: e.Code, Field: "plan." + e.Field, Message: e.Message}
	}
	return err
}

// Opposite is the plan that takes back what a schedule's plan does.
func (c *Client) Opposite(r tracker.PlanRequest) (tracker.PlanRequest, error) {
	if r.Select == nil {
		return r, tracker.Invalid("plan.select", "is required")
	}
	back, err := r.Select.Opposite(c.Actions)
	if e, ok := errors.AsType[*tracker.Error](err); ok {
		return r, &tracker.Error{Code: e.Code, Field: "plan.select." + e.Field, Message: e.Message}
	}
	r.Select = &back
	return r, err
}

func checkAfter(after time.Duration) error {
	if after < 0 || after > maxAfter {
		return tracker.Invalid("after_seconds", "must be from 0 to %.0f", maxAfter.Seconds())
	}
	return nil
}

func (c *Client) audit(ctx context.Context, p tracker.Plan, e tracker.AuditEvent) error {
	e.PlanID, e.At = p.ID, time.Now().UTC()
	return store.Audit{Store: c.Store}.Write(ctx, p.Owner, e)
}

// undoPage is how many items of a plan are read at once to undo it.
const undoPage = 500

// UndoPlan makes a plan of what undoes the verified items of the ended plan
// sub.UndoOf, the last first.
func (c *Client) UndoPlan(ctx context.Context, sub tracker.PlanSubmission) (tracker.Plan, bool, error) {
	by := askerOf(sub)
	p, err := c.planOf(ctx, by, sub.UndoOf)
	if err != nil {
		return p, false, err
	}
	if !p.State.Terminal() {
		err := tracker.Errorf(tracker.CodeConflict, "the plan is %s: it can be undone when it has ended", p.State)
		return p, false, c.refused(ctx, p, by, "plan.undo_refused", err)
	}
	for end := p.Totals.Items; end > 0; end -= undoPage {
		from := max(end-undoPage, 0)
		items, _, err := c.plans().PlanItems(ctx, p.ID, from, end-from)
		if err != nil {
			return p, false, err
		}
		for _, it := range slices.Backward(items) {
			if inverse := it.Ledger.Inverse; inverse != nil {
				sub.Request.Items = append(sub.Request.Items, *inverse)
			}
		}
	}
	if len(sub.Request.Items) == 0 {
		err := tracker.Errorf(tracker.CodeConflict, "nothing of the plan can be undone: no item that was verified has an undo")
		return p, false, c.refused(ctx, p, by, "plan.undo_refused", err)
	}
	sub.Request.MaxFailurePercent = p.Request.MaxFailurePercent
	return c.AddPlan(ctx, sub)
}
