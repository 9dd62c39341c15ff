package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// More items than Lua unpacks.
func TestApplyPlan_TenThousand(t *testing.T) {
	const n = 10_000
	for name, canary := range map[string]bool{"at once": false, "in waves": true} {
		t.Run(name, func(t *testing.T) {
			f := planned(t, n, canary, nil)
			ready := f.apply()
			for wave := 0; canary && wave < 2; wave++ {
				next := []int{}
				for _, i := range ready {
					next, _ = f.end(i, tracker.ItemVerified)
				}
				if ready = next; len(ready) == 0 {
					t.Fatalf("wave %d lets nothing go", wave+2)
				}
			}
			want := n
			if canary {
				want = n - 1 - n/10
			}
			if p := f.plan(); len(ready) != want || p.State != tracker.PlanApplying || p.Totals.ByState[tracker.ItemReady] != want {
				t.Errorf("%d items are let go of a plan that is %s with %v, want %d", len(ready), p.State, p.Totals.ByState, want)
			}
		})
	}
}

// One item ends, and 9,000 that need it are let go, or are blocked, at once.
func TestSettleItem_ThatThousandsNeed(t *testing.T) {
	const n = 9_000
	needs := map[int][]int{}
	for i := 1; i < n; i++ {
		needs[i] = []int{0}
	}
	f := planned(t, n, false, needs)
	if ready := f.apply(); !slices.Equal(ready, []int{0}) {
		t.Fatalf("%d items are let go, want the first", len(ready))
	}
	if ready, _ := f.end(0, tracker.ItemVerified); len(ready) != n-1 {
		t.Errorf("%d items are let go, want %d", len(ready), n-1)
	}
	chain := map[int][]int{}
	for i := 1; i < n; i++ {
		chain[i] = []int{i - 1}
	}
	f = planned(t, n, false, chain)
	f.apply()
	if _, final := f.end(0, tracker.ItemFailed); final != tracker.PlanFailed || f.plan().Totals.ByState[tracker.ItemBlocked] != n-1 {
		t.Errorf("the plan is %q with %v", final, f.plan().Totals.ByState)
	}
}

func TestApplyPlan_TwiceIsOnce(t *testing.T) {
	f := planned(t, 3, false, nil)
	_, err := f.s.ApplyPlan(t.Context(), "p", "other", time.Time{}, nil)
	wantCode(t, "another digest", err, tracker.CodeConflict)
	if f.plan().State != tracker.PlanPlanned {
		t.Error("a refused request has changed the plan")
	}
	if ready := f.apply(); !slices.Equal(ready, []int{0, 1, 2}) {
		t.Errorf("%v are let go", ready)
	}
	_, err = f.s.ApplyPlan(t.Context(), "p", "d", time.Time{}, nil)
	wantCode(t, "applied again", err, tracker.CodeConflict)
	_, err = f.s.ApplyPlan(t.Context(), "none", "d", time.Time{}, nil)
	wantCode(t, "no plan", err, tracker.CodeNotFound)
	f.keysLive()
}

func TestApplyPlan_Later(t *testing.T) {
	f := planned(t, 2, false, nil)
	ready, err := f.s.ApplyPlan(t.Context(), "p", "d", time.Now().Add(time.Hour), []byte("new"))
	f.must(err)
	if p := f.plan(); len(ready) != 0 || p.State != tracker.PlanScheduled || p.ApplyAt == nil {
		t.Errorf("%v, plan %+v", ready, p)
	}
	for i, want := range []tracker.Code{"", tracker.CodeConflict} { // its time has come, and is seen twice
		ready, err := f.s.ApplyPlan(t.Context(), "p", "", time.Time{}, nil)
		if got := ""; err != nil {
			got = string(tracker.CodeOf(err))
			if got != string(want) {
				t.Errorf("start %d: %v", i, err)
			}
		} else if want != "" || len(ready) != 2 {
			t.Errorf("start %d: %v", i, ready)
		}
	}
}

func TestApprovePlan_Twice(t *testing.T) {
	f := planned(t, 1, false, nil)
	as := func(who string) store.Plans {
		s := f.s
		s.By = tracker.Principal{Who: who}
		return s
	}
	wantCode(t, "by its author", as("alice").ApprovePlan(t.Context(), "p", "d"), tracker.CodeConflict)
	wantCode(t, "another digest", as("bob").ApprovePlan(t.Context(), "p", "e"), tracker.CodeConflict)
	for _, who := range []string{"bob", "bob", "carol"} {
		f.must(as(who).ApprovePlan(t.Context(), "p", "d"))
	}
	if by := f.plan().Approval.By; by != "bob" {
		t.Errorf("approved by %q, want the first", by)
	}
}

func TestPlan_HeldAndResumed(t *testing.T) {
	f := planned(t, 40, true, nil)
	ready := f.apply()
	if len(ready) != 1 {
		t.Fatalf("%v are let go, want one", ready)
	}
	if ready, _ = f.end(0, tracker.ItemFailed); len(ready) != 0 || f.plan().State != tracker.PlanHeld {
		t.Fatalf("%v are let go of a plan that is %s, want none of one that is held", ready, f.plan().State)
	}
	ready, err := f.s.ResumePlan(t.Context(), "p", []byte("new"))
	f.must(err)
	if diff := cmp.Diff([]int{1, 2, 3, 4}, ready); diff != "" {
		t.Error(diff)
	}
	_, err = f.s.ResumePlan(t.Context(), "p", nil)
	wantCode(t, "resumed twice", err, tracker.CodeConflict)
}

func TestCancelPlan_TwiceIsOnce(t *testing.T) {
	f := planned(t, 9_000, false, nil)
	f.apply()
	f.start(4)
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	p := f.plan()
	if p.State != tracker.PlanApplying || p.Totals.ByState[tracker.ItemNotRun] != 8_999 || p.Totals.ByState[tracker.ItemRunning] != 1 {
		t.Errorf("%s with %v: what was begun is seen to its end", p.State, p.Totals.ByState)
	}
	_, _, final, err := f.s.SettleItem(t.Context(), "p", 4, tracker.ItemLedger{State: tracker.ItemVerified}, nil)
	if final != tracker.PlanCancelled || err != nil {
		t.Errorf("the plan ends %q, %v", final, err)
	}
	wantCode(t, "cancelled after its end", f.s.CancelPlan(t.Context(), "p", "no more"), tracker.CodeConflict)
	f.keysLive()
}

func TestEndPlan_TwiceIsOnce(t *testing.T) {
	f := planned(t, 3, false, nil)
	for _, want := range []bool{true, false} {
		if ended, err := f.s.EndPlan(t.Context(), "p", tracker.PlanExpired, "nobody applied it"); ended != want || err != nil {
			t.Errorf("ended %v, want %v: %v", ended, want, err)
		}
	}
	if p := f.plan(); p.State != tracker.PlanExpired || p.Totals.ByState[tracker.ItemNotRun] != 3 {
		t.Errorf("%s with %v", p.State, p.Totals.ByState)
	}
	if active, err := f.s.ActivePlans(t.Context()); len(active) != 0 || err != nil {
		t.Errorf("still active: %v, %v", active, err)
	}
	if f.rdb.Exists(t.Context(), "rt:{p}:x").Val() != 0 {
		t.Error("the credentials outlive the plan")
	}
}
