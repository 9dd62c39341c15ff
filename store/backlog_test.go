package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestBacklog(t *testing.T) {
	now := epoch
	st, _ := open(t, store.Options{Now: func() time.Time { return now }})
	check := func(want store.Backlog) {
		t.Helper()
		got, err := st.Backlog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	none := map[tracker.Lane]time.Duration{}
	check(store.Backlog{Jobs: map[tracker.Lane]int{tracker.LaneInteractive: 0, tracker.LaneScheduled: 0}, Oldest: none})

	first := create(t, st, "first", tracker.ScanRequest{})
	now = now.Add(time.Minute)
	create(t, st, "second", tracker.ScanRequest{})
	if err := (store.Schedules{Store: st}).SetDue(t.Context(), "s", new(now)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	lane := first.j.Lane
	jobs := map[tracker.Lane]int{tracker.LaneInteractive: 0, tracker.LaneScheduled: 0}
	jobs[lane] = 2
	check(store.Backlog{Jobs: jobs, Oldest: map[tracker.Lane]time.Duration{lane: 2 * time.Minute}, Late: time.Minute})

	if err := st.Forget(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	jobs[lane] = 1
	check(store.Backlog{Jobs: jobs, Oldest: map[tracker.Lane]time.Duration{lane: time.Minute}, Late: time.Minute})
}
