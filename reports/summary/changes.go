package summary

import (
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/inventory"
)

// Changes are what differs between the two times of a report.
type Changes struct {
	From, To time.Time
	Totals   inventory.Totals // by type
	Largest  []inventory.Change
	Unknown  inventory.UnknownCells
	Lists    []string
}

// reasons say why it is not known what has changed in a cell.
var reasons = []struct{ name, words string }{
	{"new", "seen since, and never before"}, {"not_seen", "looked at since, and not seen to the end"}, {"not_looked", "not looked at since"},
}

// Section writes them.
func (c Changes) Section() ReportSection {
	t := c.Totals
	s := ReportSection{Name: "changes", Title: "Changes since " + c.From.UTC().Format("2006-01-02 15:04") + " UTC", Lists: c.Lists, Facts: []ReportFact{
		money("cost_difference", "Difference in cost a month", t.CostDifference, "of known costs"),
		count("added", "Added", t.Added, ""), count("removed", "Removed", t.Removed, ""), count("changed", "Changed", t.Changed, ""),
		count("unpriced", "Changes without a known cost", t.Unpriced, "the difference lacks them"),
		count("unknown_cells", "Cells of which it is not known what has changed", c.Unknown.Cells, fmt.Sprintf("of %d. Nothing of them counts as removed", c.Unknown.Cells+c.Unknown.Known)),
	}}
	groups := ReportTable{Name: "by_type", Title: "Changes by type", Rows: [][]any{}, Columns: []ReportColumn{
		{"type", "Type", KindText, ""},
		{"added", "Added", KindCount, "added"},
		{"removed", "Removed", KindCount, "removed"},
		{"changed", "Changed", KindCount, "changed"},
		{"cost_difference", "Difference a month", KindMoney, "cost_difference"},
		{"unpriced", "Without a known cost", KindCount, "unpriced"},
	}}
	add := func(name string, g inventory.Sums) {
		groups.Rows = append(groups.Rows, []any{name, int64(g.Added), int64(g.Removed), int64(g.Changed), g.CostDifference, int64(g.Unpriced)})
	}
	rest := inventory.Sums{}
	for i, g := range t.Groups {
		if i < top {
			add(g.Key[0], g.Sums)
			continue
		}
		rest = plus(rest, g.Sums)
	}
	if t.Other != nil {
		rest = plus(rest, *t.Other)
	}
	if rest != (inventory.Sums{}) {
		add(other, rest)
	}
	largest := ReportTable{Name: "largest", Title: "The changes that cost or save most", Rows: [][]any{}, Columns: []ReportColumn{
		{"change", "Change", KindText, ""},
		{"resource_id", "Resource", KindText, ""},
		{"resource_name", "Name", KindText, ""},
		{"resource_type", "Type", KindText, ""},
		{"region", "Region", KindText, ""},
		{"account_id", "Account", KindText, ""},
		{"cost_difference", "Difference a month", KindMoney, ""},
		{"fields", "What differs", KindText, ""},
	}}
	for _, x := range c.Largest {
		name, fields := "", make([]string, len(x.Fields))
		if x.Name != nil {
			name = *x.Name
		}
		for i, f := range x.Fields {
			fields[i] = f.Field
		}
		largest.Rows = append(largest.Rows, []any{string(x.Kind), x.ID, name, string(x.Type), x.Region, x.AccountID, moneyOf(x.CostDifference), strings.Join(fields, ", ")})
	}
	unknown := ReportTable{Name: "unknown", Title: "Why it is not known what has changed in cells", Rows: [][]any{}, Columns: []ReportColumn{
		{"reason", "Reason", KindText, ""}, {"cells", "Cells", KindCount, "unknown_cells"},
	}}
	for _, r := range reasons {
		if n := c.Unknown.By[r.name]; n > 0 {
			unknown.Rows = append(unknown.Rows, []any{r.words, int64(n)})
		}
	}
	s.Tables = []ReportTable{groups, largest, unknown}
	if t.Noise.Resources > 0 {
		s.Notes = []string{fmt.Sprintf("Resources of which only such things differ as when they were last used: %d. They are in no figure.", t.Noise.Resources)}
	}
	return s
}

// top is how many rows a table has besides that of all others.
const top = 10

func plus(a, b inventory.Sums) inventory.Sums {
	return inventory.Sums{
		Added: a.Added + b.Added, Removed: a.Removed + b.Removed, Changed: a.Changed + b.Changed,
		CostDifference: a.CostDifference + b.CostDifference, Unpriced: a.Unpriced + b.Unpriced,
	}
}
