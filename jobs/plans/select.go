package plans

import (
	"context"
	"errors"
	"fmt"

	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// selected returns the items of a plan: as named, or as its selection finds them.
// What was asked for may be older than the check of parameters, or than what they are
// checked for: it is checked once more before anything is looked at.
func (w *Worker) selected(ctx context.Context, p tracker.Plan, account kernel.Account, accountID string) ([]tracker.ActionItem, error) {
	asked, s := p.Request, p.Request.Select
	var items []tracker.ActionItem
	if s == nil {
		var err error
		if items, err = w.client.plans().PlanActions(ctx, p.ID); err != nil {
			return nil, err
		}
		asked.Items = items
	}
	if err := asked.Check(w.o.Actions); err != nil {
		return nil, planError{err.Error()}
	}
	if s == nil {
		return items, nil
	}
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
func (w *Worker) selectLive(ctx context.Context, s *tracker.PlanSelection, account kernel.Account, accountID string, add func(tracker.Resource) error) (map[tracker.Type]int, error) {
	regions := s.Regions
	if len(regions) == 0 {
		var err error
		if regions, err = account.Regions(ctx); err != nil {
			return nil, w.cannotLook(account, err, "")
		}
	}
	all := map[tracker.Type]int{}
	for _, info := range w.o.Types {
		if _, ok := w.action(tracker.ActionItem{Type: info.Type, Verb: s.Verb}); !ok || !s.MaySelect(info.Type) {
			continue
		}
		where := regions
		if info.Scope == tracker.Global {
			where = []string{tracker.Global}
		}
		for _, region := range where {
			cell := tracker.Cell{AccountID: accountID, Region: region, Type: info.Type}
			err := account.Scan(ctx, cell, kernel.Wanted{Types: []tracker.Type{info.Type}, Regions: s.Regions}, func(rs ...tracker.Resource) error {
				w.o.Price.Set(rs) // the filter may ask for costs
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
