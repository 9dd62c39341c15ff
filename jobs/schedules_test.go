package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func (s *system) schedule(sc tracker.Schedule) tracker.Schedule {
	s.t.Helper()
	sc.Owner = "alice"
	sc, err := s.client.PutSchedule(s.t.Context(), sc, []byte("AKIA"))
	if err != nil {
		s.t.Fatal(err)
	}
	return sc
}

// due makes a schedule's tick come now.
func (s *system) due(id string) {
	s.t.Helper()
	if err := s.rdb.ZAddXX(s.t.Context(), "rt:schedules", redis.Z{Score: float64(time.Now().UnixMilli()), Member: id}).Err(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *system) runs(id string) []tracker.Job {
	s.t.Helper()
	runs, err := s.client.ScheduleRuns(s.t.Context(), "alice", id)
	if err != nil {
		s.t.Fatal(err)
	}
	return runs
}

// untilRuns waits for a schedule to have n kept runs, all ended.
func (s *system) untilRuns(id string, n int) []tracker.Job {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		runs := s.runs(id)
		if len(runs) >= n {
			for i, r := range runs {
				runs[i] = s.until(r.ID, ended)
			}
			return runs
		}
		select {
		case <-tick.C:
		case <-s.t.Context().Done():
			s.t.Fatal("no run")
		}
	}
}

func TestSchedule_FiresOncePerTickWithManyWorkers(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	s := start(t, account, jobs.Options{})
	s.worker()
	s.worker()
	sc := s.schedule(tracker.Schedule{Name: "nightly", Cron: "0 3 * * *", TimeZone: "Europe/Berlin"})
	if len(sc.NextRuns) != 5 || !sc.NextRuns[0].Equal(*sc.NextAt) {
		t.Errorf("next runs %v, next %v", sc.NextRuns, sc.NextAt)
	}
	s.due(sc.ID)
	runs := s.untilRuns(sc.ID, 1)
	again, err := s.client.Schedule(t.Context(), "alice", sc.ID)
	if err != nil || !again.NextAt.After(time.Now()) || again.LastRun != runs[0].ID || again.LastGood != runs[0].ID {
		t.Errorf("%+v, %v", again, err)
	}
	if len(runs) != 1 || runs[0].Lane != tracker.LaneScheduled || runs[0].State != tracker.JobSucceeded {
		t.Errorf("%d runs: %+v", len(runs), runs)
	}
}

// TestSchedule_TellsTheAudit has a tick that was missed six times come late, with
// several workers: one line says that it fired, and one what passed.
func TestSchedule_TellsTheAudit(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{})
	sc := s.schedule(tracker.Schedule{Name: "often", EverySeconds: 600})
	late := sc.CreatedAt.Add(-6 * 600 * time.Second)
	if err := s.rdb.ZAddXX(t.Context(), "rt:schedules", redis.Z{Score: float64(late.UnixMilli()), Member: sc.ID}).Err(); err != nil {
		t.Fatal(err)
	}
	s.worker()
	s.worker()
	runs := s.untilRuns(sc.ID, 1)
	var what []string
	for tick := time.NewTicker(10 * time.Millisecond); len(what) < 3; {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("the audit has only %v", what)
		}
		lines, err := store.Audit{Store: s.store}.AuditTrail(t.Context(), "alice", "", time.Time{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		what = nil
		for _, l := range lines {
			if l.Schedule != sc.ID || l.Who != "alice" || l.What == "schedule.fired" && l.Job != runs[0].ID {
				t.Errorf("line %+v", l)
			}
			what = append(what, l.What)
		}
	}
	if diff := cmp.Diff([]string{"schedule.created", "schedule.missed", "schedule.fired"}, what); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

func TestSchedule_KeepsResultsAndTheLastGoodOne(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	var broken atomic.Bool
	account.list = func() error {
		if broken.Load() {
			return fail(tracker.OutcomeDenied)
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	sc := s.schedule(tracker.Schedule{EverySeconds: 3600, Keep: 2})
	run := func() tracker.Job {
		t.Helper()
		j, err := s.client.RunSchedule(t.Context(), "alice", sc.ID)
		if err != nil {
			t.Fatal(err)
		}
		return s.until(j.ID, ended)
	}
	good := run()
	broken.Store(true)
	var bad []string
	for range 3 {
		bad = append([]string{run().ID}, bad...)
	}
	var kept []string
	for _, r := range s.runs(sc.ID) {
		kept = append(kept, r.ID)
	}
	if diff := cmp.Diff(append(bad[:2:2], good.ID), kept); diff != "" {
		t.Errorf("kept (-want +got): %s", diff)
	}
	again, err := s.client.Schedule(t.Context(), "alice", sc.ID)
	if err != nil || again.LastGood != good.ID || again.LastRun != bad[0] {
		t.Errorf("last good %s, last %s, %v", again.LastGood, again.LastRun, err)
	}
	if _, err := s.store.Job(t.Context(), "alice", bad[2]); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("the oldest bad run is still there: %v", err)
	}
}

// TestSchedule_ARegionThatIsOffIsANote: what is not seen of a bucket in a region that is
// off for the account does not make the scan incomplete, for good.
func TestSchedule_ARegionThatIsOffIsANote(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	account.scan = func(_ context.Context, region string, _ tracker.Type) error {
		if region == tracker.Global {
			return &tracker.Elsewhere{Region: "me-south-1", Resources: []string{"b"}, Err: errors.New("off")}
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	sc := s.schedule(tracker.Schedule{EverySeconds: 3600})
	j, err := s.client.RunSchedule(t.Context(), "alice", sc.ID)
	if err != nil {
		t.Fatal(err)
	}
	if j = s.until(j.ID, ended); j.State != tracker.JobSucceeded || !j.Complete() {
		t.Errorf("the job is %s", j.State)
	}
	cells, err := s.store.Coverage(t.Context(), j.ID)
	if err != nil {
		t.Fatal(err)
	}
	noted := 0
	for _, c := range cells {
		if c.Region != tracker.Global {
			continue
		}
		noted++
		want := []tracker.Note{{Region: "me-south-1", Outcome: tracker.OutcomeNotOptedIn, Resources: []string{"b"}, Count: 1, Message: "off"}}
		if diff := cmp.Diff(want, c.Notes); diff != "" || c.Outcome != tracker.OutcomeOK || c.Error != nil {
			t.Errorf("%s is %s, %v (-want +got):\n%s", c.ID(), c.Outcome, c.Error, diff)
		}
	}
	if again, err := s.client.Schedule(t.Context(), "alice", sc.ID); err != nil || again.LastGood != j.ID || noted == 0 {
		t.Errorf("last good %s, %d cells with notes, %v", again.LastGood, noted, err)
	}
}

func TestSchedule_PauseResumeDelete(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1"}, jobs.Options{})
	sc := s.schedule(tracker.Schedule{Cron: "*/5 * * * *"})
	sc.Paused = true
	if sc = s.schedule(sc); sc.NextAt != nil || len(sc.NextRuns) != 0 {
		t.Errorf("paused, but next %v", sc.NextAt)
	}
	sc.Paused = false
	if sc = s.schedule(sc); sc.NextAt == nil || sc.NextAt.Minute()%5 != 0 {
		t.Errorf("resumed, next %v", sc.NextAt)
	}
	if _, err := s.client.Schedule(t.Context(), "mallory", sc.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("somebody else reads it: %v", err)
	}
	if err := s.client.DeleteSchedule(t.Context(), as("mallory"), sc.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("somebody else deletes it: %v", err)
	}
	if err := s.client.DeleteSchedule(t.Context(), as("alice"), sc.ID); err != nil {
		t.Fatal(err)
	}
	if list, _, err := s.client.Schedules(t.Context(), "alice", "", 10, ""); len(list) != 0 || err != nil {
		t.Error(list, err)
	}
}

func TestSchedule_Refused(t *testing.T) {
	t.Parallel()
	c := start(t, &aws{id: "1"}, jobs.Options{}).client
	notice, long := &tracker.Notice{}, &tracker.Notice{Filter: filter.Where(filter.FieldName, strings.Repeat("x", 800))}
	selected := tracker.ScanRequest{Filter: filter.Where(filter.FieldState, "running")}
	for name, tc := range map[string]struct {
		sc    tracker.Schedule
		field string
	}{
		"neither":       {tracker.Schedule{}, "cron"},
		"no plan":       {tracker.Schedule{OffHours: &tracker.OffHours{Begin: "0 19 * * *", End: "0 7 * * *"}}, "off_hours"},
		"too late":      {tracker.Schedule{EverySeconds: 60, Deadline: 40 * 24 * 3600}, "starting_deadline_seconds"},
		"both":          {tracker.Schedule{Cron: "* * * * *", EverySeconds: 60}, "cron"},
		"not cron":      {tracker.Schedule{Cron: "soon"}, "cron"},
		"seconds":       {tracker.Schedule{Cron: "0 * * * * *"}, "cron"},
		"never":         {tracker.Schedule{Cron: "0 0 30 2 *"}, "cron"},
		"zone prefix":   {tracker.Schedule{Cron: "TZ=Local * * * * *"}, "cron"},
		"bad zone":      {tracker.Schedule{Cron: "0 * * * *", TimeZone: "Mars/Base"}, "time_zone"},
		"local zone":    {tracker.Schedule{Cron: "0 * * * *", TimeZone: "Local"}, "time_zone"},
		"zone of every": {tracker.Schedule{EverySeconds: 60, TimeZone: "UTC"}, "time_zone"},
		"too often":     {tracker.Schedule{EverySeconds: 5}, "every_seconds"},
		"keeps nothing": {tracker.Schedule{EverySeconds: 60, Keep: -1}, "keep"},
		"bad account":   {tracker.Schedule{EverySeconds: 60, Request: tracker.ScanRequest{Accounts: []tracker.AccountRef{{}}}}, "accounts[0].role_arn"},
		"a plan's":      {tracker.Schedule{EverySeconds: 60, Notify: notice, Plan: &tracker.PlanRequest{Select: &tracker.PlanSelection{Filter: selected.Filter, Verb: "stop"}}}, "notify"},
		"of some":       {tracker.Schedule{EverySeconds: 60, Notify: notice, Request: selected}, "notify"},
		"of a tag":      {tracker.Schedule{EverySeconds: 60, Notify: notice, Request: tracker.ScanRequest{Tags: map[string]string{"a": "b"}}}, "notify"},
		"of much":       {tracker.Schedule{EverySeconds: 60, Notify: long}, "notify.filter"},
	} {
		_, err := c.PutSchedule(context.Background(), tc.sc, nil)
		e, ok := errors.AsType[*tracker.Error](err)
		if !ok || e.Field != tc.field || e.Code != tracker.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
