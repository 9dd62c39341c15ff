package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	benchLatency   = 50 * time.Millisecond
	benchResources = 1111
)

// BenchmarkScan scans the 17 regions that AWS enables by default, each call
// taking 50 ms, and compares the job's time with its critical path: the longest
// chain of calls of which each needs the answer of the one before.
func BenchmarkScan(b *testing.B) {
	var request, job, path time.Duration
	calls, resources, regions := 0, 0, 0
	runs := 0
	for b.Loop() {
		b.StopTimer()
		// An account of its own each time: the call budget of the one before is
		// spent, as it would be in AWS.
		s := newSystem(b, simulator.Options{Resources: benchResources, Latency: benchLatency})
		c := s.client(b)
		c.scan(with(valid(), "types", []string{"NAT_Gateway"})) // connections and scripts, as in a service that runs
		s.account.ResetCalls()
		b.StartTimer()

		began := time.Now()
		got := decoded[struct {
			Data struct {
				JobID string `json:"job_id"`
				result
			} `json:"data"`
		}](c, "scan and wait", c.do(http.MethodPost, "/api/v1/scan?wait=60", with(valid(), "types", seededTypes)), http.StatusOK)
		request += time.Since(began)

		b.StopTimer()
		if n := len(got.Data.Resources); n != countOf(s.account) {
			b.Fatalf("found %d of %d resources", n, countOf(s.account))
		}
		j := c.job(got.Data.JobID)
		if j.State != tracker.JobSucceeded {
			b.Fatalf("the job ended %s: %s", j.State, j.Reason)
		}
		job += j.FinishedAt.Sub(j.CreatedAt)
		path += time.Duration(criticalPath(s.account)) * benchLatency
		for _, n := range s.account.Calls() {
			calls += n
		}
		resources, regions = countOf(s.account), len(s.account.Regions())
		runs++
		b.StartTimer()
	}
	n := time.Duration(runs)
	ratio := float64(job) / float64(path)
	b.ReportMetric(float64((job / n).Milliseconds()), "ms/scan")
	b.ReportMetric(float64((request / n).Milliseconds()), "ms/request")
	b.ReportMetric(float64((path / n).Milliseconds()), "ms/path")
	b.ReportMetric(float64(calls/runs), "calls/scan")
	b.ReportMetric(ratio, "ratio")
	b.Logf("%d resources, %d regions, %s a call: %s a scan, %d calls, critical path %s, ratio %.2f",
		resources, regions, benchLatency, job/n, calls/runs, path/n, ratio)
}

// criticalPath is the length of the longest chain of dependent calls of a scan:
// one for the identity and, beside it, the regions; then in the worst cell its
// pages one after another, and one call for what belongs to the last page.
func criticalPath(a *simulator.Account) int {
	longest := 2 // buckets, and beside their tags their sizes
	for _, region := range append(a.Regions(), tracker.Global) {
		for _, cell := range []struct {
			kind tracker.Type
			page int
			more int
		}{
			{"EC2_Instance", 1000, 0},
			{"EBS_Volume", 1000, 0},
			{"NAT_Gateway", 1000, 0},
			{"RDS_Instance", 100, 0},
			{"Lambda_Function", 50, 1},     // tags
			{"CloudWatch_LogGroup", 50, 1}, // tags
			{"Load_Balancer", 400, 1},      // listeners
			{"IAM_Role", 1000, 0},
		} {
			n := a.Count(cell.kind, region)
			chain := pagesOf(n, cell.page)
			if n > 0 {
				chain += cell.more
			}
			longest = max(longest, chain)
		}
	}
	return 1 + longest
}
