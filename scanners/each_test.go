package scanners

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
)

func TestEach(t *testing.T) {
	var (
		mu            sync.Mutex
		running, most int
	)
	items := make([]int, 100)
	for i := range items {
		items[i] = i
	}
	denied, half := errors.New("denied"), errors.New("half")
	var missed failures
	got := each(t.Context(), items, &missed, func(_ context.Context, i int) ([]int, error) {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		defer func() {
			mu.Lock()
			running--
			mu.Unlock()
		}()
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
	if most > detailConcurrency {
		t.Errorf("%d at once", most)
	}
}
