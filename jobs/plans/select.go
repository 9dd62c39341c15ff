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
func (r *lookRun) selected(ctx context.Context) ([]tracker.ActionItem, error) {
	w, p := r.w, r.plan
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
	add := func(found tracker.Resource) error {
		if _, ok := w.action(tracker.ActionItem{Type: found.Type, Verb: s.Verb}); !ok {
			return planError{fmt.Sprintf("the selection holds a %s, which has no action %s: narrow the filter", found.Type, s.Verb)}
		}
		if len(items) == p.Request.MaxItems {
			return planError{fmt.Sprintf("the selection holds more than %d resources, which is the most that this plan may change: narrow the filter or raise max_items", p.Request.MaxItems)}
		}
		ofType[found.Type]++
		items = append(items, tracker.ActionItem{
			ResourceID: found.ID, Type: found.Type, Region: found.Region, AccountID: found.AccountID, Verb: s.Verb, Params: s.Params, Lift: s.Lift,
		})
		return nil
	}
	var all map[tracker.Type]int
	var err error
	if s.JobID != "" {
		all, err = r.selectFromJob(ctx, s, add)
	} else {
		all, err = r.selectLive(ctx, s, add)
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

func (r *lookRun) selectFromJob(ctx context.Context, s *tracker.PlanSelection, add func(tracker.Resource) error) (map[tracker.Type]int, error) {
	if err := r.mark(ctx, "selected its items from the scan "+s.JobID); err != nil {
		return nil, err
	}
	j, err := r.w.o.Store.Lookup(ctx, s.JobID)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil, planError{"the scan that it selects from has expired"}
	}
	if err != nil {
		return nil, err
	}
	in := &rows.Row{}
	err = r.w.o.Store.Each(ctx, s.JobID, s.Filter, func(row []byte) error {
		in.Read(string(row))
		found, err := in.Identity()
		if err != nil {
			return fmt.Errorf("select from job %s: %w", s.JobID, err)
		}
		return add(found)
	})
	return j.Summary.ByType, err
}

// selectLive lists the types that have the verb, in the regions asked for. What
// cannot be listed ends the plan: a part of a selection is not what was asked for.
func (r *lookRun) selectLive(ctx context.Context, s *tracker.PlanSelection, add func(tracker.Resource) error) (map[tracker.Type]int, error) {
	regions := s.Regions
	if len(regions) == 0 {
		var err error
		if regions, err = r.account.Regions(ctx); err != nil {
			return nil, r.w.cannotLook(r.account, err, "")
		}
	}
	all := map[tracker.Type]int{}
	for _, info := range r.w.o.Types {
		if _, ok := r.w.action(tracker.ActionItem{Type: info.Type, Verb: s.Verb}); !ok || !s.MaySelect(info.Type) {
			continue
		}
		where := regions
		if info.Scope == tracker.Global {
			where = []string{tracker.Global}
		}
		for _, region := range where {
			if err := r.mark(ctx, fmt.Sprintf("listed %s in %s for its selection", info.Type, region)); err != nil {
				return nil, err
			}
			cell := tracker.Cell{AccountID: r.accountID, Region: region, Type: info.Type}
			err := r.account.Scan(ctx, cell, kernel.Wanted{Types: []tracker.Type{info.Type}, Regions: s.Regions}, func(rs ...tracker.Resource) error {
				r.w.o.Price.Set(rs) // the filter may ask for costs
				for _, found := range rs {
					all[found.Type]++
					if s.Filter.Match(&found) {
						if err := add(found); err != nil {
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
				return nil, r.w.cannotLook(r.account, err, region)
			}
		}
	}
	return all, nil
}
