package plans

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// repeatFor is how long one run goes on with a step that is sent again and again.
	repeatFor = 30 * time.Second
	// longestIdle is the longest pause after a call that brought nothing on. What a look
	// shows may be older than the call, and AWS may need a while to let it through.
	longestIdle = 30 * time.Second
)

// step looks how far a step is, and sends its call where nobody has and it is needed:
// a protection may be lifted, or a resource be stopping, already. One that repeats is
// sent for as long as a look shows that it has not begun, within its bounds.
func (r *itemRun) step(ctx, free context.Context, step tracker.Step, rec tracker.StepRecord) (done bool, err error) {
	until, vain := time.Now().Add(repeatFor), false
	for {
		r.doing.AcceptedAt, r.doing.Moved = rec.AcceptedAt, rec.MovedAt != nil
		p, err := r.action.Check(ctx, step.Name, r.doing)
		if err != nil {
			return false, r.lookFailed(ctx, err)
		}
		maps.Copy(r.doing.Left, p.Left)
		r.item.Ledger.Current = p.State
		switch p.Stage {
		case tracker.StepDone:
			return true, r.w.client.plans().DoneStep(free, r.plan.ID, r.item.Index, step.Name, p.Left)
		case tracker.StepFailed:
			return false, r.settle(free, tracker.ItemFailed, fmt.Sprintf("%s did not succeed: %s", step.Name, p.Message), nil)
		case tracker.StepUnderWay:
			if rec.AcceptedAt != nil && rec.MovedAt == nil {
				err = r.w.client.plans().MovedStep(free, r.plan.ID, r.item.Index, step.Name)
			}
			return false, errors.Join(err, r.wait(free, step, rec, p))
		case tracker.StepNotBegun:
		}
		switch {
		case rec.IntendedAt != nil && !step.Repeatable():
			return false, r.wait(free, step, rec, p)
		case vain: // the next run looks, and sends it again where that is still needed
			return false, kernel.Snooze(r.idlePause(rec.Idle))
		case rec.IntendedAt != nil && (ctx.Err() != nil || time.Now().After(until)):
			return false, kernel.Snooze(0) // others have items too
		}
		brought, err := r.send(ctx, free, step, &rec, p)
		if brought == sentNothing || err != nil {
			return false, err
		}
		vain = brought == sentInVain
	}
}

// idlePause is how long a step is left alone after so many calls in a row that brought
// nothing on.
func (r *itemRun) idlePause(idle int) time.Duration {
	first := cmp.Or(r.w.o.Idle, time.Second)
	return min(first<<min(max(idle-1, 0), 10), longestIdle)
}

// sent says what became of the wish to send a call.
type sent int

const (
	sentNothing sent = iota // the item has ended, or is to wait
	sentInVain              // a call, of which it is not known that it changed anything
	sentOn                  // a call that has brought the step on, or the only one
)

// send claims the sending of a step and makes its call; last is what a look showed
// before.
func (r *itemRun) send(ctx, free context.Context, step tracker.Step, rec *tracker.StepRecord, last tracker.StepProgress) (sent, error) {
	claimant := rand.Text()
	claim, err := r.w.client.plans().IntendStep(ctx, r.plan.ID, r.item.Index, step.Name, claimant, step.Repeatable(), r.bound(step))
	if err != nil {
		return sentNothing, err
	}
	now := time.Now()
	rec.IntendedAt, rec.FirstAt = &now, cmp.Or(rec.FirstAt, &now)
	rec.Idle++
	switch claim {
	case store.ClaimSent:
		return sentOn, nil // by another run, whose answer is not known here: look
	case store.ClaimSpent:
		return sentNothing, r.spent(free, step, last)
	case store.ClaimCancelled:
		return sentNothing, r.cancelled(free, step, last)
	case store.ClaimWaits:
		return sentNothing, r.unacknowledged(free, step)
	}
	receipt, err := r.action.Send(free, step.Name, r.doing)
	if err != nil {
		return r.refused(ctx, free, step, claimant, err)
	}
	maps.Copy(r.doing.Left, receipt.Left)
	rec.AcceptedAt, r.took = &now, true
	if err := r.w.client.plans().AcceptStep(free, r.plan.ID, r.item.Index, step, receipt); err != nil {
		return sentNothing, err
	}
	if receipt.Final {
		return sentNothing, r.settle(free, tracker.ItemFailed, fmt.Sprintf("%s cannot be finished: %s", step.Name, receipt.Trouble), nil)
	}
	err = r.w.client.plans().Tell(free, r.plan.ID)
	if receipt.Changed > 0 || !step.Repeatable() {
		rec.Idle = 0
		return sentOn, err
	}
	return sentInVain, err
}

// unacknowledged puts off a step whose claim no replica of Redis has: if Redis failed
// now, another worker could claim it once more.
func (r *itemRun) unacknowledged(free context.Context, step tracker.Step) error {
	if waited := time.Since(r.began()); waited > max(r.deadline(), time.Hour) {
		return r.settle(free, tracker.ItemFailed, fmt.Sprintf("%s was not sent: %v after the item began no replica of Redis acknowledges its claim", step.Name, waited.Round(time.Second)), nil)
	}
	return kernel.Snooze(2 * time.Second)
}

// bound is how often and how long a step may be sent: one that is not repeated is sent
// anew only where AWS throttled it.
func (r *itemRun) bound(step tracker.Step) tracker.Repeats {
	if step.Repeatable() {
		return step.Repeats
	}
	return tracker.Repeats{For: r.deadline()}
}

// spent ends an item whose step was sent as often or as long as it may be.
func (r *itemRun) spent(free context.Context, step tracker.Step, last tracker.StepProgress) error {
	calls, err := r.calls(free, step)
	if err != nil {
		return err
	}
	return r.settle(free, tracker.ItemFailed, fmt.Sprintf("%s does not come to an end: %s", step.Name, told(calls, last)), nil)
}

// cancelled ends an item of a cancelled plan between two calls.
func (r *itemRun) cancelled(free context.Context, step tracker.Step, last tracker.StepProgress) error {
	calls, err := r.calls(free, step)
	if err != nil {
		return err
	}
	// A call that AWS throttled has changed nothing, and gave its claim back.
	if calls.AcceptedAt == nil && (calls.Calls == 0 || !step.Repeatable() && calls.IntendedAt == nil) {
		return r.settle(free, tracker.ItemNotRun, "the plan was cancelled before "+step.Name, nil)
	}
	return r.settle(free, tracker.ItemFailed, fmt.Sprintf("the plan was cancelled before %s was done: %s", step.Name, told(calls, last)), nil)
}

// calls is what the store knows of a step, whoever sent it.
func (r *itemRun) calls(ctx context.Context, step tracker.Step) (tracker.StepRecord, error) {
	it, err := r.w.client.plans().PlanItem(ctx, r.plan.ID, r.item.Index)
	if err != nil {
		return tracker.StepRecord{}, err
	}
	i := slices.IndexFunc(it.Ledger.Steps, func(s tracker.StepRecord) bool { return s.Name == step.Name })
	if i < 0 {
		return tracker.StepRecord{}, nil
	}
	return it.Ledger.Steps[i], nil
}

// told says how often a step was sent, what AWS last answered and what was last seen.
func told(calls tracker.StepRecord, last tracker.StepProgress) string {
	parts := []string{fmt.Sprintf("it was sent %d times", calls.Calls)}
	if calls.FirstAt != nil {
		parts[0] += fmt.Sprintf(" in %v", time.Since(*calls.FirstAt).Round(time.Second))
	}
	if calls.Idle > 0 {
		parts[0] += fmt.Sprintf(", the last %d without any progress", calls.Idle)
	}
	if calls.Trouble != "" {
		parts = append(parts, "AWS last answered: "+calls.Trouble)
	}
	for _, k := range slices.Sorted(maps.Keys(calls.Left)) {
		parts = append(parts, k+": "+calls.Left[k])
	}
	if last.State != "" || last.Message != "" {
		parts = append(parts, strings.TrimSpace("it was last seen "+last.State+" "+last.Message))
	}
	return strings.Join(parts, "; ")
}

// refused decides what an error of a call means. Where it is known that nothing was
// changed, the call may be sent again later or the item has failed; where it is
// not, the answer is in AWS.
func (r *itemRun) refused(ctx, free context.Context, step tracker.Step, claimant string, err error) (sent, error) {
	f := r.account.Explain(err, r.item.Region)
	if f.Harmless && f.Outcome != tracker.OutcomeThrottled {
		return sentNothing, r.rejected(ctx, free, step, f)
	}
	outcome := store.StepUnanswered
	if f.Harmless {
		outcome = store.StepThrottled
	}
	plans := r.w.client.plans()
	if err := errors.Join(plans.NoteStep(free, r.plan.ID, r.item.Index, step.Name, claimant, outcome, f.RequestID, f.Error()), plans.Tell(free, r.plan.ID)); err != nil {
		return sentNothing, err
	}
	if f.Harmless {
		return sentNothing, kernel.Snooze(max(f.RetryAfter, time.Second))
	}
	return sentInVain, nil
}

// rejected ends an item whose call AWS refused. Where a rule of the item now says why,
// such as a protection that was switched on since the plan, and nothing was sent
// before, that rule refuses it.
func (r *itemRun) rejected(ctx, free context.Context, step tracker.Step, f *tracker.Failure) error {
	if err := r.w.client.plans().Tell(free, r.plan.ID); err != nil { // first that it was about to be sent
		return err
	}
	audit := tracker.AuditEvent{What: "item.rejected", Step: step.Name, RequestID: f.RequestID, Detail: f.Error()}
	if err := r.w.auditItem(free, r.plan, r.item, audit); err != nil {
		return err
	}
	if !r.took && !slices.ContainsFunc(r.item.Ledger.Steps, func(s tracker.StepRecord) bool { return s.AcceptedAt != nil }) {
		if sight, err := r.action.Look(ctx); err == nil && len(sight.Refusals) > 0 {
			return r.settle(free, tracker.ItemRefused, sight.Refusals[0].Message+"; AWS answered: "+f.Error(), f)
		}
	}
	message := f.Error()
	if len(r.item.Dependents) > 0 {
		message += "; what depends on it: " + strings.Join(r.item.Dependents, ", ")
	}
	return r.settle(free, tracker.ItemFailed, message, f)
}

// wait puts off an item whose step is not done, or ends it when its time is up.
func (r *itemRun) wait(free context.Context, step tracker.Step, rec tracker.StepRecord, p tracker.StepProgress) error {
	since := time.Since(r.began())
	if rec.IntendedAt != nil {
		since = time.Since(*rec.IntendedAt)
	}
	if step.Repeatable() && rec.FirstAt != nil {
		since = time.Since(*rec.FirstAt)
	}
	limit := max(r.deadline(), step.Repeats.For)
	if rec.AcceptedAt == nil && p.Stage == tracker.StepNotBegun {
		if since > r.w.o.Lost {
			return r.settle(free, tracker.ItemFailed, fmt.Sprintf(
				"whether %s was sent is not known, since AWS's answer was lost; AWS shows no trace of it, and it is not sent again: it is %s", step.Name, p.State), nil)
		}
	} else if since > limit {
		return r.settle(free, tracker.ItemVerifyTimeout, strings.TrimSpace(fmt.Sprintf("%s was sent, but after %v it is still %s %s", step.Name, limit, p.State, p.Message)), nil)
	}
	return kernel.Snooze(min(max(since/4, time.Second), longestLook))
}
