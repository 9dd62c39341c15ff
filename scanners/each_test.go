package scanners

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	var running, most atomic.Int64
	items := make([]int, 100)
	for i := range items {
		items[i] = i
	}
	denied, half := errors.New("denied"), errors.New("half")
	var missed failures
	got := each(t.Context(), items, &missed, func(_ context.Context, i int) ([]int, error) {
		now := running.Add(1)
		defer running.Add(-1)
		for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
		}
		switch i % 10 {
		case 3:
			return nil, denied
		case 7:
			return []int{i}, half
		case 9:
			return nil, nil
		default:
			return []int{i}, nil
		}
	})
	if len(got) != 80 || !slices.IsSorted(got) {
		t.Errorf("answers %v", got)
	}
	if err := missed.err(); !errors.Is(err, denied) || err.Error() != "denied (and 19 more)" {
		t.Errorf("error %v", err)
	}
	if most.Load() > detailConcurrency {
		t.Errorf("%d at once", most.Load())
	}
}
