package jobs_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestSubmit_Once(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	release := make(chan struct{})
	account.scan = func(ctx context.Context, _ string, _ tracker.Type) error {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	sub := tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("AKIA"), IdempotencyKey: "k"}
	submit := func() (tracker.Job, bool) {
		t.Helper()
		j, created, err := s.client.Submit(t.Context(), sub)
		if err != nil {
			t.Fatal(err)
		}
		return j, created
	}
	one, created := submit()
	if again, second := submit(); !created || second || again.ID != one.ID {
		t.Errorf("the same key made %s and %s", one.ID, again.ID)
	}
	sub.IdempotencyKey = ""
	joined, created := submit()
	if created || joined.ID == one.ID {
		t.Errorf("the second of the same scans: %s, created %v", joined.ID, created)
	}
	sub.OwnFlight = true
	if own, created := submit(); !created || own.ID == one.ID {
		t.Errorf("own flight: %s, created %v", own.ID, created)
	}
	close(release)
	if a, b := s.until(one.ID, ended), s.until(joined.ID, ended); a.ID != b.ID || a.State != tracker.JobSucceeded {
		t.Errorf("%s is %s, %s is %s", a.ID, a.State, b.ID, b.State)
	}
	sub.OwnFlight = false
	if next, created := submit(); !created || next.ID == one.ID {
		t.Errorf("a finished flight was joined")
	}
}

func TestSubmit_Accounts(t *testing.T) {
	t.Parallel()
	roles := []tracker.AccountRef{{RoleARN: "arn:aws:iam::111111111111:role/r"}, {RoleARN: "arn:aws:iam::222222222222:role/r", Regions: []string{"z"}}}
	var opened sync.Map
	s := start(t, nil, jobs.Options{Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		opened.Store(c.RoleARN, true)
		if c.RoleARN == roles[0].RoleARN {
			return &aws{identity: func() error { return fail(tracker.OutcomeDenied) }}, nil
		}
		return &aws{id: "222222222222", regions: []string{"a"}}, nil
	}})
	j := s.until(s.submit(tracker.ScanRequest{Accounts: roles}).ID, ended)
	want := map[string]tracker.Outcome{
		"111111111111/*/*": "denied", "222222222222/z/EBS_Volume": "ok", "222222222222/z/EC2_Instance": "ok", "222222222222/global/IAM_User": "ok",
	}
	if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" || j.State != tracker.JobPartial {
		t.Errorf("%s: %s", j.State, diff)
	}
	for name, r := range map[string]tracker.ScanRequest{
		"one account twice": {Accounts: []tracker.AccountRef{roles[0], roles[0]}},
		"no role":           {Accounts: []tracker.AccountRef{{RoleARN: "arn:aws:s3:::b"}}},
		"both":              {Accounts: roles, Organization: true},
		"switched off":      {Organization: true},
	} {
		if _, _, err := s.client.Submit(t.Context(), tracker.Submission{Owner: "alice", Request: r}); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSubmit_Organization(t *testing.T) {
	t.Parallel()
	for region, role := range map[string]string{
		"us-east-1":     "arn:aws:iam::222222222222:role/audit",
		"cn-north-1":    "arn:aws-cn:iam::222222222222:role/audit",
		"us-gov-west-1": "arn:aws-us-gov:iam::222222222222:role/audit",
	} {
		t.Run(region, func(t *testing.T) {
			s := start(t, nil, jobs.Options{OrganizationRole: "audit", Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
				if c.RoleARN == role {
					return &aws{id: "222222222222", regions: []string{"a"}}, nil
				}
				return &aws{id: "111111111111", home: region, regions: []string{"a"}, members: []string{"111111111111", "222222222222"}}, nil
			}})
			j := s.until(s.submit(tracker.ScanRequest{Organization: true, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
			want := map[string]tracker.Outcome{"111111111111/a/EBS_Volume": "ok", "222222222222/a/EBS_Volume": "ok"}
			if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" || j.State != tracker.JobSucceeded {
				t.Errorf("%s: %s", j.State, diff)
			}
		})
	}
}

// TestSubmit_OrganizationIsKnownOnce: a worker asks once whose the credentials of a job are,
// however many accounts the organisation has.
func TestSubmit_OrganizationIsKnownOnce(t *testing.T) {
	t.Parallel()
	const members = 30
	var asked atomic.Int64
	s := start(t, nil, jobs.Options{OrganizationRole: "audit", Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		if c.RoleARN != "" {
			return &aws{id: tracker.AccountOfRole(c.RoleARN), regions: []string{"a", "b"}}, nil
		}
		own := &aws{id: "100000000000", home: "us-east-1", regions: []string{"a", "b"}, identity: func() error { asked.Add(1); return nil }}
		for i := range members {
			own.members = append(own.members, fmt.Sprint(100000000000+i))
		}
		return own, nil
	}})
	j := s.until(s.submit(tracker.ScanRequest{Organization: true, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Progress.CellsClosed != 2*members {
		t.Errorf("%s with %d cells because %q", j.State, j.Progress.CellsClosed, j.Reason)
	}
	if n := asked.Load(); n > 2 { // to enter the members, and by the discovery of the account itself
		t.Errorf("asked %d times", n)
	}
}

// TestSubmit_AccountsAreEnteredSideBySide: who is asked whose the credentials of one account
// are keeps no other waiting.
func TestSubmit_AccountsAreEnteredSideBySide(t *testing.T) {
	t.Parallel()
	roles := []tracker.AccountRef{{RoleARN: "arn:aws:iam::111111111111:role/r"}, {RoleARN: "arn:aws:iam::222222222222:role/r"}}
	var both sync.WaitGroup
	both.Add(len(roles))
	s := start(t, nil, jobs.Options{Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		var once sync.Once
		return &aws{id: tracker.AccountOfRole(c.RoleARN), regions: []string{"a"}, identity: func() error {
			once.Do(func() { both.Done(); both.Wait() })
			return nil
		}}, nil
	}})
	s.allow("111111111111", "222222222222")
	if j := s.until(s.submit(tracker.ScanRequest{Accounts: roles}).ID, ended); j.State != tracker.JobSucceeded {
		t.Errorf("%s because %q", j.State, j.Reason)
	}
}
