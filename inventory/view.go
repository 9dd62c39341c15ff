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

// pages calls read with pages of what the filter selects, in the order of resources' numbers and after one of them, as
// history.Walk does: several side by side. fields are the orders and dimensions that the answer needs of a resource;
// what they do not need may not be read.
func (v View) pages(ctx context.Context, after int64, fields []string, read func(page []history.Version) (then func() error, err error)) error {
	at := v.Filter.At(v.At)
	way := history.Walk{Tenant: v.Tenant, Cells: Cells(v.Filter), At: v.At.UnixMilli(), After: after, Whole: v.whole(fields)}
	return v.History.Walk(ctx, way, func(page []history.Version) (func() error, error) {
		if !at.IsZero() {
			selected := page[:0]
			err := eachRow(page, func(r row) error {
				if at.Match(r) {
					selected = append(selected, r.Version)
				}
				return r.Err()
			})
			if err != nil {
				return nil, err
			}
			page = selected
		}
		if len(page) == 0 {
			return func() error { return nil }, nil
		}
		return read(page)
	})
}

// ErrEnough ends a walk early: what it calls returns it, and the walk itself nil.
var ErrEnough = errors.New("enough")
