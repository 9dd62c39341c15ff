// Package schedules starts scans and plans again and again. Schedules are kept in
// the store, not in asynq's in-memory scheduler: any number of workers watch them,
// and each tick starts one job, because the job's ID derives from the schedule and
// the tick.
package schedules

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	defaultKeep = 10
	maxKeep     = 100
	// runRetention is how long a schedule's results can be kept: longer than any
	// sensible schedule needs to make its kept ones.
	runRetention = 400 * 24 * time.Hour
)

// Scans starts scans.
type Scans interface {
	// Check refuses a request that could never be scanned.
	Check(r tracker.ScanRequest) error
	Submit(ctx context.Context, sub tracker.Submission) (j tracker.Job, created bool, err error)
}

// Plans starts plans.
type Plans interface {
	// CheckScheduled refuses a plan that a schedule must not carry.
	CheckScheduled(r tracker.PlanRequest) error
	AddPlan(ctx context.Context, sub tracker.PlanSubmission) (p tracker.Plan, created bool, err error)
	// Opposite is the plan that takes back what a schedule's plan does.
	Opposite(r tracker.PlanRequest) (tracker.PlanRequest, error)
}

// Client keeps schedules and starts their runs.
type Client struct {
	Store *store.Store
	Scans Scans
	Plans Plans
	Log   *slog.Logger // told of runs that could not be started; nil tells nobody
	// Ticked is told what became of each tick, once; nil tells nobody.
	Ticked func(what string)
}

func (c *Client) schedules() store.Schedules { return store.Schedules{Store: c.Store} }

// AddSchedule writes a new schedule. The same idempotency key, if there is one,
// answers the schedule that its first use made, with created false; digest tells
// whether the request is the same. seal seals the credentials for the schedule.
func (c *Client) AddSchedule(ctx context.Context, sc tracker.Schedule, seal tracker.Seal, key, digest string) (_ tracker.Schedule, created bool, err error) {
	sc, err = c.newSchedule(sc)
	if err != nil {
		return sc, false, err
	}
	if key != "" {
		made, err := c.claim(ctx, sc.Owner, key, "schedule add", digest, sc.ID)
		if err != nil {
			return sc, false, err
		}
		if made != sc.ID {
			first, err := c.Schedule(ctx, sc.Owner, made)
			if tracker.CodeOf(err) != tracker.CodeNotFound {
				return first, false, err
			}
			sc.ID = made // the first use died before it wrote, or it was deleted since
		}
	}
	sealed, err := seal(sc.ID)
	if err != nil {
		return sc, false, err
	}
	sc, err = c.create(ctx, sc, sealed)
	return sc, err == nil, err
}

// claim claims an idempotency key for a request of a kind, and answers what the
// first such request made.
func (c *Client) claim(ctx context.Context, owner, key, kind, of, made string) (string, error) {
	digest, err := tracker.Digest(kind, of)
	if err != nil {
		return "", err
	}
	return c.Store.ClaimKey(ctx, owner, key, digest, made)
}

func (c *Client) newSchedule(sc tracker.Schedule) (tracker.Schedule, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return sc, fmt.Errorf("make a schedule ID: %w", err)
	}
	if sc.Author.Who == "" {
		sc.Author = tracker.TenantItself(sc.Owner)
	}
	sc.ID, sc.CreatedAt = id.String(), c.Store.Now().UTC().Truncate(time.Second)
	return c.timed(sc)
}

func (c *Client) create(ctx context.Context, sc tracker.Schedule, sealed []byte) (tracker.Schedule, error) {
	if err := c.schedules().PutSchedule(ctx, sc, sealed, true, by(changer(sc), "schedule.created", "")); err != nil {
		return sc, err
	}
	return c.Schedule(ctx, sc.Owner, sc.ID)
}

// changer is who asks for a change of a schedule.
func changer(sc tracker.Schedule) tracker.Principal {
	if sc.By.Who != "" {
		return sc.By
	}
	return sc.Author
}

// by is a line about what a caller did.
func by(who tracker.Principal, what, detail string) tracker.ScheduleEvent {
	return tracker.ScheduleEvent{What: what, Who: who.Who, From: who.From, Detail: detail}
}

// PutSchedule checks and writes a schedule. One without an ID is new. Nil
// credentials leave those it has. A tick that has come and is not fired yet stays due
// while its time is what it was.
func (c *Client) PutSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte) (tracker.Schedule, error) {
	if sc.ID == "" {
		sc, err := c.newSchedule(sc)
		if err != nil {
			return sc, err
		}
		return c.create(ctx, sc, sealed)
	}
	before, err := c.schedules().Schedule(ctx, sc.Owner, sc.ID)
	if err != nil {
		return sc, err
	}
	if sc.Author.Who == "" {
		sc.Author = before.Author
	}
	if sc, err = c.timed(sc); err != nil {
		return sc, err
	}
	if !sc.Paused && before.NextAt != nil && sameTimes(before, sc) {
		sc.NextAt = before.NextAt
	}
	what, detail := changed(before, sc, sealed != nil)
	if err := c.schedules().PutSchedule(ctx, sc, sealed, false, by(changer(sc), what, detail)); err != nil {
		return sc, err
	}
	return c.Schedule(ctx, sc.Owner, sc.ID)
}

func sameTimes(a, b tracker.Schedule) bool {
	return a.Cron == b.Cron && a.TimeZone == b.TimeZone && a.EverySeconds == b.EverySeconds &&
		(a.OffHours == nil) == (b.OffHours == nil) && (a.OffHours == nil || *a.OffHours == *b.OffHours)
}

// timed checks a schedule and sets its next tick.
func (c *Client) timed(sc tracker.Schedule) (tracker.Schedule, error) {
	if sc.Keep == 0 {
		sc.Keep = defaultKeep
	}
	if sc.Keep < 1 || sc.Keep > maxKeep {
		return sc, tracker.Invalid("keep", "must be from 1 to %d", maxKeep)
	}
	if most := int(maxDeadline.Seconds()); sc.Deadline < 0 || sc.Deadline > most {
		return sc, tracker.Invalid("starting_deadline_seconds", "must be from 1 to %d", most)
	}
	if sc.OffHours != nil && sc.Deadline != 0 {
		return sc, tracker.Invalid("starting_deadline_seconds", "belongs to cron and every_seconds: off-hours always reach what they want by now")
	}
	if err := c.check(sc); err != nil {
		return sc, err
	}
	_, first, err := coming(sc, c.Store.Now().UTC())
	if err != nil {
		return sc, err
	}
	sc.NextAt = nil
	if !sc.Paused {
		sc.NextAt = &first
	}
	return sc, nil
}

// check holds a schedule to the rules of what it starts: when it is written, and again
// at each tick.
func (c *Client) check(sc tracker.Schedule) error {
	if err := c.Scans.Check(sc.Request); err != nil {
		return err
	}
	if err := checkNotice(sc); err != nil {
		return err
	}
	if sc.Plan == nil {
		if sc.OffHours != nil {
			return tracker.Invalid("off_hours", "belong to a plan, which says what is done when they begin")
		}
		return nil
	}
	if err := c.Plans.CheckScheduled(*sc.Plan); err != nil || sc.OffHours == nil {
		return err
	}
	back, err := c.Plans.Opposite(*sc.Plan)
	if err != nil {
		return err
	}
	return c.Plans.CheckScheduled(back)
}

// maxNotice is how long the filter of a notice may be: events have it in a link.
const maxNotice = 800

// checkNotice refuses a notice of a schedule whose runs change nothing in the history.
func checkNotice(sc tracker.Schedule) error {
	switch {
	case sc.Notify == nil:
		return nil
	case sc.Plan != nil:
		return tracker.Invalid("notify", "belongs to a schedule that scans: this one carries a plan, which has events of its own")
	case !tracker.Job{Kind: tracker.KindScan, Request: sc.Request}.Whole():
		return tracker.Invalid("notify", "compares whole scans: with tags or a filter of the request the history leaves the runs out. Give the filter as notify.filter")
	case len(sc.Notify.Filter.String()) > maxNotice:
		return tracker.Invalid("notify.filter", "must have at most %d characters when it is written as a short query", maxNotice)
	}
	return nil
}

// Schedule returns a schedule of owner with its next runs.
func (c *Client) Schedule(ctx context.Context, owner, id string) (tracker.Schedule, error) {
	sc, err := c.schedules().Schedule(ctx, owner, id)
	if err != nil {
		return sc, err
	}
	return c.shown(sc), nil
}

// Schedules returns schedules of owner with their next runs, oldest first, a page at a
// time; with an account only those that are, or may be, about it.
func (c *Client) Schedules(ctx context.Context, owner, cursor string, limit int, account string) (schedules []tracker.Schedule, next string, err error) {
	schedules, next, err = c.schedules().Schedules(ctx, owner, cursor, limit, account)
	for i := range schedules {
		schedules[i] = c.shown(schedules[i])
	}
	return schedules, next, err
}

// shown adds to a schedule when it runs next, and what it wants now. One whose times
// cannot be read says so as its last error.
func (c *Client) shown(sc tracker.Schedule) tracker.Schedule {
	t, err := timesOf(sc)
	if err != nil {
		if sc.LastError == "" {
			sc.LastError = err.Error()
		}
		return sc
	}
	if sc.NextAt != nil {
		sc.NextRuns = t.from(*sc.NextAt)
	}
	now := c.Store.Now()
	if sc.OffHours == nil || sc.Paused || sc.Plan == nil {
		return sc
	}
	since := t.next.newest(now)
	request, err := c.wanted(sc, t.over(now))
	if err != nil || since.IsZero() {
		return sc
	}
	sc.Wanted = &tracker.WantedState{Verb: request.Select.Verb, Since: since}
	if until := t.next(now); !until.IsZero() {
		sc.Wanted.Until = &until
	}
	return sc
}

// DeleteSchedule deletes a schedule of the caller's tenant.
func (c *Client) DeleteSchedule(ctx context.Context, who tracker.Principal, id string) error {
	sc, err := c.schedules().Schedule(ctx, who.Tenant, id)
	if err != nil {
		return err
	}
	return c.schedules().DeleteSchedule(ctx, sc, by(who, "schedule.deleted", sc.Name))
}

// ScheduleHistory returns what happened to a schedule of owner, newest first.
func (c *Client) ScheduleHistory(ctx context.Context, owner, id string) ([]tracker.ScheduleEvent, error) {
	if _, err := c.schedules().Schedule(ctx, owner, id); err != nil {
		return nil, err
	}
	return c.schedules().History(ctx, id)
}

// ScheduleRuns returns the kept runs of a schedule of owner, newest first.
func (c *Client) ScheduleRuns(ctx context.Context, owner, id string) ([]tracker.Job, error) {
	if _, err := c.schedules().Schedule(ctx, owner, id); err != nil {
		return nil, err
	}
	ids, err := c.schedules().Runs(ctx, id)
	if err != nil {
		return nil, err
	}
	runs := make([]tracker.Job, 0, len(ids))
	for _, id := range ids {
		j, err := c.Store.Job(ctx, owner, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // expired
		}
		if err != nil {
			return nil, err
		}
		runs = append(runs, j)
	}
	return runs, nil
}

// RunSchedule starts a run of a schedule of owner now, beside its ticks.
func (c *Client) RunSchedule(ctx context.Context, owner, id string) (tracker.Job, error) {
	j, _, err := c.RunScheduleOnce(ctx, tracker.Principal{Tenant: owner, Who: owner}, id, "")
	return j, err
}

// RunScheduleOnce is RunSchedule, but the same idempotency key answers the run
// that it started first, with created false.
func (c *Client) RunScheduleOnce(ctx context.Context, who tracker.Principal, id, key string) (j tracker.Job, created bool, err error) {
	sc, err := c.schedules().Schedule(ctx, who.Tenant, id)
	if err != nil {
		return j, false, err
	}
	if sc.Plan != nil {
		return j, false, tracker.Errorf(tracker.CodeConflict, "schedule %s carries a plan, which runs at its ticks: POST /api/v1/plans plans the same now", id)
	}
	if err := c.check(sc); err != nil {
		return j, false, err
	}
	run := tick(sc.ID, c.Store.Now())
	if key != "" {
		if run, err = c.claim(ctx, who.Tenant, key, "schedule run", sc.ID, run); err != nil {
			return j, false, err
		}
	}
	sealed, err := c.schedules().ScheduleCredentials(ctx, sc.ID)
	if err != nil {
		return j, false, err
	}
	e := by(who, "schedule.run", "asked for beside its times")
	e.Job = run
	if err := c.schedules().NoteManual(ctx, sc, e); err != nil {
		return j, false, err
	}
	return c.scan(ctx, sc, run, sealed)
}

// SchedulePlans returns the kept runs of a schedule that carries a plan, newest first.
func (c *Client) SchedulePlans(ctx context.Context, owner, id string) ([]tracker.Plan, error) {
	if _, err := c.schedules().Schedule(ctx, owner, id); err != nil {
		return nil, err
	}
	ids, err := c.schedules().Runs(ctx, id)
	if err != nil {
		return nil, err
	}
	plans := make([]tracker.Plan, 0, len(ids))
	for _, id := range ids {
		p, err := store.Plans{Store: c.Store}.Plan(ctx, owner, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // a scan of the time before the schedule carried a plan, or expired
		}
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}
