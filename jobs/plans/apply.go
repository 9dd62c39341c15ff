package plans

import (
	"context"
	"errors"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ApplyPlan carries out a plan of the caller's tenant that has been looked at, now or
// after a while; digest is what was looked at. Nil credentials leave those it has.
func (c *Client) ApplyPlan(ctx context.Context, by tracker.Principal, id, digest string, after time.Duration, sealed []byte) (tracker.Plan, error) {
	p, err := c.planOf(ctx, by, id)
	if err != nil {
		return p, err
	}
	if err := checkAfter(after); err != nil {
		return p, err
	}
	if digest == "" {
		return p, tracker.Invalid("digest", "is that of the plan as it was looked at")
	}
	applied, err := c.apply(ctx, p, digest, after, sealed, by)
	return applied, c.refused(ctx, p, by, "plan.apply_refused", err)
}

// apply starts a plan: with its digest, or without when its time has come.
func (c *Client) apply(ctx context.Context, p tracker.Plan, digest string, after time.Duration, sealed []byte, by tracker.Principal) (tracker.Plan, error) {
	var at time.Time
	if after > 0 {
		at = time.Now().Add(after)
	}
	ready, err := c.plansBy(by).ApplyPlan(ctx, p.ID, digest, at, sealed)
	if err != nil {
		return p, err
	}
	if at.IsZero() {
		freed, err := c.reserve(ctx, p)
		if err != nil {
			return p, err // the sweep puts its items on the queue
		}
		ready = append(ready, freed...)
	}
	if err := errors.Join(c.plans().Tell(ctx, p.ID), c.enqueueItems(ctx, p, ready...)); err != nil {
		return p, err
	}
	return c.plans().LookupPlan(ctx, p.ID)
}

// ApprovePlan notes that a second person of the tenant agrees to a plan.
func (c *Client) ApprovePlan(ctx context.Context, by tracker.Principal, id, digest string) (tracker.Plan, error) {
	p, err := c.plans().Plan(ctx, by.Tenant, id)
	if err != nil {
		return p, err
	}
	if !by.MayApprove(p.Asker) {
		err = tracker.Errorf(tracker.CodeConflict, "the author of a plan cannot approve it, with whatever key, nor with one that they made for another")
	} else {
		err = c.plansBy(by).ApprovePlan(ctx, id, digest)
	}
	if err != nil {
		return p, c.refused(ctx, p, by, "plan.approval_refused", err)
	}
	if err := c.plans().Tell(ctx, id); err != nil {
		return p, err
	}
	if p.Request.Apply {
		return c.apply(ctx, p, p.Digest, time.Duration(p.Request.After)*time.Second, nil, by)
	}
	return c.plans().LookupPlan(ctx, id)
}

// ResumePlan goes on with a held plan of the caller's tenant.
func (c *Client) ResumePlan(ctx context.Context, by tracker.Principal, id string, sealed []byte) (tracker.Plan, error) {
	p, err := c.planOf(ctx, by, id)
	if err != nil {
		return p, err
	}
	ready, err := c.plansBy(by).ResumePlan(ctx, id, sealed)
	if err != nil {
		return p, c.refused(ctx, p, by, "plan.resume_refused", err)
	}
	if err := errors.Join(c.plans().Tell(ctx, id), c.enqueueItems(ctx, p, ready...)); err != nil {
		return p, err
	}
	return c.plans().Plan(ctx, by.Tenant, id)
}

// planOf returns a plan that the caller may carry on: whose role is narrowed carries on
// what they asked for themselves, since others may have asked for more.
func (c *Client) planOf(ctx context.Context, by tracker.Principal, id string) (tracker.Plan, error) {
	p, err := c.plans().Plan(ctx, by.Tenant, id)
	if err != nil {
		return p, err
	}
	if within, _ := by.Within(tracker.PermitPlan); within != nil && p.Asker.Person != by.Person {
		return p, tracker.Errorf(tracker.CodeForbidden, "your role actor is narrowed, and the plan is somebody else's: plan the same yourself")
	}
	return p, nil
}

// CancelPlan stops a plan of the caller's tenant: what was not begun is not run, what
// was is seen to its end.
func (c *Client) CancelPlan(ctx context.Context, by tracker.Principal, id string) (tracker.Plan, error) {
	p, err := c.plans().Plan(ctx, by.Tenant, id)
	if err != nil || p.State.Terminal() {
		return p, err
	}
	if err := c.plansBy(by).CancelPlan(ctx, id, "cancelled by "+by.Who); err != nil {
		return p, c.refused(ctx, p, by, "plan.cancel_refused", err)
	}
	if err := c.plans().Tell(ctx, id); err != nil {
		return p, err
	}
	return c.plans().Plan(ctx, by.Tenant, id)
}
