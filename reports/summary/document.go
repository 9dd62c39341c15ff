// Package summary is what the report for a manager says: figures of the history in sections, each with the list that it
// is the sum of, and how that is written as a page, as Markdown and as lines. It does no I/O.
package summary

import (
	"net/url"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Document is a report.
type Document struct {
	Title    string          `json:"title"`
	At       time.Time       `json:"written_at"`
	From     time.Time       `json:"from" doc:"What changed and what the trend is of begins here"`
	To       time.Time       `json:"to" doc:"As of when the inventory is"`
	Filter   string          `json:"filter,omitempty" doc:"What the report is narrowed to; absent: all that the history has"`
	Currency string          `json:"currency" enum:"USD"`
	Zone     string          `json:"time_zone" enum:"UTC"`
	Notes    []string        `json:"notes,omitempty" doc:"What holds of all figures"`
	Sections []ReportSection `json:"sections"`
}

// ReportSection is one part of a report.
type ReportSection struct {
	Name  string `json:"name" doc:"By which programs know it, such as cost"`
	Title string `json:"title"`
	// Unknown says why a section has no figures.
	Unknown string        `json:"unknown,omitempty" doc:"Why nothing is known; absent where figures are there"`
	Facts   []ReportFact  `json:"facts"`
	Tables  []ReportTable `json:"tables"`
	Notes   []string      `json:"notes,omitempty"`
	Lists   []string      `json:"lists" doc:"Paths of the API with the lists that the figures are sums of"`
	Chart   *Chart        `json:"-"`
}

// ReportFact is a figure.
type ReportFact struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Kind  Kind   `json:"kind" enum:"money,count,share,time,day,text"`
	Value any    `json:"value" doc:"Of money a number of US dollars, of share a number from 0 to 1; null is not known"`
	Note  string `json:"note,omitempty"`
}

// ReportTable is a list behind figures.
type ReportTable struct {
	Name    string         `json:"name"`
	Title   string         `json:"title"`
	Columns []ReportColumn `json:"columns"`
	Rows    [][]any        `json:"rows" doc:"A value for each column; null is not known, or there is none"`
}

// ReportColumn is one of a table.
type ReportColumn struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Kind  Kind   `json:"kind" enum:"money,count,share,time,day,text"`
	Sum   string `json:"sum,omitempty" doc:"The fact of the section that the column adds up to"`
}

// Kind says what values are.
type Kind string

// The kinds, with what holds their values.
const (
	KindMoney Kind = "money" // tracker.Money
	KindCount Kind = "count" // int64
	KindShare Kind = "share" // float64, of 1
	KindTime  Kind = "time"  // time.Time
	KindDay   Kind = "day"   // string
	KindText  Kind = "text"  // string
)

// numeric reports whether values stand at the right.
func (k Kind) numeric() bool { return k == KindMoney || k == KindCount || k == KindShare }

// other is what a row is called that holds all further ones.
const other = "(all others)"

func money(name, label string, v tracker.Money, note string) ReportFact {
	return ReportFact{name, label, KindMoney, v, note}
}

func count[N ~int | ~int64](name, label string, n N, note string) ReportFact {
	return ReportFact{name, label, KindCount, int64(n), note}
}

// timeOf is a time as a value; nil stays nil.
func timeOf(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UTC()
}

// moneyOf is an amount as a value; nil stays nil.
func moneyOf(m *tracker.Money) any {
	if m == nil {
		return nil
	}
	return *m
}

// Path is a path of the API with a query of names and values; what is empty is left out.
func Path(path string, query ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			q.Set(query[i], query[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
