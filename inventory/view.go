// Package inventory answers from the history what there is and was, over all scans: what a filter selects, sorted,
// counted and grouped, and of each answer what of it is stale or was never seen. Whatever walks an inventory holds a
// page of it.
package inventory

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
)

// View is a tenant's inventory at a moment, and which of it is looked at.
type View struct {
	History *history.Store
	Tenant  string
	At      time.Time
	Filter  filter.Filter // ages are counted at At
	// MaxAge is for how long what was seen of a cell is good.
	MaxAge time.Duration
	// Service is the service of a type.
	Service func(tracker.Type) string
}

// row is a resource of a view. It is good until the next.
type row struct {
	history.Version
	*rows.Row
}

// each calls f with what the filter selects, page by page, from a cursor on.
func (v View) each(ctx context.Context, cursor int64, f func(row) error) error {
	return v.pages(ctx, cursor, func(page []history.Version) error {
		in := &rows.Row{}
		for _, version := range page {
			in.Read(string(version.JSON))
			if err := f(row{version, in}); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages calls f with pages of what the filter selects, in the order of resources' numbers.
func (v View) pages(ctx context.Context, cursor int64, f func([]history.Version) error) error {
	at := v.Filter.At(v.At)
	in := &rows.Row{}
	return v.History.Walk(ctx, v.Tenant, v.cells(), v.At.UnixMilli(), cursor, func(page []history.Version) error {
		if !at.IsZero() {
			selected := page[:0]
			for _, version := range page {
				in.Read(string(version.JSON))
				ok, err := in.Selected(at)
				if err != nil {
					return err
				}
				if ok {
					selected = append(selected, version)
				}
			}
			page = selected
		}
		if len(page) == 0 {
			return nil
		}
		return f(page)
	})
}

// errEnough ends a walk early.
var errEnough = errors.New("enough")

// cells are those that can hold what the filter selects.
func (v View) cells() history.Cells {
	c := history.Cells{Accounts: named(v.Filter, filter.FieldAccount)}
	for _, t := range named(v.Filter, filter.FieldType) {
		c.Types = append(c.Types, tracker.Type(t))
	}
	if regions := named(v.Filter, filter.FieldRegion); len(regions) > 0 {
		c.Regions = append(regions, tracker.Global)
	}
	if slices.ContainsFunc(v.Filter.Conditions(), func(c filter.Condition) bool {
		return c.Field == filter.FieldAccount || c.Field == filter.FieldType || c.Field == filter.FieldRegion
	}) {
		c.May = func(cell tracker.Cell) bool { return cell.MayHold(v.Filter) }
	}
	return c
}

// named are the values of a field outside of which a filter selects nothing; none where there are others.
func named(f filter.Filter, field filter.Field) (values []string) {
	const other = "\x00"
	if f.MayHold(field, other) {
		return nil
	}
	for _, c := range f.Conditions() {
		switch {
		case c.Field != field:
		case c.Op != filter.OpEquals:
			return nil
		default:
			for _, value := range c.Values {
				if f.MayHold(field, value) && !slices.Contains(values, value) {
					values = append(values, value)
				}
			}
		}
	}
	return values
}
