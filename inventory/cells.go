package inventory

import (
	"slices"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Cells are the cells that can hold what a filter selects.
func Cells(f filter.Filter) history.Cells {
	c := history.Cells{Accounts: named(f, filter.FieldAccount)}
	for _, t := range named(f, filter.FieldType) {
		c.Types = append(c.Types, tracker.Type(t))
	}
	// What is in no region can be in a cell of any.
	if c.Regions = named(f, filter.FieldRegion); slices.Contains(c.Regions, tracker.Global) {
		c.Regions = nil
	} else if len(c.Regions) > 0 {
		c.Regions = append(c.Regions, tracker.Global)
	}
	if slices.ContainsFunc(f.Conditions(), func(c filter.Condition) bool {
		return c.Field == filter.FieldAccount || c.Field == filter.FieldType || c.Field == filter.FieldRegion
	}) {
		c.May = func(cell tracker.Cell) bool { return cell.MayHold(f) }
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
