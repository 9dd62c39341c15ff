package schedules

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	defaultDeadline = time.Hour
	maxDeadline     = 31 * 24 * time.Hour
	// failuresAtMost is after how many failures in a row a schedule pauses itself.
	failuresAtMost = 10
	// patience is how long a run is tried whose start fails for a reason that may pass.
	patience = time.Minute
	// clearing is how long a run waits for the one before it to end.
	clearing = time.Hour
	// unreadAgain is when a schedule is looked at again whose next tick cannot be told.
	unreadAgain = time.Hour
)

// errPutOff says that a due schedule is to be come back to in a second.
var errPutOff = errors.New("put off")

// due is a schedule whose tick has come.
type due struct {
	store.DueSchedule
	times times
	tick  time.Time // the newest that has come
	about string    // what it is about, for a plan
	newer string    // the schedule whose newer tick about the same counts instead
}

// FireDue starts what schedules start, in the order of their ticks. A schedule that
// cannot be fired holds up no other. Redis that cannot be reached ends it: nothing is
// fired out of order.
func (c *Client) FireDue(ctx context.Context) error {
	list, err := c.schedules().DueSchedules(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	now := c.Store.Now()
	dues := make([]*due, len(list))
	for i, d := range list {
		dues[i] = c.due(d, now)
	}
	slices.SortStableFunc(dues, func(a, b *due) int { return a.tick.Compare(b.tick) })
	newest := map[string]*due{}
	for _, d := range dues {
		newest[d.about] = d
	}
	var errs error
	waiting := map[string]bool{}
	for _, d := range dues {
		if d.about != "" && newest[d.about] != d {
			d.newer = newest[d.about].ID
		}
		if d.about != "" && waiting[d.about] {
			continue // behind one that was put off
		}
		err := c.fireOne(ctx, d)
		switch {
		case store.Transient(err):
			return errors.Join(errs, err)
		case errors.Is(err, errPutOff):
			waiting[d.about] = true
		case err != nil:
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// due finds out what a due schedule has to do.
func (c *Client) due(d store.DueSchedule, now time.Time) *due {
	out := &due{DueSchedule: d, tick: d.At}
	if d.Err != nil || d.Schedule.Paused {
		return out
	}
	if out.times, out.Err = timesOf(d.Schedule); out.Err != nil {
		return out
	}
	if newest := out.times.next.newest(now); newest.After(d.At) {
		out.tick = newest
	}
	out.about = c.about(d.Schedule)
	return out
}

// about names the resources that a schedule's plan is about and what it does to them:
// the same for a verb and its opposite.
func (c *Client) about(sc tracker.Schedule) string {
	if sc.Plan == nil || sc.Plan.Select == nil {
		return ""
	}
	s := *sc.Plan.Select
	verbs := []string{s.Verb}
	if back, err := c.Plans.Opposite(*sc.Plan); err == nil {
		verbs = append(verbs, back.Select.Verb)
	}
	slices.Sort(verbs)
	s.Verb, s.Params, s.Lift = "", nil, nil
	digest, err := tracker.Digest("about", sc.Owner, sc.Account, sc.RoleARN, sc.Request, s, verbs)
	if err != nil {
		return sc.ID
	}
	return digest
}

// fireOne does what a due schedule has to do, and moves it on.
func (c *Client) fireOne(ctx context.Context, d *due) error {
	if tracker.CodeOf(d.Err) == tracker.CodeNotFound || d.Schedule.Paused {
		return c.schedules().AdvanceSchedule(ctx, d.ID, d.At, time.Time{})
	}
	if d.Err != nil {
		return c.settle(ctx, d, d.tick, c.failed(d.tick, d.Err), c.Store.Now().Add(unreadAgain))
	}
	g, err := c.schedules().DecideFiring(ctx, d.ID, d.At, d.tick, d.newer)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return c.schedules().AdvanceSchedule(ctx, d.ID, d.At, time.Time{})
	}
	if err != nil {
		return err
	}
	out, err := c.outcome(ctx, d, g)
	if err != nil {
		return err
	}
	return c.settle(ctx, d, g.Tick, out, d.times.next(g.Tick))
}

// settle ends a due tick. A schedule of which nothing can be written is moved on all
// the same.
func (c *Client) settle(ctx context.Context, d *due, tick time.Time, o store.Settlement, next time.Time) error {
	for i := range o.Events {
		o.Events[i].Who, o.Events[i].Tick = d.Schedule.Author.Who, &tick
	}
	o.Most = failuresAtMost
	if o.Error != "" && c.Log != nil {
		c.Log.WarnContext(ctx, "a schedule could not start its run", "schedule_id", d.ID, "err", o.Error)
	}
	settled, err := c.schedules().SettleTick(ctx, d.Schedule, d.At, o, next)
	if settled && c.Ticked != nil {
		c.Ticked(o.What)
	}
	if err == nil || store.Transient(err) {
		return err
	}
	return errors.Join(err, c.schedules().AdvanceSchedule(ctx, d.ID, d.At, next))
}

func (c *Client) failed(tick time.Time, err error) store.Settlement {
	return store.Settlement{
		What: "failed", Error: err.Error(),
		Pause:  fmt.Sprintf("it paused itself after %d failures in a row, the last: %v", failuresAtMost, err),
		Events: []tracker.ScheduleEvent{{What: "schedule.failed", Detail: fmt.Sprintf("the run of %s did not start: %v", stamp(tick), err)}},
	}
}

// outcome starts the run of a tick, or says why it does not.
func (c *Client) outcome(ctx context.Context, d *due, g store.Firing) (store.Settlement, error) {
	sc := d.Schedule
	missed := d.times.next.passed(d.At, g.Tick)
	late, deadline := g.At.Sub(g.Tick).Round(time.Second), deadlineOf(sc)
	switch {
	case g.Newer != "":
		missed = join(missed, fmt.Sprintf("the run of %s: the newer one of schedule %s about the same resources counts", stamp(g.Tick), g.Newer))
		return store.Settlement{What: "missed", Events: []tracker.ScheduleEvent{{What: "schedule.missed", Detail: missed}}}, nil
	case sc.OffHours == nil && late > deadline:
		missed = join(missed, fmt.Sprintf("the run of %s: no worker started it within %v", stamp(g.Tick), deadline))
		return store.Settlement{What: "missed", Events: []tracker.ScheduleEvent{{What: "schedule.missed", Detail: missed}}}, nil
	}
	fired, err := c.start(ctx, d, g)
	out := store.Settlement{What: "fired", Events: []tracker.ScheduleEvent{fired}}
	waited := c.Store.Now().Sub(g.Since)
	full, quota := quotaOf(err)
	switch own := tracker.CodeOf(err) != tracker.CodeInternal && !full.Passes(); {
	case err == nil:
	case store.Transient(err):
		return store.Settlement{}, err
	case errors.Is(err, errPutOff) && waited < clearing, !errors.Is(err, errPutOff) && !own && waited < patience:
		return store.Settlement{}, fmt.Errorf("fire schedule %s: %w: %w", d.ID, errPutOff, err)
	case quota:
		// What others have used up is no failure of the schedule: it does not pause itself.
		out = c.failed(g.Tick, err)
		out.What = "refused"
	default:
		out = c.failed(g.Tick, err)
	}
	if missed != "" {
		out.Events = append([]tracker.ScheduleEvent{{What: "schedule.missed", Detail: missed}}, out.Events...)
	}
	return out, nil
}

// quotaOf is the quota that refused a run, if one did.
func quotaOf(err error) (u tracker.QuotaUse, ok bool) {
	if e, is := errors.AsType[*tracker.Error](err); is && e.Quota != nil {
		return *e.Quota, true
	}
	return u, false
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// deadlineOf is how long after its time a run of a schedule may start.
func deadlineOf(sc tracker.Schedule) time.Duration {
	if sc.Deadline == 0 {
		return defaultDeadline
	}
	return time.Duration(sc.Deadline) * time.Second
}

// start starts the run of a tick. Every rule that held when the schedule was written is
// asked again. Started twice, it is one run.
func (c *Client) start(ctx context.Context, d *due, g store.Firing) (tracker.ScheduleEvent, error) {
	sc, run := d.Schedule, tick(d.ID, g.Tick)
	fired := tracker.ScheduleEvent{What: "schedule.fired", Detail: "the run of " + stamp(g.Tick)}
	if c.Store.Now().Sub(g.At) >= store.FiringFor {
		return fired, errPutOff // too long ago: another worker may have decided anew
	}
	if err := c.check(sc); err != nil {
		return fired, err
	}
	sealed, err := c.schedules().ScheduleCredentials(ctx, sc.ID)
	if err != nil {
		return fired, err
	}
	if sc.Plan == nil {
		fired.Job = run
		_, _, err := c.scan(ctx, sc, run, sealed)
		return fired, err
	}
	fired.PlanID = run
	sub := tracker.PlanSubmission{Owner: sc.Owner, By: sc.Author, Request: *sc.Plan, Sealed: sealed, Schedule: sc.ID, PlanID: run, Account: tracker.AccountOfRole(sc.RoleARN)}
	if sc.OffHours != nil {
		over := d.times.over(g.Tick)
		if sub.Request, err = c.wanted(sc, over); err != nil {
			return fired, err
		}
		fired.Detail += ": " + sub.Request.Select.Verb
		// What is not begun by then is not wanted any more.
		sub.Until = d.times.next(g.Tick)
		if err := c.clear(ctx, sc, run); err != nil {
			return fired, err
		}
	}
	sub.Request.Apply = true
	// Noted first: whoever dies here leaves no plan that the next tick does not know of.
	if err := c.schedules().NoteRun(ctx, sc, run); err != nil {
		return fired, err
	}
	_, _, err = c.Plans.AddPlan(ctx, sub)
	return fired, err
}

// wanted is what off-hours want, while they last or when they are over.
func (c *Client) wanted(sc tracker.Schedule, over bool) (tracker.PlanRequest, error) {
	if !over {
		return *sc.Plan, nil
	}
	return c.Plans.Opposite(*sc.Plan)
}

// clear ends the run before: two runs of one pair must not be carried out side by side.
// What it has begun is seen to its end first.
func (c *Client) clear(ctx context.Context, sc tracker.Schedule, run string) error {
	if sc.LastRun == "" || sc.LastRun == run {
		return nil
	}
	plans := store.Plans{Store: c.Store, By: sc.Author}
	p, err := plans.Plan(ctx, sc.Owner, sc.LastRun)
	if tracker.CodeOf(err) == tracker.CodeNotFound || err == nil && p.State.Terminal() {
		return nil
	}
	if err != nil {
		return err
	}
	err = plans.CancelPlan(ctx, p.ID, "the next time of its off-hours has come")
	if err != nil && tracker.CodeOf(err) != tracker.CodeConflict {
		return err
	}
	if err := plans.Tell(ctx, p.ID); err != nil {
		return err
	}
	return fmt.Errorf("the run before, plan %s, has not ended: %w", p.ID, errPutOff)
}

// scan starts a scan of a schedule as the job run.
func (c *Client) scan(ctx context.Context, sc tracker.Schedule, run string, sealed []byte) (j tracker.Job, created bool, err error) {
	request := sc.Request
	if request.Billed != nil {
		billed := request.Billed.At(c.Store.Now())
		request.Billed = &billed
	}
	j, created, err = c.Scans.Submit(ctx, tracker.Submission{
		Owner: sc.Owner, By: sc.Author, Request: request, Sealed: sealed, Lane: tracker.LaneScheduled, Schedule: sc.ID,
		JobID: run, Account: tracker.AccountOfRole(sc.RoleARN), Retention: runRetention, OwnFlight: true,
	})
	if err != nil {
		return j, false, err
	}
	return j, created, c.schedules().NoteRun(ctx, sc, j.ID)
}
