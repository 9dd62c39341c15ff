package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

var created = tracker.ScheduleEvent{What: "schedule.created", Who: "alice"}

// schedules is a store with a schedule of alice's, on a clock that stands at a minute
// past its tick.
func schedules(t *testing.T) (store.Schedules, tracker.Schedule, redis.UniversalClient) {
	t.Helper()
	st, rdb := open(t, store.Options{Now: func() time.Time { return epoch.Add(time.Minute) }})
	s := store.Schedules{Store: st}
	return s, put(t, s, "s"), rdb
}

func put(t *testing.T, s store.Schedules, id string) tracker.Schedule {
	t.Helper()
	sc := tracker.Schedule{ID: id, Owner: "alice", Name: "nightly", Keep: 1, NextAt: new(epoch)}
	if err := s.PutSchedule(t.Context(), sc, []byte("sealed"), true, created); err != nil {
		t.Fatal(err)
	}
	return sc
}

// told is what the audit of alice says, by lines.
func told(t *testing.T, s store.Schedules) []string {
	t.Helper()
	lines, err := store.Audit(s).AuditTrail(t.Context(), "alice", "", time.Time{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	what := []string{}
	for _, l := range lines {
		what = append(what, l.What)
	}
	return what
}

func TestSchedules_KnowTheirOwner(t *testing.T) {
	s, _, _ := schedules(t)
	for owner, want := range map[string]tracker.Code{"alice": "", "mallory": tracker.CodeNotFound, "": tracker.CodeNotFound} {
		sc, err := s.Schedule(t.Context(), owner, "s")
		if err != nil && tracker.CodeOf(err) != want || (err == nil) != (want == "") {
			t.Errorf("%q reads %+v, %v", owner, sc, err)
		}
		if list, _, err := s.Schedules(t.Context(), owner, "", 10, ""); (len(list) == 1) != (want == "") || err != nil {
			t.Errorf("%q lists %v, %v", owner, list, err)
		}
	}
	if sc, err := s.LookupSchedule(t.Context(), "s"); sc.Owner != "alice" || err != nil {
		t.Errorf("%+v, %v", sc, err)
	}
}

func TestSchedules_Pages(t *testing.T) {
	s, _, _ := schedules(t)
	want := []string{"s"}
	for i := range 4 {
		id := fmt.Sprint("t", i)
		put(t, s, id)
		want = append(want, id)
	}
	var got []string
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		list, next, err := s.Schedules(t.Context(), "alice", cursor, 2, "")
		if err != nil || len(list) > 2 || pages > 2 {
			t.Fatal(list, next, err)
		}
		for _, sc := range list {
			got = append(got, sc.ID)
		}
		cursor = next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

// TestSchedules_OfAnOlderVersion reads what was kept before off-hours and deadlines.
func TestSchedules_OfAnOlderVersion(t *testing.T) {
	s, _, rdb := schedules(t)
	old := `{"schedule_id":"old","name":"n","cron":"0 3 * * *","time_zone":"Europe/Berlin","paused":false,"keep":10,"request":{"regions":["a"]},` +
		`"created_at":"2026-01-01T00:00:00Z","next_at":null,"owner":"alice"}`
	if err := rdb.HSet(t.Context(), "rt:schedule:{old}", "d", old, "x", "sealed").Err(); err != nil {
		t.Fatal(err)
	}
	sc, err := s.Schedule(t.Context(), "alice", "old")
	want := tracker.Schedule{
		ID: "old", Owner: "alice", Author: tracker.Principal{Tenant: "alice", Who: "alice", Person: "alice"}, Name: "n", Cron: "0 3 * * *", TimeZone: "Europe/Berlin", Keep: 10, Request: tracker.ScanRequest{Regions: []string{"a"}}, CreatedAt: epoch,
	}
	if diff := cmp.Diff(want, sc); diff != "" || err != nil {
		t.Error(err, "(-want +got):", diff)
	}
}

func TestAdvanceSchedule_TwiceIsOnce(t *testing.T) {
	s, _, rdb := schedules(t)
	for range 2 {
		if err := s.AdvanceSchedule(t.Context(), "s", epoch, epoch.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if score := rdb.ZScore(t.Context(), "rt:schedules", "s").Val(); int64(score) != epoch.Add(time.Hour).UnixMilli() {
		t.Errorf("due %v", score)
	}
}

// TestDueSchedules_OneThatCannotBeReadSpoilsNone has one that is no JSON, one that is
// no hash, one that is gone and one that is well.
func TestDueSchedules_OneThatCannotBeReadSpoilsNone(t *testing.T) {
	s, _, rdb := schedules(t)
	for i, id := range []string{"no JSON", "no hash", "gone"} {
		if err := s.SetDue(t.Context(), id, new(epoch.Add(-time.Duration(i+1)*time.Second))); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		rdb.HSet(t.Context(), "rt:schedule:{no JSON}", "d", `{"name":"n","owner":"alice","keep":"three"}`).Err(),
		rdb.Set(t.Context(), "rt:schedule:{no hash}", "x", 0).Err(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	due, err := s.DueSchedules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, d := range due {
		got = append(got, fmt.Sprintf("%s of %q: %v", d.ID, d.Schedule.Owner, d.Err != nil))
	}
	if diff := cmp.Diff([]string{`gone of "": true`, `no hash of "": true`, `no JSON of "alice": true`, `s of "alice": false`}, got); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

func TestDecideFiring_HoldsForAll(t *testing.T) {
	now := epoch
	st, _ := open(t, store.Options{Now: func() time.Time { return now }})
	s := store.Schedules{Store: st}
	put(t, s, "s")
	decide := func(tick time.Time) store.Firing {
		t.Helper()
		g, err := s.DecideFiring(t.Context(), "s", epoch, tick, "")
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	first := decide(epoch)
	if again := decide(epoch.Add(time.Hour)); again != first {
		t.Errorf("decided %+v, then %+v", first, again)
	}
	now = now.Add(store.FiringFor)
	if anew := decide(epoch.Add(time.Hour)); !anew.Tick.Equal(epoch.Add(time.Hour)) || !anew.Since.Equal(epoch) || !anew.At.Equal(now) {
		t.Errorf("decided anew %+v", anew)
	}
	_, err := s.DecideFiring(t.Context(), "gone", epoch, epoch, "")
	wantCode(t, "a schedule that is gone", err, tracker.CodeNotFound)
}

// TestSettleTick has a schedule fail until it pauses itself; each tick is settled twice.
func TestSettleTick_TwiceIsOnce(t *testing.T) {
	s, sc, _ := schedules(t)
	settle := func(i int, what string) {
		t.Helper()
		for range 2 {
			due := epoch.Add(time.Duration(i) * time.Second)
			o := store.Settlement{What: what, Error: "why", Pause: "too often", Most: 3, Events: []tracker.ScheduleEvent{{What: "schedule." + what}}}
			if _, err := s.SettleTick(t.Context(), sc, due, o, due.Add(time.Second)); err != nil {
				t.Fatal(err)
			}
		}
	}
	read := func() tracker.Schedule {
		t.Helper()
		sc, err := s.Schedule(t.Context(), "alice", "s")
		if err != nil {
			t.Fatal(err)
		}
		return sc
	}
	settle(0, "failed")
	settle(1, "failed")
	if got := read(); got.Failures != 2 || got.LastError != "why" || got.LastErrorAt == nil || got.Paused || !got.NextAt.Equal(epoch.Add(2*time.Second)) {
		t.Errorf("after two failures: %+v", got)
	}
	settle(2, "fired")
	if got := read(); got.Failures != 0 || got.LastError != "" || got.LastErrorAt != nil {
		t.Errorf("after a run: %+v", got)
	}
	for i := 3; i < 6; i++ {
		settle(i, "failed")
	}
	if got := read(); got.Failures != 3 || !got.Paused || got.PausedReason != "too often" || got.NextAt != nil {
		t.Errorf("after three failures: %+v", got)
	}
	want := []string{
		"schedule.created", "schedule.failed", "schedule.failed", "schedule.fired", "schedule.failed", "schedule.failed", "schedule.failed", "schedule.paused",
	}
	if diff := cmp.Diff(want, told(t, s)); diff != "" {
		t.Error("audit (-want +got):", diff)
	}
	history, err := s.History(t.Context(), "s")
	if err != nil || len(history) != len(want) || history[0].What != "schedule.paused" {
		t.Errorf("history %+v, %v", history, err)
	}
	// Somebody writes it anew: it is as good as new.
	if err := s.PutSchedule(t.Context(), sc, nil, false, tracker.ScheduleEvent{What: "schedule.resumed"}); err != nil {
		t.Fatal(err)
	}
	if got := read(); got.Failures != 0 || got.Paused || got.PausedReason != "" || got.NextAt == nil {
		t.Errorf("written anew: %+v", got)
	}
}

func TestNoteRun_TwiceIsOnce(t *testing.T) {
	s, sc, _ := schedules(t)
	for range 2 {
		if err := s.NoteRun(t.Context(), sc, "j"); err != nil {
			t.Fatal(err)
		}
		if err := s.NoteManual(t.Context(), sc, tracker.ScheduleEvent{What: "schedule.run", Job: "j"}); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := s.Runs(t.Context(), "s"); len(runs) != 1 || err != nil {
		t.Errorf("runs %v, %v", runs, err)
	}
	for range 2 {
		if err := s.DeleteSchedule(t.Context(), sc, tracker.ScheduleEvent{What: "schedule.deleted"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.LookupSchedule(t.Context(), "s")
	wantCode(t, "deleted", err, tracker.CodeNotFound)
	err = s.PutSchedule(t.Context(), sc, nil, false, created)
	wantCode(t, "changed after it was deleted", err, tracker.CodeNotFound)
	if diff := cmp.Diff([]string{"schedule.created", "schedule.run", "schedule.deleted"}, told(t, s)); diff != "" {
		t.Error("audit (-want +got):", diff)
	}
}

func TestTransient(t *testing.T) {
	_, _, rdb := schedules(t)
	wrongType := rdb.LLen(t.Context(), "rt:schedule:{s}").Err()
	for err, want := range map[error]bool{
		context.Canceled: true, fmt.Errorf("read: %w", io.EOF): true, &net.OpError{Op: "dial", Err: errors.New("refused")}: true, redis.ErrPoolTimeout: true,
		redis.Nil: false, wrongType: false, errors.New("what"): false, tracker.Invalid("cron", "is none"): false, nil: false,
	} {
		if got := store.Transient(err); got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
}
