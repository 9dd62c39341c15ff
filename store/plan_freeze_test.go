package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestFreezePlan_TwiceIsOnce(t *testing.T) {
	f := planned(t, 1200, true, map[int][]int{1: {0}})
	before, first := f.plan(), f.item(1)
	if f.freeze(frozenOf("other", 3, false, nil)) {
		t.Error("another run froze it again")
	}
	if diff := cmp.Diff(before, f.plan()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(first, f.item(1)); diff != "" {
		t.Error(diff)
	}
	if before.State != tracker.PlanPlanned || before.Digest != "d" || before.Totals.Items != 1200 {
		t.Errorf("plan %+v", before)
	}
	f.keysLive()
}

// A run that died after some of its items leaves nothing to the next one.
func TestFreezePlan_AfterARunThatDied(t *testing.T) {
	f := planning(t, 700)
	dead, err := f.s.PutItems(t.Context(), "p", frozenOf("dead", 700, false, map[int][]int{1: {0}}))
	if !dead || err != nil {
		t.Fatal(dead, err)
	}
	if items, _, err := f.s.PlanItems(t.Context(), "p", 0, 10); len(items) != 0 || err != nil || f.plan().Totals.Items != 0 {
		t.Errorf("%d items of a plan that is not frozen, %v", len(items), err)
	}
	if !f.freeze(frozenOf("next", 3, false, nil)) {
		t.Fatal("the next run did not freeze it")
	}
	if n := f.rdb.HLen(t.Context(), "rt:{p}:pi").Val(); n != 3 || f.rdb.Exists(t.Context(), "rt:{p}:po").Val() != 0 {
		t.Errorf("%d items, or dependents, of the run that died", n)
	}
	if ready := f.apply(); len(ready) != 3 {
		t.Errorf("%v are let go, want 3", ready)
	}
}

// What a run writes after another has taken the plan over is refused.
func TestFreezePlan_OvertakenRunWritesNothing(t *testing.T) {
	f := planning(t, 700)
	if mine, err := f.s.PutItems(t.Context(), "p", frozenOf("first", 700, false, nil)); !mine || err != nil {
		t.Fatal(mine, err)
	}
	if mine, err := f.s.PutItems(t.Context(), "p", frozenOf("second", 2, false, nil)); !mine || err != nil {
		t.Fatal(mine, err)
	}
	if won, err := f.s.FlipPlan(t.Context(), "p", frozenOf("first", 700, false, nil)); won || err != nil {
		t.Errorf("the run that was overtaken froze the plan: %v", err)
	}
	for range 2 { // the answer of the first may be lost
		if won, err := f.s.FlipPlan(t.Context(), "p", frozenOf("second", 2, false, nil)); !won || err != nil {
			t.Errorf("the run that has the plan did not freeze it: %v", err)
		}
	}
	if p := f.plan(); p.Totals.Items != 2 || p.Totals.ByState[tracker.ItemPlanned] != 2 {
		t.Errorf("totals %+v", p.Totals)
	}
}

func TestFreezePlan_ByManyAtOnce(t *testing.T) {
	const n = 1500
	f := planning(t, n)
	var won atomic.Int32
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			ok, err := f.s.FreezePlan(t.Context(), "p", frozenOf(fmt.Sprint(w), n, false, nil))
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d runs froze it, want one", won.Load())
	}
	if p := f.plan(); p.Totals.ByState[tracker.ItemPlanned] != n || f.rdb.HLen(t.Context(), "rt:{p}:pi").Val() != n || f.rdb.ZCard(t.Context(), "rt:{p}:pq").Val() != n {
		t.Errorf("%+v", p.Totals)
	}
}

func TestFreezePlan_CancelledMeanwhile(t *testing.T) {
	f := planning(t, 600)
	frozen := frozenOf("run", 600, false, nil)
	if mine, err := f.s.PutItems(t.Context(), "p", frozen); !mine || err != nil {
		t.Fatal(mine, err)
	}
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	if won, err := f.s.FlipPlan(t.Context(), "p", frozen); won || err != nil {
		t.Errorf("a cancelled plan was frozen: %v", err)
	}
	p := f.plan()
	if p.State != tracker.PlanCancelled || p.Totals.Items != 0 || len(p.Totals.ByState) != 0 {
		t.Errorf("%s with %+v", p.State, p.Totals)
	}
	f.keysLive()
}
