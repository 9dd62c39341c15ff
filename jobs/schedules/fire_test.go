package schedules_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) // a Monday

func at(hour, minute int) time.Time {
	return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC)
}

// TestFireDue_InTheOrderOfTheTicks has schedules that are due in another order than that
// of their newest ticks.
func TestFireDue_InTheOrderOfTheTicks(t *testing.T) {
	w := newWorld(t, noon)
	var want []string
	for i, line := range []string{"50 12 * * *", "40 12 * * *", "*/15 12 * * *", "30 12 * * *"} { // the third last at 12:45
		sc := w.put(tracker.Schedule{Name: fmt.Sprint(i), Cron: line})
		want = append(want, sc.ID)
	}
	w.set(at(12, 58))
	w.fire()
	if diff := cmp.Diff([]string{want[3], want[1], want[2], want[0]}, w.scans().order); diff != "" {
		t.Error("(-want +got):", diff)
	}
	got := w.history(want[2])
	if w.fire(); len(got) != 3 || got[1].What != "schedule.missed" || got[1].Detail != "2 runs, from 2026-03-02T12:15:00Z to 2026-03-02T12:30:00Z: newer ones came before any worker started them" {
		t.Errorf("%+v", got)
	}
}

// TestFireDue_BilledDaysMove: every run asks for the days before it, and for those that are
// named where the schedule names them.
func TestFireDue_BilledDaysMove(t *testing.T) {
	w := newWorld(t, noon)
	counted := tracker.BilledRequest{GroupBy: []string{"service"}, Days: 7}
	named := tracker.BilledRequest{GroupBy: []string{"region"}, Start: "2026-01-01", End: "2026-01-31"}
	for i, b := range []tracker.BilledRequest{counted, named} {
		w.put(tracker.Schedule{Name: "n", Cron: fmt.Sprint(i) + " 13 * * *", Request: tracker.ScanRequest{Billed: &b}})
	}
	var got []string
	for _, day := range []int{0, 40} {
		w.set(at(13, 2).AddDate(0, 0, day))
		w.fire()
	}
	for _, b := range w.scans().billed {
		got = append(got, b.Start+" to "+b.End)
	}
	want := []string{"2026-02-23 to 2026-03-01", "2026-01-01 to 2026-01-31", "2026-04-04 to 2026-04-10", "2026-01-01 to 2026-01-31"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

// TestFireDue_LateIsMissed has no worker run for a while after 13:00.
func TestFireDue_LateIsMissed(t *testing.T) {
	w := newWorld(t, noon)
	for _, tc := range []struct {
		name     string
		deadline int
		back     time.Time
		want     []string
	}{
		{"on time", 0, at(13, 0), []string{"schedule.created", "schedule.fired"}},
		{"an hour late", 0, at(14, 0), []string{"schedule.created", "schedule.fired"}},
		{"later", 0, at(14, 1), []string{"schedule.created", "schedule.missed"}},
		{"later than it says", 60, at(13, 2), []string{"schedule.created", "schedule.missed"}},
		{"less late than it says", 7200, at(14, 59), []string{"schedule.created", "schedule.fired"}},
		{"days, of which only the newest counts", 0, at(13, 30).AddDate(0, 0, 3), []string{"schedule.created", "schedule.missed", "schedule.fired"}},
		{"days, and later than an hour", 0, at(15, 0).AddDate(0, 0, 3), []string{"schedule.created", "schedule.missed"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w.anew()
			sc := w.put(tracker.Schedule{Name: "n", Cron: "0 13 * * *", Deadline: tc.deadline})
			w.set(tc.back)
			w.fire()
			w.fire()
			if diff := cmp.Diff(tc.want, w.what(sc.ID)); diff != "" {
				t.Errorf("(-want +got): %s %+v", diff, w.history(sc.ID))
			}
			if next := w.get(sc.ID).NextAt; next == nil || !next.After(tc.back) {
				t.Errorf("next at %v", next)
			}
		})
	}
}

// TestFireDue_TheNewestAboutTheSameCounts has two schedules, one of which stops what the
// other one starts, come due together: the one that comes last is carried out.
func TestFireDue_TheNewestAboutTheSameCounts(t *testing.T) {
	w := newWorld(t, noon)
	stop := w.put(tracker.Schedule{Name: "stop", Cron: "30 12 * * *", Plan: carrying("stop", "type:EC2_Instance tag:a=b")})
	start := w.put(tracker.Schedule{Name: "start", Cron: "50 12 * * *", Plan: carrying("start", "type:EC2_Instance tag:a=b")})
	other := w.put(tracker.Schedule{Name: "other", Cron: "20 12 * * *", Plan: carrying("start", "type:EC2_Instance tag:a=c")})
	w.set(at(12, 55))
	w.fire()
	for id, want := range map[string]string{stop.ID: "schedule.missed", start.ID: "schedule.fired", other.ID: "schedule.fired"} {
		if got := w.what(id); got[len(got)-1] != want {
			t.Errorf("%s: %v, want %s", w.get(id).Name, got, want)
		}
	}
	if e := w.history(stop.ID)[1]; !strings.Contains(e.Detail, start.ID) {
		t.Errorf("%+v", e)
	}
}

// TestFireDue_AsksEveryRule writes schedules under one set of rules, and fires them under
// another. Each cannot fire, says why, goes on, and pauses itself after ten failures.
func TestFireDue_AsksEveryRule(t *testing.T) {
	w := newWorld(t, noon)
	for _, tc := range []struct {
		name  string
		sc    tracker.Schedule
		then  func(w *world, id string)
		wrong string
	}{
		{"a verb that schedules may carry no longer", tracker.Schedule{Plan: carrying("terminate", "type:EC2_Instance")}, func(w *world, _ string) {
			w.rules.AnyScheduledVerb = false
		}, "SCHEDULE_ANY_ACTION"},
		{"a limit that is lower now", tracker.Schedule{Plan: limited(carrying("stop", "type:EC2_Instance"), 50)}, func(w *world, _ string) {
			w.rules.MaxItems = 10
		}, "must be from 1 to 10"},
		{"a parameter that is none any more", tracker.Schedule{Plan: carrying("stop", "type:EC2_Instance")}, func(w *world, id string) {
			w.rewrite(id, `"action":"stop"`, `"action":"stop","params":{"gently":true}`)
		}, "params.gently: is no parameter"},
		{"a zone that is not known", tracker.Schedule{TimeZone: "Europe/Berlin"}, func(w *world, id string) {
			w.rewrite(id, "Europe/Berlin", "Europe/Atlantis")
		}, "is not a name of the time zone database"},
		{"a cron line that is none", tracker.Schedule{}, func(w *world, id string) {
			w.rewrite(id, `"cron":"0 * * * *"`, `"cron":"0 * * *"`)
		}, "is not a cron line"},
		{"a definition that cannot be read", tracker.Schedule{}, func(w *world, id string) {
			w.rewrite(id, `"keep":10`, `"keep":"ten"`)
		}, "cannot be read"},
		{"credentials that are gone", tracker.Schedule{}, func(w *world, id string) {
			if err := w.rdb.HDel(w.t.Context(), "rt:schedule:{"+id+"}", "x").Err(); err != nil {
				w.t.Fatal(err)
			}
		}, "lost its credentials"},
		{"a start that is refused", tracker.Schedule{}, func(w *world, id string) {
			w.scans().fail = func(of string) error {
				if of == id {
					return tracker.Errorf(tracker.CodeConflict, "not now")
				}
				return nil
			}
		}, "not now"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w.anew()
			*w.rules = plans.Rules{AnyScheduledVerb: true}
			tc.sc.Name, tc.sc.Cron = "broken", "0 * * * *"
			broken, well := w.put(tc.sc), w.put(tracker.Schedule{Name: "well", Cron: "0 * * * *"})
			tc.then(w, broken.ID)
			for n := 1; n <= 10; n++ {
				w.set(w.time().Add(time.Hour))
				w.fire()
				w.fire() // it does not fire every second
				sc := w.get(broken.ID)
				if sc.Failures != n || !strings.Contains(sc.LastError, tc.wrong) || sc.LastErrorAt == nil || !sc.LastErrorAt.Equal(w.time()) || sc.Paused != (n == 10) {
					t.Fatalf("after %d: %+v", n, sc)
				}
				if len(w.scans().order) != n {
					t.Fatalf("the other one ran %d times, want %d", len(w.scans().order), n)
				}
			}
			sc := w.get(broken.ID)
			if !strings.Contains(sc.PausedReason, "after 10 failures in a row") || sc.NextAt != nil {
				t.Errorf("%+v", sc)
			}
			want := append(slices.Repeat([]string{"schedule.failed"}, 10), "schedule.paused")
			if got := w.what(broken.ID); !slices.Equal(got[1:], want) {
				t.Errorf("history %v", got)
			}
			w.set(w.time().Add(time.Hour))
			w.fire()
			if got := w.what(broken.ID); len(got) != len(want)+1 || w.get(well.ID).Failures != 0 {
				t.Errorf("it goes on: %v", got)
			}
			// Written anew it fires again.
			w.scans().fail = nil
			*w.rules = plans.Rules{AnyScheduledVerb: true}
			tc.sc.ID, tc.sc.CreatedAt = broken.ID, broken.CreatedAt
			w.put(tc.sc)
			w.set(w.time().Add(time.Hour))
			w.fire()
			if sc := w.get(broken.ID); sc.Paused || sc.Failures != 0 || sc.LastError != "" || w.what(broken.ID)[len(want)+2] != "schedule.fired" {
				t.Errorf("%+v %v", sc, w.what(broken.ID))
			}
		})
	}
}

func limited(r *tracker.PlanRequest, items int) *tracker.PlanRequest {
	r.MaxItems = items
	return r
}

// rewrite changes what is kept of a schedule, as another version may have written it.
func (w *world) rewrite(id, before, after string) {
	w.t.Helper()
	key := "rt:schedule:{" + id + "}"
	d := w.rdb.HGet(w.t.Context(), key, "d").Val()
	if !strings.Contains(d, before) {
		w.t.Fatalf("no %s in %s", before, d)
	}
	if err := w.rdb.HSet(w.t.Context(), key, "d", strings.Replace(d, before, after, 1)).Err(); err != nil {
		w.t.Fatal(err)
	}
}

// TestFireDue_AQuotaRefuses has a quota that is used up by others. The run is told of, and
// is no failure of the schedule, which goes on for ever. One that is free again once a job
// ends is waited for.
func TestFireDue_AQuotaRefuses(t *testing.T) {
	w := newWorld(t, noon)
	sc := w.put(tracker.Schedule{Name: "n", Cron: "0 * * * *"})
	refused := tracker.QuotaJobsDay.Use(5, 5, noon)
	w.scans().fail = func(string) error { return refused.Refused() }
	for range 12 {
		w.set(w.time().Add(time.Hour))
		w.fire()
	}
	const why = "the quota jobs_per_day does not allow it: its limit is 5, and 5 are used"
	got := w.get(sc.ID)
	if got.Failures != 0 || got.Paused || got.LastError != why || got.NextAt == nil {
		t.Errorf("%+v", got)
	}
	history := w.history(sc.ID)
	if want := append([]string{"schedule.created"}, slices.Repeat([]string{"schedule.failed"}, 12)...); !slices.Equal(w.what(sc.ID), want) {
		t.Errorf("history %v", w.what(sc.ID))
	}
	if last := history[len(history)-1]; !strings.HasSuffix(last.Detail, why) {
		t.Error(last.Detail)
	}
	refused = tracker.QuotaJobs.Use(5, 5, noon)
	w.set(w.time().Add(time.Hour))
	w.fire()
	if n := len(w.history(sc.ID)); n != 13 {
		t.Errorf("%d lines: a job may end within a minute", n)
	}
	w.scans().fail = nil
	w.fire()
	if got := w.get(sc.ID); got.LastError != "" || len(w.scans().order) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestFireDue_WhatPassesIsNoFailure cuts the way to Redis after each command in turn: the
// run is started once, and no failure is counted.
func TestFireDue_WhatPassesIsNoFailure(t *testing.T) {
	w := newWorld(t, noon)
	for n := int64(1); ; n++ {
		w.anew()
		sc := w.put(tracker.Schedule{Name: "n", Cron: "0 13 * * *", Plan: carrying("stop", "type:EC2_Instance")})
		cut := &cut{}
		cut.left.Store(n)
		rdb := w.redis.Client(t)
		rdb.(*redis.Client).AddHook(cut)
		w.set(at(13, 0))
		err := w.worker(w.scans(), rdb).FireDue(t.Context())
		if err == nil {
			if n < 10 {
				t.Errorf("only %d commands", n)
			}
			return
		}
		w.fire()
		if got := w.what(sc.ID); !slices.Equal(got, []string{"schedule.created", "schedule.fired"}) || w.get(sc.ID).LastError != "" {
			t.Errorf("cut at command %d (%v): %v", n, err, got)
		}
		if c, err := (store.Audit{Store: w.store}).CheckAudit(t.Context(), "alice", "", 100); err != nil || !c.Holds || c.Lines < 2 { // plan.created may wait for a sweep
			t.Errorf("cut at command %d: audit %+v, %v", n, c, err)
		}
	}
}

// TestFireDue_WhatIsNotKnownIsTriedAMinute has a start that fails for no reason that can
// be told.
func TestFireDue_WhatIsNotKnownIsTriedAMinute(t *testing.T) {
	w := newWorld(t, noon)
	sc := w.put(tracker.Schedule{Name: "n", Cron: "0 13 * * *"})
	w.scans().fail = func(string) error { return errors.New("what") }
	for w.set(at(13, 0)); w.time().Before(at(13, 1)); w.set(w.time().Add(time.Second)) {
		w.fire()
		if sc := w.get(sc.ID); sc.Failures != 0 {
			t.Fatalf("at %s: %+v", w.time(), sc)
		}
	}
	w.fire()
	if sc := w.get(sc.ID); sc.Failures != 1 || sc.LastError != "what" {
		t.Errorf("after a minute: %+v", sc)
	}
}

// TestOffHours_WaitForTheRunBefore has the end come while the plan of the beginning has
// not ended.
func TestOffHours_WaitForTheRunBefore(t *testing.T) {
	w := newWorld(t, noon)
	sc := w.put(tracker.Schedule{
		Name: "office", OffHours: &tracker.OffHours{Begin: "0 13 * * *", End: "0 14 * * *"}, Plan: carrying("stop", "type:EC2_Instance"),
	})
	w.set(at(13, 0))
	w.fire()
	stop := w.get(sc.ID).LastRun
	w.set(at(14, 0))
	w.fire()
	ps := store.Plans{Store: w.store}
	if p, err := ps.LookupPlan(t.Context(), stop); err != nil || p.State != tracker.PlanCancelled || !p.ExpiresAt.Equal(at(14, 0)) && p.FinishedAt == nil {
		t.Errorf("the run before is %+v, %v", p, err)
	}
	if got := w.get(sc.ID).LastRun; got != stop {
		t.Errorf("the next began beside it")
	}
	w.set(at(14, 0).Add(time.Second))
	w.fire()
	start, err := ps.LookupPlan(t.Context(), w.get(sc.ID).LastRun)
	if err != nil || start.ID == stop || start.Request.Select.Verb != "start" || !start.Request.Apply {
		t.Errorf("%+v, %v", start, err)
	}
	if got := w.get(sc.ID).Wanted; got == nil || got.Verb != "start" || !got.Since.Equal(at(14, 0)) || !got.Until.Equal(at(13, 0).AddDate(0, 0, 1)) {
		t.Errorf("wanted %+v", got)
	}
}

func TestOffHours_Refused(t *testing.T) {
	w := newWorld(t, noon)
	hours := &tracker.OffHours{Begin: "0 19 * * 1-5", End: "0 7 * * 1-5"}
	for name, tc := range map[string]struct {
		sc    tracker.Schedule
		field string
	}{
		"no opposite":     {tracker.Schedule{OffHours: hours, Plan: carrying("terminate", "type:EC2_Instance")}, "plan.select.action"},
		"by state":        {tracker.Schedule{OffHours: hours, Plan: carrying("stop", "state:running")}, "plan.select.filter"},
		"no plan":         {tracker.Schedule{OffHours: hours}, "off_hours"},
		"cron too":        {tracker.Schedule{OffHours: hours, Cron: "0 1 * * *", Plan: carrying("stop", "type:EC2_Instance")}, "cron"},
		"a bad beginning": {tracker.Schedule{OffHours: &tracker.OffHours{Begin: "x", End: "0 7 * * *"}, Plan: carrying("stop", "type:EC2_Instance")}, "off_hours.begin"},
		"no end":          {tracker.Schedule{OffHours: &tracker.OffHours{Begin: "0 7 * * *"}, Plan: carrying("stop", "type:EC2_Instance")}, "off_hours.end"},
		"never ends":      {tracker.Schedule{OffHours: &tracker.OffHours{Begin: "0 7 * * *", End: "0 7 30 2 *"}, Plan: carrying("stop", "type:EC2_Instance")}, "off_hours.end"},
		"a deadline":      {tracker.Schedule{OffHours: hours, Deadline: 60, Plan: carrying("stop", "type:EC2_Instance")}, "starting_deadline_seconds"},
	} {
		*w.rules = plans.Rules{AnyScheduledVerb: true}
		tc.sc.Owner = "alice"
		_, err := w.PutSchedule(t.Context(), tc.sc, nil)
		e, ok := errors.AsType[*tracker.Error](err)
		if !ok || e.Field != tc.field || e.Code != tracker.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestChangesAreTold has a person make, change, pause, resume, run and delete a schedule.
func TestChangesAreTold(t *testing.T) {
	w := newWorld(t, noon)
	sc := w.put(tracker.Schedule{Name: "n", Cron: "0 13 * * *", Author: as("alice", "192.0.2.1")})
	change := func(f func(*tracker.Schedule)) {
		t.Helper()
		f(&sc)
		var err error
		if sc, err = w.PutSchedule(t.Context(), sc, nil); err != nil {
			t.Fatal(err)
		}
	}
	change(func(sc *tracker.Schedule) { sc.Cron, sc.Keep = "0 14 * * *", 3 })
	change(func(sc *tracker.Schedule) { sc.Paused = true })
	change(func(sc *tracker.Schedule) { sc.Paused = false })
	if _, _, err := w.RunScheduleOnce(t.Context(), as("alice", "192.0.2.2"), sc.ID, "k"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.RunScheduleOnce(t.Context(), as("alice", "192.0.2.2"), sc.ID, "k"); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteSchedule(t.Context(), as("alice", "192.0.2.3"), sc.ID); err != nil {
		t.Fatal(err)
	}
	lines, err := store.Audit{Store: w.store}.AuditTrail(t.Context(), "alice", "", time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		if l.Schedule != sc.ID || l.Who != "alice" {
			t.Errorf("%+v", l)
		}
		got = append(got, strings.Join([]string{l.What, l.From, l.Detail}, "|"))
	}
	want := []string{
		"schedule.created|192.0.2.1|", "schedule.changed||cron, keep", "schedule.paused||", "schedule.resumed||", "schedule.run|192.0.2.2|asked for beside its times",
		"schedule.deleted|192.0.2.3|n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):", diff)
	}
}

// TestSweep_MakesAChangeWhole cuts the way to Redis after each command of making a
// schedule: once a sweep has come, one that is there is due and told of.
func TestSweep_MakesAChangeWhole(t *testing.T) {
	w := newWorld(t, noon)
	for n := int64(1); ; n++ {
		w.anew()
		cut := &cut{}
		cut.left.Store(n)
		rdb := w.redis.Client(t)
		rdb.(*redis.Client).AddHook(cut)
		_, err := w.worker(w.scans(), rdb).PutSchedule(t.Context(), tracker.Schedule{Owner: "alice", Name: "n", Cron: "0 13 * * *"}, []byte("sealed"))
		if err == nil {
			return
		}
		w.set(noon.Add(time.Minute))
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, _, err := w.Schedules(t.Context(), "alice", "", 10, "")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := store.Audit{Store: w.store}.AuditTrail(t.Context(), "alice", "", time.Time{}, 100)
		if err != nil || len(lines) != len(list) {
			t.Errorf("cut at command %d: %d schedules, %d lines, %v", n, len(list), len(lines), err)
		}
		for _, sc := range list {
			if sc.NextAt == nil {
				t.Errorf("cut at command %d: it is never due", n)
			}
		}
	}
}

// as is a principal of a tenant of the same name, who calls from an address.
func as(name, from string) tracker.Principal {
	return tracker.Principal{Tenant: name, Who: name, Person: name, From: from}
}

// TestFireDue_IsCountedOnce has two workers settle the same ticks.
func TestFireDue_IsCountedOnce(t *testing.T) {
	w := newWorld(t, noon)
	var ticks []string
	count := func(what string) { ticks = append(ticks, what) }
	another := w.worker(w.scans(), w.rdb)
	w.Ticked, another.Ticked = count, count
	w.put(tracker.Schedule{Name: "n", Cron: "0 13 * * *"})
	for _, now := range []time.Time{at(13, 0), at(15, 0).AddDate(0, 0, 1)} {
		w.set(now)
		w.fire()
		if err := another.FireDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"fired", "missed"}, ticks); diff != "" {
		t.Errorf("(-want +got): %s", diff)
	}
}
