package store_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// submit submits with one account, and fails the test where that fails.
func submit(t *testing.T, s *store.Store, sub tracker.Submission) store.Submitted {
	t.Helper()
	j, err := s.Submit(t.Context(), sub, []string{"self"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// scanOf asks for a scan of a region as anybody may.
func scanOf(region string) tracker.Submission {
	return tracker.Submission{
		Owner: "alice", CredentialsDigest: "d", Lane: tracker.LaneInteractive, Sealed: []byte("sealed"),
		Request: tracker.ScanRequest{Regions: []string{region}},
	}
}

func TestSubmit_Opens(t *testing.T) {
	s, _ := open(t, store.Options{})
	sub := scanOf("a")
	sub.Schedule, sub.Retention = "sc", time.Hour
	j := submit(t, s, sub)
	if diff := cmp.Diff([]store.Dispatch{{Unit: "self/*"}}, j.Dispatches); diff != "" || !j.Created {
		t.Errorf("created %v (-want +got):\n%s", j.Created, diff)
	}
	if j.Kind != tracker.KindScan || j.State != tracker.JobQueued || j.Schedule != "sc" || j.Progress.CellsTotal != 1 {
		t.Errorf("%+v", j.Job)
	}
	if left, kept := time.Until(j.DeadlineAt), j.ExpiresAt.Sub(j.DeadlineAt); left < 59*time.Minute || left > time.Hour || kept != time.Hour {
		t.Errorf("%v are left, and it is kept for %v", left, kept)
	}
	if sealed, err := s.Sealed(t.Context(), j.ID); string(sealed) != "sealed" || err != nil {
		t.Errorf("%q, %v", sealed, err)
	}
}

func TestSubmit_SameIDIsOneJob(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	before := f.job()
	j := submit(t, s, submission("j", tracker.ScanRequest{}))
	if diff := cmp.Diff(store.Submitted{Job: before}, j); diff != "" {
		t.Error(diff)
	}
}

func TestSubmit_JoinsWhatRuns(t *testing.T) {
	s, _ := open(t, store.Options{})
	first, again := submit(t, s, scanOf("a")), submit(t, s, scanOf("a"))
	if again.Created || len(again.Dispatches) > 0 || again.ID == first.ID {
		t.Errorf("%+v", again)
	}
	if j, err := s.Job(t.Context(), "alice", again.ID); j.CreatedAt != first.CreatedAt || err != nil {
		t.Errorf("%s resolves to %+v, %v", again.ID, j, err)
	}
	other := scanOf("a")
	other.CredentialsDigest = "e"
	for name, sub := range map[string]tracker.Submission{"another region": scanOf("b"), "other credentials": other} {
		if j := submit(t, s, sub); !j.Created {
			t.Errorf("%s: the job of another submission was joined", name)
		}
	}
	if _, err := s.Drain(t.Context(), first.ID, "over", tracker.Failure{Outcome: tracker.OutcomeCancelled}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Finish(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if j := submit(t, s, scanOf("a")); !j.Created {
		t.Error("a job that has ended was joined")
	}
}

func TestSubmit_IdempotencyKey(t *testing.T) {
	s, _ := open(t, store.Options{})
	sub := scanOf("a")
	sub.IdempotencyKey, sub.OwnFlight = "k", true
	first, again := submit(t, s, sub), submit(t, s, sub)
	if again.ID != first.ID || again.Created || len(again.Dispatches) > 0 {
		t.Errorf("%+v, want job %s", again, first.ID)
	}
	sub.Request.Regions = []string{"b"}
	if _, err := s.Submit(t.Context(), sub, []string{"self"}, time.Hour); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("the same key for another request: %v", err)
	}
	sub.Owner = "bob"
	if j := submit(t, s, sub); !j.Created {
		t.Error("somebody else's key was taken for bob's")
	}
}

// TestSubmit_ManyAtOnce has everybody ask for the same scan at the same moment: one job
// is made, and all are answered it.
func TestSubmit_ManyAtOnce(t *testing.T) {
	s, _ := open(t, store.Options{})
	const many = 50
	for round := range 10 {
		var created atomic.Int32
		var all sync.WaitGroup
		begin := make(chan struct{})
		made := make([]time.Time, many)
		for i := range many {
			all.Go(func() {
				<-begin
				j, err := s.Submit(t.Context(), scanOf(fmt.Sprint("region", round)), []string{"self"}, time.Hour)
				if err != nil {
					t.Error(err)
					return
				}
				if j.Created {
					created.Add(1)
				}
				seen, err := s.Job(t.Context(), "alice", j.ID)
				if err != nil {
					t.Error(err)
				}
				made[i] = seen.CreatedAt
			})
		}
		close(begin)
		all.Wait()
		if n := created.Load(); n != 1 || len(slices.Compact(made)) != 1 {
			t.Errorf("%d jobs were made, want one", n)
		}
	}
}

var errDied = errors.New("the process died")

// dying is a Redis client whose process dies before its command number at.
type dying struct{ at, sent atomic.Int32 }

func (d *dying) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (d *dying) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if d.sent.Add(1) >= d.at.Load() {
			cmd.SetErr(errDied)
			return errDied
		}
		return next(ctx, cmd)
	}
}

func (d *dying) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if d.sent.Add(1) >= d.at.Load() {
			return errDied
		}
		return next(ctx, cmds)
	}
}

// TestSubmit_Dies has the process die before each of its commands. The same
// submission made again gets its job, which is listed once, known to the sweeper
// and waiting for a worker.
func TestSubmit_Dies(t *testing.T) {
	for _, key := range []string{"", "k"} {
		t.Run("key "+key, func(t *testing.T) {
			rdb := startRedis(t)
			now := time.Now()
			clock := store.Options{Now: func() time.Time { return now }}
			s := store.New(rdb, clock)
			for at := int32(1); ; at++ {
				sub := scanOf("a")
				sub.Owner = fmt.Sprintf("owner %d %s", at, key)
				sub.IdempotencyKey = key
				d := &dying{}
				d.at.Store(at)
				mortal := redis.NewClient(rdb.(*redis.Client).Options())
				mortal.AddHook(d)
				_, err := store.New(mortal, clock).Submit(t.Context(), sub, []string{"self"}, time.Hour)
				_ = mortal.Close()
				if err == nil {
					if at < 8 {
						t.Errorf("submitted with %d commands only", at)
					}
					return
				}
				if !errors.Is(err, errDied) {
					t.Fatal(err)
				}
				now = now.Add(time.Minute) // a job that was being created is not waited for
				j := submit(t, s, sub)
				listed, _, err := s.Jobs(t.Context(), sub.Owner, "", 10, tracker.JobsWanted{})
				if len(listed) != 1 || err != nil || !j.Created && listed[0].CreatedAt != j.CreatedAt {
					t.Errorf("death before command %d: %d jobs are listed, %v", at, len(listed), err)
					continue
				}
				active, err := s.Active(t.Context())
				if err != nil || !slices.Contains(active, listed[0].ID) {
					t.Errorf("death before command %d: the sweeper does not know job %s, %v", at, listed[0].ID, err)
				}
				if units, err := s.Units(t.Context(), listed[0].ID); len(units) != 1 || units[0].State != "q" || err != nil {
					t.Errorf("death before command %d: units %+v, %v", at, units, err)
				}
				// What stood in the indexes without a job goes when it is old.
				now = now.Add(2 * store.StrayAfter)
				if _, _, err := s.Jobs(t.Context(), sub.Owner, "", 10, tracker.JobsWanted{}); err != nil {
					t.Fatal(err)
				}
				entries := 0
				for _, k := range rdb.Keys(t.Context(), "rt:owner:*:jobs").Val() {
					entries += int(rdb.ZCard(t.Context(), k).Val())
				}
				uses, err := s.Usage(t.Context(), sub.Owner, sub.Owner)
				if err != nil || !slices.ContainsFunc(uses, func(u tracker.QuotaUse) bool { return u.Name == tracker.QuotaJobs && u.Used == 1 }) {
					t.Errorf("death before command %d: %+v, %v, want one job", at, uses, err)
				}
				if entries != int(at) {
					t.Errorf("death before command %d: %d entries are listed of %d owners", at, entries, at)
				}
			}
		})
	}
}
