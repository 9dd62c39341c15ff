package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const schedulesPath = "/api/v1/schedules"

// ScheduleItem is a schedule as it is answered.
type ScheduleItem struct {
	tracker.Schedule
	NextRuns []time.Time   `json:"next_runs" doc:"The next five; none while paused"`
	Links    scheduleLinks `json:"links"`
}

// scheduleLinks are where a schedule's parts are.
type scheduleLinks struct {
	Self     string `json:"self"`
	Runs     string `json:"runs"`
	History  string `json:"history"`
	LastRun  string `json:"last_run,omitempty"`
	LastGood string `json:"last_good,omitempty"`
}

func scheduleItemOf(sc tracker.Schedule) ScheduleItem {
	sc.Request = withoutExternalIDs(sc.Request)
	self := schedulesPath + "/" + sc.ID
	l := scheduleLinks{Self: self, Runs: self + "/runs", History: self + "/history"}
	if sc.LastRun != "" {
		l.LastRun = jobsPath + "/" + sc.LastRun
		if sc.Plan != nil {
			l.LastRun = plansPath + "/" + sc.LastRun
		}
	}
	if sc.LastGood != "" {
		l.LastGood = jobsPath + "/" + sc.LastGood
		if sc.Plan != nil {
			l.LastGood = plansPath + "/" + sc.LastGood
		}
	}
	return ScheduleItem{Schedule: sc, NextRuns: append([]time.Time{}, sc.NextRuns...), Links: l}
}

type addScheduleInput struct {
	RefusedHeaders
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same schedule"`
	Body           ScheduleBody
}

type putScheduleInput struct {
	ID string `path:"id" maxLength:"128" doc:"The schedule"`
	RefusedHeaders
	Body ScheduleBody
}

type scheduleInput struct {
	ID string `path:"id" maxLength:"128" doc:"The schedule"`
}

type runScheduleInput struct {
	ID             string `path:"id" maxLength:"128" doc:"The schedule"`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same run"`
}

type scheduleAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	ScheduleItem
}

type scheduleOutput struct{ Body scheduleAnswer }

type addScheduleOutput struct {
	Status   int
	Location string `header:"Location" doc:"The schedule"`
	Body     scheduleAnswer
}

type schedulesInput struct {
	OfAccount
	Cursor string `query:"cursor" maxLength:"128" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"100" doc:"The most schedules of a page"`
}

type schedulesAnswer struct {
	Success   bool           `json:"success" doc:"Always true"`
	Schedules []ScheduleItem `json:"schedules" doc:"Oldest first"`
	Next      string         `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

type historyAnswer struct {
	Success bool                    `json:"success" doc:"Always true"`
	History []tracker.ScheduleEvent `json:"history" doc:"Newest first: the last 200"`
}

type runsAnswer struct {
	Success bool        `json:"success" doc:"Always true"`
	Runs    []listedJob `json:"runs" doc:"Newest first, without their requests"`
	Plans   []planView  `json:"plans,omitempty" doc:"Runs of a schedule that carries a plan, newest first"`
}

func (s *Server) registerSchedules() {
	changes := []int{http.StatusForbidden, http.StatusConflict}
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: schedulesPath + path, Tags: []string{"schedules"}, Summary: summary}
	}
	register(s, operation("list-schedules", http.MethodGet, "", "List your schedules, oldest first"), s.listSchedules)

	add := operation("add-schedule", http.MethodPost, "", "Scan again and again")
	add.Description = `Takes cron or every_seconds, and what POST /api/v1/scan takes to say what to scan. A schedule runs with the server's own
credentials, or in a registered account; access keys are refused, because they would have to be kept. 403 where the
server does not lend its credentials. Of the times that pass while no worker runs only the newest is made up for, where that is not
later than starting_deadline_seconds; the others are missed, which the history and the audit say.`
	add.DefaultStatus, add.Errors = http.StatusCreated, changes
	before := jsonAnswer("The Idempotency-Key made this schedule before", schema[scheduleAnswer](s))
	before.Headers = map[string]*huma.Header{"Location": stringHeader("The schedule")}
	add.Responses = map[string]*huma.Response{status(http.StatusOK): before}
	register(s, add, s.addSchedule)

	s.registerNextRuns()
	register(s, operation("get-schedule", http.MethodGet, "/{id}", "Read a schedule: its next five runs, its last run and its last good one, and why the newest could not be started"), s.getSchedule)
	put := operation("put-schedule", http.MethodPut, "/{id}", "Replace a schedule")
	put.Description = "As POST, for a schedule that exists. What is absent is reset."
	put.Errors = changes
	register(s, put, s.putSchedule)
	remove := operation("delete-schedule", http.MethodDelete, "/{id}", "Delete a schedule")
	remove.Description, remove.DefaultStatus = "A run that is under way goes on; results stay until they expire.", http.StatusNoContent
	register(s, remove, s.deleteSchedule)

	register(s, operation("pause-schedule", http.MethodPost, "/{id}/pause", "Start no more runs by itself"), s.pauseSchedule(true))
	register(s, operation("resume-schedule", http.MethodPost, "/{id}/resume", "Start runs again, from the next tick on"), s.pauseSchedule(false))
	run := operation("run-schedule", http.MethodPost, "/{id}/run", "Start a run now, also of a paused schedule")
	run.DefaultStatus, run.Errors = http.StatusAccepted, []int{http.StatusConflict}
	register(s, run, s.runSchedule)
	register(s, operation("list-schedule-runs", http.MethodGet, "/{id}/runs", "List the kept runs of a schedule, newest first"), s.scheduleRuns)
	history := operation("list-schedule-history", http.MethodGet, "/{id}/history", "List what happened to a schedule, newest first")
	history.Description = "Who made and changed it, which runs it started, which it missed, and which it could not start and why. The audit says the same, for longer."
	register(s, history, s.scheduleHistory)
}

func (s *Server) listSchedules(ctx context.Context, in *schedulesInput) (*struct{ Body schedulesAnswer }, error) {
	cursor, err := placeIn(in.Cursor, in.AccountID)
	if err != nil {
		return nil, err
	}
	if cursor != "" && !jobID.MatchString(cursor) {
		return nil, invalid(FieldError{"query.cursor", "not a cursor that this listing gave out"})
	}
	schedules, next, err := s.Jobs.Schedules(ctx, owner(ctx), cursor, in.Limit, in.AccountID)
	if err != nil {
		return nil, err
	}
	out := schedulesAnswer{Success: true, Schedules: make([]ScheduleItem, len(schedules)), Next: cursorOf(next, in.AccountID)}
	for i, sc := range schedules {
		out.Schedules[i] = scheduleItemOf(sc)
	}
	return &struct{ Body schedulesAnswer }{out}, nil
}

func (s *Server) addSchedule(ctx context.Context, in *addScheduleInput) (*addScheduleOutput, error) {
	sc, creds, err := s.readSchedule(ctx, in.Body, in.RefusedHeaders, tracker.Schedule{Owner: owner(ctx)})
	if err != nil {
		return nil, err
	}
	if err := s.mayWrite(ctx, sc); err != nil {
		return nil, err
	}
	digest, err := tracker.Digest("schedule", in.Body)
	if err != nil {
		return nil, err
	}
	sc, created, err := s.Jobs.AddSchedule(ctx, sc, s.seal(ctx, tracker.SealSchedule, creds), in.IdempotencyKey, digest)
	if err != nil {
		return nil, located("body.", err)
	}
	out := &addScheduleOutput{http.StatusCreated, schedulesPath + "/" + sc.ID, scheduleAnswer{true, scheduleItemOf(sc)}}
	if !created {
		out.Status = http.StatusOK
	}
	return out, nil
}

func (s *Server) getSchedule(ctx context.Context, in *scheduleInput) (*scheduleOutput, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &scheduleOutput{scheduleAnswer{true, scheduleItemOf(sc)}}, nil
}

// schedule answers the caller's own schedule; an ID that cannot be one is not
// found.
func (s *Server) schedule(ctx context.Context, id string) (tracker.Schedule, error) {
	if !jobID.MatchString(id) {
		return tracker.Schedule{}, tracker.Errorf(tracker.CodeNotFound, "no such schedule")
	}
	return s.Jobs.Schedule(ctx, owner(ctx), id)
}

// mayWrite refuses a schedule that would do what its author may not.
func (s *Server) mayWrite(ctx context.Context, sc tracker.Schedule) error {
	if sc.Plan == nil {
		return s.withinGrants(ctx, tracker.PermitSchedule, sc.Request)
	}
	if !caller(ctx).May(tracker.PermitPlan) {
		return forbidden(tracker.PermitPlan)
	}
	return nil
}

func (s *Server) putSchedule(ctx context.Context, in *putScheduleInput) (*scheduleOutput, error) {
	before, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sc, creds, err := s.readSchedule(ctx, in.Body, in.RefusedHeaders, before)
	if err != nil {
		return nil, err
	}
	if err := s.mayWrite(ctx, sc); err != nil {
		return nil, err
	}
	var sealed []byte // none leaves them as they are
	if sc.Account != before.Account {
		if sealed, err = s.seal(ctx, tracker.SealSchedule, creds)(sc.ID); err != nil {
			return nil, err
		}
	}
	if sc, err = s.Jobs.PutSchedule(ctx, sc, sealed); err != nil {
		return nil, located("body.", err)
	}
	return &scheduleOutput{scheduleAnswer{true, scheduleItemOf(sc)}}, nil
}

func (s *Server) deleteSchedule(ctx context.Context, in *scheduleInput) (*struct{}, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, s.Jobs.DeleteSchedule(ctx, caller(ctx), sc.ID)
}

func (s *Server) pauseSchedule(pause bool) func(context.Context, *scheduleInput) (*scheduleOutput, error) {
	return func(ctx context.Context, in *scheduleInput) (*scheduleOutput, error) {
		sc, err := s.schedule(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if sc.Paused != pause {
			sc.Paused, sc.By = pause, caller(ctx)
			if sc, err = s.Jobs.PutSchedule(ctx, sc, nil); err != nil {
				return nil, err
			}
		}
		return &scheduleOutput{scheduleAnswer{true, scheduleItemOf(sc)}}, nil
	}
}

func (s *Server) runSchedule(ctx context.Context, in *runScheduleInput) (*acceptedOutput, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.withinGrants(ctx, tracker.PermitSchedule, sc.Request); err != nil {
		return nil, err
	}
	job, created, err := s.Jobs.RunScheduleOnce(ctx, caller(ctx), sc.ID, in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	return &acceptedOutput{
		Location: linksOf(job).Self, RetryAfter: "1",
		Body: accepted{Success: true, JobID: job.ID, State: job.State, Created: created, Links: linksOf(job)},
	}, nil
}

func (s *Server) scheduleRuns(ctx context.Context, in *scheduleInput) (*struct{ Body runsAnswer }, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	runs, err := s.Jobs.ScheduleRuns(ctx, sc.Owner, sc.ID)
	if err != nil {
		return nil, err
	}
	out := runsAnswer{Success: true, Runs: s.listed(ctx, runs)}
	if sc.Plan != nil {
		plans, err := s.Jobs.SchedulePlans(ctx, sc.Owner, sc.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range plans {
			out.Plans = append(out.Plans, planViewOf(p))
		}
	}
	return &struct{ Body runsAnswer }{out}, nil
}

func (s *Server) scheduleHistory(ctx context.Context, in *scheduleInput) (*struct{ Body historyAnswer }, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	history, err := s.Jobs.ScheduleHistory(ctx, sc.Owner, sc.ID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body historyAnswer }{historyAnswer{true, history}}, nil
}
