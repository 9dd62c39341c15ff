package inventory_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

const day = 24 * 60 * 60 * 1000

// diffCells are the cells of the estates below.
var diffCells = []tracker.Cell{
	{AccountID: "1", Region: "eu-west-1", Type: "EBS_Volume"},
	{AccountID: "1", Region: "us-east-1", Type: "EBS_Volume"},
	{AccountID: "1", Region: "eu-west-1", Type: "EC2_Instance"},
	{AccountID: "2", Region: "eu-west-1", Type: "EBS_Volume"},
}

// estate is what one look has found: rows by ID, of the cells that it saw to their end.
type estate map[tracker.Cell]map[string]tracker.Resource

// scanOf is a look that failed at all cells that are not in the estate.
func scanOf(tenant string, at int64, found estate) history.Scan {
	return history.Scan{
		Tenant: tenant, Job: fmt.Sprint("job ", at/day), At: at, Accounts: []string{"1", "2"},
		Cells: func(account string) (cells []history.Cell) {
			for _, c := range diffCells {
				if c.AccountID == account {
					outcome := tracker.OutcomeDenied
					if _, seen := found[c]; seen {
						outcome = tracker.OutcomeOK
					}
					cells = append(cells, history.Cell{Place: history.Place{Region: c.Region, Type: c.Type}, Outcome: outcome})
				}
			}
			return cells
		},
		Rows: func(account string, c history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, r := range found[tracker.Cell{AccountID: account, Region: c.Region, Type: c.Type}] {
					b, err := json.Marshal(r)
					row := history.Row{ID: r.ID, State: r.State, JSON: b, Hash: int64(xxhash.Sum64(b))}
					if r.MonthlyCost != nil {
						row.Cost = new(int64(*r.MonthlyCost))
					}
					if !yield(row, err) {
						return
					}
				}
			}
		},
	}
}

func stores(t *testing.T) map[string]*history.Store {
	t.Helper()
	all := map[string]*history.Store{}
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		h, err := history.Open(t.Context(), history.Options{URL: url, Dictionary: []byte("{}"), Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = h.Close() })
		all[name] = h
	}
	return all
}

func noisy(key string) bool { return key == "size_bytes" }

// TestDiffModel compares diffs of random estates, of which cells fail at random, with a model: of a cell that was not
// seen at both times nothing is told.
func TestDiffModel(t *testing.T) {
	for name, h := range stores(t) {
		t.Run(name, func(t *testing.T) {
			for round := range 8 {
				seed := rand.Uint64()
				random := rand.New(rand.NewPCG(seed, 0))
				tenant := fmt.Sprint("tenant ", round)
				var days []estate
				for at := int64(1); at <= 8; at++ {
					found := estate{}
					for _, c := range diffCells {
						if random.IntN(4) == 0 {
							continue
						}
						found[c] = map[string]tracker.Resource{}
						for id := range 4 {
							if random.IntN(4) > 0 {
								r := tracker.Resource{
									ID: fmt.Sprint("r", id), Type: c.Type, Region: c.Region, AccountID: c.AccountID, State: []string{"on", "off"}[random.IntN(2)],
									Tags: map[string]string{"Team": []string{"x", "y"}[random.IntN(2)]}, Metadata: tracker.Metadata{"size_bytes": random.IntN(3)},
								}
								if n := random.IntN(3); n > 0 {
									r.MonthlyCost = new(tracker.Money(n) * tracker.Dollar)
								}
								found[c][r.ID] = r
							}
						}
					}
					days = append(days, found)
					if err := h.Ingest(t.Context(), scanOf(tenant, at*day, found)); err != nil {
						t.Fatal(err)
					}
				}
				for to := range days {
					for from := range to {
						for _, f := range []string{"", "type:EBS_Volume", "account:2", "state:on tag:Team=x", "-region:us-east-1 cost>=2"} {
							compareDiff(t, h, tenant, days, from, to, f)
						}
					}
				}
				if t.Failed() {
					t.Fatalf("with the seed %d", seed)
				}
			}
		})
	}
}

// last is what a cell was last seen to hold until a day.
func last(days []estate, c tracker.Cell, until int) (at int, rows map[string]tracker.Resource) {
	at = -1
	for i, found := range days[:until+1] {
		if seen, ok := found[c]; ok {
			at, rows = i, seen
		}
	}
	return at, rows
}

// compareDiff holds one diff to the model.
func compareDiff(t *testing.T, h *history.Store, tenant string, days []estate, from, to int, query string) {
	t.Helper()
	f, err := filter.Parse(query)
	if err != nil {
		t.Fatal(err)
	}
	selects := func(r tracker.Resource) bool { return r.ID != "" && selected(t, r, f) }
	var want []string
	unknown, totals := 0, inventory.Sums{}
	for _, c := range diffCells {
		a, before := last(days, c, from)
		b, now := last(days, c, to)
		if a < 0 || b <= a {
			if c.MayHold(f) {
				unknown++
			}
			continue
		}
		for id := range 4 {
			id := fmt.Sprint("r", id)
			old, next := before[id], now[id]
			if !selects(old) && !selects(next) || cmp.Equal(old, next) {
				continue
			}
			kind, fields := tracker.Changed, []string{}
			switch {
			case old.ID == "":
				kind = tracker.Added
				totals.Added++
			case next.ID == "":
				kind = tracker.Removed
				totals.Removed++
			default:
				if old.State != next.State {
					fields = append(fields, "state")
				}
				if old.Tags["Team"] != next.Tags["Team"] {
					fields = append(fields, "tags.Team")
				}
				if !cmp.Equal(old.MonthlyCost, next.MonthlyCost) && (len(fields) > 0 || old.Metadata["size_bytes"] == next.Metadata["size_bytes"]) {
					fields = append(fields, "estimated_cost_monthly")
				}
				if len(fields) > 0 {
					totals.Changed++
				}
			}
			difference := "?"
			if d := costOf(next) - costOf(old); costOf(next) >= 0 && costOf(old) >= 0 {
				difference = d.String()
			}
			if kind != tracker.Changed || len(fields) > 0 {
				if difference == "?" {
					totals.Unpriced++
				} else {
					totals.CostDifference += costOf(next) - costOf(old)
				}
			}
			slices.Sort(fields)
			want = append(want, fmt.Sprint(c.ID(), "/", id, " ", kind, " ", fields, " ", difference))
		}
	}
	cells, err := inventory.Narrow(t.Context(), h, tenant, f)
	if err != nil {
		t.Fatal(err)
	}
	d := inventory.Diff{Tenant: tenant, Cells: cells, Filter: f, Noisy: noisy, From: seenAt(t, h, tenant, from), To: seenAt(t, h, tenant, to)}
	c, err := d.Compare(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	tally := inventory.NewTally([]string{"account", "type"})
	for after, more := int64(0), true; more; { // by pages of three
		more = false
		n := 0
		err = c.Each(t.Context(), after, func(change *inventory.Change) error {
			var fields []string
			for _, f := range change.Fields {
				fields = append(fields, f.Field)
			}
			slices.Sort(fields)
			difference := "?"
			if change.CostDifference != nil {
				difference = change.CostDifference.String()
			}
			got = append(got, fmt.Sprint(change.Key, " ", change.Kind, " ", fields, " ", difference))
			tally.Add(change)
			after = change.Number()
			if n++; n == 3 {
				more = true
				return inventory.ErrEnough
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q from day %d to %d (-want +got):\n%s", query, from, to, diff)
	}
	if diff := cmp.Diff(totals, tally.Totals().Sums); diff != "" {
		t.Errorf("%q from day %d to %d: totals (-want +got):\n%s", query, from, to, diff)
	}
	sum := inventory.Sums{}
	for _, g := range tally.Totals().Groups {
		sum.Added, sum.Removed, sum.Changed, sum.Unpriced = sum.Added+g.Added, sum.Removed+g.Removed, sum.Changed+g.Changed, sum.Unpriced+g.Unpriced
		sum.CostDifference += g.CostDifference
	}
	if sum != totals {
		t.Errorf("%q from day %d to %d: groups sum up to %+v, not to %+v", query, from, to, sum, totals)
	}
	u := inventory.Unknowns(c.Comparison, 100)
	if by := slices.Collect(maps.Values(u.By)); u.Cells != unknown || len(u.Listed) != unknown || sumOf(by) != unknown {
		t.Errorf("%q from day %d to %d: unknown are %+v, want %d", query, from, to, u, unknown)
	}
}

func selected(t *testing.T, r tracker.Resource, f filter.Filter) bool {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	ok, err := rows.Of(b).Selected(f)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func sumOf(list []int) (sum int) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// costOf is 0 for what is not there, and below it for what has no known cost.
func costOf(r tracker.Resource) tracker.Money {
	switch {
	case r.ID == "":
		return 0
	case r.MonthlyCost == nil:
		return -1
	}
	return *r.MonthlyCost
}

func seenAt(t *testing.T, h *history.Store, tenant string, index int) history.Seen {
	t.Helper()
	seen, err := h.SeenAt(t.Context(), tenant, int64(index+1)*day)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}
