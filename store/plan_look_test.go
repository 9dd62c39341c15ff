package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// beginLook begins a turn of the look and compares what is known of those before it.
func (f planFixture) beginLook(epoch int, worker string, want store.Look) {
	f.t.Helper()
	got, err := f.s.BeginLook(f.t.Context(), f.id, epoch, worker)
	f.must(err)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Look{}, "Began")); diff != "" {
		f.t.Errorf("the look (-want +got):\n%s", diff)
	}
}

func TestBeginLook(t *testing.T) {
	f := planning(t, 3)
	f.beginLook(0, "w", store.Look{Verdict: "run"})
	began := f.plan().LookBeganAt
	if began == nil || time.Since(*began) > time.Minute {
		t.Errorf("it began %v", began)
	}
	if wanted, err := f.s.MarkLook(t.Context(), "p", "looked at item 1", 2); !wanted || err != nil {
		t.Error(wanted, err)
	}
	f.must(f.s.LeaveItem(t.Context(), "p", -1, "w"))
	f.beginLook(0, "w2", store.Look{Verdict: "run", Doing: "looked at item 1", Suspects: 2})
	if freed, err := f.s.FreeDead(t.Context(), "p"); !slices.Equal(freed, []int{-1}) || err != nil {
		t.Errorf("freed %v, %v", freed, err)
	}
	f.beginLook(0, "late", store.Look{Verdict: "superseded"})
	f.beginLook(1, "w3", store.Look{Verdict: "run", Doing: "looked at item 1", Suspects: 2, Deaths: 1})
	for range 2 {
		f.must(f.s.ClearLook(t.Context(), "p"))
	}
	f.must(f.s.LeaveItem(t.Context(), "p", -1, "w3"))
	f.beginLook(1, "w4", store.Look{Verdict: "run", Doing: "looked at item 1", Suspects: 2})
	for deaths, worker := range []string{"w5", "w6", "w7"} {
		f.beginLook(1, worker, store.Look{Verdict: "run", Doing: "looked at item 1", Suspects: 2, Deaths: deaths + 1})
	}
	f.must(f.s.LeaveItem(t.Context(), "p", -1, "w7")) // what was looked at is still suspect
	f.beginLook(1, "w8", store.Look{Verdict: "run", Doing: "looked at item 1", Suspects: 2, Deaths: 3})
	f.beginLook(1, "w9", store.Look{Verdict: "deadly", Doing: "looked at item 1", Suspects: 2, Deaths: 4})
	if diff := cmp.Diff(began, f.plan().LookBeganAt); diff != "" {
		t.Error(diff)
	}
	f.keysLive()
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	f.beginLook(1, "w10", store.Look{Verdict: "ended"})
}

func TestPutLooked(t *testing.T) {
	const n = 1200
	f := planning(t, n)
	saving := tracker.Money(123_456_789)
	looked := make([]store.Looked, n)
	for i, it := range actionItems(n) {
		looked[i] = store.Looked{PlanItem: tracker.PlanItem{Index: i, ActionItem: it, MonthlySaving: &saving}, After: []tracker.Ref{{Type: "EC2_Instance", ID: "i-0"}}}
	}
	for _, some := range [][]store.Looked{looked[700:], looked[:10], looked[:700], nil} {
		if wanted, err := f.s.PutLooked(t.Context(), "p", some...); !wanted || err != nil {
			t.Fatal(wanted, err)
		}
	}
	if seen, err := f.s.LookedAt(t.Context(), "p"); len(seen) != n || !seen[n-1] || err != nil {
		t.Errorf("%d were looked at, %v", len(seen), err)
	}
	got, err := f.s.Looked(t.Context(), "p", n)
	if diff := cmp.Diff(looked, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	f.keysLive()
	f.freeze(frozenOf("run", n, false, nil))
	if f.rdb.Exists(t.Context(), "rt:{p}:pk").Val() != 0 {
		t.Error("what was seen is kept twice")
	}
}

func TestLook_EndedPlanIsNotWanted(t *testing.T) {
	f := planning(t, 3)
	if _, err := f.s.PutLooked(t.Context(), "p", store.Looked{}); err != nil {
		t.Fatal(err)
	}
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	if wanted, err := f.s.PutLooked(t.Context(), "p", store.Looked{}); wanted || err != nil {
		t.Error("what was seen of a cancelled plan was kept", err)
	}
	if wanted, err := f.s.MarkLook(t.Context(), "p", "looked", 1); wanted || err != nil {
		t.Error("a cancelled plan is looked at", err)
	}
	if items, err := f.s.ChooseItems(t.Context(), "p", actionItems(2)); items != nil || err != nil {
		t.Error("a cancelled plan selects", err)
	}
	for _, part := range []string{"pk", "pr", "x"} {
		if f.rdb.Exists(t.Context(), "rt:{p}:"+part).Val() != 0 {
			t.Errorf("%s is kept", part)
		}
	}
	f.keysLive()
}

// What a selection holds is noted once: a second worker goes on with the first's items.
func TestChooseItems_TwiceIsOnce(t *testing.T) {
	f := planning(t, 0)
	f.beginLook(0, "w1", store.Look{Verdict: "run"})
	f.beginLook(0, "w2", store.Look{Verdict: "run", Deaths: 1})
	for _, n := range []int{3, 5} {
		if items, err := f.s.ChooseItems(t.Context(), "p", actionItems(n)); len(items) != 3 || err != nil {
			t.Errorf("%d items, %v", len(items), err)
		}
	}
	if items, err := f.s.PlanActions(t.Context(), "p"); len(items) != 3 || err != nil {
		t.Errorf("%d items, %v", len(items), err)
	}
	f.beginLook(0, "w2", store.Look{Verdict: "run", Chosen: true})
	f.keysLive()
}
