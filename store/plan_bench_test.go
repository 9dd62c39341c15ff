package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkPlan measures what an item of a plan costs, and its head, where all items
// have been sent. Plans of 200, 5,000 and 10,000 items take turns, so that what else
// the machine does weighs on all of them: the medians are reported, and how many
// times as long as in the plan of 200 the larger ones take.
func BenchmarkPlan(b *testing.B) {
	sizes := []int{200, 5_000, 10_000}
	plans := make([]planFixture, len(sizes))
	rdb := startRedis(b)
	for k, n := range sizes {
		plans[k] = sentPlan(b, rdb, n)
	}
	for _, op := range []struct {
		name string
		run  func(f planFixture, item int) error
	}{
		{"item", func(f planFixture, item int) error {
			_, err := f.s.PlanItem(f.t.Context(), f.id, item)
			return err
		}},
		{"head", func(f planFixture, _ int) error {
			_, err := f.s.LookupPlan(f.t.Context(), f.id)
			return err
		}},
		{"step", claimAndNote},
		{"page of 100", func(f planFixture, item int) error {
			_, _, err := f.s.PlanItems(f.t.Context(), f.id, item-item%100, 100)
			return err
		}},
	} {
		b.Run(op.name, func(b *testing.B) {
			took := make([][]time.Duration, len(sizes))
			for i := 0; b.Loop(); i++ {
				for k, n := range sizes {
					f := plans[k]
					f.t = b
					began := time.Now()
					if err := op.run(f, i*7919%n); err != nil { // a prime: other items each time
						b.Fatal(err)
					}
					took[k] = append(took[k], time.Since(began))
				}
			}
			median := func(k int) float64 {
				slices.Sort(took[k])
				return float64(took[k][len(took[k])/2])
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(0)/1e3, "µs@200")
			b.ReportMetric(median(1)/median(0), "x@5000")
			b.ReportMetric(median(2)/median(0), "x@10000")
		})
	}
}

// claimAndNote is what a run writes of a step: that it has the item, its claim, that
// it gives the claim back, and that it leaves the item.
func claimAndNote(f planFixture, item int) error {
	ctx := f.t.Context()
	if _, err := f.s.BeginItem(ctx, f.id, item, 0, "w"); err != nil {
		return err
	}
	claim, err := f.s.IntendStep(ctx, f.id, item, "delete", "me", false, tracker.Repeats{For: time.Hour})
	if err != nil || claim != store.ClaimSend {
		return fmt.Errorf("claim %d: %w", claim, err)
	}
	if err := f.s.UnclaimStep(ctx, f.id, item, "delete", "me"); err != nil {
		return err
	}
	return f.s.LeaveItem(ctx, f.id, item, "w")
}

// sentPlan is a plan all of whose items are running, with a step that AWS accepted.
func sentPlan(b *testing.B, rdb redis.UniversalClient, n int) planFixture {
	b.Helper()
	f := planFixture{b, store.Plans{Store: store.New(rdb, store.Options{})}, rdb, fmt.Sprint(n)}
	f.create(n)
	f.freeze(frozenOf("run", n, false, nil))
	f.apply()
	var g errgroup.Group
	g.SetLimit(16)
	for i := range n {
		g.Go(func() error {
			ctx := b.Context()
			r := tracker.Resource{ID: fmt.Sprintf("i-%d", i), Type: "EC2_Instance", State: "running", Tags: map[string]string{"Name": "web", "env": "prod"}}
			if _, _, _, err := f.s.StartItem(ctx, f.id, i, r); err != nil {
				return err
			}
			if _, err := f.s.IntendStep(ctx, f.id, i, "snapshot", "me", false, tracker.Repeats{For: time.Hour}); err != nil {
				return err
			}
			return f.s.AcceptStep(ctx, f.id, i, tracker.Step{Name: "snapshot"}, tracker.Receipt{RequestID: "4f2d", Left: map[string]string{"snapshot_id": "snap-1"}})
		})
	}
	f.must(g.Wait())
	return f
}
