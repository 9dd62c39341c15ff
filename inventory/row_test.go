package inventory_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestWhole holds answers for which resources need not be read whole to the same ones with a condition for which they are,
// and which selects all: in every order, by every dimension, now and before.
func TestWhole(t *testing.T) {
	epoch := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	cells := append(slices.Clone(viewCells), tracker.Cell{AccountID: "222222222222", Region: "us-east-1", Type: tracker.TypeOther})
	read := func(text string) filter.Filter {
		f, err := filter.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	viewEngines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		random := rand.New(rand.NewPCG(1, 2))
		for n := range 3 {
			looks := map[tracker.Cell]viewed{}
			for i, c := range cells {
				l := viewed{outcome: tracker.OutcomeOK}
				if n == 2 && i == 1 {
					l.outcome = tracker.OutcomeDenied
				}
				for id := 0; id < 40 && l.outcome == tracker.OutcomeOK; id++ {
					if r := aView(random, c, id, epoch); random.IntN(4) > 0 {
						if c.Type == tracker.TypeOther && id%2 == 0 {
							r.Region = tracker.Global
						}
						l.found = append(l.found, r)
					}
				}
				looks[c] = l
			}
			if err := h.Ingest(t.Context(), viewScan("t", fmt.Sprint(n), epoch.AddDate(0, 0, n), looks)); err != nil {
				t.Fatal(err)
			}
		}
		for _, at := range []time.Time{epoch.Add(30 * time.Hour), epoch.AddDate(0, 0, 3)} {
			for _, query := range []string{"", "type:EC2_Instance", "account:222222222222 state:on", "region:us-east-1", "cost:unknown", "-type:S3_Bucket cost>1"} {
				v := inventory.View{History: h, Tenant: "t", At: at, MaxAge: 36 * time.Hour, Filter: read(query), Service: func(t tracker.Type) string { return string(t[:2]) }}
				whole := v
				whole.Filter = filter.All(v.Filter, read("-id:nothing"))
				compareAnswers(t, query, v, whole)
			}
			v := inventory.View{History: h, Tenant: "t", At: at}
			for _, by := range []inventory.Dimension{"type", "region", "account", "state"} {
				groupsAreTheirFilters(t, v, by)
			}
		}
	})
}

// compareAnswers holds the answers of two views to each other.
func compareAnswers(t *testing.T, query string, a, b inventory.View) {
	t.Helper()
	for _, sort := range append(slices.Clone(inventory.Sorts), "") {
		for _, sort := range []string{sort, "-" + sort + ",region"} {
			o, err := inventory.ParseOrder(sort)
			if err != nil { // of none, or of one that is there twice
				continue
			}
			var got [2][]string
			for i, v := range []inventory.View{a, b} {
				for cursor, n := "", 0; n == 0 || cursor != "" && n < 2; n++ {
					p, err := v.Page(t.Context(), cursor, o, 40)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range p.Rows {
						got[i] = append(got[i], string(r))
					}
					cursor = p.Next
				}
			}
			if diff := gocmp.Diff(got[1], got[0]); diff != "" || len(got[0]) == 0 {
				t.Fatalf("%q as of %s by %q: %d rows (-whole +not):\n%s", query, a.At, sort, len(got[0]), diff)
			}
		}
	}
	sets := [][]inventory.Dimension{{"type"}, {"region"}, {"account"}, {"state"}, {"service"}, {"account", "type"}, {"region", "state"}, {"basis"}, {"tag:team", "region"}}
	for _, sets := range append(slices.Collect(slices.Chunk(sets[:4], 1)), sets[:7], sets) {
		var got [2]inventory.Summed
		for i, v := range []inventory.View{a, b} {
			var err error
			if got[i], err = v.Sum(t.Context(), sets, 5); err != nil {
				t.Fatal(err)
			}
		}
		if diff := gocmp.Diff(got[1], got[0]); diff != "" || got[0].Total.Resources == 0 {
			t.Fatalf("%q as of %s by %v (-whole +not):\n%s", query, a.At, sets, diff)
		}
	}
	sums, first, err := a.SumWithDearest(t.Context(), sets, 5, 3)
	want, errOfSum := b.Sum(t.Context(), sets, 5)
	if diff := gocmp.Diff(want, sums); diff != "" || err != nil || errOfSum != nil || len(first) > 3 {
		t.Fatalf("%q with the dearest: %v %v\n%s", query, err, errOfSum, diff)
	}
}

// groupsAreTheirFilters holds each group of a dimension to what a filter of its value selects.
func groupsAreTheirFilters(t *testing.T, v inventory.View, by inventory.Dimension) {
	t.Helper()
	all, err := v.Sum(t.Context(), [][]inventory.Dimension{{by}}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range all.Sets[0].Groups {
		if *g.Keys[0] == "" { // no filter names it
			continue
		}
		if v.Filter, err = filter.Parse(fmt.Sprintf("%s:%q", by, *g.Keys[0])); err != nil {
			t.Fatal(err)
		}
		of, err := v.Sum(t.Context(), nil, 1)
		if diff := gocmp.Diff(g.Count, of.Total); diff != "" || err != nil {
			t.Errorf("%s as of %s: %v (-group +filter):\n%s", v.Filter, v.At, err, diff)
		}
	}
}
