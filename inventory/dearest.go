package inventory

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// dear is a resource with what it costs.
type dear struct {
	cost int64
	json []byte
}

// SumWithDearest counts as Sum does, and finds in the same walk the n resources that cost most, the dearest first.
func (v View) SumWithDearest(ctx context.Context, sets [][]Dimension, top, n int) (Summed, []tracker.Resource, error) {
	var first []dear
	s, err := v.sum(ctx, sets, top, func(r row) {
		if r.Cost == nil || len(first) == n && *r.Cost <= first[n-1].cost {
			return
		}
		at, _ := slices.BinarySearchFunc(first, *r.Cost, func(d dear, cost int64) int { // after its equals
			if d.cost >= cost {
				return -1
			}
			return 1
		})
		first = slices.Insert(first, at, dear{*r.Cost, slices.Clone(r.JSON)})
		first = first[:min(len(first), n)]
	})
	if err != nil {
		return s, nil, err
	}
	resources := make([]tracker.Resource, len(first))
	for i, d := range first {
		if err := json.Unmarshal(d.json, &resources[i]); err != nil {
			return s, nil, err
		}
		resources[i].MonthlyCost = new(tracker.Money(d.cost)) // what the sum counts
	}
	return s, resources, nil
}
