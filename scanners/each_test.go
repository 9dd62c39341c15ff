package scanners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/aws/smithy-go"
)

func TestEach(t *testing.T) {
	var running, most atomic.Int64
	items := make([]int, 100)
	for i := range items {
		items[i] = i
	}
	got, err := each(t.Context(), items, func(_ context.Context, i int) ([]int, error) {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		switch i % 10 {
		case 3:
			return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: fmt.Sprint(i)}
		case 7:
			return []int{i}, fmt.Errorf("half: %w", &smithy.GenericAPIError{Code: "Throttling", Message: fmt.Sprint(i)})
		case 9:
			return nil, nil
		default:
			return []int{i}, nil
		}
	})
	if len(got) != 80 || !slices.IsSorted(got) {
		t.Errorf("answers %v", got)
	}
	if err == nil || err.Error() != "api error AccessDenied: 3\nhalf: api error Throttling: 7" {
		t.Errorf("error %v", err)
	}
	if most.Load() > eachConcurrency {
		t.Errorf("%d at once", most.Load())
	}
}

func TestGone(t *testing.T) {
	missing := fmt.Errorf("describe: %w", &smithy.GenericAPIError{Code: "NoSuchEntity"})
	if !gone(missing, "NotFound", "NoSuchEntity") || gone(missing, "NotFound") || gone(errors.New("NotFound"), "NotFound") || gone(nil, "NotFound") {
		t.Error("an error is taken for another")
	}
}
