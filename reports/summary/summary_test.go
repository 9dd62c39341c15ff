package summary_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/reports/summary"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

// hostile is a name that means something in every form.
const hostile = "</td><script>alert(1)</script> | **x** [a](b) `c` &amp; \"q\" 'q'\nnext"

// escaped is a character that means nothing in Markdown, for what stands before it.
var escaped = regexp.MustCompile(`\\.`)

// of is a report of one resource whose texts are hostile.
func of(points ...summary.Point) summary.Document {
	count := inventory.Count{Resources: 2, Total: tracker.Dollars(1234.565), Unknown: 1}
	set := inventory.Counts{Groups: []inventory.Group{{Keys: []*string{new(hostile)}, Count: count}}}
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	return summary.Document{
		Title: hostile, At: at, From: at.AddDate(0, 0, -7), To: at, Filter: hostile, Currency: "USD", Zone: "UTC", Notes: []string{hostile},
		Sections: []summary.ReportSection{
			summary.Costs{Summed: inventory.Summed{Total: count, Sets: []inventory.Counts{set, set, set}}, Lists: []string{summary.Path("/x", "filter", hostile)}}.Section(),
			summary.Dearest{Total: count, Resources: []tracker.Resource{{ID: hostile, Name: tracker.Named(hostile), Type: hostile, Region: hostile, AccountID: hostile, MonthlyCost: new(count.Total)}}}.Section(),
			summary.Trend{Points: points, Interval: "day", Month: "2026-11", Forecast: trends.Month{Method: trends.Flat, Total: 3, Low: 2, High: 4}}.Section(),
			summary.Changes{From: at, To: at, Largest: []inventory.Change{{ID: hostile, Fields: []inventory.Field{{Field: hostile}}}}, Totals: inventory.Totals{Groups: []inventory.ChangeGroup{{Key: []string{hostile}}}}}.Section(),
			summary.Waste{Since: at, Open: []history.FindingGroup{{Key: hostile, Findings: 1}}}.Section(),
			summary.Coverage{Coverage: inventory.Coverage{Cells: 1, Unknown: 1, Worst: []inventory.KnownCell{{Cell: tracker.Cell{AccountID: hostile, Region: hostile, Type: hostile}, LookedAt: at}}}}.Section(),
		},
	}
}

func TestTextsMeanNothing(t *testing.T) {
	t.Parallel()
	point := summary.Point{Day: "2026-11-27", Monthly: tracker.Dollars(5)}
	for name, d := range map[string]summary.Document{"no point": of(), "a point": of(point), "points": of(point, summary.Point{Day: "2026-11-28", Observed: true})} {
		page := d.HTML()
		if strings.Contains(page, "<script") || strings.Contains(page, "</td><") && strings.Contains(page, "alert(1)</") {
			t.Errorf("%s: the page has an element of a name", name)
		}
		balanced(t, page)
		md := d.Markdown()
		for line := range strings.Lines(md) {
			bare := escaped.ReplaceAllString(line, "")
			for _, mark := range []string{"<", "*x", "[a", "`c`", "&"} {
				if strings.Contains(bare, mark) {
					t.Errorf("%s: a name means something in Markdown: %s", name, line)
				}
			}
			if strings.HasPrefix(line, "next") {
				t.Errorf("%s: a name left its line", name)
			}
		}
		for cells := range d.Lines() {
			if len(cells) != len(summary.LineColumns) {
				t.Errorf("%s: %q has %d cells", name, cells, len(cells))
			}
		}
	}
}

// balanced wants every element to be closed where it has to be.
func balanced(t *testing.T, page string) {
	t.Helper()
	body := page[strings.Index(page, "<body>"):strings.Index(page, "</html>")]
	d := xml.NewDecoder(strings.NewReader(body))
	d.Entity = xml.HTMLEntity
	ids := []string{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local != "id" {
					continue
				}
				if slices.Contains(ids, a.Value) {
					t.Errorf("the id %s is there twice", a.Value)
				}
				ids = append(ids, a.Value)
			}
		}
	}
}

// TestAmounts holds how amounts are written for people: to the cent, and never as nothing where there is something.
func TestAmounts(t *testing.T) {
	t.Parallel()
	for amount, want := range map[float64]string{
		0: "$0.00", 0.004: "$0.004", -0.004: "-$0.004", 0.005: "$0.01", 999.995: "$1,000.00", 1234567.891: "$1,234,567.89", -5: "-$5.00", -1234.5: "-$1,234.50",
	} {
		d := summary.Document{Sections: []summary.ReportSection{{Facts: []summary.ReportFact{{Label: "x", Kind: summary.KindMoney, Value: tracker.Dollars(amount)}}}}}
		if md := d.Markdown(); !strings.Contains(md, "- x: **"+want+"**") {
			t.Errorf("%v is written %s", amount, md)
		}
	}
}

// TestOthers holds that what has no row of its own is in the last.
func TestOthers(t *testing.T) {
	t.Parallel()
	w := summary.Waste{}
	for i := range 25 {
		w.Open = append(w.Open, history.FindingGroup{Key: string(rune('a' + i)), Findings: 2, Saving: int64(i) * 1e9, Unpriced: 1})
	}
	rows := w.Section().Tables[0].Rows
	if last := rows[len(rows)-1]; len(rows) != 11 || last[1] != int64(30) || last[3] != int64(15) {
		t.Errorf("%v", rows)
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	if got := summary.Path("/x", "a", "", "b", "1 & 2"); got != "/x?b=1+%26+2" {
		t.Error(got)
	}
}
