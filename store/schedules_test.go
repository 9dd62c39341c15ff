package store_test

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// schedules is a store with a schedule of alice's.
func schedules(t *testing.T) (store.Schedules, tracker.Schedule) {
	t.Helper()
	st, _ := open(t, store.Options{})
	s := store.Schedules{Store: st}
	sc := tracker.Schedule{ID: "s", Owner: "alice", Name: "nightly", Keep: 1, NextAt: new(epoch)}
	if err := s.PutSchedule(t.Context(), sc, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	return s, sc
}

func TestSchedules_KnowTheirOwner(t *testing.T) {
	s, _ := schedules(t)
	for owner, want := range map[string]tracker.Code{"alice": "", "mallory": tracker.CodeNotFound, "": tracker.CodeNotFound} {
		sc, err := s.Schedule(t.Context(), owner, "s")
		if err != nil && tracker.CodeOf(err) != want || (err == nil) != (want == "") {
			t.Errorf("%q reads %+v, %v", owner, sc, err)
		}
		if list, err := s.Schedules(t.Context(), owner); (len(list) == 1) != (want == "") || err != nil {
			t.Errorf("%q lists %v, %v", owner, list, err)
		}
	}
	if sc, err := s.LookupSchedule(t.Context(), "s"); sc.Owner != "alice" || err != nil {
		t.Errorf("%+v, %v", sc, err)
	}
}

func TestAdvanceSchedule_TwiceIsOnce(t *testing.T) {
	s, _ := schedules(t)
	for range 2 {
		if err := s.AdvanceSchedule(t.Context(), "s", epoch, epoch.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	due, err := s.DueSchedules(t.Context(), 10)
	if err != nil || !due["s"].Equal(epoch.Add(time.Hour)) {
		t.Errorf("due %v, %v", due, err)
	}
}

func TestNoteRun_TwiceIsOnce(t *testing.T) {
	s, sc := schedules(t)
	for range 2 {
		if err := s.NoteRun(t.Context(), sc, "j"); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := s.Runs(t.Context(), "s"); len(runs) != 1 || err != nil {
		t.Errorf("runs %v, %v", runs, err)
	}
	if err := s.DeleteSchedule(t.Context(), sc); err != nil {
		t.Fatal(err)
	}
	_, err := s.LookupSchedule(t.Context(), "s")
	wantCode(t, "deleted", err, tracker.CodeNotFound)
}
