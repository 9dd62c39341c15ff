package plans

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A plan is looked at in turns, each of which is one delivery of the plan's task. A turn
// keeps what it has seen, so that the next goes on where it left off, also when its
// worker dies. Whoever looks at a plan after a worker has died looks at few of the items
// that the dead one may have looked at, and then at one at a time: an item that kills
// its workers is found, and the plan is given up with its name.

const (
	// keepEvery is how often what was seen is kept.
	keepEvery = time.Second
	// looksAtOnce is how many items of a plan are looked at side by side: many, since
	// AWS describes up to a thousand in a call.
	looksAtOnce = 500
	// suspectsAtOnce is the same where a worker has died of one of them.
	suspectsAtOnce = 25
)

// lookRun is one turn of the look at a plan.
type lookRun struct {
	w         *Worker
	plan      tracker.Plan
	begun     store.Look
	account   Actor
	accountID string
	until     time.Time // when it leaves off
}

// errUnwanted says that a plan has ended while it was looked at.
var errUnwanted = errors.New("the plan has ended")

// looking is how long the items of a plan may be looked at.
func (w *Worker) looking() time.Duration { return w.client.Rules.withDefaults().Looking }

// turn looks at a plan for a while, and freezes it where nothing is left to be looked at.
func (w *Worker) turn(ctx context.Context, p tracker.Plan, epoch int) error {
	begun, err := w.client.plans().BeginLook(ctx, p.ID, epoch, w.o.ID)
	if err != nil || begun.Verdict != "run" && begun.Verdict != "deadly" {
		return err
	}
	defer w.leave(ctx, p.ID, theLook)
	if begun.Verdict == "deadly" {
		return w.endLook(ctx, p, fmt.Sprintf("it is given up: %d workers died, one after the other, while they %s", begun.Deaths, begun.Doing))
	}
	end := begun.Began.Add(w.looking())
	r := &lookRun{w: w, plan: p, begun: begun, until: time.Now().Add(w.o.Turn)}
	if end.Before(r.until) {
		r.until = end
	}
	bounded, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	err = r.freeze(bounded)
	if reason, ok := errors.AsType[planError](err); ok {
		return w.endLook(ctx, p, reason.reason)
	}
	switch {
	case errors.Is(err, errUnwanted):
		return nil
	case err != nil && !time.Now().Before(end):
		return w.endLook(ctx, p, w.overdue(ctx, p))
	}
	return err
}

// endLook gives up a plan that is not frozen.
func (w *Worker) endLook(ctx context.Context, p tracker.Plan, reason string) error {
	ended, err := w.client.plans().EndPlan(ctx, p.ID, tracker.PlanFailed, reason)
	w.o.Accounts.Forget(p.ID)
	if ended && err == nil {
		err = w.planEnded(ctx, p.ID)
	}
	return err
}

// overdue says how far the look at a plan came whose time is up.
func (w *Worker) overdue(ctx context.Context, p tracker.Plan) string {
	seen, err := w.client.plans().LookedAt(ctx, p.ID)
	if err != nil {
		return fmt.Sprintf("its items could not all be looked at within %v", w.looking())
	}
	return fmt.Sprintf("its items could not all be looked at within %v: %d were", w.looking(), len(seen))
}

// freeze looks at the items of a plan that were not looked at, and writes what it would
// do.
func (r *lookRun) freeze(ctx context.Context) error {
	items, err := r.items(ctx)
	if err != nil {
		return err
	}
	if err := r.lookAtAll(ctx, items); err != nil {
		return err
	}
	if err := r.mark(ctx, fmt.Sprintf("put its %d items in order", len(items))); err != nil {
		return err
	}
	looked, err := r.w.client.plans().Looked(ctx, r.plan.ID, len(items))
	if err != nil {
		return err
	}
	frozen, err := r.frozen(looked)
	if err != nil {
		return err
	}
	if err := r.w.client.noteHolders(ctx, r.plan, frozen.Items); err != nil {
		return err
	}
	won, err := r.w.client.plans().FreezePlan(ctx, r.plan.ID, frozen)
	if err != nil || !won {
		return err
	}
	return r.w.client.plans().Tell(ctx, r.plan.ID)
}

// items opens the account and returns the items of the plan: as named, or as its
// selection found them when it was first made.
func (r *lookRun) items(ctx context.Context) ([]tracker.ActionItem, error) {
	err := r.mark(ctx, "opened its account")
	if err != nil {
		return nil, err
	}
	if r.account, err = r.w.actor(ctx, r.plan); err != nil {
		return nil, notEntered(err)
	}
	if r.accountID, err = r.account.Identity(ctx); err != nil {
		return nil, r.w.cannotLook(r.account, err, "")
	}
	if r.accountID != r.plan.AccountID {
		if err := r.w.client.plans().NoteAccount(ctx, r.plan.ID, r.accountID); err != nil {
			return nil, err
		}
	}
	if r.begun.Chosen {
		return r.w.client.plans().PlanActions(ctx, r.plan.ID)
	}
	items, err := r.selected(ctx)
	if err != nil || r.plan.Request.Select == nil {
		return items, err
	}
	items, err = r.w.client.plans().ChooseItems(ctx, r.plan.ID, items)
	if err == nil && items == nil {
		err = errUnwanted
	}
	r.begun.Deaths = 0
	return items, err
}

// lookAtAll looks at the items that were not looked at, as far as the turn lasts.
func (r *lookRun) lookAtAll(ctx context.Context, items []tracker.ActionItem) error {
	seen, err := r.w.client.plans().LookedAt(ctx, r.plan.ID)
	if err != nil {
		return err
	}
	var left []int
	for i := range items {
		if !seen[i] {
			left = append(left, i)
		}
	}
	for len(left) > 0 {
		if !time.Now().Before(r.until) {
			return kernel.Snooze(0)
		}
		if err := r.clear(ctx, left[0]); err != nil {
			return err
		}
		batch := r.batch(left)
		if err := r.mark(ctx, "looked at "+named(items, batch)); err != nil {
			return err
		}
		if err := r.lookAtSome(ctx, items, batch); err != nil {
			return err
		}
		left = left[len(batch):]
	}
	return nil
}

// clear clears the look of the workers that have died when all the items were looked at
// that they may have died of, and next is the first that was not.
func (r *lookRun) clear(ctx context.Context, next int) error {
	if r.begun.Deaths == 0 || next < r.begun.Suspects {
		return nil
	}
	r.begun.Deaths = 0
	return r.w.client.plans().ClearLook(ctx, r.plan.ID)
}

// batch is what is looked at next of what is left.
func (r *lookRun) batch(left []int) []int {
	n := looksAtOnce
	switch {
	case r.begun.Deaths == 1:
		n = suspectsAtOnce
	case r.begun.Deaths > 1:
		n = 1
	}
	batch := left[:min(n, len(left))]
	if r.begun.Deaths == 0 {
		r.begun.Suspects = batch[len(batch)-1] + 1
	}
	return batch
}

// mark notes what the turn does next.
func (r *lookRun) mark(ctx context.Context, doing string) error {
	wanted, err := r.w.client.plans().MarkLook(ctx, r.plan.ID, doing, r.begun.Suspects)
	if err == nil && !wanted {
		err = errUnwanted
	}
	return err
}

// named says which items a batch has.
func named(items []tracker.ActionItem, batch []int) string {
	name := func(i int) string {
		return fmt.Sprintf("item %d (%s %s in %s)", i, items[i].Type, items[i].ResourceID, items[i].Region)
	}
	if len(batch) == 1 {
		return name(batch[0])
	}
	return fmt.Sprintf("%d items, from %s to %s", len(batch), name(batch[0]), name(batch[len(batch)-1]))
}

// lookAtSome looks at items side by side, and keeps what it saw.
func (r *lookRun) lookAtSome(ctx context.Context, items []tracker.ActionItem, batch []int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	looked := make(chan store.Looked, len(batch))
	var g errgroup.Group
	for _, i := range batch {
		g.Go(func() error {
			it, err := r.lookAt(ctx, i, items[i])
			if err == nil {
				looked <- it
			}
			return err
		})
	}
	ended := make(chan error, 1)
	go func() {
		defer close(looked)
		ended <- g.Wait()
	}()
	err := r.keep(context.WithoutCancel(ctx), looked)
	cancel() // what goes on is not wanted, or cannot be kept
	return errors.Join(err, <-ended)
}

// keep keeps what was seen until all is.
func (r *lookRun) keep(ctx context.Context, looked <-chan store.Looked) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	var some []store.Looked
	for open := true; open; {
		var it store.Looked
		select {
		case it, open = <-looked:
			if open {
				some = append(some, it)
				continue
			}
		case <-tick.C:
		}
		wanted, err := r.w.client.plans().PutLooked(ctx, r.plan.ID, some...)
		if err != nil {
			return err
		}
		if !wanted {
			return errUnwanted
		}
		some = some[:0]
	}
	return nil
}

// frozen is what the plan would do, by what was seen.
func (r *lookRun) frozen(looked []store.Looked) (store.Frozen, error) {
	items, order := r.w.arrange(looked)
	totals := tracker.PlanTotals{}
	for _, it := range items {
		switch {
		case it.Ledger.State == tracker.ItemRefused:
		case it.MonthlySaving == nil:
			totals.SavingUnknown++
		default:
			totals.MonthlySaving += *it.MonthlySaving
		}
	}
	digest, err := digestOf(items)
	if err != nil {
		return store.Frozen{}, err
	}
	canary := len(order) >= canaryFrom
	if r.plan.Request.Canary != nil {
		canary = *r.plan.Request.Canary
	}
	return store.Frozen{
		Run: rand.Text(), Digest: digest, Canary: canary, FailureLimit: r.plan.Request.MaxFailurePercent, Totals: totals, Items: items, Order: order,
	}, nil
}
