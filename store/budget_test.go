package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestBudget(t *testing.T) {
	s, _ := open(t, store.Options{})
	b, rate := store.Budget{Store: s}, tracker.CallRate{PerSecond: 10, Burst: 2}
	take := func(longest time.Duration) (time.Duration, bool) {
		t.Helper()
		wait, ok, err := b.Take(t.Context(), "k", rate, longest)
		if err != nil {
			t.Fatal(err)
		}
		return wait, ok
	}
	for i := range 2 {
		if wait, ok := take(0); wait != 0 || !ok {
			t.Errorf("call %d of the burst: wait %v, %v", i, wait, ok)
		}
	}
	first, _ := take(time.Second)
	second, _ := take(time.Second)
	if first <= 0 || second <= first {
		t.Errorf("waits %v and %v: each call in debt waits longer", first, second)
	}
	if wait, ok := take(time.Millisecond); ok || wait <= time.Millisecond {
		t.Errorf("paid for a call that comes too late: %v", wait)
	}
	before, _ := take(time.Hour)
	if err := b.Throttled(t.Context(), "k", rate); err != nil {
		t.Fatal(err)
	}
	if after, _ := take(time.Hour); after <= before {
		t.Errorf("wait %v after a throttle, %v before", after, before)
	}
}

func TestBudget_SharedByMany(t *testing.T) {
	s, _ := open(t, store.Options{})
	b := store.Budget{Store: s}
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var paid atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, ok, err := b.Take(t.Context(), "k", tracker.CallRate{PerSecond: 1, Burst: 5}, 0); err != nil {
					t.Error(err)
					return
				} else if ok {
					paid.Add(1)
				}
			}
		})
	}
	wg.Wait()
	refilled := int32(time.Since(began)/time.Second) + 1
	if n := paid.Load(); n < 5 || n > 5+refilled {
		t.Errorf("%d calls paid, want 5 and at most %d that refilled", n, refilled)
	}
}

// TestBudget_Learns looks at how far apart the turns are that calls get, which is
// one over the rate: a guess climbs while calls wait and nothing is throttled,
// halves with a throttle, and is remembered; a documented rate stays.
func TestBudget_Learns(t *testing.T) {
	s, _ := open(t, store.Options{})
	b := store.Budget{Store: s}
	guess := tracker.CallRate{PerSecond: 10, Burst: 20, Most: 100}
	// rateOf returns the rate of a bucket after so many further calls.
	rateOf := func(key string, rate tracker.CallRate, calls int) float64 {
		t.Helper()
		var wait, before time.Duration
		began := time.Now()
		var passed time.Duration
		for range calls {
			passed, before = time.Since(began), wait
			began = time.Now()
			var err error
			if wait, _, err = b.Take(t.Context(), key, rate, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		return float64(time.Second) / float64(wait-before+passed)
	}
	if r := rateOf("documented", tracker.CallRate{PerSecond: 10, Burst: 20}, 100); r > 15 {
		t.Errorf("a documented rate of 10 a second climbed to %.0f", r)
	}
	if r := rateOf("guess", guess, 130); r < 50 || r > 200 {
		t.Errorf("a guess of 10 a second is %.0f after 110 calls that waited, want 100", r)
	}
	if err := b.Throttled(t.Context(), "guess", guess); err != nil {
		t.Fatal(err)
	}
	// A second throttle of calls in flight counts with the first.
	if err := b.Throttled(t.Context(), "guess", guess); err != nil {
		t.Fatal(err)
	}
	if r := rateOf("guess", guess, 10); r < 30 || r > 70 {
		t.Errorf("100 a second is %.0f after a throttle, want about 50", r)
	}
}
