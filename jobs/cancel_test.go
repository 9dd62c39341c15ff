package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestCancel_CutsRunningCalls(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	blocked, cut := make(chan struct{}), make(chan struct{})
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ != "EBS_Volume" {
			return nil
		}
		close(blocked)
		<-ctx.Done()
		close(cut)
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{Beat: time.Hour}) // by the announcement alone
	j := s.submit(tracker.ScanRequest{Types: []tracker.Type{"EBS_Volume", "EC2_Instance"}})
	<-blocked
	s.until(j.ID, func(j tracker.Job) bool { return j.Progress.CellsClosed == 1 })
	got, err := s.client.Cancel(t.Context(), as("alice"), j.ID)
	if err != nil || got.State != tracker.JobCancelled || got.Summary.TotalResources != 2 {
		t.Errorf("%s with %d resources, %v", got.State, got.Summary.TotalResources, err)
	}
	<-cut
	if _, err := s.client.Cancel(t.Context(), as("alice"), j.ID); err != nil {
		t.Errorf("cancelled twice: %v", err)
	}
}

func TestDeadline_KeepsWhatWasFound(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" {
			<-ctx.Done()
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{TimeoutSeconds: 1}).ID, ended)
	if j.State != tracker.JobPartial || j.Progress.ByOutcome[tracker.OutcomeTimeout] != 1 || j.Summary.TotalResources != 4 {
		t.Errorf("%s with %d resources: %v", j.State, j.Summary.TotalResources, j.Progress.ByOutcome)
	}
}

func TestStop_HandsBack(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	blocked := make(chan struct{})
	var first atomic.Bool
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" && first.CompareAndSwap(false, true) {
			close(blocked)
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	s := start(t, account, jobs.Options{Grace: 50 * time.Millisecond})
	j := s.submit(tracker.ScanRequest{})
	<-blocked
	s.worker()
	s.first.Stop()
	if j := s.until(j.ID, ended); j.State != tracker.JobSucceeded || j.Summary.TotalResources != 6 {
		t.Errorf("%s with %d resources, want succeeded with 6", j.State, j.Summary.TotalResources)
	}
}
