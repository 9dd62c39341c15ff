package jobs

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/robfig/cron/v3"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Schedules are kept in the store, not in asynq's in-memory scheduler: any number
// of workers watch them, and each tick starts one job, because the job's ID
// derives from the schedule and the tick.

const (
	minEvery     = time.Minute
	maxEvery     = 366 * 24 * time.Hour
	defaultKeep  = 10
	maxKeep      = 100
	nextRunCount = 5
	// runRetention is how long a schedule's results can be kept: longer than any
	// sensible schedule needs to make its kept ones.
	runRetention = 400 * 24 * time.Hour
)

func (c *Client) schedules() store.Schedules { return store.Schedules{Store: c.Store} }

// ticks returns the function from a time to the schedule's next tick after it.
func ticks(sc tracker.Schedule) (func(time.Time) time.Time, error) {
	if (sc.Cron == "") == (sc.EverySeconds == 0) {
		return nil, tracker.Invalid("cron", "give either cron or every_seconds")
	}
	if sc.EverySeconds != 0 {
		every := time.Duration(sc.EverySeconds) * time.Second
		if every < minEvery || every > maxEvery {
			return nil, tracker.Invalid("every_seconds", "must be from %.0f to %.0f", minEvery.Seconds(), maxEvery.Seconds())
		}
		if sc.TimeZone != "" {
			return nil, tracker.Invalid("time_zone", "belongs to cron, not to every_seconds")
		}
		start := sc.CreatedAt
		return func(t time.Time) time.Time {
			return start.Add((t.Sub(start)/every + 1) * every).UTC()
		}, nil
	}
	zone, err := time.LoadLocation(sc.TimeZone) // "" is UTC
	if err != nil || sc.TimeZone == "Local" {
		return nil, tracker.Invalid("time_zone", "is not a name of the time zone database, such as Europe/Berlin")
	}
	// Five fields and nothing else: no seconds, no @every, no TZ= prefix.
	spec, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(sc.Cron)
	if err != nil || strings.Contains(sc.Cron, "=") {
		return nil, tracker.Invalid("cron", "is not a cron line of five fields (minute hour day month weekday), such as \"0 6 * * 1-5\"")
	}
	return func(t time.Time) time.Time { return spec.Next(t.In(zone)).UTC() }, nil
}

// tick returns the job ID of a schedule's run: a UUID of version 7 at the time of
// the tick, so that it sorts by time and is the same for whoever makes it.
func tick(schedule string, at time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s@%d", schedule, at.UnixMilli()))
	var id uuid.UUID
	copy(id[:], sum[:])
	for i := range 6 {
		id[i] = byte(at.UnixMilli() >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// AddSchedule writes a new schedule. The same idempotency key, if there is one,
// answers the schedule that its first use made, with created false; digest tells
// whether the request is the same.
func (c *Client) AddSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte, key, digest string) (_ tracker.Schedule, created bool, err error) {
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
	sc, err = c.PutSchedule(ctx, sc, sealed)
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
	sc.ID, sc.CreatedAt = id.String(), time.Now().UTC().Truncate(time.Second)
	return c.timed(sc)
}

// PutSchedule checks and writes a schedule. One without an ID is new. Nil
// credentials leave those it has.
func (c *Client) PutSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte) (_ tracker.Schedule, err error) {
	if sc.ID == "" {
		sc, err = c.newSchedule(sc)
	} else {
		sc, err = c.timed(sc)
	}
	if err != nil {
		return sc, err
	}
	if err := c.schedules().PutSchedule(ctx, sc, sealed); err != nil {
		return sc, err
	}
	return c.Schedule(ctx, sc.Owner, sc.ID)
}

// timed checks a schedule and sets its next tick.
func (c *Client) timed(sc tracker.Schedule) (tracker.Schedule, error) {
	if sc.Keep == 0 {
		sc.Keep = defaultKeep
	}
	if sc.Keep < 1 || sc.Keep > maxKeep {
		return sc, tracker.Invalid("keep", "must be from 1 to %d", maxKeep)
	}
	if _, err := c.accountsOf(sc.Request); err != nil {
		return sc, err
	}
	if err := c.checkScheduledPlan(sc.Plan); err != nil {
		return sc, err
	}
	next, err := ticks(sc)
	if err != nil {
		return sc, err
	}
	now := time.Now().UTC()
	first := next(now)
	if first.Before(now) { // cron's zero time: such as 30 February
		return sc, tracker.Invalid("cron", "never comes")
	}
	sc.NextAt = nil
	if !sc.Paused {
		sc.NextAt = &first
	}
	return sc, nil
}

// Schedule returns a schedule of owner with its next runs.
func (c *Client) Schedule(ctx context.Context, owner, id string) (tracker.Schedule, error) {
	sc, err := c.schedules().Schedule(ctx, owner, id)
	if err != nil {
		return sc, err
	}
	return withNextRuns(sc)
}

// Schedules returns the schedules of owner with their next runs, oldest first.
func (c *Client) Schedules(ctx context.Context, owner string) ([]tracker.Schedule, error) {
	schedules, err := c.schedules().Schedules(ctx, owner)
	for i := range schedules {
		if err == nil {
			schedules[i], err = withNextRuns(schedules[i])
		}
	}
	return schedules, err
}

func withNextRuns(sc tracker.Schedule) (tracker.Schedule, error) {
	if sc.NextAt == nil {
		return sc, nil
	}
	next, err := ticks(sc)
	if err != nil {
		return sc, err
	}
	for at := *sc.NextAt; len(sc.NextRuns) < nextRunCount && !at.IsZero(); at = next(at) {
		sc.NextRuns = append(sc.NextRuns, at)
	}
	return sc, nil
}

// DeleteSchedule deletes a schedule of owner.
func (c *Client) DeleteSchedule(ctx context.Context, owner, id string) error {
	sc, err := c.schedules().Schedule(ctx, owner, id)
	if err != nil {
		return err
	}
	return c.schedules().DeleteSchedule(ctx, sc)
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
	j, _, err := c.RunScheduleOnce(ctx, owner, id, "")
	return j, err
}

// RunScheduleOnce is RunSchedule, but the same idempotency key answers the run
// that it started first, with created false.
func (c *Client) RunScheduleOnce(ctx context.Context, owner, id, key string) (j tracker.Job, created bool, err error) {
	sc, err := c.schedules().Schedule(ctx, owner, id)
	if err != nil {
		return j, false, err
	}
	if sc.Plan != nil {
		return j, false, tracker.Errorf(tracker.CodeConflict, "schedule %s carries a plan, which runs at its ticks: POST /api/v1/plans plans the same now", id)
	}
	run := tick(sc.ID, time.Now())
	if key != "" {
		if run, err = c.claim(ctx, owner, key, "schedule run", sc.ID, run); err != nil {
			return j, false, err
		}
	}
	return c.fire(ctx, sc, run)
}

// checkScheduledPlan refuses a plan that a schedule must not carry: nobody looks at
// it before it is applied, so it has to be one that can be undone.
func (c *Client) checkScheduledPlan(r *tracker.PlanRequest) error {
	if r == nil {
		return nil
	}
	if r.Select == nil || r.Select.JobID != "" {
		return tracker.Invalid("plan.select", "takes no job_id: a schedule selects from the resources that the account has at the time")
	}
	known := false
	for _, a := range c.Actions {
		if !a.Called(r.Select.Verb) {
			continue
		}
		known = true
		if !a.Reversible && !c.Rules.AnyScheduledVerb {
			return tracker.Invalid("plan.select.action", "cannot be undone for %s: a schedule carries reversible actions only, unless SCHEDULE_ANY_ACTION is on", a.Type)
		}
	}
	if !known {
		return tracker.Invalid("plan.select.action", "is not an action of any resource type")
	}
	sub := tracker.PlanSubmission{Request: *r}
	return c.checkPlan(context.Background(), &sub, c.Rules.withDefaults())
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
		p, err := c.plans().Plan(ctx, owner, id)
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

// fire starts a run of a schedule as the job run. Fired twice, it is one job.
func (c *Client) fire(ctx context.Context, sc tracker.Schedule, run string) (j tracker.Job, created bool, err error) {
	sealed, err := c.schedules().ScheduleCredentials(ctx, sc.ID)
	if err != nil {
		return j, false, err
	}
	if sc.Plan != nil {
		return j, false, c.firePlan(ctx, sc, run, sealed)
	}
	j, created, err = c.Submit(ctx, tracker.Submission{
		Owner: sc.Owner, Request: sc.Request, Sealed: sealed, Lane: tracker.LaneScheduled, Schedule: sc.ID,
		JobID: run, Retention: runRetention, OwnFlight: true,
	})
	if err != nil {
		return j, false, err
	}
	return j, created, c.schedules().NoteRun(ctx, sc, j.ID)
}

// firePlan starts a run of a schedule that carries a plan.
func (c *Client) firePlan(ctx context.Context, sc tracker.Schedule, run string, sealed []byte) error {
	request := *sc.Plan
	request.Apply = true
	_, _, err := c.AddPlan(ctx, tracker.PlanSubmission{Owner: sc.Owner, Request: request, Sealed: sealed, Schedule: sc.ID, PlanID: run})
	if err != nil {
		return err
	}
	return c.schedules().NoteRun(ctx, sc, run)
}

// fireDue starts the schedules whose tick has come. Ticks that were missed while
// no worker ran are made up for by one run.
func (c *Client) fireDue(ctx context.Context) error {
	due, err := c.schedules().DueSchedules(ctx, 100)
	if err != nil {
		return err
	}
	var errs error
	for id, at := range due {
		errs = errors.Join(errs, c.fireOne(ctx, id, at))
	}
	return errs
}

func (c *Client) fireOne(ctx context.Context, id string, at time.Time) error {
	sc, err := c.schedules().LookupSchedule(ctx, id)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil // deleted in this moment
	}
	if err != nil {
		return err
	}
	next, err := ticks(sc)
	if err != nil {
		return err
	}
	if _, _, err := c.fire(ctx, sc, tick(sc.ID, at)); err != nil {
		return fmt.Errorf("fire schedule %s: %w", id, err)
	}
	return c.schedules().AdvanceSchedule(ctx, id, at, next(time.Now()))
}

// watchSchedules fires schedules until ctx ends. Every worker does.
func (w *Worker) watchSchedules(ctx context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-second.C:
		}
		if err := w.client.fireDue(ctx); err != nil && ctx.Err() == nil {
			w.o.Log.WarnContext(ctx, "schedules did not all start; the next second tries again", "err", err)
		}
	}
}
