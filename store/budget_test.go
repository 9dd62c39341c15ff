package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
)

func TestBudget(t *testing.T) {
	s, _ := open(t, store.Options{})
	b := store.Budget{Store: s}
	take := func(longest time.Duration) (time.Duration, bool) {
		t.Helper()
		wait, ok, err := b.Take(t.Context(), "k", 10, 2, longest)
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
	if err := b.Throttled(t.Context(), "k"); err != nil {
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
				if _, ok, err := b.Take(t.Context(), "k", 1, 5, 0); err != nil {
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
