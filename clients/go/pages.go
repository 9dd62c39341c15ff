package client

import (
	"context"
	"iter"
)

// pages reads page after page, from a cursor on, and ends with the first error.
func pages[T any](cursor string, read func(cursor string) (page []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := cursor; ; {
			page, next, err := read(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, element := range page {
				if !yield(element, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			cursor = next
		}
	}
}

// copied are the parameters of a listing, which the caller keeps.
func copied[P any](params *P) P {
	if params == nil {
		return *new(P)
	}
	return *params
}

// The largest pages that the server answers.
const (
	longPage  = 1000
	shortPage = 100
)

// Resources reads what a job has found, page after page, also while it runs.
func (t *Tracker) Resources(ctx context.Context, jobID string, params *ListJobResourcesParams) iter.Seq2[Resource, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]Resource, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.ListJobResources(ctx, jobID, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Resources, a.NextCursor, nil
	})
}

// NewestResources reads what your newest finished scan has found.
func (t *Tracker) NewestResources(ctx context.Context, params *ListResourcesParams) iter.Seq2[Resource, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]Resource, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.ListResources(ctx, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Resources, a.NextCursor, nil
	})
}

// Findings reads what a job's resources could cost less.
func (t *Tracker) Findings(ctx context.Context, jobID string, params *ListFindingsParams) iter.Seq2[Finding, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]Finding, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.ListFindings(ctx, jobID, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Findings, a.NextCursor, nil
	})
}

// Diff reads what has changed, page after page. What it lacks is in the answer of GetDiff.
func (t *Tracker) Diff(ctx context.Context, params *GetDiffParams) iter.Seq2[Change, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]Change, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.GetDiff(ctx, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Changes, a.NextCursor, nil
	})
}

// LiveFindings reads what is found in all accounts, kept over scans.
func (t *Tracker) LiveFindings(ctx context.Context, params *ListLiveFindingsParams) iter.Seq2[LiveFinding, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]LiveFinding, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.ListLiveFindings(ctx, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Findings, a.NextCursor, nil
	})
}

// Inventory reads what there is, or was at a time, over all scans. All pages are of the moment of the first; what the
// inventory lacks is in the answer of ListInventory.
func (t *Tracker) Inventory(ctx context.Context, params *ListInventoryParams) iter.Seq2[InventoryResource, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]InventoryResource, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.ListInventory(ctx, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Resources, a.NextCursor, nil
	})
}

// Versions reads what a resource was, the newest first. Its key is account_id/region/resource_type/resource_id. What
// else is known of it is in the answer of GetInventoryHistory.
func (t *Tracker) Versions(ctx context.Context, key string, params *GetInventoryHistoryParams) iter.Seq2[LifeVersion, error] {
	p := copied(params)
	return pages(p.Cursor, func(cursor string) ([]LifeVersion, string, error) {
		p := p
		p.Cursor, p.Limit = cursor, limit(p.Limit)
		a, err := t.GetInventoryHistory(ctx, key, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Versions, a.NextCursor, nil
	})
}

// Jobs reads your jobs, newest first.
func (t *Tracker) Jobs(ctx context.Context) iter.Seq2[ListedJob, error] {
	return pages("", func(cursor string) ([]ListedJob, string, error) {
		a, err := t.ListJobs(ctx, &ListJobsParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Jobs, a.NextCursor, nil
	})
}

// Plans reads your plans, newest first, without their items.
func (t *Tracker) Plans(ctx context.Context) iter.Seq2[PlanView, error] {
	return pages("", func(cursor string) ([]PlanView, string, error) {
		a, err := t.ListPlans(ctx, &ListPlansParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Plans, a.NextCursor, nil
	})
}

// PlanItems reads the items of a plan, all or those in some states.
func (t *Tracker) PlanItems(ctx context.Context, planID string, states ...string) iter.Seq2[PlanItem, error] {
	return pages("", func(cursor string) ([]PlanItem, string, error) {
		a, err := t.GetPlan(ctx, planID, &GetPlanParams{Cursor: cursor, Limit: longPage, ItemState: states})
		if err != nil {
			return nil, "", err
		}
		return a.Items, a.NextCursor, nil
	})
}

// Accounts reads the registered accounts, by name.
func (t *Tracker) Accounts(ctx context.Context) iter.Seq2[RegisteredAccount, error] {
	return pages("", func(cursor string) ([]RegisteredAccount, string, error) {
		a, err := t.ListAccounts(ctx, &ListAccountsParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Accounts, a.NextCursor, nil
	})
}

// Schedules reads your schedules.
func (t *Tracker) Schedules(ctx context.Context) iter.Seq2[ScheduleItem, error] {
	return pages("", func(cursor string) ([]ScheduleItem, string, error) {
		a, err := t.ListSchedules(ctx, &ListSchedulesParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Schedules, a.NextCursor, nil
	})
}

// Sessions reads the sessions of people who are signed in.
func (t *Tracker) Sessions(ctx context.Context) iter.Seq2[Session, error] {
	return pages("", func(cursor string) ([]Session, string, error) {
		a, err := t.ListSessions(ctx, &ListSessionsParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Sessions, a.NextCursor, nil
	})
}

// Deliveries reads what was sent to a webhook, newest first.
func (t *Tracker) Deliveries(ctx context.Context, webhookID string) iter.Seq2[Delivery, error] {
	return pages("", func(cursor string) ([]Delivery, string, error) {
		a, err := t.ListWebhookDeliveries(ctx, webhookID, &ListWebhookDeliveriesParams{Cursor: cursor, Limit: shortPage})
		if err != nil {
			return nil, "", err
		}
		return a.Deliveries, a.NextCursor, nil
	})
}

// Audit reads the lines of the audit, oldest first.
func (t *Tracker) Audit(ctx context.Context, params *ReadAuditParams) iter.Seq2[AuditEvent, error] {
	p := copied(params)
	return pages(p.After, func(after string) ([]AuditEvent, string, error) {
		p := p
		p.After, p.Limit = after, limit(p.Limit)
		a, err := t.ReadAudit(ctx, &p)
		if err != nil {
			return nil, "", err
		}
		return a.Events, a.NextAfter, nil
	})
}

// limit is how long a page is: as asked for, else as long as it can be.
func limit(asked int) int {
	if asked == 0 {
		return longPage
	}
	return asked
}
