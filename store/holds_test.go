package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// holding is a plan of n items, applied, on a Redis that has others.
func holding(t *testing.T, rdb redis.UniversalClient, id string, n int) planFixture {
	t.Helper()
	f := planFixture{t, store.Plans{Store: store.New(rdb, store.Options{})}, rdb, id}
	f.create(n)
	f.freeze(frozenOf("run", n, false, nil))
	f.apply()
	return f
}

func on(item int, resource string) store.Hold { return store.Hold{Item: item, Resource: resource} }

func (f planFixture) hold(want map[int]string, holds ...store.Hold) {
	f.t.Helper()
	others, err := f.s.HoldItems(f.t.Context(), f.id, holds)
	f.must(err)
	if diff := cmp.Diff(want, others); diff != "" {
		f.t.Errorf("plan %s (-want +got):\n%s", f.id, diff)
	}
}

func TestHoldItems(t *testing.T) {
	rdb := startRedis(t)
	a, b := holding(t, rdb, "a", 3), holding(t, rdb, "b", 2)
	none := map[int]string{}
	for range 2 {
		a.hold(none, on(0, "x"), on(1, "y"), on(2, "x")) // two of its items are about x
		b.hold(map[int]string{0: "a"}, on(0, "x"), on(1, "z"))
	}
	if others, err := a.s.Holders(t.Context(), "a", []store.Hold{on(0, "x"), on(1, "z"), on(2, "free")}); err != nil || !cmp.Equal(others, map[int]string{1: "b"}) {
		t.Errorf("a's resources are held by %v: %v", others, err)
	}
	for range 2 {
		a.must(a.s.ReleaseItems(t.Context(), "a", []store.Hold{on(0, "x"), on(1, "y")}))
		b.must(b.s.ReleaseItems(t.Context(), "b", []store.Hold{on(0, "x")})) // which it does not hold
	}
	b.hold(map[int]string{0: "a"}, on(0, "x")) // a's third item has not ended
	a.must(a.s.ReleaseItems(t.Context(), "a", []store.Hold{on(2, "x")}))
	b.hold(none, on(0, "x"), on(1, "y"))
	a.hold(map[int]string{2: "b"}, on(2, "x"))
}

// A hold means nothing when its item has ended, however it ended, also where the worker
// died before it released it.
func TestHoldItems_EndWithTheirItems(t *testing.T) {
	rdb := startRedis(t)
	for _, state := range tracker.ItemStates {
		t.Run(string(state), func(t *testing.T) {
			a, b := holding(t, rdb, "a-"+string(state), 2), holding(t, rdb, "b-"+string(state), 1)
			x := "x-" + string(state)
			a.hold(map[int]string{}, on(0, x))
			b.hold(map[int]string{0: a.id}, on(0, x))
			a.end(0, state)
			b.hold(map[int]string{}, on(0, x))
		})
	}
	a, b := holding(t, rdb, "a", 1), holding(t, rdb, "b", 1)
	a.hold(map[int]string{}, on(0, "x"))
	a.must(a.s.CancelPlan(t.Context(), "a", "no more"))
	b.hold(map[int]string{}, on(0, "x"))
	a = holding(t, rdb, "c", 1)
	a.hold(map[int]string{}, on(0, "y"))
	for _, key := range rdb.Keys(t.Context(), "rt:{c}:*").Val() {
		a.must(rdb.Del(t.Context(), key).Err()) // it has expired
	}
	b.hold(map[int]string{}, on(0, "y"))
	for _, key := range rdb.Keys(t.Context(), "rt:hold:*").Val() {
		if rdb.PTTL(t.Context(), key).Val() <= 0 {
			t.Errorf("%s lives for ever", key)
		}
	}
}

func TestHoldItems_TenThousandInACluster(t *testing.T) {
	const n = 10_000
	rdb := redistest.StartCluster(t, 3, false)
	a, b := holding(t, rdb, "a", n), holding(t, rdb, "b", n)
	holds, want := make([]store.Hold, n), map[int]string{}
	for i := range holds {
		holds[i], want[i] = on(i, fmt.Sprint(i)), "a"
	}
	a.hold(map[int]string{}, holds...)
	b.hold(want, holds...)
	a.must(a.s.ReleaseItems(t.Context(), "a", holds))
	b.hold(map[int]string{}, holds...)
}
