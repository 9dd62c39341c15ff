package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// planFixture is a plan with helpers that fail the test.
type planFixture struct {
	t   testing.TB
	s   store.Plans
	rdb redis.UniversalClient
	id  string
}

// planning is a plan of n instances that is to be looked at.
func planning(t testing.TB, n int) planFixture {
	t.Helper()
	rdb := startRedis(t)
	f := planFixture{t, store.Plans{Store: store.New(rdb, store.Options{})}, rdb, "p"}
	f.create(n)
	return f
}

func (f planFixture) create(n int) bool {
	f.t.Helper()
	created, err := f.s.CreatePlan(f.t.Context(), tracker.Plan{
		ID: f.id, Owner: "alice", Author: "alice", ExpiresAt: time.Now().Add(time.Hour), Request: tracker.PlanRequest{Items: actionItems(n), MaxItems: n},
	}, []byte("sealed"))
	f.must(err)
	return created
}

func actionItems(n int) []tracker.ActionItem {
	items := make([]tracker.ActionItem, n)
	for i := range items {
		items[i] = tracker.ActionItem{ResourceID: fmt.Sprintf("i-%d", i), Type: "EC2_Instance", Region: "a", Verb: "stop"}
	}
	return items
}

// frozenOf is what a run freezes of n items; each of them needs those that needs
// says.
func frozenOf(run string, n int, canary bool, needs map[int][]int) store.Frozen {
	f := store.Frozen{Run: run, Digest: "d", Canary: canary, FailureLimit: 10, Items: make([]store.FrozenItem, n)}
	for i, it := range actionItems(n) {
		f.Items[i].Index, f.Items[i].ActionItem, f.Items[i].Refusals, f.Items[i].Ledger.State = i, it, []tracker.Refusal{}, tracker.ItemPlanned
		f.Items[i].DependsOn = needs[i]
		for _, k := range needs[i] {
			f.Items[k].Dependents = append(f.Items[k].Dependents, i)
		}
		f.Order = append(f.Order, i)
	}
	return f
}

// planned is a plan of n items that is frozen.
func planned(t testing.TB, n int, canary bool, needs map[int][]int) planFixture {
	t.Helper()
	f := planning(t, n)
	if !f.freeze(frozenOf("run", n, canary, needs)) {
		t.Fatal("not frozen")
	}
	return f
}

func (f planFixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f planFixture) freeze(what store.Frozen) bool {
	f.t.Helper()
	won, err := f.s.FreezePlan(f.t.Context(), f.id, what)
	f.must(err)
	return won
}

func (f planFixture) apply() []int {
	f.t.Helper()
	ready, err := f.s.ApplyPlan(f.t.Context(), f.id, "d", time.Time{}, nil)
	f.must(err)
	return ready
}

func (f planFixture) plan() tracker.Plan {
	f.t.Helper()
	p, err := f.s.LookupPlan(f.t.Context(), f.id)
	f.must(err)
	return p
}

func (f planFixture) item(i int) tracker.PlanItem {
	f.t.Helper()
	it, err := f.s.PlanItem(f.t.Context(), f.id, i)
	f.must(err)
	return it
}

// start begins an item as a worker does.
func (f planFixture) start(i int) {
	f.t.Helper()
	if verdict, err := f.s.BeginItem(f.t.Context(), f.id, i, 0, "w"); verdict != "run" || err != nil {
		f.t.Fatalf("item %d: %s, %v", i, verdict, err)
	}
	if _, _, ok, err := f.s.StartItem(f.t.Context(), f.id, i, tracker.Resource{ID: "i", State: "running"}); !ok || err != nil {
		f.t.Fatalf("item %d did not start: %v", i, err)
	}
}

// end starts an item and ends it.
func (f planFixture) end(i int, state tracker.ItemState) (ready []int, final tracker.PlanState) {
	f.t.Helper()
	f.start(i)
	_, ready, final, err := f.s.SettleItem(f.t.Context(), f.id, i, tracker.ItemLedger{State: state}, nil)
	f.must(err)
	return ready, final
}

// keysLive fails the test for every key of the plan that lives for ever.
func (f planFixture) keysLive() {
	f.t.Helper()
	for _, k := range f.rdb.Keys(f.t.Context(), "rt:{p}:*").Val() {
		if f.rdb.PTTL(f.t.Context(), k).Val() <= 0 {
			f.t.Errorf("%s lives for ever", k)
		}
	}
}

func wantCode(t testing.TB, what string, err error, code tracker.Code) {
	t.Helper()
	if tracker.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestCreatePlan_TwiceIsOnce(t *testing.T) {
	f := planning(t, 3)
	if f.create(5) {
		t.Error("created twice")
	}
	p := f.plan()
	if p.State != tracker.PlanPlanning || p.Request.MaxItems != 3 || p.Request.Items != nil {
		t.Errorf("plan %+v", p)
	}
	if list, err := f.s.PlanActions(t.Context(), "p"); len(list) != 3 || err != nil {
		t.Errorf("%d actions, %v", len(list), err)
	}
	f.keysLive()
}

// TestCreatePlan_Dies has the process die before each of its commands. The same plan
// made again is listed once, and known to the sweeper; so is one that was made before
// the process died.
func TestCreatePlan_Dies(t *testing.T) {
	rdb := startRedis(t)
	now := time.Now()
	clock := store.Options{Now: func() time.Time { return now }}
	s := store.Plans{Store: store.New(rdb, clock)}
	for at := int32(1); ; at++ {
		owner := fmt.Sprint("owner ", at)
		plan := tracker.Plan{ID: fmt.Sprint("plan ", at), Owner: owner, Author: owner, ExpiresAt: now.Add(time.Hour), UndoOf: "p"}
		d := &dying{}
		d.at.Store(at)
		mortal := redis.NewClient(rdb.(*redis.Client).Options())
		mortal.AddHook(d)
		_, err := store.Plans{Store: store.New(mortal, clock)}.CreatePlan(t.Context(), plan, []byte("sealed"))
		_ = mortal.Close()
		listed := func() int {
			t.Helper()
			list, _, err := s.Plans(t.Context(), owner, "", 10, "")
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		there := 0
		if _, err := s.LookupPlan(t.Context(), plan.ID); err == nil {
			there = 1
		}
		if n := listed(); n != there {
			t.Errorf("death before command %d: %d plans are listed, and there are %d", at, n, there)
		}
		if err == nil {
			if at < 5 {
				t.Errorf("created with %d commands only", at)
			}
			return
		}
		now = now.Add(time.Second)
		if created, err := s.CreatePlan(t.Context(), plan, []byte("sealed")); created == (there == 1) || err != nil {
			t.Errorf("death before command %d: created again: %v, %v", at, created, err)
		}
		active, err := s.ActivePlans(t.Context())
		if n := listed(); n != 1 || active[plan.ID].IsZero() || err != nil {
			t.Errorf("death before command %d: %d plans are listed, the sweeper knows %v, %v", at, n, active, err)
		}
		// What stood on the list without a plan goes when it is old.
		now = now.Add(2 * store.StrayAfter)
		if n := listed(); n != 1 {
			t.Errorf("death before command %d: later %d plans are listed", at, n)
		}
		entries := 0
		for _, k := range rdb.Keys(t.Context(), "rt:owner:*:plans").Val() {
			entries += int(rdb.ZCard(t.Context(), k).Val())
		}
		if entries != int(at) {
			t.Errorf("death before command %d: %d entries of %d plans", at, entries, at)
		}
	}
}

func TestPlans_KnowTheirOwner(t *testing.T) {
	f := planned(t, 1, false, nil)
	for _, owner := range []string{"mallory", ""} {
		_, err := f.s.Plan(t.Context(), owner, "p")
		wantCode(t, "a plan of somebody else", err, tracker.CodeNotFound)
		if list, _, err := f.s.Plans(t.Context(), owner, "", 10, ""); len(list) != 0 || err != nil {
			t.Errorf("%q lists %v, %v", owner, list, err)
		}
	}
	if list, next, err := f.s.Plans(t.Context(), "alice", "", 10, ""); len(list) != 1 || next != "" || err != nil {
		t.Errorf("alice lists %v, %q, %v", list, next, err)
	}
	_, err := f.s.LookupPlan(t.Context(), "none")
	wantCode(t, "no plan", err, tracker.CodeNotFound)
}

func TestPlanItems_InPagesAndStates(t *testing.T) {
	const n = 2500
	f := planning(t, n)
	frozen := frozenOf("run", n, false, nil)
	var refused []int
	for i := 7; i < n; i += 100 {
		frozen.Items[i].Ledger.State, frozen.Items[i].Ledger.Message = tracker.ItemRefused, "no"
		refused = append(refused, i)
	}
	frozen.Order = slices.DeleteFunc(frozen.Order, func(i int) bool { return slices.Contains(refused, i) })
	f.freeze(frozen)
	for _, row := range []struct {
		name   string
		limit  int
		states []tracker.ItemState
		want   int
	}{
		{"all", 999, nil, n},
		{"all, in one page", n, nil, n},
		{"refused", 7, []tracker.ItemState{tracker.ItemRefused}, len(refused)},
		{"refused, in one page", len(refused), []tracker.ItemState{tracker.ItemRefused}, len(refused)},
		{"refused or failed", 10, []tracker.ItemState{tracker.ItemFailed, tracker.ItemRefused}, len(refused)},
		{"failed", 10, []tracker.ItemState{tracker.ItemFailed}, 0},
	} {
		last, got := -1, 0
		for from, pages := 0, 0; from > 0 || pages == 0; pages++ {
			items, next, err := f.s.PlanItems(t.Context(), "p", from, row.limit, row.states...)
			f.must(err)
			if len(items) > row.limit || next > 0 && len(items) < row.limit {
				t.Fatalf("%s: a page of %d items, and more to come: %v", row.name, len(items), next > 0)
			}
			for _, it := range items {
				if it.Index <= last || len(row.states) > 0 && !slices.Contains(row.states, it.Ledger.State) {
					t.Fatalf("%s: item %d (%s) after %d", row.name, it.Index, it.Ledger.State, last)
				}
				last = it.Index
			}
			got, from = got+len(items), next
		}
		if got != row.want {
			t.Errorf("%s: %d items, want %d", row.name, got, row.want)
		}
	}
	if diff := cmp.Diff(map[tracker.ItemState]int{"planned": n - len(refused), "refused": len(refused)}, f.plan().Totals.ByState); diff != "" {
		t.Error(diff)
	}
	_, err := f.s.PlanItem(t.Context(), "p", n)
	wantCode(t, "an item beyond the last", err, tracker.CodeNotFound)
}

// A plan's head is read alone: no item, and not what was asked for by name.
func TestLookupPlan_ReadsTheHeadAlone(t *testing.T) {
	f := planned(t, 50, false, nil)
	f.apply()
	f.must(f.rdb.ConfigResetStat(t.Context()).Err())
	f.plan()
	stats := f.rdb.InfoMap(t.Context(), "commandstats").Val()["Commandstats"]
	for name, v := range stats {
		if calls, _, _ := strings.Cut(v, ","); strings.Contains(name, "hgetall") || strings.Contains(name, "hmget") && calls != "calls=1" {
			t.Errorf("%s %s", name, calls)
		}
	}
	if f.rdb.HLen(t.Context(), "rt:{p}:pm").Val() > 40 {
		t.Error("the head grows with the items")
	}
	if f.rdb.Exists(t.Context(), "rt:{p}:pr").Val() != 0 {
		t.Error("the request's actions outlive the freezing")
	}
}
