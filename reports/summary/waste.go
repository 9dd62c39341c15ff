package summary

import (
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Waste is what findings say, as they are when the report is written.
type Waste struct {
	Unkept       string // why findings are not told by the filter
	Since        time.Time
	Open         []history.FindingGroup // by rule
	Acknowledged []history.FindingGroup // by rule
	Resolved     []history.FindingGroup // since then, by rule
	Lists        []string
}

// Section writes it.
func (w Waste) Section() ReportSection {
	since := w.Since.UTC().Format("2006-01-02 15:04") + " UTC"
	s := ReportSection{Name: "waste", Title: "Waste", Lists: w.Lists, Unknown: w.Unkept, Facts: []ReportFact{}, Tables: []ReportTable{}}
	if s.Unknown != "" {
		return s
	}
	open, acknowledged, resolved := sum(w.Open), sum(w.Acknowledged), sum(w.Resolved)
	s.Facts = []ReportFact{
		money("open_saving", "Open findings would save a month", tracker.Money(open.Saving), "of several about one resource one counts"),
		count("open", "Open findings", open.Findings, ""),
		count("open_unpriced", "Open findings without a price", open.Unpriced, "the saving lacks them"),
		count("unconfirmed", "Open findings that the newest scan has not decided on", open.Unconfirmed, "what they rely on was not seen"),
		money("acknowledged_saving", "Acknowledged findings would save a month", tracker.Money(acknowledged.Saving), "not in the saving of open ones"),
		count("acknowledged", "Acknowledged findings", acknowledged.Findings, ""),
		count("acknowledged_unpriced", "Acknowledged findings without a price", acknowledged.Unpriced, ""),
		money("realised", "Realised saving a month since "+since, tracker.Money(resolved.Realised), "an estimate: what the resources cost less"),
		count("resolved", "Findings resolved since then", resolved.Findings, ""),
		count("realised_unknown", "Resolved findings whose saving is not known", resolved.Unknown, "the realised saving lacks them"),
	}
	s.Tables = []ReportTable{
		savingTable("open", "Open findings by rule", w.Open),
		savingTable("acknowledged", "Acknowledged findings by rule", w.Acknowledged),
		resolvedTable(w.Resolved),
	}
	return s
}

func savingTable(state, title string, groups []history.FindingGroup) ReportTable {
	t := ReportTable{Name: state, Title: title, Rows: [][]any{}, Columns: []ReportColumn{
		{"rule", "Rule", KindText, ""},
		{"findings", "Findings", KindCount, state},
		{"monthly_saving", "Saves a month", KindMoney, state + "_saving"},
		{"unpriced", "Without a price", KindCount, state + "_unpriced"},
	}}
	shown(groups, func(rule string, g history.FindingGroup) {
		t.Rows = append(t.Rows, []any{rule, g.Findings, tracker.Money(g.Saving), g.Unpriced})
	})
	return t
}

func resolvedTable(groups []history.FindingGroup) ReportTable {
	t := ReportTable{Name: "resolved", Title: "Resolved findings by rule", Rows: [][]any{}, Columns: []ReportColumn{
		{"rule", "Rule", KindText, ""},
		{"findings", "Findings", KindCount, "resolved"},
		{"realised_saving", "Realised saving a month", KindMoney, "realised"},
		{"realised_unknown", "Not known of", KindCount, "realised_unknown"},
	}}
	shown(groups, func(rule string, g history.FindingGroup) {
		t.Rows = append(t.Rows, []any{rule, g.Findings, tracker.Money(g.Realised), g.Unknown})
	})
	return t
}

// shown calls f with the first groups, and with all others together.
func shown(groups []history.FindingGroup, f func(rule string, g history.FindingGroup)) {
	n := min(top, len(groups))
	for _, g := range groups[:n] {
		f(g.Key, g)
	}
	if n < len(groups) {
		f(other, sum(groups[n:]))
	}
}

func sum(groups []history.FindingGroup) (all history.FindingGroup) {
	for _, g := range groups {
		all.Findings += g.Findings
		all.Unconfirmed += g.Unconfirmed
		all.Counted += g.Counted
		all.Saving += g.Saving
		all.Unpriced += g.Unpriced
		all.Realised += g.Realised
		all.Unknown += g.Unknown
	}
	return all
}
