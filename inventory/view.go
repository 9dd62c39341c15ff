// Package inventory answers from the history what there is and was, over all scans: what a filter selects, sorted,
// counted and grouped, and of each answer what of it is stale or was never seen. Whatever walks an inventory holds a
// page of it.
package inventory

import (
	"context"
	"errors"
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
	// MaxAge is for how long what was seen of a cell is good; 0 is for ever.
	MaxAge time.Duration
	// Service is the service of a type.
	Service func(tracker.Type) string
	// Kept makes the next pages of a sorted listing cheap. Without it each page sorts all anew.
	Kept *Kept

	looks history.Seen // that Look has read
}

// Look reads once what several answers about the view need.
func (v *View) Look(ctx context.Context) (err error) {
	v.looks, err = v.seen(ctx)
	return err
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
	return v.History.Walk(ctx, v.Tenant, Cells(v.Filter), v.At.UnixMilli(), cursor, func(page []history.Version) error {
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

// ErrEnough ends a walk early: what it calls returns it, and the walk itself nil.
var ErrEnough = errors.New("enough")
