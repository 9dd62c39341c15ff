// Package kernel is what work of every kind stands on: lanes and their queues,
// tasks, pauses, traces, and the AWS accounts that are open. It knows neither scans
// nor plans.
package kernel

import (
	"context"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Base is what the scans and the plans of a worker share.
type Base struct {
	ID         string // of this worker, among all that ever ran
	Store      *store.Store
	Queue      *asynq.Client
	Deliveries Deliveries
	Accounts   *Accounts
	Types      []tracker.TypeInfo // what can be scanned
	Price      Pricing
	Log        *slog.Logger
}

// Pricing sets the monthly cost of a resource; nil leaves it unknown.
type Pricing func(*tracker.Resource)

// Set sets what resources cost, as far as that is known.
func (p Pricing) Set(rs []tracker.Resource) {
	if p == nil {
		return
	}
	for i := range rs {
		p(&rs[i])
	}
}

const (
	// SweepEvery is how often a worker looks for work that was lost.
	SweepEvery = 3 * time.Second
	// DeadAfter is when a worker or a running unit without sign of life is lost: four
	// beats.
	DeadAfter = 12 * time.Second
)

// Every calls f at each tick until ctx ends.
func Every(ctx context.Context, tick time.Duration, f func()) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}

// IgnoreNotFound returns err, unless it says that there is no such thing.
func IgnoreNotFound(err error) error {
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	return err
}
