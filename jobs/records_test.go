package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/records"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// keeper is a history that notes what it takes in.
type keeper struct {
	keep func(ctx context.Context, r store.Record) error // nil takes it
	told chan string                                     // how each try ended

	mu    sync.Mutex
	taken map[string][]int // rows of each time, by job
}

func (k *keeper) options(st func() *store.Store) jobs.Options {
	k.told, k.taken = make(chan string, 100), map[string][]int{}
	take := func(ctx context.Context, r store.Record) error {
		if k.keep != nil {
			if err := k.keep(ctx, r); err != nil {
				return err
			}
		}
		rows := 0
		for _, cells := range r.Cells {
			for _, c := range cells {
				if err := st().EachOf(ctx, r, c, func([]byte) error { rows++; return nil }); err != nil {
					return err
				}
			}
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.taken[r.Job.ID] = append(k.taken[r.Job.ID], rows)
		return nil
	}
	return jobs.Options{
		History: &records.Options{Keep: take, Prune: func(context.Context) error { return nil }, Again: 10 * time.Millisecond},
		Metrics: jobs.Metrics{Kept: func(how string) { k.told <- how }},
	}
}

// withHistory starts a system whose ended scans are taken in.
func withHistory(t *testing.T, account *aws, k *keeper) *system {
	t.Helper()
	var s *system
	ready := make(chan struct{})
	o := k.options(func() *store.Store { <-ready; return s.store })
	s = startOn(t, redistest.Start(t).Client(t), store.Options{Records: true}, account, o)
	close(ready)
	return s
}

func (k *keeper) next(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-k.told:
		if got != want {
			t.Fatalf("a scan was %s, want %s", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("no scan was %s", want)
	}
}

func TestRecords_AScanIsTakenInOnceItHasEnded(t *testing.T) {
	t.Parallel()
	tries := 0
	k := &keeper{keep: func(context.Context, store.Record) error {
		if tries++; tries < 3 {
			return errors.New("the database is away")
		}
		return nil
	}}
	s := withHistory(t, &aws{id: "1", regions: []string{"a", "b"}}, k)
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	k.next(t, "failed")
	k.next(t, "failed")
	k.next(t, "kept")
	if diff := cmp.Diff(map[string][]int{j.ID: {10}}, k.taken); diff != "" {
		t.Error(diff)
	}
	if b, err := s.store.Backlog(t.Context()); b.Records != 0 || err != nil {
		t.Errorf("%d wait, %v", b.Records, err)
	}
}

// TestRecords_OnlyWhatIsWhole holds that what a scan leaves out by its request is not taken for gone.
func TestRecords_OnlyWhatIsWhole(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	s := withHistory(t, &aws{id: "1", regions: []string{"a"}}, k)
	f, err := filter.Parse("state:running")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []tracker.ScanRequest{{Tags: map[string]string{"a": "b"}}, {Filter: f}} {
		s.until(s.submit(r).ID, ended)
	}
	whole := s.until(s.submit(tracker.ScanRequest{Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	k.next(t, "kept")
	if diff := cmp.Diff(map[string][]int{whole.ID: {2}}, k.taken); diff != "" {
		t.Error(diff)
	}
}

// TestRecords_AnotherGoesOn stops a worker while it takes a scan in.
func TestRecords_AnotherGoesOn(t *testing.T) {
	t.Parallel()
	began := make(chan struct{}, 10)
	var first sync.Once
	k := &keeper{keep: func(ctx context.Context, _ store.Record) (err error) {
		began <- struct{}{}
		first.Do(func() {
			<-ctx.Done()
			err = ctx.Err()
		})
		return err
	}}
	s := withHistory(t, &aws{id: "1", regions: []string{"a"}}, k)
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	<-began
	s.first.Stop()
	s.worker()
	k.next(t, "kept")
	if diff := cmp.Diff(map[string][]int{j.ID: {6}}, k.taken); diff != "" {
		t.Error(diff)
	}
}

// TestRecords_Lost counts a scan that is deleted before the history has it.
func TestRecords_Lost(t *testing.T) {
	t.Parallel()
	k := &keeper{keep: func(context.Context, store.Record) error { return errors.New("the database is away") }}
	s := withHistory(t, &aws{id: "1", regions: []string{"a"}}, k)
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	k.next(t, "failed")
	keys, err := s.rdb.Keys(t.Context(), "rt:*"+j.ID+"*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatal(keys, err)
	}
	if err := s.rdb.Del(t.Context(), keys...).Err(); err != nil {
		t.Fatal(err)
	}
	for {
		if how := <-k.told; how == "lost" {
			break
		} else if how != "failed" {
			t.Fatal(how)
		}
	}
}
