package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	production = "111122223333"
	staging    = "444455556666"
)

// jobsOf are the jobs in the owner's list of an account, a question mark at those of which it is not known.
func jobsOf(t *testing.T, s *store.Store, owner, account string) string {
	t.Helper()
	var all []string
	for cursor := ""; ; {
		jobs, next, err := s.Jobs(t.Context(), owner, cursor, 2, tracker.JobsWanted{Account: account})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			all = append(all, j.ID+marked(j.AccountUnknown))
		}
		if cursor = next; next == "" {
			slices.Sort(all)
			return strings.Join(all, " ")
		}
	}
}

func marked(unknown bool) string {
	if unknown {
		return "?"
	}
	return ""
}

// expand replaces a discovery by cells of accounts, a type in a region each.
func expand(t *testing.T, s *store.Store, job, of string, units ...string) {
	t.Helper()
	fixture{t, s, tracker.Job{ID: job}}.begin(of + "/*")
	var found []store.Found
	for _, u := range units {
		kind := tracker.Type("EC2_Instance")
		if strings.HasSuffix(u, "/*") {
			kind = tracker.Any
		}
		found = append(found, store.Found{Unit: u, Types: []tracker.Type{kind}})
	}
	if _, err := s.Expand(t.Context(), job, tracker.Cell{AccountID: of, Region: tracker.Any, Type: tracker.Any}, found); err != nil {
		t.Fatal(err)
	}
}

// asked opens a job whose credentials say their account.
func asked(t *testing.T, s *store.Store, id, account string, r tracker.ScanRequest, discovers ...string) {
	t.Helper()
	sub := submission(id, r)
	sub.Account = account
	if _, err := s.Submit(t.Context(), sub, discovers, time.Hour); err != nil {
		t.Fatal(err)
	}
}

func role(account string) tracker.AccountRef {
	return tracker.AccountRef{RoleARN: "arn:aws:iam::" + account + ":role/tracker"}
}

func TestJobs_OfAnAccount(t *testing.T) {
	s, _ := open(t, store.Options{})
	self, organization := tracker.SelfAccount, tracker.OrganizationAccount
	// Keys say nothing before AWS has; a role does.
	for _, id := range []string{"keys", "keys-new", "keys-staging"} {
		asked(t, s, id, "", tracker.ScanRequest{}, self)
	}
	expand(t, s, "keys", self, production+"/eu-west-1", production+"/global")
	expand(t, s, "keys-staging", self, staging+"/eu-west-1")
	asked(t, s, "role", production, tracker.ScanRequest{}, self)
	asked(t, s, "role-staging", staging, tracker.ScanRequest{}, self)
	asked(t, s, "roles", "", tracker.ScanRequest{Accounts: []tracker.AccountRef{role(staging), role(production)}}, staging, production)
	// An organisation's credentials are of one account, the scan of many.
	for _, id := range []string{"org", "org-new", "org-staging"} {
		asked(t, s, id, staging, tracker.ScanRequest{Organization: true}, organization)
	}
	expand(t, s, "org", organization, production+"/*", staging+"/*")
	expand(t, s, "org", production, production+"/eu-west-1")
	expand(t, s, "org-staging", organization, staging+"/*")

	for account, want := range map[string]string{
		production:     "keys keys-new? org org-new? role roles",
		staging:        "keys-new? keys-staging org org-new? org-staging role-staging roles",
		"777788889999": "keys-new? org-new?",
		"":             "keys keys-new keys-staging org org-new org-staging role role-staging roles",
	} {
		if diff := cmp.Diff(want, jobsOf(t, s, "alice", account)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", account, diff)
		}
	}
	if got := jobsOf(t, s, "mallory", production); got != "" {
		t.Error("mallory lists", got)
	}

	// What was never found out stays, and says so.
	f := fixture{t, s, tracker.Job{ID: "keys-new"}}
	if _, err := s.Drain(t.Context(), f.j.ID, "refused", tracker.Failure{Outcome: tracker.OutcomeBadCreds, Message: "no"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Finish(t.Context(), f.j.ID); err != nil {
		t.Fatal(err)
	}
	if got := jobsOf(t, s, "alice", "777788889999"); got != "keys-new? org-new?" {
		t.Error(got)
	}
}

// plansOf are the plans in the owner's list of an account, as jobsOf has them.
func plansOf(t *testing.T, s store.Plans, owner, account string) string {
	t.Helper()
	plans, _, err := s.Plans(t.Context(), owner, "", 10, account)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, p := range plans {
		all = append(all, p.ID+marked(p.AccountUnknown))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestPlans_OfAnAccount(t *testing.T) {
	rdb := startRedis(t)
	s := store.Plans{Store: store.New(rdb, store.Options{})}
	for id, account := range map[string]string{"role": production, "role-staging": staging, "keys": "", "keys-new": ""} {
		p := tracker.Plan{ID: id, Owner: "alice", Author: "alice", AccountID: account, ExpiresAt: time.Now().Add(time.Hour)}
		if _, err := s.CreatePlan(t.Context(), p, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.NoteAccount(t.Context(), "keys", production); err != nil {
			t.Fatal(err)
		}
	}
	// A plan that is gone is not made anew by what is noted of it.
	if err := s.NoteAccount(t.Context(), "gone", production); err != nil || rdb.Exists(t.Context(), "rt:{gone}:pm").Val() != 0 {
		t.Error(err)
	}
	for account, want := range map[string]string{
		production: "keys keys-new? role", staging: "keys-new? role-staging", "777788889999": "keys-new?", "": "keys keys-new role role-staging",
	} {
		if got := plansOf(t, s, "alice", account); got != want {
			t.Errorf("%q: %s, want %s", account, got, want)
		}
	}
	if got := plansOf(t, s, "mallory", production); got != "" {
		t.Error("mallory lists", got)
	}
	if p, err := s.Plan(t.Context(), "alice", "keys"); p.AccountID != production || p.AccountUnknown || err != nil {
		t.Errorf("%+v, %v", p, err)
	}
}

// schedulesOf are the schedules in the owner's list of an account, as jobsOf has them.
func schedulesOf(t *testing.T, s store.Schedules, owner, account string) string {
	t.Helper()
	var all []string
	for cursor := ""; ; {
		list, next, err := s.Schedules(t.Context(), owner, cursor, 2, account)
		if err != nil {
			t.Fatal(err)
		}
		for _, sc := range list {
			all = append(all, sc.ID+marked(sc.AccountUnknown))
		}
		if cursor = next; next == "" {
			return strings.Join(all, " ")
		}
	}
}

func TestSchedules_OfAnAccount(t *testing.T) {
	s, _ := open(t, store.Options{})
	list := store.Schedules{Store: s}
	write := func(sc tracker.Schedule, isNew bool) {
		t.Helper()
		sc.Owner, sc.Name, sc.EverySeconds, sc.Keep = "alice", sc.ID, 3600, 10
		what := "schedule.changed"
		if isNew {
			what = "schedule.created"
		}
		if err := list.PutSchedule(t.Context(), sc, []byte("sealed"), isNew, tracker.ScheduleEvent{What: what}); err != nil {
			t.Fatal(err)
		}
	}
	ran := func(id, run string, e tracker.ScheduleEvent) {
		t.Helper()
		sc, err := list.Schedule(t.Context(), "alice", id)
		if err == nil {
			err = list.NoteRun(t.Context(), sc, run)
		}
		if err == nil {
			err = list.NoteManual(t.Context(), sc, e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	plan := &tracker.PlanRequest{Select: &tracker.PlanSelection{Verb: "stop"}}
	write(tracker.Schedule{ID: "a-role", RoleARN: role(production).RoleARN}, true)
	write(tracker.Schedule{ID: "b-role-staging", RoleARN: role(staging).RoleARN, Plan: plan}, true)
	write(tracker.Schedule{ID: "c-roles", Request: tracker.ScanRequest{Accounts: []tracker.AccountRef{role(production), role(staging)}}}, true)
	write(tracker.Schedule{ID: "d-own-never-ran"}, true)
	write(tracker.Schedule{ID: "e-own"}, true)
	write(tracker.Schedule{ID: "f-org", RoleARN: role(staging).RoleARN, Request: tracker.ScanRequest{Organization: true}}, true)
	write(tracker.Schedule{ID: "g-own-plan", Plan: plan}, true)
	write(tracker.Schedule{ID: "h-changed"}, true)

	for _, id := range []string{"e", "h"} {
		asked(t, s, "job-"+id, "", tracker.ScanRequest{}, tracker.SelfAccount)
		expand(t, s, "job-"+id, tracker.SelfAccount, production+"/eu-west-1")
	}
	ran("e-own", "job-e", tracker.ScheduleEvent{What: "schedule.run", Job: "job-e"})
	ran("h-changed", "job-h", tracker.ScheduleEvent{What: "schedule.run", Job: "job-h"})
	asked(t, s, "job-f", staging, tracker.ScanRequest{Organization: true}, tracker.OrganizationAccount)
	expand(t, s, "job-f", tracker.OrganizationAccount, production+"/*")
	ran("f-org", "job-f", tracker.ScheduleEvent{What: "schedule.run", Job: "job-f"})
	p := tracker.Plan{ID: "plan-g", Owner: "alice", Author: "alice", AccountID: production, ExpiresAt: time.Now().Add(time.Hour)}
	if _, err := (store.Plans{Store: s}).CreatePlan(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	ran("g-own-plan", "plan-g", tracker.ScheduleEvent{What: "schedule.run", PlanID: "plan-g"})
	// Its newest run is of what it was before.
	write(tracker.Schedule{ID: "h-changed", Name: "of another account now"}, false)

	for account, want := range map[string]string{
		production:     "a-role c-roles d-own-never-ran? e-own f-org g-own-plan h-changed?",
		staging:        "b-role-staging c-roles d-own-never-ran? h-changed?",
		"777788889999": "d-own-never-ran? h-changed?",
		"":             "a-role b-role-staging c-roles d-own-never-ran e-own f-org g-own-plan h-changed",
	} {
		if got := schedulesOf(t, list, "alice", account); got != want {
			t.Errorf("%q: %s, want %s", account, got, want)
		}
	}
	if got := schedulesOf(t, list, "mallory", production); got != "" {
		t.Error("mallory lists", got)
	}
}
