// Package inventory reads the history with filters: what differs between two looks, with what of it changed and what
// that costs.
package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Diff asks what differs between two looks.
type Diff struct {
	Tenant   string
	From, To history.Seen
	Cells    history.Cells // those that can hold what the filter selects
	Filter   filter.Filter // of resources as they were or as they are
	// Noisy reports whether a member of metadata differs between scans although nobody has changed anything.
	Noisy func(key string) bool
	// Which changes count, besides the filter. What is empty narrows nothing.
	Changes  []tracker.ChangeKind
	Selected []tracker.SelectedWhen
	Fields   []string // of what was changed, only where one of these differs or a part of it
}

// Change is a resource that differs between two looks.
type Change struct {
	Kind tracker.ChangeKind `json:"change" enum:"added,removed,changed"`
	ID   string             `json:"resource_id"`
	Name *string            `json:"resource_name"`
	tracker.Cell
	Selected       tracker.SelectedWhen `json:"selected" enum:"before,now,both" doc:"When the filter selects it: before only, as what was removed; now only, as what was added; or both times"`
	Key            string               `json:"resource_key" doc:"account_id/region/resource_type/resource_id"`
	State          string               `json:"state" doc:"Its state now; of what was removed, its last"`
	Since          time.Time            `json:"since" doc:"When a scan first saw it as it is now; of what was removed, when a scan first saw that it was gone"`
	CostBefore     *tracker.Money       `json:"cost_before" doc:"US dollars a month; null where it is not known, and of what was added"`
	CostNow        *tracker.Money       `json:"cost_now" doc:"US dollars a month; null where it is not known, and of what was removed"`
	CostDifference *tracker.Money       `json:"cost_difference" doc:"By how much the known cost has changed; null where either is not known"`
	Fields         []Field              `json:"fields" doc:"Of what was changed: what differs; of the rest empty"`
	Noise          []Field              `json:"noise,omitempty" doc:"What differs although nobody has changed anything"`

	number   int64
	resource *rows.Row // as it is now; of what was removed, as it was
}

// OnlyNoise reports whether nothing differs but what differs between scans anyhow.
func (c *Change) OnlyNoise() bool { return c.Kind == tracker.Changed && len(c.Fields) == 0 }

// Number is where a diff goes on after the change.
func (c *Change) Number() int64 { return c.number }

// Compared is a diff that can be walked.
type Compared struct {
	*history.Comparison
	Diff
}

// Compare puts the two looks of a diff side by side, cell by cell.
func (d Diff) Compare(ctx context.Context, h *history.Store) (Compared, error) {
	c, err := h.Compare(ctx, d.Tenant, d.Cells, d.From, d.To)
	return Compared{c, d}, err
}

// Narrow is the cells that can hold what a filter selects.
func Narrow(ctx context.Context, h *history.Store, tenant string, f filter.Filter) (history.Cells, error) {
	if f.IsZero() {
		return history.Cells{}, nil
	}
	accounts, err := h.Accounts(ctx, tenant)
	cells := history.Cells{May: func(c tracker.Cell) bool { return c.MayHold(f) }}
	for _, a := range accounts {
		if f.MayHold(filter.FieldAccount, a) {
			cells.Accounts = append(cells.Accounts, a)
		}
	}
	if len(cells.Accounts) == 0 || len(cells.Accounts) == len(accounts) {
		cells.Accounts = nil // May leaves none, or all
	}
	return cells, err
}

// ErrEnough ends a walk early.
var ErrEnough = errors.New("enough")

// Each calls f with what is selected of what differs, after a number; 0 begins.
func (c Compared) Each(ctx context.Context, after int64, f func(*Change) error) error {
	err := c.Comparison.Each(ctx, after, func(h history.Change) error {
		change, err := c.change(h)
		if err != nil || change == nil {
			return err
		}
		return f(change)
	})
	if errors.Is(err, ErrEnough) {
		return nil
	}
	return err
}

// change is what differs of a resource; nil where that is not selected.
func (c Compared) change(h history.Change) (*Change, error) {
	change := &Change{Cell: h.Cell, number: h.Resource(), Fields: []Field{}}
	old, before, err := c.side(h.Old)
	if err != nil {
		return nil, err
	}
	now, still, err := c.side(h.New)
	if err != nil {
		return nil, err
	}
	last := now
	switch {
	case h.Old == nil:
		change.Kind, change.Since = tracker.Added, time.UnixMilli(h.New.From).UTC()
	case h.New == nil:
		change.Kind, change.Since, last = tracker.Removed, time.UnixMilli(h.Old.To).UTC(), old
	default:
		change.Kind, change.Since = tracker.Changed, time.UnixMilli(h.New.From).UTC()
		if change.Fields, change.Noise = differing(h.Old.JSON, h.New.JSON, c.Noisy); len(change.Fields)+len(change.Noise) == 0 {
			return nil, nil //nolint:nilnil // nothing differs that anybody sees
		}
	}
	switch {
	case before && still:
		change.Selected = tracker.SelectedBoth
	case before:
		change.Selected = tracker.SelectedBefore
	case still:
		change.Selected = tracker.SelectedNow
	}
	if !c.wants(change) {
		return nil, nil //nolint:nilnil // it is not asked for
	}
	change.price(h)
	return change, change.name(last)
}

// side reads one side of a change, and reports whether the filter selects it.
func (c Compared) side(v *history.Version) (*rows.Row, bool, error) {
	if v == nil {
		return nil, false, nil
	}
	row := rows.Of(v.JSON)
	selected, err := row.Selected(c.Filter)
	return row, selected, err
}

// wants reports whether a change is asked for.
func (c Compared) wants(change *Change) bool {
	return change.Selected != "" && (len(c.Selected) == 0 || slices.Contains(c.Selected, change.Selected)) &&
		(len(c.Changes) == 0 || slices.Contains(c.Changes, change.Kind)) &&
		(len(c.Fields) == 0 || change.Kind != tracker.Changed || slices.ContainsFunc(change.Fields, func(f Field) bool { return f.Within(c.Fields) }))
}

// price says what the resource cost and costs.
func (c *Change) price(h history.Change) {
	cost := func(v *history.Version) *tracker.Money {
		if v == nil || v.Cost == nil {
			return nil
		}
		return new(tracker.Money(*v.Cost))
	}
	c.CostBefore, c.CostNow = cost(h.Old), cost(h.New)
	switch {
	case c.Kind == tracker.Added && c.CostNow != nil:
		c.CostDifference = new(*c.CostNow)
	case c.Kind == tracker.Removed && c.CostBefore != nil:
		c.CostDifference = new(-*c.CostBefore)
	case c.CostBefore != nil && c.CostNow != nil:
		c.CostDifference = new(*c.CostNow - *c.CostBefore)
	}
}

// name says which resource it is.
func (c *Change) name(r *rows.Row) error {
	c.resource = r
	c.ID, _ = r.Text(filter.FieldID)
	if name, ok := r.Text(filter.FieldName); ok {
		c.Name = &name
	}
	c.State, _ = r.Text(filter.FieldState)
	c.Key = fmt.Sprintf("%s/%s/%s/%s", c.AccountID, c.Region, c.Type, c.ID)
	return r.Err()
}
