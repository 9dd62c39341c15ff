package actions

import (
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Bound is the action of one item, in the place where it works. It is not safe for
// concurrent use.
type Bound struct {
	action Action
	target Target
	item   tracker.ActionItem
	seen   *tracker.Resource // by Look
}

// Bind finds the action of an item. Plans hold none that the catalogue lacks, but
// a worker may be older than the one that planned.
func Bind(t Target, item tracker.ActionItem) (*Bound, error) {
	a, ok := Find(item.Type, item.Verb)
	if !ok {
		return nil, tracker.Errorf(tracker.CodeConflict, "this worker knows no %s of %s", item.Verb, item.Type)
	}
	return &Bound{action: a, target: t, item: item}, nil
}

// Look is Action.Look.
func (b *Bound) Look(ctx context.Context) (tracker.Sight, error) {
	sight, err := b.action.Look(ctx, b.target, b.item)
	if err == nil {
		b.seen = &sight.Resource
	}
	return sight, err
}

// Again is Action.Again.
func (b *Bound) Again(ctx context.Context) (tracker.Sight, error) {
	return b.action.Again(ctx, b.target, b.item)
}

// Preflight is Action.Preflight. After Look it does not look again.
func (b *Bound) Preflight(ctx context.Context) tracker.Permission {
	if b.seen != nil {
		return b.action.permitted(ctx, b.target, b.item, *b.seen)
	}
	return b.action.Preflight(ctx, b.target, b.item)
}

// Steps is Action.Steps.
func (b *Bound) Steps() []tracker.Step { return b.action.Steps(b.item) }

// Send is Action.Send.
func (b *Bound) Send(ctx context.Context, step string, d tracker.Doing) (tracker.Receipt, error) {
	return b.action.Send(ctx, b.target, step, d)
}

// Check is Action.Check.
func (b *Bound) Check(ctx context.Context, step string, d tracker.Doing) (tracker.StepProgress, error) {
	return b.action.Check(ctx, b.target, step, d)
}

// Inverse is Action.Inverse.
func (b *Bound) Inverse(d tracker.Doing) (tracker.ActionItem, bool) { return b.action.Inverse(d) }
