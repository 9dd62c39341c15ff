package summary

import (
	"github.com/consolesensei/resource-tracker/inventory"
)

// Coverage is how much of what there is was seen.
type Coverage struct {
	inventory.Coverage
	Pending int // scans that have ended and are not in the history
	Lists   []string
}

// standings say how much is known of a cell.
var standings = map[inventory.Standing]string{
	inventory.Good: "seen by the last look", inventory.Stale: "seen before, not by the last look or too long ago", inventory.Unknown: "never seen to its end",
}

// Section writes it.
func (c Coverage) Section() ReportSection {
	s := ReportSection{Name: "coverage", Title: "What the report stands on", Lists: c.Lists, Facts: []ReportFact{
		{"share", "Cells that were seen", KindShare, nil, "a cell is an account, a region and a type"},
		count("cells", "Cells that were ever looked at", c.Cells, ""),
		count("stale", "Cells that count as they were last seen", c.Stale, "the last look failed, or is older than a day"),
		count("unknown", "Cells that could not be seen", c.Unknown, "what is in them is in no figure"),
		{"oldest", "The oldest of what was seen", KindTime, timeOf(c.Oldest), ""},
		count("pending", "Scans that are not in yet", c.Pending, ""),
	}}
	if c.Share != nil {
		s.Facts[0].Value = *c.Share
	}
	standing := ReportTable{Name: "standing", Title: "Cells by how much is known", Columns: []ReportColumn{
		{"standing", "What is known", KindText, ""}, {"cells", "Cells", KindCount, "cells"},
	}, Rows: [][]any{
		{standings[inventory.Good], int64(c.Good)}, {standings[inventory.Stale], int64(c.Stale)}, {standings[inventory.Unknown], int64(c.Unknown)},
	}}
	worst := ReportTable{Name: "worst", Title: "Cells that were not seen, the worst first", Rows: [][]any{}, Columns: []ReportColumn{
		{"account_id", "Account", KindText, ""},
		{"region", "Region", KindText, ""},
		{"resource_type", "Type", KindText, ""},
		{"standing", "What is known", KindText, ""},
		{"outcome", "Last look", KindText, ""},
		{"seen_at", "Last seen", KindTime, ""},
		{"looked_at", "Last looked at", KindTime, ""},
	}}
	for _, w := range c.Worst {
		worst.Rows = append(worst.Rows, []any{w.AccountID, w.Region, string(w.Type), standings[w.Standing], string(w.Outcome), timeOf(w.SeenAt), w.LookedAt.UTC()})
	}
	s.Tables = []ReportTable{standing, worst}
	if more := c.Stale + c.Unknown - len(c.Worst); more > 0 {
		s.Notes = []string{"The table has the worst only; the list has all."}
	}
	return s
}
