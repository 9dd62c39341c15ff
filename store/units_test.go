package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestWindow_LimitsUnitsAtOnce(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, next := expanded(t, s, "j", tracker.ScanRequest{MaxWorkers: 2}, "a", "b", "c", "d")
	if len(next) != 2 {
		t.Fatalf("%d units dispatched, want 2", len(next))
	}
	a := f.begin("1/a")
	if again, err := s.Window(t.Context(), "j"); len(again) != 0 || err != nil {
		t.Errorf("the window let %v in, %v", again, err)
	}
	// A unit that waits makes room for another, and then waits for room itself.
	freed, err := s.Release(t.Context(), "j", a)
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/c"}}, freed); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if l := f.begin("1/a"); l.Verdict != store.Wait {
		t.Errorf("verdict %s, want wait", l.Verdict)
	}
	b := f.begin("1/b")
	f.write(b, "b", "EC2_Instance", 0, tracker.OutcomeEmpty)
	_, _, next = f.write(b, "b", "EBS_Volume", 0, tracker.OutcomeEmpty)
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/d"}}, next); diff != "" {
		t.Error(diff)
	}
}

func TestStrikes_EndAUnitThatKillsWorkers(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	for range 4 {
		if l := f.begin("1/a"); l.Verdict != store.Run {
			t.Fatal(l.Verdict)
		}
	}
	if l := f.begin("1/a"); l.Verdict != store.Finalize {
		t.Errorf("verdict %s, want finalize", l.Verdict)
	}
	f.finish()
	if j := f.job(); j.State != tracker.JobFailed || j.Progress.ByOutcome[tracker.OutcomeError] != 2 {
		t.Errorf("%s, %v", j.State, j.Progress.ByOutcome)
	}
}

func TestStrikes_AreTakenBackByRelease(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	for i := range 20 {
		l := f.begin("1/a")
		if l.Verdict != store.Run {
			t.Fatalf("run %d: %s", i, l.Verdict)
		}
		for range 2 { // twice is once
			if _, err := s.Release(t.Context(), "j", l); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRedispatch_Once(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	f.begin("1/a")
	var claimed atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, ok, err := s.Redispatch(t.Context(), "j", store.Dispatch{Unit: "1/a"}); err != nil {
				t.Error(err)
			} else if ok {
				claimed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := claimed.Load(); n != 1 {
		t.Errorf("claimed %d times, want once", n)
	}
}

func TestSubmit_KeepsTenantsApart(t *testing.T) {
	s, rdb := open(t, store.Options{Shards: 3})
	submitted := func(owner, key string) tracker.Job {
		t.Helper()
		sub := submission(owner+key, tracker.ScanRequest{})
		sub.Owner = owner
		j, err := s.Submit(t.Context(), sub, []string{"self"}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return j.Job
	}
	shards, jobs := map[int]string{}, []tracker.Job{}
	for _, owner := range []string{"a", "b", "c"} {
		j := submitted(owner, "1")
		if other, taken := shards[j.Shard]; taken {
			t.Errorf("%s shares with %s", owner, other)
		}
		shards[j.Shard] = owner
		again := submitted(owner, "2")
		if again.Shard != j.Shard {
			t.Errorf("%s moved from %d to %d", owner, j.Shard, again.Shard)
		}
		jobs = append(jobs, j, again)
	}
	// An older program wrote the index without times and places: both are set right.
	rdb.Del(t.Context(), "{rt:active}:due", "{rt:active}:places")
	due, err := s.DueJobs(t.Context(), time.Minute, 100)
	if len(due) != len(jobs) || err != nil {
		t.Errorf("%d jobs are due, want all %d: %v", len(due), len(jobs), err)
	}
	if due, err = s.DueJobs(t.Context(), time.Minute, 100); len(due) != 0 || err != nil {
		t.Errorf("%v are due again at once: %v", due, err)
	}
	if j := submitted("b", "3"); shards[j.Shard] != "b" {
		t.Errorf("b has moved to the queue of %s", shards[j.Shard])
	}
	for _, j := range append(jobs, submitted("b", "3")) {
		for range 2 {
			if err := s.Forget(t.Context(), j.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left := rdb.Keys(t.Context(), "*rt:active*").Val(); len(left) != 0 {
		t.Errorf("without jobs the index still has %v", left)
	}
}
