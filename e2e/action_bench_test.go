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
	// look, the call itself, and the two looks that verify it.
	actionChain = 4
	benchGroups = 10_000
)

// BenchmarkBulkAction stops instances, each call taking 50 ms, and compares the
// plan's time, from its applying to its end, with what bounds it: its critical path,
// which is one item's since none needs another, after the wait for the API that AWS's
// limits hold up longest.
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
				bound += path + longestWait(s.account, row.limits)
				calls(b, s.account)
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

// longestWait is how long the last call waits of the API that is called most beyond
// its burst.
func longestWait(account *simulator.Account, limits cloud.Limits) time.Duration {
	var longest time.Duration
	for api, tally := range account.Tallies() {
		if _, limit := limits.For(api.Service, api.Operation); limits != nil {
			longest = max(longest, time.Duration(float64(tally.Calls-limit.Burst)/limit.PerSecond*float64(time.Second)))
		}
	}
	return longest
}

// calls logs what was called.
func calls(b *testing.B, account *simulator.Account) {
	b.Helper()
	total := 0
	for _, n := range account.Calls() {
		total += n
	}
	b.Logf("%d calls: %v", total, account.Calls())
	b.ReportMetric(float64(total), "calls")
}

// BenchmarkBulkLook plans the deletion of log groups, without limits.
func BenchmarkBulkLook(b *testing.B) {
	var took time.Duration
	runs := 0
	for b.Loop() {
		b.StopTimer()
		o := actingEstate()
		o.Resources, o.Mix = benchGroups, map[tracker.Type]float64{"CloudWatch_LogGroup": 1}
		s := newSystem(b, o, unlimited, func(s *setup) { s.jobs.Rules = plans.Rules{MaxItems: benchGroups} })
		var items []map[string]any
		for r := range s.account.Each("CloudWatch_LogGroup", estateRegion) {
			items = append(items, item(r.ID, r.Type, estateRegion, "delete"))
		}
		c := s.client(b)
		b.StartTimer()

		begun := time.Now()
		p := c.plan(planOf(items...))
		took += time.Since(begun)

		b.StopTimer()
		if p.State != tracker.PlanPlanned || p.Totals.Items != len(items) {
			b.Fatalf("of %d items %d are planned, and the plan is %s: %s", len(items), p.Totals.Items, p.State, p.Reason)
		}
		calls(b, s.account)
		runs++
		b.StartTimer()
	}
	b.ReportMetric(benchGroups*float64(runs)/took.Seconds(), "items/s")
}
