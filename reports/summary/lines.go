package summary

import (
	"iter"
	"strconv"
)

// LineColumns are the columns of a report in lines: a figure a line.
var LineColumns = []string{"section", "table", "row", "name", "value", "kind", "label", "note"}

// Lines are the cells of each line. Facts have no table and no row; rows count from 1.
func (d Document) Lines() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		head := []ReportFact{
			{"written_at", "Written at", KindTime, d.At, ""},
			{"from", "From", KindTime, d.From, ""},
			{"to", "To", KindTime, d.To, ""},
			{"filter", "Filter", KindText, d.Filter, ""},
			{"currency", "Currency", KindText, d.Currency, ""},
			{"time_zone", "Time zone", KindText, d.Zone, ""},
		}
		for _, f := range head {
			if !yield(f.line("report")) {
				return
			}
		}
		for _, s := range d.Sections {
			if !s.lines(yield) {
				return
			}
		}
	}
}

func (f ReportFact) line(section string) []string {
	return []string{section, "", "", f.Name, exact(f.Value), string(f.Kind), f.Label, f.Note}
}

func (s ReportSection) lines(yield func([]string) bool) bool {
	if s.Unknown != "" && !yield([]string{s.Name, "", "", "unknown", s.Unknown, string(KindText), s.Title, ""}) {
		return false
	}
	for _, f := range s.Facts {
		if !yield(f.line(s.Name)) {
			return false
		}
	}
	for _, t := range s.Tables {
		for i, row := range t.Rows {
			for k, v := range row {
				c := t.Columns[k]
				if !yield([]string{s.Name, t.Name, strconv.Itoa(i + 1), c.Name, exact(v), string(c.Kind), c.Label, ""}) {
					return false
				}
			}
		}
	}
	for _, path := range s.Lists {
		if !yield([]string{s.Name, "", "", "list", path, string(KindText), "List", ""}) {
			return false
		}
	}
	return true
}
