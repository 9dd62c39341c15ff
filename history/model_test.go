package history

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A model is a history in a few lines: for each cell the complete looks at it, in the order in which they came in,
// but for those that came after a newer one.
type model map[string][]seen

type seen struct {
	at   int64
	rows map[string]string // by ID: state, cost and team
}

// take brings a look at a cell in.
func (m model) take(cell string, at int64, rows map[string]string) {
	if looks := m[cell]; len(looks) == 0 || looks[len(looks)-1].at < at {
		m[cell] = append(looks, seen{at, rows})
	}
}

// at is what was in a cell at a time, and when that was seen.
func (m model) at(cell string, when int64) (rows map[string]string, at int64) {
	for _, l := range m[cell] {
		if l.at <= when {
			rows, at = l.rows, l.at
		}
	}
	return rows, at
}

// TestModel brings in scans of random estates, of random cells of which some fail, in a random order, some twice.
// What was there at any time, what differs between any two, and the totals of days are those of the model.
func TestModel(t *testing.T) {
	cells := []string{"1 eu vol", "1 eu i", "1 us vol", "2 eu vol", "2 us i"}
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		for round := range 12 {
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 0))
			tenant := fmt.Sprint("tenant ", round)
			m, times := model{}, random.Perm(14)
			for n, at := range times {
				at := int64(at+1) * day
				var text strings.Builder
				looks := map[string]map[string]string{}
				for _, cell := range cells {
					switch outcome := random.IntN(10); {
					case outcome < 2: // not asked for
					case outcome < 4:
						fmt.Fprintln(&text, cell, []tracker.Outcome{tracker.OutcomeDenied, tracker.OutcomeThrottled}[outcome-2])
					default:
						rows := map[string]string{}
						for id := range 5 {
							if random.IntN(3) > 0 {
								rows[strconv.Itoa(id)] = fmt.Sprint([]string{"on", "off"}[random.IntN(2)], " ", []string{"1", "2", "null"}[random.IntN(3)], " ", []string{"x", "y"}[random.IntN(2)])
							}
						}
						looks[cell] = rows
						fmt.Fprintln(&text, cell, []tracker.Outcome{tracker.OutcomeEmpty, tracker.OutcomeOK}[min(1, len(rows))])
						for _, id := range slices.Sorted(maps.Keys(rows)) {
							fmt.Fprintln(&text, cell, "ok", id, rows[id])
						}
					}
				}
				sc := scan(fmt.Sprint("job ", n), 0, at, text.String())
				sc.Tenant = tenant
				s.must(t, sc)
				if random.IntN(4) == 0 {
					s.must(t, sc)
				}
				for cell, rows := range looks {
					m.take(cell, at, rows)
				}
			}
			m.compare(t, s, tenant, cells)
			if t.Failed() {
				t.Fatalf("with the seed %d", seed)
			}
		}
	})
}

// compare holds a store to the model.
func (m model) compare(t *testing.T, s *Store, tenant string, cells []string) {
	t.Helper()
	for when := int64(1); when <= 14; when++ {
		want := map[string]int{}
		for _, cell := range cells {
			rows, _ := m.at(cell, when*day)
			for id, r := range rows {
				want[id+" "+r]++
			}
		}
		page, err := s.AsOf(t.Context(), tenant, Cells{}, when*day, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, v := range page {
			got[text(v)]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("day %d:\n got %v\nwant %v", when, got, want)
		}
		m.compareDiffs(t, s, tenant, cells, when)
		m.compareTotals(t, s, tenant, cells, when)
	}
}

// text is a version as the model writes it.
func text(v Version) string {
	cost := "null"
	if v.Cost != nil {
		cost = fmt.Sprint(*v.Cost)
	}
	f := strings.Split(string(v.JSON), `"`)
	return fmt.Sprint(f[3], " ", v.State, " ", cost, " ", f[len(f)-2])
}

// compareDiffs holds all diffs up to a day to the model. Nothing of a cell that was not seen both times is in them.
func (m model) compareDiffs(t *testing.T, s *Store, tenant string, cells []string, to int64) {
	t.Helper()
	until, err := s.SeenAt(t.Context(), tenant, to*day)
	if err != nil {
		t.Fatal(err)
	}
	for from := int64(1); from < to; from++ {
		since, err := s.SeenAt(t.Context(), tenant, from*day)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for _, cell := range cells {
			old, before := m.at(cell, from*day)
			now, at := m.at(cell, to*day)
			if before == 0 || at == before {
				continue
			}
			for id := range 5 {
				id := strconv.Itoa(id)
				if old[id] != now[id] {
					want[cell+" "+id+": "+old[id]+" > "+now[id]]++
				}
			}
		}
		known := map[string]bool{}
		for _, cell := range cells {
			_, before := m.at(cell, from*day)
			_, at := m.at(cell, to*day)
			known[cell] = before > 0 && at > before
		}
		for _, narrow := range []Cells{{}, {Accounts: []string{"2"}}, {Regions: []string{"us"}, Types: []tracker.Type{"i", "vol"}}} {
			c, err := s.Compare(t.Context(), tenant, narrow, since, until)
			if err != nil {
				t.Fatal(err)
			}
			got, want := differences(t, c, int(from%3)), maps.Clone(want)
			maps.DeleteFunc(want, func(line string, _ int) bool { return !narrow.has(cellOf(line)) })
			if !maps.Equal(got, want) {
				t.Errorf("%v from day %d to %d:\n got %v\nwant %v", narrow, from, to, got, want)
			}
			n := 0
			for cell, is := range known {
				if is && narrow.has(cellOf(cell)) {
					n++
				}
			}
			if n != c.Known || slices.ContainsFunc(c.Unknown, func(u Unknown) bool {
				return known[fmt.Sprint(u.AccountID, " ", u.Region, " ", u.Type)] || !narrow.has(u.Cell)
			}) {
				t.Errorf("from day %d to %d: %d cells are known, want %d; unknown are %v", from, to, c.Known, n, c.Unknown)
			}
		}
	}
}

func cellOf(line string) tracker.Cell {
	f := strings.Fields(line)
	return tracker.Cell{AccountID: f[0], Region: f[1], Type: tracker.Type(f[2])}
}

var errPage = errors.New("the page is full")

// differences are what a comparison tells, read by pages; a page of 0 is of all.
func differences(t *testing.T, c *Comparison, page int) map[string]int {
	t.Helper()
	got := map[string]int{}
	for after, n := int64(0), 0; ; n = 0 {
		err := c.Each(t.Context(), after, func(c Change) error {
			id, old, now := "", "", ""
			if c.Old != nil {
				id, old, _ = strings.Cut(text(*c.Old), " ")
			}
			if c.New != nil {
				id, now, _ = strings.Cut(text(*c.New), " ")
			}
			got[fmt.Sprint(c.AccountID, " ", c.Region, " ", c.Type, " ", id, ": ", old, " > ", now)]++
			after = c.Resource()
			if n++; n == page {
				return errPage
			}
			return nil
		})
		if err == nil {
			return got
		}
		if !errors.Is(err, errPage) {
			t.Fatal(err)
		}
	}
}

// compareTotals holds the totals of a day to the model.
func (m model) compareTotals(t *testing.T, s *Store, tenant string, cells []string, when int64) {
	t.Helper()
	for i, dimension := range []string{"account", "region", "type", "tag:Team"} {
		want, got := map[string]Day{}, map[string]Day{}
		for _, cell := range cells {
			rows, _ := m.at(cell, when*day)
			for _, r := range rows {
				key := append(strings.Fields(cell), strings.Fields(r)[2])[i]
				d := want[key]
				d.Resources++
				if n, err := strconv.ParseInt(strings.Fields(r)[1], 10, 64); err == nil {
					d.Cost += n
				} else {
					d.Unpriced++
				}
				want[key] = d
			}
		}
		days, err := s.Trend(t.Context(), tenant, dimension, min(3, when), when)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			got[d.Key] = Day{Resources: d.Resources, Unpriced: d.Unpriced, Cost: d.Cost}
		}
		maps.DeleteFunc(got, func(_ string, d Day) bool { return d == Day{} })
		if !maps.Equal(got, want) {
			t.Errorf("%s on day %d:\n got %v\nwant %v", dimension, when, got, want)
		}
	}
}
