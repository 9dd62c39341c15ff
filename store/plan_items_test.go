package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestBeginItem(t *testing.T) {
	f := planned(t, 3, false, map[int][]int{1: {0}})
	begin := func(i int, worker, want string) {
		t.Helper()
		if verdict, err := f.s.BeginItem(t.Context(), "p", i, 0, worker); verdict != want || err != nil {
			t.Errorf("item %d: %s, want %s: %v", i, verdict, want, err)
		}
	}
	begin(0, "w1", "held")
	f.apply()
	begin(0, "w1", "run")
	begin(0, "w2", "run") // delivered twice: the later worker has it
	begin(1, "w1", "held")
	begin(9, "w1", "ended")
	f.must(f.s.LeaveItem(t.Context(), "p", 0, "w1"))
	if who := f.rdb.HGet(t.Context(), "rt:{p}:pw", "0").Val(); who != "w2" {
		t.Errorf("item 0 is %q's, want w2's", who)
	}
	for range 2 {
		f.must(f.s.LeaveItem(t.Context(), "p", 0, "w2"))
	}
	if f.rdb.Exists(t.Context(), "rt:{p}:pw").Val() != 0 {
		t.Error("somebody has an item")
	}
	f.end(0, tracker.ItemVerified)
	begin(0, "w1", "ended")
}

func TestStartItem_TwiceIsOnce(t *testing.T) {
	f := planned(t, 1, false, nil)
	f.apply()
	for _, state := range []string{"running", "stopped"} {
		seen, begun, ok, err := f.s.StartItem(t.Context(), "p", 0, tracker.Resource{
			ID: "i-0", State: state, Metadata: tracker.Metadata{"list": []any{}, "size": 1e15},
		})
		want := tracker.Resource{ID: "i-0", State: "running", Metadata: tracker.Metadata{"list": []any{}, "size": 1e15}}
		if diff := cmp.Diff(want, seen); diff != "" || !ok || err != nil || begun.IsZero() {
			t.Error(diff, ok, err)
		}
	}
	if it := f.item(0); it.Ledger.State != tracker.ItemRunning || it.Ledger.Current != "running" || it.Ledger.BegunAt == nil {
		t.Errorf("ledger %+v", it.Ledger)
	}
	if n := f.plan().Totals.ByState[tracker.ItemRunning]; n != 1 {
		t.Errorf("%d items run, want 1", n)
	}
}

func TestSettleItem_TwiceIsOnce(t *testing.T) {
	f := planned(t, 2, false, nil)
	f.apply()
	f.start(0)
	for i, want := range []bool{true, false} {
		state := []tracker.ItemState{tracker.ItemVerified, tracker.ItemFailed}[i]
		settled, _, final, err := f.s.SettleItem(t.Context(), "p", 0, tracker.ItemLedger{State: state, Message: "so"}, nil)
		if settled != want || final != "" || err != nil {
			t.Errorf("settled %v, want %v; %q, %v", settled, want, final, err)
		}
	}
	if _, final := f.end(1, tracker.ItemVerified); final != tracker.PlanSucceeded {
		t.Errorf("the plan ends %q", final)
	}
	if it := f.item(0); it.Ledger.State != tracker.ItemVerified || it.Ledger.Message != "so" {
		t.Errorf("ledger %+v", it.Ledger)
	}
	f.keysLive()
}

func TestSteps(t *testing.T) {
	f := planned(t, 2, false, nil)
	f.apply()
	claim := func(step, claimant string, repeatable bool, want store.Claim) {
		t.Helper()
		if got, err := f.s.IntendStep(t.Context(), "p", 0, step, claimant, repeatable, tracker.Repeats{For: time.Hour, Idle: 9}); got != want || err != nil {
			t.Errorf("claim of %s is %d, want %d: %v", step, got, want, err)
		}
	}
	claim("snapshot", "a", false, store.ClaimCancelled) // not begun
	f.start(0)
	claim("snapshot", "a", false, store.ClaimSend)
	claim("snapshot", "a", false, store.ClaimSend) // the client has sent it twice
	claim("snapshot", "b", false, store.ClaimSent)
	f.must(f.s.UnclaimStep(t.Context(), "p", 0, "snapshot", "b")) // it is not b's
	claim("snapshot", "c", false, store.ClaimSent)
	for range 2 {
		f.must(f.s.UnclaimStep(t.Context(), "p", 0, "snapshot", "a"))
	}
	if steps := f.item(0).Ledger.Steps; len(steps) != 0 {
		t.Errorf("steps %+v of an item that sent nothing", steps)
	}
	claim("snapshot", "d", false, store.ClaimSend)
	for _, id := range []string{"first", "late"} {
		f.must(f.s.AcceptStep(t.Context(), "p", 0, tracker.Step{Name: "snapshot"}, tracker.Receipt{RequestID: id, Left: map[string]string{"snapshot_id": id}}))
		f.must(f.s.DoneStep(t.Context(), "p", 0, "snapshot", map[string]string{"state": id}))
	}
	claim("delete", "e", true, store.ClaimSend)
	claim("delete", "f", true, store.ClaimAgain)
	f.must(f.s.UnclaimStep(t.Context(), "p", 0, "snapshot", "d"))
	steps := f.item(0).Ledger.Steps
	for i := range steps {
		steps[i].AcceptedAt, steps[i].DoneAt = nil, nil
		if intended := steps[i].IntendedAt != nil; intended != (steps[i].Name == "delete") {
			t.Errorf("step %s is claimed: %v", steps[i].Name, intended)
		}
		steps[i].IntendedAt, steps[i].FirstAt = nil, nil
	}
	want := []tracker.StepRecord{{Name: "snapshot", RequestID: "first", Left: map[string]string{"snapshot_id": "first", "state": "first"}}, {Name: "delete", Calls: 2, Idle: 2}}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	claim("third", "g", false, store.ClaimCancelled)
	claim("delete", "h", true, store.ClaimCancelled) // cancel holds between calls
	f.keysLive()
	f.must(f.s.AcceptStep(t.Context(), "gone", 0, tracker.Step{Name: "snapshot"}, tracker.Receipt{}))
	if n := f.rdb.Exists(t.Context(), "rt:{gone}:pt").Val(); n != 0 {
		t.Error("a late note has brought a plan back that is gone")
	}
}

func TestFreeDead(t *testing.T) {
	f := planned(t, 4, false, nil)
	f.apply()
	f.must(f.s.Alive(t.Context(), "living", time.Minute))
	for i, worker := range []string{"dead", "living", "dead"} {
		if _, err := f.s.BeginItem(t.Context(), "p", i, 0, worker); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range [][]int{{0, 2}, nil} {
		freed, err := f.s.FreeDead(t.Context(), "p")
		slices.Sort(freed)
		if diff := cmp.Diff(want, freed); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	epochs, err := f.s.ItemEpochs(t.Context(), "p", []int{3, 2, -1, 1})
	if diff := cmp.Diff([]int{0, 1, 0, 0}, epochs); diff != "" || err != nil {
		t.Error(diff, err)
	}
	f.keysLive()
}

// TestBeginItem_Deadly has workers die with an item until it is given up. That a worker
// left it alive clears it.
func TestBeginItem_Deadly(t *testing.T) {
	f := planned(t, 2, false, nil)
	f.apply()
	epoch := 0
	begin := func(worker, want string) {
		t.Helper()
		if verdict, err := f.s.BeginItem(t.Context(), "p", 0, epoch, worker); verdict != want || err != nil {
			t.Errorf("%s: %s, want %s: %v", worker, verdict, want, err)
		}
	}
	for range 2 {
		begin("a", "run")
		begin("b", "run") // a died, and asynq gave its task to b
		if freed, err := f.s.FreeDead(t.Context(), "p"); !slices.Equal(freed, []int{0}) || err != nil {
			t.Errorf("freed %v, %v", freed, err)
		}
		begin("late", "superseded")
		epoch++
		begin("c", "run")
		begin("c", "run") // delivered twice to one worker: it lives
		f.must(f.s.LeaveItem(t.Context(), "p", 0, "c"))
	}
	for _, worker := range []string{"d", "e", "f", "g"} {
		begin(worker, "run")
	}
	begin("h", "deadly")
	if verdict, err := f.s.BeginItem(t.Context(), "p", 1, 0, "h"); verdict != "run" || err != nil {
		t.Errorf("another item: %s, %v", verdict, err)
	}
	f.keysLive()
}

func TestRenewItem_TwiceIsOnce(t *testing.T) {
	f := planned(t, 1, false, nil)
	for _, item := range []int{0, -1} {
		for want := range 2 {
			epoch, ok, err := f.s.RenewItem(t.Context(), "p", item, want)
			if epoch != want+1 || !ok || err != nil {
				t.Errorf("epoch %d, %v, %v", epoch, ok, err)
			}
			if _, ok, err := f.s.RenewItem(t.Context(), "p", item, want); ok || err != nil {
				t.Errorf("renewed twice: %v", err)
			}
		}
	}
	if _, ok, err := f.s.RenewItem(t.Context(), "gone", 0, 0); ok || err != nil || f.rdb.Exists(t.Context(), "rt:{gone}:pe").Val() != 0 {
		t.Errorf("an item of a plan that is gone was renewed: %v", err)
	}
	f.keysLive()
}

func TestIdleItems(t *testing.T) {
	now := time.Now()
	rdb := startRedis(t)
	f := planFixture{t, store.Plans{Store: store.New(rdb, store.Options{Now: func() time.Time { return now }})}, rdb, "p"}
	f.create(6)
	f.freeze(frozenOf("run", 6, false, map[int][]int{5: {0}}))
	f.apply()
	idle := func(limit int, want ...int) {
		t.Helper()
		got, err := f.s.IdleItems(t.Context(), "p", time.Minute, limit)
		if slices.Sort(got); !slices.Equal(got, want) || err != nil {
			t.Errorf("idle are %v, want %v: %v", got, want, err)
		}
	}
	idle(10)
	now = now.Add(time.Hour)
	f.start(0) // heard of
	idle(2, 1, 2)
	idle(10, 3, 4)
	idle(10)
	now = now.Add(time.Hour)
	f.must(f.s.CancelPlan(t.Context(), "p", "no more"))
	idle(10, 0)
	_, _, _, err := f.s.SettleItem(t.Context(), "p", 0, tracker.ItemLedger{State: tracker.ItemVerified}, nil)
	f.must(err)
	now = now.Add(time.Hour)
	idle(10)
}
