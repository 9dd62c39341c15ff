package store

import "context"

// The two halves of FreezePlan, between which a worker may die.
func (s Plans) PutItems(ctx context.Context, id string, f Frozen) (mine bool, err error) {
	return s.putItems(ctx, id, f)
}

func (s Plans) FlipPlan(ctx context.Context, id string, f Frozen) (won bool, err error) {
	return s.freeze(ctx, id, f)
}
