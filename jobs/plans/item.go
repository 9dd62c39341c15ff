package plans

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// An item of a plan is carried out in steps, each of which makes one call that
// changes something. Before the call its sending is claimed in the store, for
// ever; after it, AWS's answer is noted; then AWS is looked at until the effect
// shows. A run that finds a claim without an answer does not know whether the call
// was sent: it looks, and never sends again. So a worker may die at any moment,
// and a task may be delivered twice, and no call is made twice.
//
// Some steps may be sent again, which changes nothing more than was asked for. The
// catalogue bounds them; the store counts their calls from the first on, whoever sends
// them.

const (
	// defaultDeadline is how long AWS may take to show a change, where the catalogue
	// does not say.
	defaultDeadline = 10 * time.Minute
	// defaultConfirm is how long after a change was seen it is looked at once more, where
	// the catalogue does not say.
	defaultConfirm = 2 * time.Second
	// longestLook is the longest pause between two looks at a change under way.
	longestLook = 15 * time.Second
)

// leave notes that this worker no longer has an item. Where it cannot, the note
// stands until the worker is gone, and does no harm.
func (w *Worker) leave(ctx context.Context, plan string, item int) {
	if err := w.client.plans().LeaveItem(context.WithoutCancel(ctx), plan, item, w.o.ID); err != nil {
		w.o.Log.WarnContext(ctx, "an item could not be left", "plan", plan, "item", item, "err", err)
	}
}

// itemRun is one run of an item by this worker.
type itemRun struct {
	w       *Worker
	plan    tracker.Plan
	item    tracker.PlanItem
	info    tracker.ActionInfo
	account kernel.Account
	action  Action
	doing   tracker.Doing
	took    bool // AWS took a call of this run
}

// item carries an item out as far as it still is to be done.
func (w *Worker) item(ctx context.Context, body payload) error {
	verdict, err := w.client.plans().BeginItem(ctx, body.Plan, body.Item, body.Epoch, w.o.ID)
	if err != nil || verdict != "run" && verdict != "deadly" {
		return err // what is held is put on the queue again when the plan goes on
	}
	defer w.leave(ctx, body.Plan, body.Item)
	r := &itemRun{w: w}
	if r.plan, err = w.client.plans().LookupPlan(ctx, body.Plan); err != nil {
		return kernel.IgnoreNotFound(err)
	}
	if r.item, err = w.client.plans().PlanItem(ctx, body.Plan, body.Item); err != nil {
		return kernel.IgnoreNotFound(err)
	}
	if verdict == "deadly" {
		return r.giveUp(ctx)
	}
	info, ok := w.action(r.item.ActionItem)
	if !ok {
		return r.settle(ctx, tracker.ItemFailed, "this worker does not know the action: it is older than the one that planned it", nil)
	}
	r.info = info
	account, err := w.actor(ctx, r.plan)
	if err != nil {
		return r.notEntered(ctx, err)
	}
	r.account = account
	if r.action, err = account.Bind(r.item.ActionItem); err != nil {
		return r.settle(ctx, tracker.ItemFailed, err.Error(), nil)
	}
	// What has begun is recorded to its end also when the worker stops meanwhile.
	free := context.WithoutCancel(ctx)
	if ended, err := r.begin(ctx, free); ended || err != nil {
		return err
	}
	return r.carryOut(ctx, free)
}

// notEntered decides what to do when the account is not entered.
func (r *itemRun) notEntered(ctx context.Context, err error) error {
	if f, named := errors.AsType[*tracker.Failure](err); named {
		return r.unseen(ctx, f)
	}
	if tracker.CodeOf(err) == tracker.CodeInternal {
		return err
	}
	return r.settle(ctx, tracker.ItemFailed, "the credentials cannot be opened: "+err.Error(), nil)
}

// begin looks at the resource once more before anything is sent, and refuses an
// item that is not as it was planned.
func (r *itemRun) begin(ctx, free context.Context) (ended bool, err error) {
	r.doing = tracker.Doing{Item: r.item.ActionItem, Token: token(r.plan.ID, r.item.Index), Left: map[string]string{}}
	if len(r.item.Ledger.Steps) > 0 {
		seen, _, ok, err := r.w.client.plans().StartItem(free, r.plan.ID, r.item.Index, tracker.Resource{})
		r.doing.Seen = seen
		return !ok, err
	}
	sight, err := r.action.Again(ctx)
	if err != nil {
		return true, r.lookFailed(ctx, err)
	}
	if sight.Done {
		seen, _, ok, err := r.w.client.plans().StartItem(free, r.plan.ID, r.item.Index, sight.Resource)
		if err != nil || !ok {
			return true, err
		}
		r.doing.Seen = seen
		r.item.Ledger.Current = sight.Resource.State
		return true, r.settle(free, tracker.ItemVerified, "nothing was left to do: it was "+sight.Resource.State+" already", nil)
	}
	if change := r.changed(sight.Watched); change != "" {
		return true, r.settle(free, tracker.ItemRefused, "it has changed since it was planned: "+change, nil)
	}
	if len(sight.Refusals) > 0 {
		return true, r.settle(free, tracker.ItemRefused, sight.Refusals[0].Message, nil)
	}
	if outside := r.w.outside(r.plan, r.item.ActionItem, sight); outside != nil {
		return true, r.settle(free, tracker.ItemRefused, outside.Message, nil)
	}
	if sight.Waits != "" {
		waited := time.Since(r.began())
		if waited > r.patience() {
			return true, r.settle(free, tracker.ItemRefused, fmt.Sprintf("after %v still: %s", waited.Round(time.Second), sight.Waits), nil)
		}
		return true, kernel.Snooze(min(max(waited/4, time.Second), longestLook))
	}
	if held, err := r.heldByAnother(free); held || err != nil {
		return true, err
	}
	seen, begun, ok, err := r.w.client.plans().StartItem(free, r.plan.ID, r.item.Index, sight.Resource)
	if err != nil || !ok {
		return true, err
	}
	r.doing.Seen, r.item.Ledger.BegunAt = seen, &begun
	return false, nil
}

// token is unique to an item of a plan, and the same whenever it is tried.
func token(plan string, item int) string { return fmt.Sprintf("%s-%d", plan, item) }

// changed says what of the watched facts is no longer as planned.
func (r *itemRun) changed(now map[string]string) string {
	var changes []string
	for _, k := range slices.Sorted(maps.Keys(r.item.Watched)) {
		if was := r.item.Watched[k]; now[k] != was {
			changes = append(changes, fmt.Sprintf("%s was %q and is %q", k, was, now[k]))
		}
	}
	return strings.Join(changes, ", ")
}

// lookFailed decides what to do when AWS cannot be looked at.
func (r *itemRun) lookFailed(ctx context.Context, err error) error {
	return r.unseen(ctx, r.account.Explain(err, r.item.Region))
}

// unseen decides what to do when the resource is not seen. Before anything was
// sent the item fails; afterwards looking goes on until its deadline.
func (r *itemRun) unseen(ctx context.Context, f *tracker.Failure) error {
	if ctx.Err() != nil {
		return kernel.Snooze(0)
	}
	if f.Outcome.Transient() && time.Since(r.began()) < r.patience() {
		return kernel.Snooze(max(f.RetryAfter, 2*time.Second))
	}
	if len(r.item.Ledger.Steps) > 0 {
		return r.settle(ctx, tracker.ItemVerifyTimeout, "what was sent could not be read back: "+f.Error(), f)
	}
	return r.settle(ctx, tracker.ItemFailed, "it could not be looked at: "+f.Error(), f)
}

// began is when the item was begun, or else the plan was.
func (r *itemRun) began() time.Time {
	for _, t := range []*time.Time{r.item.Ledger.BegunAt, r.plan.AppliedAt} {
		if t != nil {
			return *t
		}
	}
	return r.plan.CreatedAt
}

// patience is how long an item is kept whose resource cannot be looked at. One that
// was not begun may have waited for its wave.
func (r *itemRun) patience() time.Duration {
	if r.item.Ledger.BegunAt == nil {
		return max(r.deadline(), time.Hour)
	}
	return r.deadline()
}

func (r *itemRun) deadline() time.Duration {
	if r.info.Deadline > 0 {
		return r.info.Deadline
	}
	return defaultDeadline
}

// confirmAfter is how long after the change was seen it is looked at once more.
func (r *itemRun) confirmAfter() time.Duration {
	return cmp.Or(r.w.o.Confirm, r.info.Confirm, defaultConfirm)
}

// carryOut goes through the steps, as far as they are not done.
func (r *itemRun) carryOut(ctx, free context.Context) error {
	records := map[string]tracker.StepRecord{}
	for _, rec := range r.item.Ledger.Steps {
		records[rec.Name] = rec
		maps.Copy(r.doing.Left, rec.Left)
	}
	steps := r.action.Steps()
	for i, step := range steps {
		rec := records[step.Name]
		if rec.DoneAt != nil {
			if i < len(steps)-1 {
				continue
			}
			return r.confirm(ctx, free, step, *rec.DoneAt)
		}
		if _, err := r.w.actor(ctx, r.plan); err != nil { // which may have been forbidden since the step before
			return r.notEntered(ctx, err)
		}
		if done, err := r.step(ctx, free, step, rec); !done || err != nil {
			return err
		}
	}
	return kernel.Snooze(r.confirmAfter())
}

// confirm looks once more, a while after the last step was seen done.
func (r *itemRun) confirm(ctx, free context.Context, step tracker.Step, done time.Time) error {
	if left := r.confirmAfter() - time.Since(done); left > 0 {
		return kernel.Snooze(left)
	}
	p, err := r.action.Check(ctx, step.Name, r.doing)
	if err != nil {
		return r.lookFailed(ctx, err)
	}
	r.item.Ledger.Current = p.State
	if p.Stage != tracker.StepDone {
		return r.settle(free, tracker.ItemReappeared, fmt.Sprintf("%s was seen done, and then it was %s again", step.Name, p.State), nil)
	}
	return r.settle(free, tracker.ItemVerified, "", nil)
}

// settle ends the item, and goes on with those that waited for it.
func (r *itemRun) settle(ctx context.Context, state tracker.ItemState, message string, f *tracker.Failure) error {
	ctx = context.WithoutCancel(ctx)
	l := r.item.Ledger
	l.State, l.Message, l.Error = state, message, f
	if state == tracker.ItemVerified && message == "" {
		if inverse, ok := r.action.Inverse(r.doing); ok {
			l.Inverse = &inverse
		}
	}
	var seen *tracker.Resource
	if r.doing.Seen.ID != "" {
		seen = &r.doing.Seen
	}
	settled, ready, final, err := r.w.client.plans().SettleItem(ctx, r.plan.ID, r.item.Index, l, seen)
	if err != nil {
		return err
	}
	if settled {
		r.w.o.Metrics.Item(r.item.Verb, state)
		err = r.w.client.plans().Tell(ctx, r.plan.ID)
	}
	err = errors.Join(err, r.w.client.release(ctx, r.plan, r.item), r.w.client.enqueueItems(ctx, r.plan, ready...))
	if final != "" {
		r.w.o.Accounts.Forget(r.plan.ID)
		err = errors.Join(err, r.w.planEnded(ctx, r.plan.ID))
	}
	return err
}

// planEnded tells metrics and log of the end of a plan.
func (w *Worker) planEnded(ctx context.Context, id string) error {
	p, err := w.client.plans().LookupPlan(ctx, id)
	if err != nil {
		return kernel.IgnoreNotFound(err)
	}
	w.o.Metrics.Plan(p.State)
	w.o.Log.InfoContext(ctx, "plan ended", "plan", id, "state", p.State, "items", p.Totals.Items)
	return nil
}
