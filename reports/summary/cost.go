package summary

import (
	"cmp"
	"strings"

	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Costs is what there is, and what it costs a month.
type Costs struct {
	inventory.Summed // by type, by account and by basis, in this order, each with what its top leaves over
	Lists            []string
}

// bases say how costs are known.
var bases = map[tracker.CostBasis]string{
	tracker.CostList: "list price of its region", tracker.CostSpot: "spot price", tracker.CostOtherRegion: "another region's price",
	tracker.CostFree: "free of charge", tracker.CostUsageBased: "charged by use, which scans do not see", tracker.CostUnknown: "not known",
}

// Section writes it.
func (c Costs) Section() ReportSection {
	elsewhere := inventory.Count{}
	for _, g := range c.Sets[2].Groups {
		if key(g) == string(tracker.CostOtherRegion) {
			elsewhere = g.Count
		}
	}
	s := ReportSection{Name: "cost", Title: "Cost now", Lists: c.Lists, Facts: []ReportFact{
		money("monthly_cost", "Cost a month", c.Total.Total, "at list prices of what scans saw"),
		count("resources", "Resources", c.Total.Resources, ""),
		count("unpriced", "Resources without a known cost", c.Total.Unknown, "the cost lacks them"),
		money("other_region", "Part at another region's price", elsewhere.Total, ""),
	}}
	s.Tables = []ReportTable{
		costTable("by_type", "Cost a month by type", "Type", c.Sets[0], nil),
		costTable("by_account", "Cost a month by account", "Account", c.Sets[1], nil),
		costTable("by_basis", "How costs are known", "Price", c.Sets[2], func(basis string) string { return cmp.Or(bases[tracker.CostBasis(basis)], basis) }),
	}
	return s
}

func costTable(name, title, label string, c inventory.Counts, word func(string) string) ReportTable {
	t := ReportTable{Name: name, Title: title, Rows: [][]any{}, Columns: []ReportColumn{
		{strings.TrimPrefix(name, "by_"), label, KindText, ""},
		{"resources", "Resources", KindCount, "resources"},
		{"monthly_cost", "Cost a month", KindMoney, "monthly_cost"},
		{"unpriced", "Without a known cost", KindCount, "unpriced"},
	}}
	add := func(name string, n inventory.Count) {
		t.Rows = append(t.Rows, []any{name, int64(n.Resources), n.Total, int64(n.Unknown)})
	}
	for _, g := range c.Groups {
		text := key(g)
		if word != nil {
			text = word(text)
		}
		add(text, g.Count)
	}
	if c.Other != nil {
		add(other, *c.Other)
	}
	return t
}

// key is what a group of one dimension has in common.
func key(g inventory.Group) string {
	if g.Keys[0] == nil {
		return ""
	}
	return *g.Keys[0]
}
