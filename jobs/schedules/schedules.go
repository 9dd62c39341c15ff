// Package schedules starts scans and plans again and again. Schedules are kept in
// the store, not in asynq's in-memory scheduler: any number of workers watch them,
// and each tick starts one job, because the job's ID derives from the schedule and
// the tick.
package schedules

import (
	"context"
	"errors"
	"fmt"
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
}

// Client keeps schedules and starts their runs.
type Client struct {
	Store *store.Store
	Scans Scans
	Plans Plans
}

func (c *Client) schedules() store.Schedules { return store.Schedules{Store: c.Store} }

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
	if err := c.Scans.Check(sc.Request); err != nil {
		return sc, err
	}
	if sc.Plan != nil {
		if err := c.Plans.CheckScheduled(*sc.Plan); err != nil {
			return sc, err
		}
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

// fire starts a run of a schedule as the job run. Fired twice, it is one job.
func (c *Client) fire(ctx context.Context, sc tracker.Schedule, run string) (j tracker.Job, created bool, err error) {
	sealed, err := c.schedules().ScheduleCredentials(ctx, sc.ID)
	if err != nil {
		return j, false, err
	}
	if sc.Plan != nil {
		return j, false, c.firePlan(ctx, sc, run, sealed)
	}
	j, created, err = c.Scans.Submit(ctx, tracker.Submission{
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
	_, _, err := c.Plans.AddPlan(ctx, tracker.PlanSubmission{Owner: sc.Owner, Request: request, Sealed: sealed, Schedule: sc.ID, PlanID: run})
	if err != nil {
		return err
	}
	return c.schedules().NoteRun(ctx, sc, run)
}

// FireDue starts the schedules whose tick has come. Ticks that were missed while
// no worker ran are made up for by one run.
func (c *Client) FireDue(ctx context.Context) error {
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
	run, now := tick(sc.ID, at), time.Now()
	if _, _, err := c.fire(ctx, sc, run); err != nil {
		told := c.tell(ctx, sc, at, tracker.AuditEvent{What: "schedule.failed", Detail: "the run of " + stamp(at) + " did not start: " + err.Error()})
		return fmt.Errorf("fire schedule %s: %w", id, errors.Join(err, told))
	}
	fired := tracker.AuditEvent{What: "schedule.fired", Detail: "the run of " + stamp(at)}
	if sc.Plan != nil {
		fired.PlanID = run
	} else {
		fired.Job = run
	}
	if err := c.tell(ctx, sc, at, fired); err != nil {
		return err
	}
	if missed := missedTicks(next, at, now); missed != "" {
		if err := c.tell(ctx, sc, at, tracker.AuditEvent{What: "schedule.missed", Detail: missed}); err != nil {
			return err
		}
	}
	return c.schedules().AdvanceSchedule(ctx, id, at, next(now))
}
