package jobs_test

import (
	"context"
	"sync"
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
