package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// sealed is a system whose credentials are really sealed. No worker runs yet.
type sealed struct {
	*system
	keys   *sealing.Sealer
	with   tracker.Credentials // what is sealed
	opened atomic.Int64        // accounts
}

func startSealed(t *testing.T) *sealed {
	t.Helper()
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := sealing.NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	rdb := redistest.Start(t).Client(t)
	s := &sealed{system: &system{t: t, rdb: rdb, store: store.New(rdb, store.Options{})}, keys: keys}
	s.with = tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "s"}
	s.client = jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: asynq.NewClientFromRedisClient(rdb), Actions: actions})
	e := newEstate(map[string]string{"i-1": "running"})
	s.opts = jobs.Options{
		Store: s.store, Redis: rdb, Types: types, Opener: opener, Actions: actions, Confirm: 1,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { s.opened.Add(1); return e, nil },
	}
	return s
}

// seal seals credentials for a thing of a tenant.
func (s *sealed) seal(tenant string, kind tracker.SealKind) tracker.Seal {
	return func(id string) ([]byte, error) {
		return s.keys.Seal(s.with, tracker.SealedFor{Tenant: tenant, Kind: kind, ID: id})
	}
}

// holder is a thing whose seal is kept at a key of Redis, in a field where it is a hash.
type holder struct{ id, key, field string }

func (s *sealed) scanOf(tenant, kind string) holder {
	j, _, err := s.client.Submit(s.t.Context(), tracker.Submission{Kind: kind, Owner: tenant, Lane: tracker.LaneInteractive, Seal: s.seal(tenant, tracker.SealJob), OwnFlight: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return holder{j.ID, "rt:{" + j.ID + "}:x", ""}
}

func (s *sealed) planOf(tenant string) holder {
	p, _, err := s.client.AddPlan(s.t.Context(), tracker.PlanSubmission{
		Owner: tenant, Seal: s.seal(tenant, tracker.SealPlan), Request: tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return holder{p.ID, "rt:{" + p.ID + "}:x", ""}
}

func (s *sealed) scheduleOf(tenant string, plan bool) holder {
	sc := tracker.Schedule{Owner: tenant, Name: "n", EverySeconds: 3600}
	if plan {
		sc.Plan = &tracker.PlanRequest{Select: &tracker.PlanSelection{Verb: "stop"}}
	}
	sc, _, err := s.client.AddSchedule(s.t.Context(), sc, s.seal(tenant, tracker.SealSchedule), "", "")
	if err != nil {
		s.t.Fatal(err)
	}
	return holder{sc.ID, "rt:schedule:{" + sc.ID + "}", "x"}
}

// steal puts the seal of one holder in the place of another's, as whoever can write
// Redis may.
func (s *sealed) steal(from, to holder) {
	s.t.Helper()
	get := s.rdb.Get(s.t.Context(), from.key)
	if from.field != "" {
		get = s.rdb.HGet(s.t.Context(), from.key, from.field)
	}
	b, err := get.Bytes()
	if err != nil {
		s.t.Fatal(err)
	}
	if to.field != "" {
		err = s.rdb.HSet(s.t.Context(), to.key, to.field, b).Err()
	} else {
		err = s.rdb.Set(s.t.Context(), to.key, b, 0).Err()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// run runs a schedule's scan now.
func (s *sealed) run(tenant string, schedule holder) string {
	s.t.Helper()
	j, err := s.client.RunSchedule(s.t.Context(), tenant, schedule.id)
	if err != nil {
		s.t.Fatal(err)
	}
	return j.ID
}

// TestSeals_OfAnotherAreRefused puts seals where they do not belong: nothing is opened
// with them, and whose they should have been says so.
func TestSeals_OfAnotherAreRefused(t *testing.T) {
	t.Parallel()
	const scan, check = tracker.KindScan, tracker.KindAccessCheck
	for _, tc := range []struct {
		name string
		job  func(s *sealed) string // the ID of the job to follow
		plan func(s *sealed) string // or of the plan
		ok   bool
	}{
		{name: "a scan's own", ok: true, job: func(s *sealed) string { return s.scanOf("alice", scan).id }},
		{name: "a plan's own", ok: true, plan: func(s *sealed) string { return s.planOf("alice").id }},
		{name: "a schedule's own", ok: true, job: func(s *sealed) string { return s.run("alice", s.scheduleOf("alice", false)) }},
		{name: "another scan's", job: func(s *sealed) string { return s.stolen(s.scanOf("alice", scan), s.scanOf("alice", scan)) }},
		{name: "another tenant's scan's", job: func(s *sealed) string { return s.stolen(s.scanOf("bob", scan), s.scanOf("alice", scan)) }},
		{name: "a scan's, by an access check", job: func(s *sealed) string { return s.stolen(s.scanOf("alice", scan), s.scanOf("alice", check)) }},
		{name: "another tenant's access check's", job: func(s *sealed) string { return s.stolen(s.scanOf("bob", check), s.scanOf("alice", check)) }},
		{name: "another plan's", plan: func(s *sealed) string { return s.stolen(s.planOf("alice"), s.planOf("alice")) }},
		{name: "another tenant's plan's", plan: func(s *sealed) string { return s.stolen(s.planOf("bob"), s.planOf("alice")) }},
		{name: "a scan's, by a plan", plan: func(s *sealed) string { return s.stolen(s.scanOf("alice", scan), s.planOf("alice")) }},
		{name: "a schedule's, by a scan", job: func(s *sealed) string { return s.stolen(s.scheduleOf("alice", false), s.scanOf("alice", scan)) }},
		{name: "another schedule's", job: func(s *sealed) string {
			to := s.scheduleOf("alice", false)
			s.steal(s.scheduleOf("alice", false), to)
			return s.run("alice", to)
		}},
		{name: "another tenant's schedule's", job: func(s *sealed) string {
			to := s.scheduleOf("alice", false)
			s.steal(s.scheduleOf("bob", false), to)
			return s.run("alice", to)
		}},
		{name: "another tenant's schedule's, by a scan that says it started it", job: func(s *sealed) string {
			from, to := s.scheduleOf("bob", false), s.scanOf("alice", scan)
			s.write("rt:{"+to.id+"}:m", "schedule", from.id)
			return s.stolen(from, to)
		}},
		{name: "another tenant's schedule's, by a plan that says it started it", plan: func(s *sealed) string {
			from, to := s.scheduleOf("bob", true), s.planOf("alice")
			s.write("rt:{"+to.id+"}:pm", "schedule", from.id)
			return s.stolen(from, to)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := startSealed(t)
			follow, state, reason := "", "", ""
			if tc.job != nil {
				follow = tc.job(s)
				s.alone(follow)
				s.worker()
				j := s.until(follow, ended)
				state, reason = string(j.State), j.Reason
			} else {
				follow = tc.plan(s)
				s.alone(follow)
				s.worker()
				p := s.planUntil(follow, tracker.PlanPlanned, tracker.PlanFailed)
				state, reason = string(p.State), p.Reason
			}
			if tc.ok {
				if state == "failed" || s.opened.Load() == 0 {
					t.Errorf("%s because %q", state, reason)
				}
				return
			}
			if state != "failed" || !strings.Contains(reason, "sealed for another tenant, job, plan or schedule") || s.opened.Load() != 0 {
				t.Errorf("%s because %q, %d accounts opened", state, reason, s.opened.Load())
			}
		})
	}
}

func (s *sealed) stolen(from, to holder) string {
	s.t.Helper()
	s.steal(from, to)
	return to.id
}

func (s *sealed) write(key, field, value string) {
	s.t.Helper()
	if err := s.rdb.HSet(s.t.Context(), key, field, value).Err(); err != nil {
		s.t.Fatal(err)
	}
}

// alone leaves no job to the workers but one.
func (s *sealed) alone(id string) {
	s.t.Helper()
	inspector := asynq.NewInspectorFromRedisClient(s.rdb)
	queues, err := inspector.Queues()
	if err != nil {
		s.t.Fatal(err)
	}
	left := 0
	for _, q := range queues {
		tasks, err := inspector.ListPendingTasks(q)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, task := range tasks {
			if strings.Contains(string(task.Payload), id) {
				left++
				continue
			}
			if err := inspector.DeleteTask(q, task.ID); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	if left != 1 {
		s.t.Fatalf("%d tasks of %s", left, id)
	}
}

// TestSeals_AreMadeForWhatAKeyNamed has the first use of an idempotency key die before it
// made its job: the second seals for that job, not for one of its own.
func TestSeals_AreMadeForWhatAKeyNamed(t *testing.T) {
	t.Parallel()
	s := startSealed(t)
	sub := tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, IdempotencyKey: "k", OwnFlight: true}
	died := fmt.Errorf("died")
	first := ""
	sub.Seal = func(id string) ([]byte, error) { first = id; return nil, died }
	if _, _, err := s.client.Submit(t.Context(), sub); err == nil {
		t.Fatal("not died")
	}
	sub.Seal = s.seal("alice", tracker.SealJob)
	j, created, err := s.client.Submit(t.Context(), sub)
	if err != nil || !created || j.ID != first {
		t.Fatalf("%s, want %s, %t, %v", j.ID, first, created, err)
	}
	s.worker()
	if j := s.until(j.ID, ended); j.State == tracker.JobFailed {
		t.Errorf("%s because %q", j.State, j.Reason)
	}
}

// TestSeals_OfARetry has a retry of a schedule's run bring credentials of its own.
func TestSeals_OfARetry(t *testing.T) {
	t.Parallel()
	s := startSealed(t)
	to := s.scheduleOf("alice", false)
	s.steal(s.scheduleOf("bob", false), to)
	run := s.run("alice", to)
	s.worker()
	if j := s.until(run, ended); j.State != tracker.JobFailed {
		t.Fatal(j.State, j.Reason)
	}
	again, err := s.seal("alice", tracker.SealJob)(run)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.Retry(t.Context(), as("alice"), run, again); err != nil {
		t.Fatal(err)
	}
	if j := s.until(run, ended); j.State == tracker.JobFailed {
		t.Errorf("%s because %q", j.State, j.Reason)
	}
}

// byClient is keys that a client has sealed itself, to be taken within a time.
func byClient(t *testing.T, to *sealing.Sealer, tenant string, within time.Duration) tracker.Credentials {
	t.Helper()
	keys, err := client.Seal(client.Keys{AccessKeyID: "AKIA", SecretAccessKey: "s"}, to.Recipient(), tenant, time.Now().Add(within))
	if err != nil {
		t.Fatal(err)
	}
	return tracker.Credentials{Sealed: keys}
}

// TestSeals_OfClients has scans, access checks and plans work with keys that a client has
// sealed, or end with the name of what is wrong with them.
func TestSeals_OfClients(t *testing.T) {
	for _, tc := range []struct {
		name string
		with func(t *testing.T, s *sealed) tracker.Credentials
		code string
	}{
		{"whole", func(t *testing.T, s *sealed) tracker.Credentials {
			t.Helper()
			return byClient(t, s.keys, "alice", time.Minute)
		}, ""},
		{"expired", func(t *testing.T, s *sealed) tracker.Credentials {
			t.Helper()
			return byClient(t, s.keys, "alice", -time.Second)
		}, tracker.SealExpired},
		{"of another tenant", func(t *testing.T, s *sealed) tracker.Credentials {
			t.Helper()
			return byClient(t, s.keys, "bob", time.Minute)
		}, tracker.SealOfAnotherTenant},
		{"to another key", func(t *testing.T, _ *sealed) tracker.Credentials {
			t.Helper()
			return byClient(t, startSealed(t).keys, "alice", time.Minute)
		}, tracker.SealToAnotherKey},
		{"malformed", func(*testing.T, *sealed) tracker.Credentials { return tracker.Credentials{Sealed: "QUtJQQ=="} }, tracker.SealMalformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := startSealed(t)
			s.with = tc.with(t, s)
			scan, check, plan := s.scanOf("alice", tracker.KindScan), s.scanOf("alice", tracker.KindAccessCheck), s.planOf("alice")
			s.worker()
			for _, id := range []string{scan.id, check.id} {
				j := s.until(id, ended)
				if tc.code == "" && (j.State == tracker.JobFailed || s.opened.Load() == 0) {
					t.Errorf("%s because %q", j.State, j.Reason)
				}
				if tc.code != "" && (j.State != tracker.JobFailed || !strings.Contains(j.Reason, tc.code) || j.Progress.ByOutcome[tracker.OutcomeBadCreds] != 1) {
					t.Errorf("%s because %q, %v", j.State, j.Reason, j.Progress.ByOutcome)
				}
			}
			p := s.planUntil(plan.id, tracker.PlanPlanned, tracker.PlanFailed)
			if failed := p.State == tracker.PlanFailed; failed != (tc.code != "") || !strings.Contains(p.Reason, tc.code) {
				t.Errorf("the plan is %s because %q", p.State, p.Reason)
			}
			if tc.code != "" && s.opened.Load() != 0 {
				t.Error("an account was opened")
			}
		})
	}
}
