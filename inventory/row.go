package inventory

import (
	"slices"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
)

// row is a resource of a view, as filters, orders and counts read it. What its cell and the history say of it comes from
// there alone, so that it is the same whether its JSON was read or not. It is good until the next.
type row struct {
	history.Version
	*rows.Row
}

var _ filter.Row = row{}

// eachRow calls f with the rows of a page.
func eachRow(page []history.Version, f func(row) error) error {
	in := &rows.Row{}
	for _, version := range page {
		in.Read(string(version.JSON))
		if err := f(row{version, in}); err != nil {
			return err
		}
	}
	return nil
}

// Text implements filter.Row.
func (r row) Text(field filter.Field) (text string, ok bool) {
	switch field {
	case filter.FieldType:
		return string(r.In.Type), true
	case filter.FieldAccount:
		return r.In.AccountID, true
	case filter.FieldRegion:
		if !r.In.Elsewhere() {
			return r.In.Region, true
		}
	case filter.FieldState:
		return r.State, r.State != ""
	}
	return r.Row.Text(field)
}

// MonthlyNanos implements filter.Row.
func (r row) MonthlyNanos() (nanos int64, known bool) {
	if r.Cost == nil {
		return 0, false
	}
	return *r.Cost, true
}

// everything is a field that has a resource read whole.
const everything = "everything"

// whole tells the cells whose resources an answer has to read whole, for the filter or for fields of orders and
// dimensions: those of which something is asked that row does not know without. Nil is all.
func (v View) whole(fields []string) func(tracker.Cell) bool {
	byRegion := false
	needs := func(field string) bool {
		byRegion = byRegion || field == "region"
		return !slices.Contains([]string{"type", "service", "account", "state", "state_since", "cost", "region"}, field)
	}
	if slices.ContainsFunc(fields, needs) || slices.ContainsFunc(v.Filter.Conditions(), func(c filter.Condition) bool {
		// A dimension has the service from the type, a filter from the ARN.
		return c.Field == filter.FieldService || needs(string(c.Field))
	}) {
		return nil
	}
	return func(c tracker.Cell) bool { return byRegion && c.Elsewhere() }
}
