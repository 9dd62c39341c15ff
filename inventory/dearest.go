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

// dearest are the first n resources by what they cost, the dearest first; of equals those that came first.
type dearest struct {
	n   int
	all []dear
}

// take keeps a resource that is among them, with JSON of its own.
func (d *dearest) take(cost *int64, json []byte) {
	if cost == nil || len(d.all) == d.n && (d.n == 0 || *cost <= d.all[d.n-1].cost) {
		return
	}
	at, _ := slices.BinarySearchFunc(d.all, *cost, func(d dear, cost int64) int { // after its equals
		if d.cost >= cost {
			return -1
		}
		return 1
	})
	d.all = slices.Insert(d.all, at, dear{*cost, slices.Clone(json)})
	d.all = d.all[:min(len(d.all), d.n)]
}

// SumWithDearest counts as Sum does, and finds in the same walk the n resources that cost most, the dearest first.
func (v View) SumWithDearest(ctx context.Context, sets [][]Dimension, top, n int) (Summed, []tracker.Resource, error) {
	s, first, err := v.sum(ctx, sets, top, n)
	if err != nil {
		return s, nil, err
	}
	resources := make([]tracker.Resource, len(first.all))
	for i, d := range first.all {
		if err := json.Unmarshal(d.json, &resources[i]); err != nil {
			return s, nil, err
		}
		resources[i].MonthlyCost = new(tracker.Money(d.cost)) // what the sum counts
	}
	return s, resources, nil
}
