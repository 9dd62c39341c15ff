package store

import "context"

// The two halves of FreezePlan, between which a worker may die.
func (s Plans) PutItems(ctx context.Context, id string, f Frozen) (mine bool, err error) {
	return s.putItems(ctx, id, f)
}

func (s Plans) FlipPlan(ctx context.Context, id string, f Frozen) (won bool, err error) {
	return s.freeze(ctx, id, f)
}

// UnclaimStep gives a claim back whose call was never sent.
func (s Plans) UnclaimStep(ctx context.Context, id string, item int, step, claimant string) error {
	return s.unclaim(ctx, id, item, step, claimant, false, 0)
}

// Active returns the jobs of the sweeper's index.
func (s *Store) Active(ctx context.Context) (ids []string, err error) {
	return s.rdb.HKeys(ctx, activeKey).Result()
}

// ListAbout is what FreezePlan does between the two.
func (s Plans) ListAbout(ctx context.Context, id string, items []FrozenItem) error {
	return s.listAbout(ctx, id, items)
}
