package budgets

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

func TestMain(m *testing.M) { os.Exit(historytest.Run(m)) }

// engines runs a test on both engines.
func engines(t *testing.T, f func(t *testing.T, h *history.Store)) {
	t.Helper()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			h, err := history.Open(t.Context(), history.Options{URL: url, Dictionary: []byte("resource_id"), Migrate: true, Tags: []string{"Team"}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = h.Close() })
			f(t, h)
		})
	}
}

// thing is a resource of a test.
type thing struct {
	id, kind, team string
	cost           float64 // negative: not known
}

// scan brings in what a scan of one region saw; a kind without things is empty, and failed ones were not seen.
func scan(t *testing.T, h *history.Store, tenant string, at time.Time, failed []string, things ...thing) {
	t.Helper()
	rows := map[tracker.Type][]history.Row{}
	var cells []history.Cell
	for _, kind := range []string{"EBS_Volume", "EC2_Instance"} {
		c := history.Cell{Place: history.Place{Region: "eu-west-1", Type: tracker.Type(kind)}, Outcome: tracker.OutcomeOK}
		if slices.Contains(failed, kind) {
			c.Outcome = tracker.OutcomeDenied
		}
		cells = append(cells, c)
	}
	for _, x := range things {
		json := fmt.Appendf(nil, `{"resource_id":%q,"resource_type":%q,"region":"eu-west-1","account_id":"111122223333","state":"running","tags":{"Team":%q},"estimated_cost_monthly":%g}`,
			x.id, x.kind, x.team, x.cost)
		r := history.Row{ID: x.id, State: "running", Hash: int64(len(json))<<32 | int64(x.cost*1000) + int64(len(x.team)), JSON: json, Cost: new(int64(tracker.Dollars(x.cost)))}
		if x.cost < 0 {
			r.Cost, r.JSON = nil, []byte(strings.Replace(string(json), fmt.Sprintf("%g}", x.cost), "null}", 1))
		}
		rows[tracker.Type(x.kind)] = append(rows[tracker.Type(x.kind)], r)
	}
	err := h.Ingest(t.Context(), history.Scan{
		Tenant: tenant, Job: fmt.Sprint(tenant, at.UnixMilli()), At: at.UnixMilli(), Accounts: []string{"111122223333"},
		Cells: func(string) []history.Cell { return cells },
		Rows: func(_ string, c history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, r := range rows[c.Type] {
					if !yield(r, nil) {
						return
					}
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keep(t *testing.T, h *history.Store, tenant, id string, s Spec) Budget {
	t.Helper()
	if faults := s.Check(); len(faults) > 0 {
		t.Fatal(faults)
	}
	k, err := New(tenant, id, s, "ann", now).Kept()
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.AddBudget(t.Context(), k, Most); !ok || err != nil {
		t.Fatal(ok, err)
	}
	return read(t, h, tenant, id)
}

func read(t *testing.T, h *history.Store, tenant, id string) Budget {
	t.Helper()
	k, ok, err := h.Budget(t.Context(), tenant, id)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	b, err := Of(k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func standing(t *testing.T, h *history.Store, b Budget, at time.Time) Standing {
	t.Helper()
	all, err := Stand(t.Context(), h, []Budget{read(t, h, b.kept.Tenant, b.ID)}, at)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// told collects what was told.
type told struct {
	events []string
	fail   error
}

func (o *told) tell(_ context.Context, c history.Crossing) error {
	if o.fail != nil {
		return o.fail
	}
	o.events = append(o.events, c.Budget+" "+c.Threshold)
	return nil
}

func run(t *testing.T, h *history.Store, o *told, at time.Time) {
	t.Helper()
	if err := (Reckoner{History: h, Tell: o.tell}).Run(t.Context(), at); err != nil && !errors.Is(err, o.fail) {
		t.Fatal(err)
	}
}

// TestDaysAreThoseOfTheTrend: on random estates the days of a budget are those of the trend of what its filter selects.
func TestDaysAreThoseOfTheTrend(t *testing.T) {
	engines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		random := rand.New(rand.NewPCG(7, 7))
		estate := map[string]thing{}
		for ago := 40; ago >= 0; ago -= 1 + random.IntN(2) {
			for range random.IntN(4) {
				id := fmt.Sprint("r-", random.IntN(12))
				x := thing{id, []string{"EBS_Volume", "EC2_Instance"}[len(id)%2], fmt.Sprint("team", random.IntN(2)), float64(random.IntN(50))}
				if random.IntN(8) == 0 {
					x.cost = -1
				}
				if estate[id] = x; random.IntN(3) == 0 {
					delete(estate, id)
				}
			}
			var failed []string
			if random.IntN(4) == 0 {
				failed = []string{"EBS_Volume"}
			}
			things := make([]thing, 0, len(estate))
			for _, x := range estate {
				things = append(things, x)
			}
			for range 1 + random.IntN(2) { // some days are looked at twice
				scan(t, h, "t", now.AddDate(0, 0, -ago).Add(time.Duration(random.IntN(600))*time.Minute-6*time.Hour), failed, things...)
			}
		}
		scan(t, h, "other", now.AddDate(0, 0, -10), nil, thing{"x", "EC2_Instance", "team0", 1e6})
		for _, c := range []struct{ filter, dimension, key string }{
			{"", "account", "111122223333"}, {"type=EC2_Instance", "type", "EC2_Instance"}, {"tag:Team=team1", "tag:Team", "team1"}, {"tag:Team=team0", "tag:Team", "team0"},
		} {
			b := keep(t, h, "t", "b"+c.key, Spec{Name: c.key, Filter: c.filter, Amount: tracker.Dollars(10)})
			run(t, h, &told{}, now)
			got, err := h.BudgetDays(t.Context(), b.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			var want []history.Day
			today := trends.DayOf(now)
			changes, err := h.Trend(t.Context(), "t", c.dimension, got[0].Day, today)
			if err != nil {
				t.Fatal(err)
			}
			sum := history.Day{}
			for day := got[0].Day; day <= today; day++ {
				for _, d := range changes {
					if d.Key == c.key && d.Day == day {
						sum = d
					}
				}
				want = append(want, history.Day{Day: day, Resources: sum.Resources, Unpriced: sum.Unpriced, Cost: sum.Cost})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-trend +budget):\n%s", c.filter, diff)
			}
		}
	})
}

// TestCrossings: each threshold is told once a month, also by a worker that comes after one that died; and anew when the budget
// changes and when a month begins. What failed makes nothing cheaper.
func TestCrossings(t *testing.T) {
	engines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		o := &told{}
		b := keep(t, h, "t", "b", Spec{Name: "all", Amount: tracker.Dollars(100), Thresholds: []Threshold{{50, OfActual}, {100, OfActual}, {100, OfForecast}}})
		run(t, h, o, now)
		if s := standing(t, h, b, now); s.State != Unknown || s.Ratio != nil || s.ReckonedAt == nil {
			t.Errorf("before any scan: %+v", s)
		}
		scan(t, h, "t", now.AddDate(0, 0, -30), nil, thing{"i", "EC2_Instance", "a", 60}, thing{"v", "EBS_Volume", "a", -1})
		o.fail = errors.New("dies before it tells")
		run(t, h, o, now)
		o.fail = nil
		run(t, h, o, now)
		run(t, h, o, now)
		s := standing(t, h, b, now)
		if s.State != Within || s.ToDate != tracker.Dollars(40) || s.Unpriced != 1 || s.Resources != 2 || s.Forecast != tracker.Dollars(60) || s.ExceedsOn != "" {
			t.Errorf("within: %+v", s)
		}
		scan(t, h, "t", now.AddDate(0, 0, -10), nil, thing{"i", "EC2_Instance", "a", 60}, thing{"v", "EBS_Volume", "a", 90})
		o.fail = errors.New("dies before it tells")
		run(t, h, o, now)
		if len(o.events) > 0 {
			t.Errorf("told %q", o.events)
		}
		o.fail = nil
		// One that dies between telling and noting it tells again, under the same name.
		var names []string
		dies := errors.New("dies before it notes what it told")
		if err := (Reckoner{History: h, Tell: func(_ context.Context, c history.Crossing) error {
			names = append(names, fmt.Sprint(EventName(c)))
			return dies
		}}).Run(t.Context(), now); !errors.Is(err, dies) {
			t.Error(err)
		}
		untold, err := h.Untold(t.Context(), 10)
		if err != nil || len(untold) != 2 || len(names) != 1 || fmt.Sprint(EventName(untold[0])) != names[0] {
			t.Errorf("%v %q: %v", untold, names, err)
		}
		run(t, h, o, now.Add(time.Minute))
		run(t, h, o, now.Add(2*time.Minute))
		if diff := cmp.Diff([]string{"b actual:50", "b forecast:100"}, o.events); diff != "" {
			t.Error("told (-want +got):", diff)
		}
		if s := standing(t, h, b, now); s.State != ForecastOver || s.ExceedsOn != "2026-11-26" || s.ToDate != tracker.Dollars(73) {
			t.Errorf("forecast over: %+v", s)
		}
		scan(t, h, "t", now.Add(3*time.Minute), []string{"EBS_Volume", "EC2_Instance"})
		run(t, h, o, now.Add(4*time.Minute))
		if s := standing(t, h, b, now.Add(4*time.Minute)); s.Monthly != tracker.Dollars(150) || s.Stale != 2 || s.Cells != 2 || len(o.events) != 2 {
			t.Errorf("a scan that failed: %+v", s)
		}

		spec := b.Spec
		spec.Amount = tracker.Dollars(50)
		k, err := read(t, h, "t", "b").Changed(spec, "bob", now).Kept()
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := h.ChangeBudget(t.Context(), k); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if ok, err := h.ChangeBudget(t.Context(), k); ok || err != nil {
			t.Error("changed from an edition that is not the newest:", ok, err)
		}
		o.events = nil
		run(t, h, o, now.Add(5*time.Minute))
		if diff := cmp.Diff([]string{"b actual:100", "b actual:50", "b forecast:100"}, o.events); diff != "" {
			t.Error("after a change (-want +got):", diff)
		}
		o.events = nil
		run(t, h, o, now.AddDate(0, 0, 12))
		if diff := cmp.Diff([]string{"b forecast:100"}, o.events); diff != "" {
			t.Error("in the next month (-want +got):", diff)
		}
		crossings, err := h.Crossings(t.Context(), "b", 20758)
		if err != nil || len(crossings) != 3 {
			t.Fatal(crossings, err)
		}
		x, err := CrossedOf(crossings[0])
		if err != nil || x.Threshold != (Threshold{50, OfActual}) && x.Threshold != (Threshold{100, OfActual}) || x.ToldAt == nil {
			t.Error(x, err)
		}
		if _, d, err := Event(crossings[0]); err != nil || d.Budget.Month != "2026-11" || d.Reason == "" {
			t.Error(d, err)
		}
	})
}

// TestBudgetsGo: with their tenant, of whom no other sees them; and an account that is forgotten is no longer in them.
func TestBudgetsGo(t *testing.T) {
	engines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		for _, tenant := range []string{"t", "u"} {
			scan(t, h, tenant, now.AddDate(0, 0, -30), nil, thing{"i", "EC2_Instance", "a", 60})
			keep(t, h, tenant, tenant+"1", Spec{Name: "all", Amount: tracker.Dollars(1), Thresholds: DefaultThresholds()})
		}
		o := &told{}
		run(t, h, o, now)
		if len(o.events) != 6 {
			t.Errorf("told %q", o.events)
		}
		if _, ok, err := h.Budget(t.Context(), "u", "t1"); ok || err != nil {
			t.Error("another tenant's:", ok, err)
		}
		if ok, err := h.DeleteBudget(t.Context(), "u", "t1"); ok || err != nil {
			t.Error("deletes another tenant's:", ok, err)
		}
		k, err := New("t", "t2", Spec{Name: "more"}, "ann", now).Kept()
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := h.AddBudget(t.Context(), k, 1); ok || err != nil {
			t.Error("more than there may be:", ok, err)
		}
		if k, err = New("t", "t3", Spec{Name: "all"}, "ann", now).Kept(); err != nil {
			t.Fatal(err)
		}
		if _, err := h.AddBudget(t.Context(), k, Most); !errors.Is(err, history.ErrBudgetName) {
			t.Error("a name that another has:", err)
		}
		if err := h.ForgetAt(t.Context(), "t", "111122223333", now.UnixMilli()); err != nil {
			t.Fatal(err)
		}
		run(t, h, o, now.Add(time.Minute))
		if s := standing(t, h, read(t, h, "t", "t1"), now); s.Resources != 0 || s.Monthly != 0 {
			t.Errorf("without its account: %+v", s)
		}
		if err := h.ForgetAt(t.Context(), "u", "", now.UnixMilli()); err != nil {
			t.Fatal(err)
		}
		if all, err := h.Budgets(t.Context(), "u"); len(all) > 0 || err != nil {
			t.Error("without its tenant:", all, err)
		}
		if days, err := h.BudgetDays(t.Context(), "u1", 0); len(days) > 0 || err != nil {
			t.Error("days without a budget:", days, err)
		}
		if ok, err := h.DeleteBudget(t.Context(), "t", "t1"); !ok || err != nil {
			t.Error(ok, err)
		}
	})
}

func TestCheck(t *testing.T) {
	for want, s := range map[string]Spec{
		"":                      {Name: " all ", Amount: tracker.Dollars(5), Filter: "type=EC2_Instance,EBS_Volume", Thresholds: []Threshold{{100, OfActual}, {80, OfActual}}},
		"name":                  {Amount: tracker.Dollars(5)},
		"filter":                {Name: "x", Amount: tracker.Dollars(5), Filter: "type="},
		"filter age":            {Name: "x", Amount: tracker.Dollars(5), Filter: "age>30d"},
		"monthly_amount":        {Name: "x"},
		"thresholds[1]":         {Name: "x", Amount: tracker.Dollars(5), Thresholds: []Threshold{{80, OfActual}, {80, OfActual}}},
		"thresholds[0].percent": {Name: "x", Amount: tracker.Dollars(5), Thresholds: []Threshold{{0, OfActual}}},
		"thresholds[0].of":      {Name: "x", Amount: tracker.Dollars(5), Thresholds: []Threshold{{1, "spend"}}},
		"thresholds":            {Name: "x", Amount: tracker.Dollars(5), Thresholds: make([]Threshold, 11)},
	} {
		var got []string
		for _, f := range s.Check() {
			got = append(got, f.Member)
		}
		if member, _, _ := strings.Cut(want, " "); member != "" && !slices.Contains(got, member) || member == "" && len(got) > 0 {
			t.Errorf("%s: %q", want, got)
		}
	}
}
