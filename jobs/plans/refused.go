package plans

import (
	"context"
	"errors"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// refused writes to the audit that a caller was refused what the plan's state forbids.
func (c *Client) refused(ctx context.Context, p tracker.Plan, by tracker.Principal, what string, err error) error {
	if tracker.CodeOf(err) != tracker.CodeConflict {
		return err
	}
	return errors.Join(err, c.noteRefusal(ctx, p.Owner, tracker.AuditEvent{Who: by.Who, From: by.From, What: what, PlanID: p.ID, Detail: err.Error()}))
}

// NoteRefusal writes to the audit of the caller's tenant that a request about plans was
// refused before it came to a plan's state. plan may be empty.
func (c *Client) NoteRefusal(ctx context.Context, by tracker.Principal, plan, detail string) error {
	return c.noteRefusal(ctx, by.Tenant, tracker.AuditEvent{Who: by.Who, From: by.From, What: "plan.refused", PlanID: plan, Detail: detail})
}

func (c *Client) noteRefusal(ctx context.Context, owner string, e tracker.AuditEvent) error {
	e.At = time.Now().UTC()
	return store.Audit{Store: c.Store}.Refused(ctx, owner, e)
}
