package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/tracker"
)

func (s *system) check(r tracker.ScanRequest) tracker.Job {
	s.t.Helper()
	j, _, err := s.client.Submit(s.t.Context(), tracker.Submission{
		Kind: tracker.KindAccessCheck, Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("AKIA"), Request: r,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return j
}

// denied is why AWS refused a call.
func denied(api string) error {
	return &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: api, Message: "why"}
}

func TestAccessCheck(t *testing.T) {
	t.Parallel()
	const lookUp = "the calls that could be tried are allowed; IAM's simulation denies ec2:DescribeTags, which a scan calls as soon as there is a resource"
	deny := func(typ tracker.Type, api string) func(context.Context, string, tracker.Type) error {
		return func(_ context.Context, _ string, t tracker.Type) error {
			if t == typ {
				return denied(api)
			}
			return nil
		}
	}
	instance := tracker.Cell{AccountID: "1", Region: "a", Type: "EC2_Instance"}
	refused := tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: "ec2:DescribeInstances", Message: "why"}
	with := func(f tracker.Failure, missing ...string) *tracker.Failure {
		f.Missing = missing
		return &f
	}
	both := tracker.CheckSimulation
	for _, tc := range []struct {
		name     string
		scan     func(context.Context, string, tracker.Type) error
		simulate func(string) ([]string, error)
		allowed  []string
		method   tracker.CheckMethod
		state    tracker.JobState
		failure  *tracker.Failure // of the instances in region a
	}{
		{name: "all allowed", method: both, state: tracker.JobSucceeded},
		{
			name: "a list is denied", scan: deny("EC2_Instance", "ec2:DescribeInstances"), method: both,
			state: tracker.JobPartial, failure: with(refused, "ec2:DescribeInstances"),
		},
		{
			name: "a list is denied and IAM denies another call", scan: deny("EC2_Instance", "ec2:DescribeInstances"), method: both,
			simulate: func(string) ([]string, error) { return []string{"ec2:DescribeTags"}, nil },
			state:    tracker.JobPartial, failure: with(refused, "ec2:DescribeInstances", "ec2:DescribeTags"),
		},
		{
			name: "IAM denies what no probe reached", method: both, allowed: []string{"ec2:DescribeInstances"},
			simulate: func(string) ([]string, error) { return []string{"ec2:DescribeTags"}, nil },
			state:    tracker.JobPartial, failure: &tracker.Failure{Outcome: tracker.OutcomeDenied, Message: lookUp, Missing: []string{"ec2:DescribeTags"}},
		},
		{
			name: "IAM denies what a probe has seen let through", method: both, allowed: []string{"ec2:DescribeInstances", "ec2:DescribeTags"},
			simulate: func(string) ([]string, error) { return []string{"ec2:DescribeTags"}, nil }, state: tracker.JobSucceeded,
		},
		{
			name: "IAM may not be asked", method: tracker.CheckProbe, scan: deny("EC2_Instance", "ec2:DescribeInstances"),
			simulate: func(string) ([]string, error) { return nil, denied("iam:SimulatePrincipalPolicy") },
			state:    tracker.JobPartial, failure: with(refused, "ec2:DescribeInstances", "ec2:DescribeTags"),
		},
		{
			name: "not a matter of permissions", method: both, scan: func(_ context.Context, _ string, typ tracker.Type) error {
				if typ == "EC2_Instance" {
					return fail(tracker.OutcomeNotOptedIn)
				}
				return nil
			},
			state: tracker.JobPartial, failure: &tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "not_opted_in", Message: "why"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			account := &aws{id: "1", regions: []string{"a"}, scan: tc.scan, simulate: tc.simulate, allowed: tc.allowed}
			s := start(t, account, jobs.Options{})
			j := s.until(s.check(tracker.ScanRequest{}).ID, ended)
			if j.State != tc.state || j.Kind != tracker.KindAccessCheck || j.Progress.CellsTotal != 3 {
				t.Errorf("%s of %d cells ended %s: %s", j.Kind, j.Progress.CellsTotal, j.State, j.Reason)
			}
			want := []tracker.Caller{{AccountID: "1", ARN: "arn:aws:iam::1:user/u", Method: tc.method}}
			if tc.method == tracker.CheckProbe {
				want[0].Reason = "iam:SimulatePrincipalPolicy: AccessDenied: why"
			}
			if diff := cmp.Diff(want, j.Callers); diff != "" {
				t.Error(diff)
			}
			cells, err := s.store.Coverage(t.Context(), j.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range cells {
				if c.Cell == instance {
					if diff := cmp.Diff(tc.failure, c.Error); diff != "" {
						t.Error(diff)
					}
				} else if c.Outcome != tracker.OutcomeOK {
					t.Errorf("%s ended %s", c.ID(), c.Outcome)
				}
			}
		})
	}
}

// A check leaves nothing but its coverage: no resources, no credentials, and no
// trace where scans are looked for.
func TestAccessCheck_IsNoScan(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{})
	scan := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	check := s.until(s.check(tracker.ScanRequest{}).ID, ended)
	if latest, err := s.store.Latest(t.Context(), "alice"); latest != scan.ID || err != nil {
		t.Errorf("the newest scan is %s, %v", latest, err)
	}
	if rows, _, err := s.store.Page(t.Context(), check.ID, filter.Filter{}, "", 10); len(rows) > 0 || err != nil || check.Summary.TotalResources != 0 {
		t.Errorf("%d rows, %d counted, %v", len(rows), check.Summary.TotalResources, err)
	}
	if pages, err := s.rdb.Keys(t.Context(), "rt:{"+check.ID+"}:p:*").Result(); len(pages) > 0 || err != nil {
		t.Errorf("%d pages, %v", len(pages), err)
	}
	if _, err := s.store.Sealed(t.Context(), check.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("its credentials are still there: %v", err)
	}
	if _, err := s.client.Retry(t.Context(), as("alice"), check.ID, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a retry was answered %v", err)
	}
}

// The same request as a scan and as a check are two jobs, though both run; the
// same check twice is one.
func TestAccessCheck_HasAFlightOfItsOwn(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	account := &aws{id: "1", regions: []string{"a"}, scan: func(ctx context.Context, _ string, _ tracker.Type) error {
		select {
		case <-hold:
		case <-ctx.Done():
		}
		return nil
	}}
	s := start(t, account, jobs.Options{})
	scan, check, again := s.submit(tracker.ScanRequest{}), s.check(tracker.ScanRequest{}), s.check(tracker.ScanRequest{})
	close(hold)
	s.until(scan.ID, ended)
	s.until(check.ID, ended)
	s.until(again.ID, ended)
	all, _, err := s.store.Jobs(t.Context(), "alice", "", 10, tracker.JobsWanted{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, j := range all {
		kinds[j.Kind]++
	}
	if diff := cmp.Diff(map[string]int{tracker.KindScan: 1, tracker.KindAccessCheck: 1}, kinds); diff != "" {
		t.Error(diff)
	}
}

// Who it is, is told though nothing else can be.
func TestAccessCheck_RegionListDenied(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", list: func() error { return denied("ec2:DescribeRegions") }}, jobs.Options{})
	j := s.until(s.check(tracker.ScanRequest{}).ID, ended)
	cells, err := s.store.Coverage(t.Context(), j.ID)
	if err != nil || len(cells) != 1 || j.State != tracker.JobFailed {
		t.Fatalf("%s: %+v, %v", j.State, cells, err)
	}
	if diff := cmp.Diff([]string{"ec2:DescribeRegions"}, cells[0].Error.Missing); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]tracker.Caller{{AccountID: "1", ARN: "arn:aws:iam::1:user/u", Method: tracker.CheckProbe}}, j.Callers); diff != "" {
		t.Error(diff)
	}
}

// IAM that is busy is asked again, once a region and with all that its cells need.
func TestAccessCheck_AsksIAMAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	account := &aws{id: "1", regions: []string{"a"}, simulate: func(string) ([]string, error) {
		if asked.Add(1) == 1 {
			return nil, &tracker.Failure{Outcome: tracker.OutcomeThrottled, Message: "slow", Unsent: true}
		}
		return nil, nil
	}}
	s := start(t, account, jobs.Options{})
	j := s.until(s.check(tracker.ScanRequest{Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}}).ID, ended)
	if j.State != tracker.JobSucceeded || len(j.Callers) != 1 || j.Callers[0].Method != tracker.CheckSimulation {
		t.Errorf("%s by %+v", j.State, j.Callers)
	}
	calls := slices.DeleteFunc(slices.Clone(account.calls), func(c string) bool { return !strings.Contains(c, "simulates") })
	const want = "a simulates ec2:DescribeInstances ec2:DescribeTags ec2:DescribeVolumes"
	if diff := cmp.Diff([]string{want, want}, calls); diff != "" {
		t.Error(diff)
	}
}

func TestAccessCheck_DeadCredentials(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", identity: func() error { return fail(tracker.OutcomeBadCreds) }, list: func() error { return errors.New("no") }}, jobs.Options{})
	j := s.until(s.check(tracker.ScanRequest{Regions: []string{"a"}}).ID, ended)
	if j.State != tracker.JobFailed || j.Reason != "bad_credentials: why" || j.Callers != nil {
		t.Errorf("%s because %q, %+v", j.State, j.Reason, j.Callers)
	}
}

// No policy helps credentials that may not ask who they are.
func TestAccessCheck_IdentityRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", identity: func() error { return denied("sts:GetCallerIdentity") }}, jobs.Options{})
	j := s.until(s.check(tracker.ScanRequest{Regions: []string{"a"}}).ID, ended)
	cells, err := s.store.Coverage(t.Context(), j.ID)
	if err != nil || len(cells) != 1 || cells[0].Outcome != tracker.OutcomeDenied || cells[0].Error.Missing != nil {
		t.Errorf("%s: %+v, %v", j.State, cells, err)
	}
}
