package jobs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkInteractiveBehindScheduled times how long an interactive scan waits
// for its start while ten thousand scheduled region tasks wait for workers that
// are all busy with scheduled work.
func BenchmarkInteractiveBehindScheduled(b *testing.B) {
	const jobCount, accounts = 40, 250
	release := make(chan struct{})
	defer close(release)
	s := start(b, nil, jobs.Options{Concurrency: 8, Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		a := &aws{id: "1", regions: []string{"a"}}
		if c.RoleARN != "" {
			a.identity = func() error { <-release; return fail(tracker.OutcomeDenied) }
		}
		return a, nil
	}})
	for i := range jobCount {
		var roles []tracker.AccountRef
		for k := range accounts {
			roles = append(roles, tracker.AccountRef{RoleARN: fmt.Sprintf("arn:aws:iam::%012d:role/r", i*accounts+k)})
		}
		_, _, err := s.client.Submit(b.Context(), tracker.Submission{
			Owner: fmt.Sprint("tenant", i), Lane: tracker.LaneScheduled, Sealed: []byte("AKIA"),
			Request: tracker.ScanRequest{Accounts: roles}, OwnFlight: true,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	var waited time.Duration
	for b.Loop() {
		j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
		if j.State != tracker.JobSucceeded {
			b.Fatalf("the interactive scan ended %s", j.State)
		}
		waited += j.StartedAt.Sub(j.CreatedAt)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(waited.Milliseconds())/float64(b.N), "ms/start")
	b.ReportMetric(jobCount*accounts, "tasks-waiting")
}
