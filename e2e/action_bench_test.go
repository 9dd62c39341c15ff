package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	benchItems   = 200
	benchConfirm = 2 * time.Second // between the two looks at a change, as workers have it
	// actionChain is the longest chain of calls that a stop makes once it is applied: a
	// look, two of its rules, the call itself, and the two looks that verify it.
	actionChain = 6
)

// BenchmarkBulkAction stops instances, each call taking 50 ms, and compares the
// plan's time, from its applying to its end, with what bounds it: its critical path,
// which is one item's since none needs another, or the calls that AWS's limits let
// the most called API have.
func BenchmarkBulkAction(b *testing.B) {
	for _, row := range []struct {
		name    string
		limits  cloud.Limits
		changes []func(*setup)
	}{
		{"without limits", nil, []func(*setup){unlimited}},
		{"with the limits of AWS", cloud.DefaultLimits(), nil},
	} {
		b.Run(row.name, func(b *testing.B) {
			const path = actionChain*benchLatency + benchConfirm
			var took, bound time.Duration
			runs := 0
			for b.Loop() {
				b.StopTimer()
				o := actingEstate()
				o.Latency, o.Transition = benchLatency, time.Millisecond
				s := newSystem(b, o, append(slices.Clone(row.changes), func(s *setup) {
					s.jobs.Rules, s.jobs.Confirm = plans.Rules{MaxItems: benchItems}, benchConfirm
				})...)
				c, m := s.client(b), newMixture(b, s.account)
				onDemand := m.instances()
				m.pick(benchItems, "EC2_Instance", "stop", "running", nil, func(r tracker.Resource) bool { _, ok := onDemand[r.ID]; return ok })
				p := c.plan(with(planOf(m.items...), "canary", false))
				s.account.ResetCalls()
				b.StartTimer()

				c.apply(p)
				p = c.planUntil(p.ID, 5*time.Minute)

				b.StopTimer()
				if p.State != tracker.PlanSucceeded {
					b.Fatalf("the plan ended %s with %v", p.State, p.Totals.ByState)
				}
				took += p.FinishedAt.Sub(*p.AppliedAt)
				bound += max(path, slowest(s.account, row.limits))
				runs++
				b.StartTimer()
			}
			n := time.Duration(runs)
			b.ReportMetric(benchItems/(took/n).Seconds(), "items/s")
			b.ReportMetric(float64((took / n).Milliseconds()), "ms/plan")
			b.ReportMetric(float64(path.Milliseconds()), "ms/path")
			b.ReportMetric(float64((bound / n).Milliseconds()), "ms/bound")
			b.ReportMetric(float64(took)/float64(n*path), "ratio")
		})
	}
}

// slowest is how long the most called API needs at its limit. Its burst does not
// count: planning has spent it.
func slowest(account *simulator.Account, limits cloud.Limits) time.Duration {
	var longest time.Duration
	for api, tally := range account.Tallies() {
		if _, limit := limits.For(api.Service, api.Operation); limits != nil {
			longest = max(longest, time.Duration(float64(tally.Calls)/limit.PerSecond*float64(time.Second)))
		}
	}
	return longest
}
