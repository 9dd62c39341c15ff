package jobs_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMaxWorkers_LimitsRegionsAtOnce(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1"}
	for i := range 12 {
		account.regions = append(account.regions, fmt.Sprint("r", i))
	}
	var now, peak atomic.Int32
	account.scan = func(context.Context, string, tracker.Type) error {
		peak.Store(max(peak.Load(), now.Add(1)))
		<-time.After(2 * time.Millisecond) // time for others to come in, if they may
		now.Add(-1)
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{MaxWorkers: 2, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 24 || peak.Load() > 2 {
		t.Errorf("%s with %d resources, %d regions at once", j.State, j.Summary.TotalResources, peak.Load())
	}
}

func TestLanes_ScheduledWorkDelaysNobody(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a"}}
	release := make(chan struct{})
	account.scan = func(ctx context.Context, region string, _ tracker.Type) error {
		if region == "slow" {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{Concurrency: 4})
	defer close(release)
	for i := range 20 {
		sub := tracker.Submission{Owner: fmt.Sprint("tenant", i), Lane: tracker.LaneScheduled, Sealed: []byte("AKIA"), Request: tracker.ScanRequest{Regions: []string{"slow"}}}
		if _, _, err := s.client.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}
	if j := s.until(s.submit(tracker.ScanRequest{}).ID, ended); j.State != tracker.JobSucceeded {
		t.Errorf("the interactive scan ended %s", j.State)
	}
}
