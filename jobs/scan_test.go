package jobs_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestScan_Complete(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a", "b"}}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 10 {
		t.Errorf("%s with %d resources, want succeeded with 10", j.State, j.Summary.TotalResources)
	}
	want := map[string]tracker.Outcome{
		"1/a/EBS_Volume": "ok", "1/a/EC2_Instance": "ok", "1/b/EBS_Volume": "ok", "1/b/EC2_Instance": "ok", "1/global/IAM_User": "ok",
	}
	if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_Selection(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", list: func() error { return errors.New("the regions were given") }}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{Regions: []string{"b"}, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	if diff := cmp.Diff(map[string]tracker.Outcome{"1/b/EBS_Volume": "ok"}, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_RegionListDenied(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", list: func() error { return fail(tracker.OutcomeDenied) }}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobFailed || j.Reason != "denied: why" {
		t.Errorf("%s because %q", j.State, j.Reason)
	}
	if diff := cmp.Diff(map[string]tracker.Outcome{"self/*/*": "denied"}, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_FailuresAreNamedAndKept(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a", "b"}}
	account.scan = func(_ context.Context, region string, typ tracker.Type) error {
		if region == "b" && typ == "EBS_Volume" {
			return fail(tracker.OutcomeDenied)
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobPartial || j.Summary.TotalResources != 9 {
		t.Errorf("%s with %d resources, want partial with 9: one was found before the denial", j.State, j.Summary.TotalResources)
	}
	account.scan = nil
	before := len(account.calls)
	if _, err := s.client.Retry(t.Context(), as("alice"), j.ID, []byte("AKIA")); err != nil {
		t.Fatal(err)
	}
	j = s.until(j.ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 10 {
		t.Errorf("after the retry: %s with %d resources", j.State, j.Summary.TotalResources)
	}
	if diff := cmp.Diff([]string{"b/EBS_Volume"}, account.calls[before:]); diff != "" {
		t.Errorf("the retry listed more than what failed: %s", diff)
	}
}

func TestScan_ErrorsAreTriedAgain(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	var failed atomic.Bool
	account.scan = func(_ context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" && failed.CompareAndSwap(false, true) {
			return fail(tracker.OutcomeError)
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 6 {
		t.Errorf("%s with %d resources, want succeeded with 6", j.State, j.Summary.TotalResources)
	}
	if j.Calls == nil || *j.Calls != 4 {
		t.Errorf("%v calls, want 4: one for each cell, and one for the try that failed", j.Calls)
	}
}

func TestScan_ThrottledRegionGivesItsSlotAway(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	var throttled atomic.Bool
	throttled.Store(true)
	account.scan = func(_ context.Context, region string, _ tracker.Type) error {
		if region == "a" && throttled.Load() {
			return fail(tracker.OutcomeThrottled)
		}
		return nil
	}
	s := start(t, account, jobs.Options{Concurrency: 1})
	slow := s.submit(tracker.ScanRequest{Regions: []string{"a"}, Types: []tracker.Type{"EBS_Volume"}})
	s.until(slow.ID, func(tracker.Job) bool {
		account.mu.Lock()
		defer account.mu.Unlock()
		return slices.Contains(account.calls, "a/EBS_Volume")
	})
	quick := s.until(s.submit(tracker.ScanRequest{Regions: []string{"b"}}).ID, ended)
	if j := s.until(slow.ID, func(tracker.Job) bool { return true }); quick.State != tracker.JobSucceeded || ended(j) {
		t.Errorf("the other region %s, the throttled one %s", quick.State, j.State)
	}
	throttled.Store(false)
	if j := s.until(slow.ID, ended); j.State != tracker.JobSucceeded {
		t.Errorf("the throttled scan ended %s", j.State)
	}
}

func TestScan_DeadCredentialsEndTheJob(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	var expired atomic.Bool
	account.identity = func() error {
		if expired.Load() {
			return fail(tracker.OutcomeBadCreds)
		}
		return nil
	}
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EC2_Instance" {
			expired.Store(true)
			return fail(tracker.OutcomeBadCreds)
		}
		if typ == "EBS_Volume" {
			<-ctx.Done()
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{Regions: []string{"a"}}).ID, ended)
	if j.State.Terminal() && j.Progress.ByOutcome[tracker.OutcomeBadCreds] < 2 || j.Reason == "" || j.State == tracker.JobSucceeded {
		t.Errorf("%s because %q: %v", j.State, j.Reason, j.Progress.ByOutcome)
	}
}

// otherKey opens nothing.
type otherKey struct{}

func (otherKey) Open([]byte, ...tracker.SealedFor) (tracker.Credentials, error) {
	return tracker.Credentials{}, tracker.Errorf(tracker.CodeConflict, "sealed to another key")
}

func TestScan_CredentialsSealedToAnotherKeyEndTheJob(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1"}, jobs.Options{Opener: otherKey{}})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobFailed || j.Reason != "sealed to another key" || j.Progress.ByOutcome[tracker.OutcomeBadCreds] != 1 {
		t.Errorf("%s because %q: %v", j.State, j.Reason, j.Progress.ByOutcome)
	}
}
