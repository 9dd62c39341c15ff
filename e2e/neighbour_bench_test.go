package e2e

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkNeighbour prints the 99th percentile of what one tenant's submissions and
// reads take while another tenant has nothing queued, and while it has 2,000 scans
// queued, of which the workers' slots are full: AWS does not answer.
func BenchmarkNeighbour(b *testing.B) {
	const queued, asked = 2000, 300
	aws, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = aws.Close() }()
	for b.Loop() {
		s := newStack(b, "http://"+aws.Addr().String(), "LOG_LEVEL=error", "SCAN_TIMEOUT_SECONDS=3600")
		c, n := s.client(apiKey).stranger(), 0
		p99 := func() (submit, get time.Duration) {
			var submits, gets []time.Duration
			for range asked {
				n++
				began := time.Now()
				job := c.submit(keys(fmt.Sprintf("AKIAOTHER%011d", n), "not-a-secret"))
				submits = append(submits, time.Since(began))
				began = time.Now()
				decoded[tracker.Job](c, "job", c.do(http.MethodGet, "/api/v1/jobs/"+job.ID, nil), http.StatusOK)
				gets = append(gets, time.Since(began))
				c.do(http.MethodDelete, "/api/v1/jobs/"+job.ID, nil)
			}
			at := func(took []time.Duration) time.Duration { slices.Sort(took); return took[len(took)*99/100] }
			return at(submits), at(gets)
		}
		p99() // connections and scripts, as in a service that runs
		submit, get := p99()
		var g errgroup.Group
		g.SetLimit(16)
		for i := range queued {
			g.Go(func() error {
				s.client(apiKey).submit(keys(fmt.Sprintf("AKIAFIRST%011d", i), "not-a-secret"))
				return nil
			})
		}
		_ = g.Wait()
		submitBehind, getBehind := p99()
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(ms(submit), "ms-submit-quiet")
		b.ReportMetric(ms(submitBehind), "ms-submit-behind")
		b.ReportMetric(float64(submitBehind)/float64(submit), "x-submit")
		b.ReportMetric(ms(get), "ms-get-quiet")
		b.ReportMetric(ms(getBehind), "ms-get-behind")
		b.ReportMetric(float64(getBehind)/float64(get), "x-get")
	}
}
