package jobs_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

var root = tracker.Principal{Tenant: tracker.DefaultTenant, Who: "key:root"}

// allow sets the accounts that alice may work in.
func (s *system) allow(accounts ...string) {
	s.t.Helper()
	if err := (store.Accounts{Store: s.store}).SetAllowedAccounts(s.t.Context(), root, "alice", accounts); err != nil {
		s.t.Fatal(err)
	}
}

// denials are how often cells of a job ended in an outcome with a code.
func (s *system) denials(id string) map[string]int {
	s.t.Helper()
	cells, err := s.store.Coverage(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	n := map[string]int{}
	for _, c := range cells {
		code := ""
		if c.Error != nil {
			code = c.Error.Code
		}
		n[string(c.Outcome)+" "+code]++
	}
	return n
}

const notAllowed = "denied " + tracker.AccountNotAllowed

func TestAllowed_BeforeAnythingOfADiscovery(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{tracker.KindScan, tracker.KindAccessCheck} {
		t.Run(kind, func(t *testing.T) {
			listed := false
			account := &aws{id: "111111111111", regions: []string{"a"}, list: func() error { listed = true; return nil }}
			s := start(t, account, jobs.Options{})
			s.allow("222222222222")
			sub := tracker.Submission{Kind: kind, Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("AKIA")}
			j, _, err := s.client.Submit(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			j = s.until(j.ID, ended)
			if j.State != tracker.JobFailed || !strings.Contains(j.Reason, "AccountNotAllowed: the credentials are of account 111111111111") {
				t.Errorf("%s because %q", j.State, j.Reason)
			}
			if diff := cmp.Diff(map[string]int{notAllowed: 1}, s.denials(j.ID)); diff != "" || listed || len(account.calls) > 0 {
				t.Error(diff, listed, account.calls)
			}
			s.allow("222222222222", "111111111111")
			sub.OwnFlight = true
			if j, _, err = s.client.Submit(t.Context(), sub); err != nil {
				t.Fatal(err)
			}
			if j = s.until(j.ID, ended); j.State != tracker.JobSucceeded {
				t.Errorf("%s because %q", j.State, j.Reason)
			}
		})
	}
}

// TestAllowed_BeforeEachUnit takes the account away when its regions are found.
func TestAllowed_BeforeEachUnit(t *testing.T) {
	t.Parallel()
	account := &aws{id: "111111111111", regions: []string{"a", "b"}}
	var s *system
	var ready sync.WaitGroup
	ready.Add(1)
	account.list = func() error {
		ready.Wait()
		s.allow("222222222222")
		return nil
	}
	s = start(t, account, jobs.Options{})
	ready.Done()
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobFailed || len(account.calls) > 0 {
		t.Errorf("%s because %q: %v", j.State, j.Reason, account.calls)
	}
	if diff := cmp.Diff(map[string]int{notAllowed: 5}, s.denials(j.ID)); diff != "" {
		t.Error(diff)
	}
}

// metered is an account that reads metrics.
type metered struct {
	*aws
	read bool
}

func (m *metered) Metrics(context.Context, string, string, []tracker.MetricQuery) tracker.MetricValues {
	m.read = true
	return tracker.MetricValues{}
}

func TestAllowed_BeforeMetrics(t *testing.T) {
	t.Parallel()
	account := &metered{aws: &aws{id: "1", regions: []string{"a"}}}
	var s *system
	s = start(t, account.aws, jobs.Options{
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return account, nil },
		Findings: func(ctx context.Context, scanned scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
			if err := (store.Accounts{Store: s.store}).SetAllowedAccounts(ctx, root, "alice", []string{"222222222222"}); err != nil {
				return tracker.FindingsReport{}, err
			}
			return perVolume(ctx, scanned, found)
		},
	})
	j := s.until(s.submit(tracker.ScanRequest{Findings: true}).ID, ended)
	_, r := s.findings(j.ID)
	if len(r.ByRule) != 1 || !strings.Contains(r.ByRule[0].Reason, tracker.AccountNotAllowed) || account.read {
		t.Errorf("%+v, read: %t", r, account.read)
	}
}

func TestAllowed_BeforeALook(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	s.allow("222222222222")
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanFailed, tracker.PlanPlanned)
	if p.State != tracker.PlanFailed || !strings.Contains(p.Reason, tracker.AccountNotAllowed) {
		t.Errorf("%s because %q", p.State, p.Reason)
	}
}

func TestAllowed_BeforeEachStep(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"i-1": "running"})
	s := acting(t, e)
	p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1")}).ID, tracker.PlanPlanned)
	s.allow("222222222222")
	if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
		t.Fatal(err)
	}
	p = s.planUntil(p.ID, tracker.PlanFailed, tracker.PlanSucceeded)
	its, _, err := s.plans().PlanItems(t.Context(), p.ID, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	l := its[0].Ledger
	if l.State != tracker.ItemFailed || l.Error == nil || l.Error.Code != tracker.AccountNotAllowed || len(e.order) > 0 {
		t.Errorf("%+v, sent %v", l, e.order)
	}
}

// lent opens every seal as the same credentials.
type lent tracker.Credentials

func (l lent) Open([]byte, ...tracker.SealedFor) (tracker.Credentials, error) {
	return tracker.Credentials(l), nil
}

// TestLent_ToRegisteredAccountsOnly has the server's own identity enter accounts. Seals do
// not tell who made them, so what is in one decides nothing.
func TestLent_ToRegisteredAccountsOnly(t *testing.T) {
	t.Parallel()
	const role, stranger = "arn:aws:iam::111111111111:role/r", "arn:aws:iam::222222222222:role/r"
	server := tracker.Credentials{Server: true}
	named := func(name string) tracker.Credentials { return tracker.Credentials{Server: true, Account: name} }
	several := func(refs ...tracker.AccountRef) tracker.ScanRequest { return tracker.ScanRequest{Accounts: refs} }
	for _, tc := range []struct {
		name, tenant string
		creds        tracker.Credentials
		request      tracker.ScanRequest
		id           string // of the account that it leads to
		code         string // of the failure; "" when it is entered
	}{
		{"registered", "alice", named("prod"), tracker.ScanRequest{}, "111111111111", ""},
		{"registered, in a list", "alice", server, several(tracker.AccountRef{Account: "prod", RoleARN: role}), "111111111111", ""},
		{"leads elsewhere", "alice", named("prod"), tracker.ScanRequest{}, "333333333333", tracker.AccountMismatch},
		{"another tenant's", "bob", named("prod"), tracker.ScanRequest{}, "111111111111", tracker.AccountNotRegistered},
		{"not registered", "alice", named("dev"), tracker.ScanRequest{}, "111111111111", tracker.AccountNotRegistered},
		{"a role in the seal", "alice", tracker.Credentials{Server: true, RoleARN: role}, tracker.ScanRequest{}, "111111111111", tracker.AccountNotRegistered},
		{"a role in a list", "alice", server, several(tracker.AccountRef{RoleARN: role}), "111111111111", tracker.AccountNotRegistered},
		{"another role beside the name", "alice", named("prod"), several(tracker.AccountRef{Account: "prod", RoleARN: stranger}), "111111111111", ""},
		{"the server's own account", "alice", server, tracker.ScanRequest{}, "999999999999", tracker.AccountNotRegistered},
		{"the server's own account, by its operators", tracker.DefaultTenant, server, tracker.ScanRequest{}, "999999999999", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var opened []tracker.Credentials
			account := &aws{id: tc.id, regions: []string{"a"}}
			s := start(t, account, jobs.Options{Opener: lent(tc.creds), Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
				mu.Lock()
				defer mu.Unlock()
				opened = append(opened, c)
				return account, nil
			}})
			prod := tracker.RegisteredAccount{Name: "prod", AccountID: "111111111111", RoleARN: role, ExternalID: "rt-made"}
			if err := (store.Accounts{Store: s.store}).AddAccount(t.Context(), as("alice"), prod); err != nil {
				t.Fatal(err)
			}
			j, _, err := s.client.Submit(t.Context(), tracker.Submission{Owner: tc.tenant, Lane: tracker.LaneInteractive, Sealed: []byte("s"), Request: tc.request})
			if err != nil {
				t.Fatal(err)
			}
			j = s.untilOf(tc.tenant, j.ID, ended)
			mu.Lock()
			defer mu.Unlock()
			for _, c := range opened {
				if c.RoleARN != "" && (c.RoleARN != role || c.ExternalID != "rt-made") {
					t.Errorf("entered %s with the external ID %q", c.RoleARN, c.ExternalID)
				}
			}
			if tc.code == "" {
				if j.State != tracker.JobSucceeded || len(opened) == 0 {
					t.Errorf("%s because %q: %v", j.State, j.Reason, s.denials(j.ID))
				}
				return
			}
			if diff := cmp.Diff(map[string]int{"denied " + tc.code: 1}, s.denials(j.ID)); diff != "" || j.State != tracker.JobFailed || len(account.calls) > 0 {
				t.Error(j.State, diff, account.calls)
			}
		})
	}
}

// TestLent_UntilItIsForgotten forgets an account when its regions are found.
func TestLent_UntilItIsForgotten(t *testing.T) {
	t.Parallel()
	account := &aws{id: "111111111111", regions: []string{"a"}}
	var s *system
	account.list = func() error {
		return store.Accounts{Store: s.store}.DeleteAccount(context.Background(), as("alice"), "prod")
	}
	s = start(t, account, jobs.Options{Opener: lent{Server: true, Account: "prod"}})
	prod := tracker.RegisteredAccount{Name: "prod", RoleARN: "arn:aws:iam::111111111111:role/r"}
	if err := (store.Accounts{Store: s.store}).AddAccount(t.Context(), as("alice"), prod); err != nil {
		t.Fatal(err)
	}
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if diff := cmp.Diff(map[string]int{"denied " + tracker.AccountNotRegistered: 3}, s.denials(j.ID)); diff != "" || len(account.calls) > 0 {
		t.Error(j.State, diff, account.calls)
	}
}
