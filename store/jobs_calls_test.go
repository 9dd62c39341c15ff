package store_test

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestCalls are those of tries that ended, once each: of two workers that close a cell the first counts, and a close whose
// answer was lost counts once. A retry adds to them.
func TestCalls(t *testing.T) {
	s, rdb := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	l := f.begin("1/a")
	closing := func(typ tracker.Type, run int, o tracker.Outcome, calls int64) {
		t.Helper()
		cell := tracker.Cell{AccountID: "1", Region: "a", Type: typ}
		written, err := s.Pages("j", cell, run, time.Now().Add(time.Hour)).Close(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c := store.Closing{Cell: cell, Outcome: o, Run: run, Written: written, Calls: calls}
		if !o.Complete() {
			c.Failure = &tracker.Failure{Outcome: o}
		}
		if _, _, _, err := s.Close(t.Context(), "j", c); err != nil {
			t.Fatal(err)
		}
	}
	counted := func(want int64) {
		t.Helper()
		if j := f.job(); j.Calls == nil || *j.Calls != want {
			t.Errorf("%v calls, want %d", j.Calls, want)
		}
	}
	counted(0)
	if err := s.PutBack(t.Context(), "j", tracker.Cell{AccountID: "1", Region: "a", Type: "EBS_Volume"}, &tracker.Failure{Outcome: tracker.OutcomeThrottled}, 3); err != nil {
		t.Fatal(err)
	}
	counted(3)
	closing("EC2_Instance", l.Run, tracker.OutcomeEmpty, 2)
	closing("EC2_Instance", l.Run, tracker.OutcomeEmpty, 2)   // the answer was lost
	closing("EC2_Instance", l.Run+1, tracker.OutcomeEmpty, 9) // another worker was late
	counted(5)
	closing("EBS_Volume", l.Run, tracker.OutcomeDenied, 1)
	counted(6)
	f.finish()
	if _, err := s.Reopen(t.Context(), tracker.Principal{Tenant: "alice"}, f.job(), time.Minute, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	again, err := s.Begin(t.Context(), "j", store.Dispatch{Unit: "1/a", Epoch: 1})
	if err != nil {
		t.Fatal(err)
	}
	closing("EBS_Volume", again.Run, tracker.OutcomeEmpty, 4)
	counted(10)

	// A job of a release that counted none.
	if err := rdb.HDel(t.Context(), "rt:{j}:m", "calls").Err(); err != nil {
		t.Fatal(err)
	}
	if j := f.job(); j.Calls != nil {
		t.Errorf("%d calls, want not known", *j.Calls)
	}
}
