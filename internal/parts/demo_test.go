package parts

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

func pastHistory(t *testing.T) *history.Store {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Dictionary: rowsDictionary, Tags: []string{"Team"}, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// told is what a history tells of the demo's past, in lines.
func told(t *testing.T, h *history.Store, now time.Time) (lines []string) {
	t.Helper()
	scans, err := h.Scans(t.Context(), tracker.DefaultTenant, history.Forever, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scans {
		lines = append(lines, fmt.Sprint(s))
	}
	for ago := 0; ago <= pastDays; ago += 10 {
		page, err := h.AsOf(t.Context(), tracker.DefaultTenant, history.Cells{}, now.AddDate(0, 0, -ago).UnixMilli(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page {
			lines = append(lines, fmt.Sprint(ago, v.From, v.To, v.StateSince, historyRow(v.JSON).Hash))
		}
	}
	for _, f := range findings(t, h, history.FindingQuery{}) {
		lines = append(lines, fmt.Sprintf("%s %s %d %d %d %s", f.ID, f.State, f.Opened, f.Seen, f.Reopened, f.JSON))
	}
	return lines
}

// findings are what a history knows of the demo's.
func findings(t *testing.T, h *history.Store, q history.FindingQuery) []history.Live {
	t.Helper()
	page, err := h.Findings(t.Context(), tracker.DefaultTenant, q, "opened", false, history.Mark{}, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestTellPast_Findings holds that findings have a past too: they opened on many days, some are resolved and have saved
// something, and what is unused for long is known to be.
func TestTellPast_Findings(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	h := pastHistory(t)
	if _, err := tellPast(t.Context(), h, nil, now); err != nil {
		t.Fatal(err)
	}
	days, rules, realised := map[int64]int{}, map[string]int{}, tracker.Money(0)
	for _, f := range findings(t, h, history.FindingQuery{}) {
		days[f.Opened]++
		if f.State == history.StateResolved {
			rules[f.Rule+" "+*f.Resolution]++
			if f.Realised != nil {
				realised += tracker.Money(*f.Realised)
			}
		}
	}
	t.Logf("%d days on which findings opened; resolved: %v, $%s a month", len(days), rules, realised)
	if len(days) < 8 || len(rules) < 4 || realised < 20*tracker.Dollar {
		t.Errorf("findings opened on %d days; resolved are %v, which saved %s", len(days), rules, realised)
	}
	since := map[string]int{}
	for _, f := range findings(t, h, history.FindingQuery{State: history.StateOpen, Rules: []string{"unattached_volume"}}) {
		since[gjson.GetBytes(f.JSON, "confidence").Str]++
		if at := gjson.GetBytes(f.JSON, "evidence.since_at_least"); !at.Exists() {
			t.Errorf("%s: nothing is known of how long: %s", f.ID, f.JSON)
		}
	}
	if since["high"] == 0 {
		t.Errorf("the confidences of unattached volumes are %v", since)
	}
}

// TestTellPast holds that the demo's past is the same whether a process tells it at once or dies on the way and
// another goes on the day after, and that it is told once.
func TestTellPast(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)
	whole, broken := pastHistory(t), pastHistory(t)
	if days, err := tellPast(t.Context(), whole, nil, now); err != nil || days != pastDays {
		t.Fatal(days, err)
	}
	ctx, die := context.WithCancel(t.Context())
	go func() { // at whichever day it then is
		for scans, _ := broken.Scans(ctx, tracker.DefaultTenant, history.Forever, 100); len(scans) < 7 && ctx.Err() == nil; {
			scans, _ = broken.Scans(ctx, tracker.DefaultTenant, history.Forever, 100)
		}
		die()
	}()
	if days, err := tellPast(ctx, broken, nil, now); err == nil || days == 0 {
		t.Fatalf("%d days without a death", days)
	}
	if days, err := tellPast(t.Context(), broken, nil, now.Add(20*time.Hour)); err != nil || days == 0 || days == pastDays {
		t.Fatal(days, err)
	}
	if d := cmp.Diff(told(t, whole, now), told(t, broken, now)); d != "" {
		t.Error(d)
	}
	if days, err := tellPast(t.Context(), whole, nil, now.AddDate(0, 1, 0)); err != nil || days != 0 {
		t.Errorf("told again: %d days, %v", days, err)
	}
}

// TestTellPast_Story holds that the past has something to show, and ends in what there is today.
func TestTellPast_Story(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC) // a Friday
	h := pastHistory(t)
	if _, err := tellPast(t.Context(), h, nil, now); err != nil {
		t.Fatal(err)
	}
	today := map[string]int64{}
	_, things, err := look(t.Context(), simulator.New(simulator.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range things {
		row, err := asRow(r.Resource)
		if err != nil {
			t.Fatal(err)
		}
		today[r.Key()] = row.Hash
	}
	at := func(ago int) (rows map[string]int64, cost tracker.Money) {
		rows = map[string]int64{}
		page, err := h.AsOf(t.Context(), tracker.DefaultTenant, history.Cells{}, now.AddDate(0, 0, -ago).UnixMilli(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page {
			r := gjson.ParseBytes(v.JSON)
			rows[r.Get("account_id").Str+"/"+r.Get("region").Str+"/"+r.Get("resource_type").Str+"/"+r.Get("resource_id").Str] = historyRow(v.JSON).Hash
			if v.Cost != nil {
				cost += tracker.Money(*v.Cost)
			}
			if created := r.Get("creation_date"); created.Type == gjson.String && created.Time().After(now.AddDate(0, 0, -ago)) {
				t.Errorf("%d days ago: %s", ago, v.JSON)
			}
		}
		return rows, cost
	}
	got, cost := at(0)
	if d := cmp.Diff(today, got); d != "" {
		t.Error("today:", d)
	}
	week, weekCost := at(7)
	first, firstCost := at(pastDays - 1)
	_, weekend := at(13) // a Saturday
	fleet, fleetCost := at(21)
	if firstCost >= cost*98/100 || weekend >= weekCost*95/100 || fleetCost < weekCost*3/2 {
		t.Errorf("cost 59 days ago %v, 22 days ago %v, at a weekend %v, a week ago %v, today %v", firstCost, fleetCost, weekend, weekCost, cost)
	}
	differ := func(a, b map[string]int64) (n int) {
		for key := range maps.Keys(a) {
			if _, ok := b[key]; !ok {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		what string
		n    int
	}{
		{"appeared in a week", differ(got, week)},
		{"went in a week", differ(week, got)},
		{"appeared", differ(got, first)},
		{"went", differ(first, got)},
		{"was there for two days", differ(fleet, got) - differ(first, got)/2},
	} {
		if c.n < 1 {
			t.Errorf("%s: %d", c.what, c.n)
		}
	}
	// What could not be seen is not gone.
	seen, err := h.SeenAt(t.Context(), tracker.DefaultTenant, now.AddDate(0, 0, -31).UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(seen.Readings(), func(r history.Reading) bool {
		return r.Outcome == tracker.OutcomeDenied && r.Seen > 0 && r.Seen < r.Looked
	}) {
		t.Error("no region was denied 31 days ago")
	}
}

// TestDemoBudgets: the demo has a budget that is spent for the most part, one that is forecast to be over and one within, and the
// gauges say the same as the list that they are of.
func TestDemoBudgets(t *testing.T) {
	now := time.Date(2026, 11, 27, 14, 0, 0, 0, time.UTC)
	h := pastHistory(t)
	if _, err := tellPast(t.Context(), h, nil, now); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := addDemoBudgets(t.Context(), h, now); err != nil {
			t.Fatal(err)
		}
	}
	told := 0
	tell := func(context.Context, history.Crossing) error { told++; return nil }
	if err := (budgets.Reckoner{History: h, Tell: tell}).Run(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	all, err := ratios(t.Context(), h, now)
	if err != nil || len(all) != 3 || told == 0 {
		t.Fatalf("%+v, %d told: %v", all, told, err)
	}
	if all[0].Actual < 0.8 || all[0].Actual > 1 || all[1].Forecast <= 1 || all[2].Forecast >= 1 {
		t.Errorf("%+v", all)
	}
	e, err := estate(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	page, err := h.AsOf(t.Context(), tracker.DefaultTenant, history.Cells{}, now.UnixMilli(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, r := range e.Resources {
		n += r.Count
	}
	if n != int64(len(page)) || len(e.Findings) == 0 || e.Newest[tracker.DefaultTenant].IsZero() {
		t.Errorf("%d resources, want %d; %d rules; %v", n, len(page), len(e.Findings), e.Newest)
	}
}
