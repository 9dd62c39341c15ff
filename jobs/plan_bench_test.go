package jobs_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkPlan_TenThousand plans, applies and ends 10,000 items of an account that
// answers at once: what is measured is the engine and its queue.
func BenchmarkPlan_TenThousand(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		b.StopTimer()
		state, ids := map[string]string{}, make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprintf("i-%05d", i)
			state[ids[i]] = "running"
		}
		s := acting(b, newEstate(state))
		s.client.Rules = plans.Rules{MaxItems: n}
		wait := func(id string, until func(tracker.Plan) bool) tracker.Plan {
			for {
				p, err := s.plans().LookupPlan(b.Context(), id)
				if err != nil {
					b.Fatal(err)
				}
				if until(p) {
					return p
				}
				select {
				case <-b.Context().Done():
					b.Fatal(b.Context().Err())
				case <-time.After(50 * time.Millisecond):
				}
			}
		}
		b.StartTimer()

		began := time.Now()
		p := s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", ids...)})
		p = wait(p.ID, func(p tracker.Plan) bool { return p.State != tracker.PlanPlanning })
		b.ReportMetric(time.Since(began).Seconds(), "s/planned")
		began = time.Now()
		if _, err := s.client.ApplyPlan(b.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
			b.Fatal(err)
		}
		p = wait(p.ID, func(p tracker.Plan) bool { return p.State.Terminal() })
		b.ReportMetric(time.Since(began).Seconds(), "s/applied")
		if p.State != tracker.PlanSucceeded || p.Totals.ByState[tracker.ItemVerified] != n {
			b.Fatalf("the plan ended %s with %v: %s", p.State, p.Totals.ByState, p.Reason)
		}
	}
}
