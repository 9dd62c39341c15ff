package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// use is how far alice has used a quota.
func use(t *testing.T, s *store.Store, q tracker.Quota) int64 {
	t.Helper()
	uses, err := s.Usage(t.Context(), "alice", "alice")
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uses {
		if u.Name == q {
			return u.Used
		}
	}
	t.Fatalf("%s is not among what is used", q)
	return 0
}

// refusedBy is the quota that refused something.
func refusedBy(err error) tracker.Quota {
	if u := quotaOf(err); u != nil {
		return u.Name
	}
	return ""
}

func quotaOf(err error) *tracker.QuotaUse {
	if e, ok := errors.AsType[*tracker.Error](err); ok {
		return e.Quota
	}
	return nil
}

func trySubmit(t *testing.T, s *store.Store, sub tracker.Submission) (store.Submitted, error) {
	t.Helper()
	return s.Submit(t.Context(), sub, []string{"self"}, time.Hour)
}

func TestQuotas_JobsAtOnce(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 2}})
	a := create(t, s, "a", tracker.ScanRequest{})
	create(t, s, "b", tracker.ScanRequest{})
	_, err := trySubmit(t, s, submission("c", tracker.ScanRequest{}))
	if q := refusedBy(err); q != tracker.QuotaJobs {
		t.Fatalf("the third job: %v", err)
	}
	if diff := cmp.Diff(tracker.QuotaUse{Name: "jobs", Limit: 2, Used: 2}, *quotaOf(err)); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Lookup(t.Context(), "c"); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Error("a refused job is there:", err)
	}
	// What exists costs nothing again.
	if again, err := trySubmit(t, s, submission("b", tracker.ScanRequest{})); err != nil || again.Created {
		t.Error(again.Created, err)
	}
	other := submission("d", tracker.ScanRequest{})
	other.Owner = "bob"
	if _, err := trySubmit(t, s, other); err != nil {
		t.Error("another tenant:", err)
	}
	if _, err := s.Drain(t.Context(), "a", "enough", tracker.Failure{Outcome: tracker.OutcomeCancelled}); err != nil {
		t.Fatal(err)
	}
	a.finish()
	if n := use(t, s, tracker.QuotaJobs); n != 1 {
		t.Errorf("%d jobs at once after one has ended", n)
	}
	if _, err := trySubmit(t, s, submission("c", tracker.ScanRequest{})); err != nil {
		t.Error("after one has ended:", err)
	}
	if n := use(t, s, tracker.QuotaJobsDay); n != 3 {
		t.Errorf("%d jobs a day: a, b and c", n)
	}
}

func TestQuotas_JoinedAndRepeatedCostNothing(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 1, tracker.QuotaJobsDay: 1}})
	sub := tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("x"), IdempotencyKey: "k"}
	first, err := trySubmit(t, s, sub)
	if err != nil || !first.Created {
		t.Fatal(err)
	}
	if again, err := trySubmit(t, s, sub); err != nil || again.ID != first.ID {
		t.Error("the same key:", again.ID, err)
	}
	sub.IdempotencyKey = ""
	if joined, err := trySubmit(t, s, sub); err != nil || joined.Created {
		t.Error("the same scan:", joined.Created, err)
	}
	if n := use(t, s, tracker.QuotaJobsDay); n != 1 {
		t.Errorf("%d jobs a day", n)
	}
	// A refused submission leaves no flight that the next one would wait for.
	sub.Lane = tracker.LaneScheduled
	for range 2 {
		began := time.Now()
		if _, err := trySubmit(t, s, sub); refusedBy(err) != tracker.QuotaJobs || time.Since(began) > 3*time.Second {
			t.Error(err, time.Since(began))
		}
	}
}

func TestQuotas_ExactUnderConcurrency(t *testing.T) {
	s, rdb := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 20, tracker.QuotaPlansDay: 7}})
	var jobs, plans atomic.Int32
	var all sync.WaitGroup
	other := store.New(rdb, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 20, tracker.QuotaPlansDay: 7}})
	for i := range 60 {
		all.Go(func() {
			from := []*store.Store{s, other}[i%2]
			_, err := from.Submit(t.Context(), submission(fmt.Sprint("job-", i), tracker.ScanRequest{}), []string{"self"}, time.Hour)
			switch {
			case err == nil:
				jobs.Add(1)
			case refusedBy(err) != tracker.QuotaJobs:
				t.Error(err)
			}
			created, err := store.Plans{Store: from}.CreatePlan(t.Context(), quotaPlan(fmt.Sprint("plan-", i), ""), nil)
			switch {
			case created:
				plans.Add(1)
			case refusedBy(err) != tracker.QuotaPlansDay:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if jobs.Load() != 20 || plans.Load() != 7 {
		t.Errorf("%d jobs of 20 and %d plans of 7", jobs.Load(), plans.Load())
	}
}

func quotaPlan(id, undoOf string) tracker.Plan {
	return tracker.Plan{ID: id, Owner: "alice", Asker: tracker.Principal{Who: "alice"}, UndoOf: undoOf, ExpiresAt: time.Now().Add(time.Hour)}
}

func TestQuotas_Plans(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaPlans: 1}})
	p := store.Plans{Store: s}
	for range 2 {
		if _, err := p.CreatePlan(t.Context(), quotaPlan("a", ""), nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.CreatePlan(t.Context(), quotaPlan("b", ""), nil); refusedBy(err) != tracker.QuotaPlans {
		t.Error("a second plan:", err)
	}
	if _, err := p.CreatePlan(t.Context(), quotaPlan("undo", "a"), nil); err != nil {
		t.Error("an undo is never refused:", err)
	}
	for _, id := range []string{"a", "undo"} {
		if _, err := p.EndPlan(t.Context(), id, tracker.PlanExpired, "too late"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.CreatePlan(t.Context(), quotaPlan("b", ""), nil); err != nil {
		t.Error("after they have ended:", err)
	}
	if all, today := use(t, s, tracker.QuotaPlans), use(t, s, tracker.QuotaPlansDay); all != 1 || today != 3 {
		t.Errorf("%d plans, %d today", all, today)
	}
}

// Whoever dies between taking a place and creating the job leaves a place of nothing. It
// is dropped and not counted once the job can be no other's to create.
func TestQuotas_PlaceOfNothing(t *testing.T) {
	now := time.Now()
	s, rdb := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 1}, Now: func() time.Time { return now }})
	create(t, s, "dead", tracker.ScanRequest{})
	keys, err := rdb.Keys(t.Context(), "rt:{dead}:*").Result()
	if err != nil || len(keys) == 0 {
		t.Fatal(keys, err)
	}
	if err := rdb.Del(t.Context(), keys...).Err(); err != nil { // as if it had never been created
		t.Fatal(err)
	}
	if _, err := trySubmit(t, s, submission("next", tracker.ScanRequest{})); refusedBy(err) != tracker.QuotaJobs {
		t.Error("while it may still be created:", err)
	}
	now = now.Add(2 * store.StrayAfter)
	if _, err := trySubmit(t, s, submission("next", tracker.ScanRequest{})); err != nil {
		t.Error("once it will not be:", err)
	}
	if n := use(t, s, tracker.QuotaJobsDay); n != 1 {
		t.Errorf("%d jobs today: what was never created is none", n)
	}
}

func TestQuotas_DayIsUTC(t *testing.T) {
	now := time.Date(2026, 11, 26, 23, 59, 0, 0, time.UTC)
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobsDay: 1}, Now: func() time.Time { return now }})
	create(t, s, "a", tracker.ScanRequest{})
	_, err := trySubmit(t, s, submission("b", tracker.ScanRequest{}))
	if refusedBy(err) != tracker.QuotaJobsDay {
		t.Fatal(err)
	}
	u := quotaOf(err)
	if want := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC); !u.ResetsAt.Equal(want) || u.Wait(now) != time.Minute {
		t.Errorf("it resets at %v, in %v", u.ResetsAt, u.Wait(now))
	}
	now = now.Add(2 * time.Minute)
	if _, err := trySubmit(t, s, submission("b", tracker.ScanRequest{})); err != nil {
		t.Error("the next day:", err)
	}
}

func TestQuotas_Cells(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaCellsJob: 5, tracker.QuotaCellsDay: 6}})
	discovery := tracker.Cell{AccountID: "self", Region: "*", Type: "*"}
	found := func(n int) []store.Found {
		var all []store.Found
		for i := range n {
			all = append(all, store.Found{Unit: fmt.Sprintf("1/region-%d", i), Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}})
		}
		return all
	}
	for _, id := range []string{"a", "b"} {
		create(t, s, id, tracker.ScanRequest{}).begin("self/*")
	}
	if _, err := s.Expand(t.Context(), "a", discovery, found(3)); err == nil || err.Error() != (store.TooManyCells{Found: 6, Most: 5}).Error() {
		t.Error("more than a job can have:", err)
	}
	if n := use(t, s, tracker.QuotaCellsDay); n != 0 {
		t.Errorf("%d cells of a discovery that was refused", n)
	}
	for range 2 { // a worker died after the first
		if _, err := s.Expand(t.Context(), "a", discovery, found(2)); err != nil {
			t.Fatal(err)
		}
	}
	if n := use(t, s, tracker.QuotaCellsDay); n != 4 {
		t.Errorf("%d cells of 4", n)
	}
	if _, err := s.Expand(t.Context(), "b", discovery, found(2)); refusedBy(err) != tracker.QuotaCellsDay {
		t.Error("more than a day has:", err)
	}
	if _, err := s.Expand(t.Context(), "b", discovery, found(1)); err != nil {
		t.Error("the rest of the day:", err)
	}
}

func TestQuotas_Schedules(t *testing.T) {
	s, rdb := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaSchedules: 2}})
	sched := store.Schedules{Store: s}
	put := func(isNew bool) (string, error) {
		id := uuid.Must(uuid.NewV7()).String()
		return id, sched.PutSchedule(t.Context(), tracker.Schedule{ID: id, Owner: "alice"}, nil, isNew, tracker.ScheduleEvent{What: "schedule.created"})
	}
	first, err := put(true)
	if err != nil {
		t.Fatal(err)
	}
	// Whoever was writing this one died an hour ago.
	old := "01900000-0000-7000-8000-000000000000"
	owners, err := rdb.Keys(t.Context(), "rt:owner:*:schedules").Result()
	if err != nil || len(owners) != 1 {
		t.Fatal(owners, err)
	}
	if err := rdb.SAdd(t.Context(), owners[0], old).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := put(true); err != nil {
		t.Error("a second, beside one that was never written:", err)
	}
	if _, err := put(true); refusedBy(err) != tracker.QuotaSchedules {
		t.Error("a third:", err)
	}
	if err := sched.DeleteSchedule(t.Context(), tracker.Schedule{ID: first, Owner: "alice"}, tracker.ScheduleEvent{What: "schedule.deleted"}); err != nil {
		t.Fatal(err)
	}
	if _, err := put(true); err != nil {
		t.Error("after one was deleted:", err)
	}
}

func TestQuotas_StoredBytes(t *testing.T) {
	now := time.Now()
	s, _ := open(t, store.Options{Retention: time.Hour, Quotas: tracker.Limits{tracker.QuotaStoredBytes: 1}, Now: func() time.Time { return now }})
	f, _ := expanded(t, s, "a", tracker.ScanRequest{}, "eu-west-1")
	lease := f.begin("1/eu-west-1")
	f.write(lease, "eu-west-1", "EC2_Instance", 10, tracker.OutcomeOK)
	running := use(t, s, tracker.QuotaStoredBytes)
	if running == 0 {
		t.Fatal("a running job keeps nothing")
	}
	if _, err := trySubmit(t, s, submission("b", tracker.ScanRequest{})); refusedBy(err) != tracker.QuotaStoredBytes {
		t.Error("beyond the limit:", err)
	}
	f.write(lease, "eu-west-1", "EBS_Volume", 10, tracker.OutcomeDenied)
	for range 2 { // the second repairs what a crash may have left
		f.finish()
	}
	ended := use(t, s, tracker.QuotaStoredBytes)
	if ended <= running {
		t.Errorf("%d bytes at the end, %d before", ended, running)
	}
	now = now.Add(30 * time.Minute)
	if n := use(t, s, tracker.QuotaStoredBytes); n != ended {
		t.Errorf("%d bytes while it is kept, want %d", n, ended)
	}
	now = now.Add(2 * time.Hour)
	if n := use(t, s, tracker.QuotaStoredBytes); n != 0 {
		t.Errorf("%d bytes once it has expired", n)
	}
	if _, err := trySubmit(t, s, submission("b", tracker.ScanRequest{})); err != nil {
		t.Error("once it has expired:", err)
	}
}

func TestQuotas_RetryIsAJob(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobsDay: 2}})
	f, _ := expanded(t, s, "a", tracker.ScanRequest{}, "eu-west-1")
	lease := f.begin("1/eu-west-1")
	end := func() {
		t.Helper()
		f.write(lease, "eu-west-1", "EC2_Instance", 10, tracker.OutcomeDenied)
		f.write(lease, "eu-west-1", "EBS_Volume", 10, tracker.OutcomeOK)
		f.finish()
	}
	end()
	kept := use(t, s, tracker.QuotaStoredBytes)
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Error("while it runs:", err)
	}
	if n := use(t, s, tracker.QuotaStoredBytes); n != kept {
		t.Errorf("%d bytes, %d before the retry", n, kept)
	}
	if n, day := use(t, s, tracker.QuotaJobs), use(t, s, tracker.QuotaJobsDay); n != 1 || day != 2 {
		t.Errorf("%d jobs at once, %d a day", n, day)
	}
	lease = f.begin("1/eu-west-1")
	end()
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); refusedBy(err) != tracker.QuotaJobsDay {
		t.Error("a third time:", err)
	}
	if n := use(t, s, tracker.QuotaJobs); n != 0 {
		t.Errorf("%d jobs at once", n)
	}
}

func TestQuotas_PaidCalls(t *testing.T) {
	now := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaPaidCalls: 3}, Now: func() time.Time { return now }})
	create(t, s, "a", tracker.ScanRequest{})
	create(t, s, "b", tracker.ScanRequest{})
	spend := func(job string) string {
		ok, err := s.Spend(t.Context(), "alice", job, 2)
		return fmt.Sprint(ok, " ", refusedBy(err))
	}
	got := []string{spend("a"), spend("a"), spend("a"), spend("b"), spend("b")}
	if diff := cmp.Diff([]string{"true ", "true ", "false ", "true ", "false paid_calls_per_month"}, got); diff != "" {
		t.Error(diff)
	}
	now = now.Add(2 * time.Hour)
	create(t, s, "c", tracker.ScanRequest{})
	if got := spend("c"); got != "true " {
		t.Error("the next month:", got)
	}
}

func TestQuotas_OfATenantAndAPrincipal(t *testing.T) {
	s, _ := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaJobs: 1}})
	own := tracker.Limits{tracker.QuotaJobs: 3, tracker.QuotaJobs.OfPrincipal(): 2}
	if err := s.PutQuotas(t.Context(), tracker.Principal{Who: "root"}, "alice", own); err != nil {
		t.Fatal(err)
	}
	start := func(id, who string) tracker.Quota {
		sub := submission(id, tracker.ScanRequest{})
		sub.By = tracker.Principal{Who: who}
		_, err := trySubmit(t, s, sub)
		if err != nil && refusedBy(err) == "" {
			t.Error(err)
		}
		return refusedBy(err)
	}
	got := []tracker.Quota{start("a", "ann"), start("b", "ann"), start("c", "ann"), start("d", "ben"), start("e", "ben")}
	if diff := cmp.Diff([]tracker.Quota{"", "", "principal.jobs", "", "jobs"}, got); diff != "" {
		t.Error(diff)
	}
	if err := s.PutQuotas(t.Context(), tracker.Principal{Who: "root"}, "alice", nil); err != nil {
		t.Fatal(err)
	}
	if limits, err := s.Quotas(t.Context(), "alice"); err != nil || limits[tracker.QuotaJobs] != 1 {
		t.Error(limits, err)
	}
}

func TestQuotas_Requests(t *testing.T) {
	s, rdb := open(t, store.Options{Quotas: tracker.Limits{tracker.QuotaRequests: 5, tracker.QuotaRequests.OfPrincipal(): 3}})
	q := store.NewQuotas(s)
	var got []string
	for i := range 8 {
		uses, err := q.Request(t.Context(), "alice", []string{"ann", "ben"}[i/5])
		if err != nil {
			t.Fatal(err)
		}
		last := uses[len(uses)-1]
		got = append(got, fmt.Sprint(last.Quota, " ", last.Left, " ", last.Wait > 0))
	}
	want := []string{
		"requests 4 false", "requests 3 false", "requests 2 false", "principal.requests 0 true", "principal.requests 0 true",
		"requests 1 false", "requests 0 false", "requests 0 true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if uses, err := q.Request(t.Context(), "bob", "ann"); err != nil || uses[1].Left != 4 {
		t.Error("another tenant:", uses, err)
	}
	_ = rdb.Close()
	if _, err := q.Request(t.Context(), "alice", "ann"); err == nil {
		t.Error("no error without Redis")
	}
	if uses, err := q.Request(t.Context(), "alice", "ann"); err != nil || uses != nil {
		t.Error("Redis is not asked again at once:", uses, err)
	}
}
