package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const schedulesPath = "/api/v1/schedules"

// ScheduleBody says when to scan what, and with which credentials.
type ScheduleBody struct {
	_            struct{}      `additionalProperties:"false"`
	Name         string        `json:"name" minLength:"1" maxLength:"200" doc:"What people know the schedule by"`
	Cron         string        `json:"cron,omitempty" maxLength:"200" doc:"Minute, hour, day, month and weekday, such as 0 6 * * 1-5; or every_seconds is given"`
	TimeZone     string        `json:"time_zone,omitempty" maxLength:"64" doc:"Where cron's hours are, such as Europe/Berlin; none is UTC"`
	EverySeconds int           `json:"every_seconds,omitempty" minimum:"0" maximum:"31622400" doc:"Time from one run to the next, at least 60, in place of cron"`
	Paused       bool          `json:"paused,omitempty" doc:"Start no runs by itself"`
	Keep         int           `json:"keep,omitempty" minimum:"0" maximum:"100" doc:"How many results are kept, and beside them the newest good one; none is 10"`
	Plan         *SchedulePlan `json:"plan,omitempty" doc:"Carry out a plan in place of a scan: such as stop at 19:00, and start at 07:00"`
	ScanSelection
	ScheduleCredentials
}

// SchedulePlan is a plan that a schedule carries.
type SchedulePlan struct {
	_                 struct{}      `additionalProperties:"false"`
	Select            SelectionBody `json:"select" doc:"What to select from the account as it is at the time; without job_id"`
	MaxItems          int           `json:"max_items,omitempty" minimum:"0" doc:"The most items that it may have; none is the server's limit"`
	MaxSharePercent   int           `json:"max_share_percent,omitempty" minimum:"0" maximum:"100" doc:"The largest share of a type's resources that it may take; none is the server's limit"`
	MaxFailurePercent int           `json:"max_failure_percent,omitempty" minimum:"0" maximum:"100" doc:"The share of failed items that holds the rest; none is 10"`
}

// ScheduleCredentials are what a schedule can be given to scan with.
type ScheduleCredentials struct {
	RoleARN         string  `json:"role_arn,omitempty" pattern:"^(arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512})?$" doc:"Role that the server's credentials assume; none is the server's credentials themselves"`
	ExternalID      *string `json:"external_id,omitempty" maxLength:"1224" pattern:"^([\\w+=,.@:/-]{2,})?$" writeOnly:"true" doc:"The role's external ID. It is never answered: a PUT without it keeps it while the role stays the same"`
	AccessKeyID     string  `json:"access_key_id,omitempty" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
	SecretAccessKey string  `json:"secret_access_key,omitempty" format:"password" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
	SessionToken    string  `json:"session_token,omitempty" format:"password" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
}

// RefusedHeaders are the credentials of scans, which schedules do not take.
type RefusedHeaders struct {
	AccessKey    string `header:"X-AWS-Access-Key" doc:"Refused: a schedule would have to keep it"`
	SecretKey    string `header:"X-AWS-Secret-Key" doc:"Refused: a schedule would have to keep it"`
	SessionToken string `header:"X-AWS-Session-Token" doc:"Refused: a schedule would have to keep it"`
}

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
	LastRun  string `json:"last_run,omitempty"`
	LastGood string `json:"last_good,omitempty"`
}

func scheduleItemOf(sc tracker.Schedule) ScheduleItem {
	sc.Request = withoutExternalIDs(sc.Request)
	self := schedulesPath + "/" + sc.ID
	l := scheduleLinks{Self: self, Runs: self + "/runs"}
	if sc.LastRun != "" {
		l.LastRun = jobsPath + "/" + sc.LastRun
		if sc.Plan != nil {
			l.LastRun = plansPath + "/" + sc.LastRun
		}
	}
	if sc.LastGood != "" {
		l.LastGood = jobsPath + "/" + sc.LastGood
	}
	return ScheduleItem{Schedule: sc, NextRuns: append([]time.Time{}, sc.NextRuns...), Links: l}
}

type addScheduleInput struct {
	RefusedHeaders
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same schedule"`
	Body           ScheduleBody
}

type putScheduleInput struct {
	ID string `path:"id" doc:"The schedule"`
	RefusedHeaders
	Body ScheduleBody
}

type scheduleInput struct {
	ID string `path:"id" doc:"The schedule"`
}

type runScheduleInput struct {
	ID             string `path:"id" doc:"The schedule"`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same run"`
}

type scheduleAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	ScheduleItem
}

type scheduleOutput struct{ Body scheduleAnswer }

type addScheduleOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     scheduleAnswer
}

type schedulesAnswer struct {
	Success   bool           `json:"success" doc:"Always true"`
	Schedules []ScheduleItem `json:"schedules" doc:"Oldest first"`
}

type runsAnswer struct {
	Success bool       `json:"success" doc:"Always true"`
	Runs    []JobItem  `json:"runs" doc:"Newest first"`
	Plans   []planView `json:"plans,omitempty" doc:"Runs of a schedule that carries a plan, newest first"`
}

func (s *Server) registerSchedules() {
	one, changes := []int{http.StatusNotFound}, []int{http.StatusForbidden, http.StatusConflict, http.StatusUnsupportedMediaType}
	operation := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: schedulesPath + path, Tags: []string{"schedules"}, Summary: summary, Errors: one}
	}
	list := operation("list-schedules", http.MethodGet, "", "List your schedules, oldest first")
	list.Errors = []int{http.StatusServiceUnavailable}
	register(s, list, s.listSchedules)

	add := operation("add-schedule", http.MethodPost, "", "Scan again and again")
	add.Description = `Takes cron or every_seconds, and what POST /api/v1/scan takes to say what to scan. A schedule runs with the server's own
credentials, or with a role that they assume; access keys are refused, because they would have to be kept. 403 where the
server does not lend its credentials. Ticks that pass while no worker runs are made up for by one run.`
	add.DefaultStatus, add.Errors = http.StatusCreated, changes
	add.Responses = map[string]*huma.Response{
		status(http.StatusOK): jsonAnswer("The Idempotency-Key made this schedule before", schema[scheduleAnswer](s)),
	}
	register(s, add, s.addSchedule)

	register(s, operation("get-schedule", http.MethodGet, "/{id}", "Read a schedule: its next five runs, its last run and its last good one"), s.getSchedule)
	put := operation("put-schedule", http.MethodPut, "/{id}", "Replace a schedule")
	put.Description = "As POST, for a schedule that exists. What is absent is reset, except external IDs: they stay while their role does."
	put.Errors = slices.Concat(one, changes)
	register(s, put, s.putSchedule)
	remove := operation("delete-schedule", http.MethodDelete, "/{id}", "Delete a schedule")
	remove.Description, remove.DefaultStatus = "A run that is under way goes on; results stay until they expire.", http.StatusNoContent
	register(s, remove, s.deleteSchedule)

	register(s, operation("pause-schedule", http.MethodPost, "/{id}/pause", "Start no more runs by itself"), s.pauseSchedule(true))
	register(s, operation("resume-schedule", http.MethodPost, "/{id}/resume", "Start runs again, from the next tick on"), s.pauseSchedule(false))
	run := operation("run-schedule", http.MethodPost, "/{id}/run", "Start a run now, also of a paused schedule")
	run.DefaultStatus, run.Errors = http.StatusAccepted, []int{http.StatusNotFound, http.StatusConflict}
	register(s, run, s.runSchedule)
	register(s, operation("list-schedule-runs", http.MethodGet, "/{id}/runs", "List the kept runs of a schedule, newest first"), s.scheduleRuns)
}

func (s *Server) listSchedules(ctx context.Context, _ *struct{}) (*struct{ Body schedulesAnswer }, error) {
	schedules, err := s.Jobs.Schedules(ctx, owner(ctx))
	if err != nil {
		return nil, err
	}
	out := schedulesAnswer{Success: true, Schedules: make([]ScheduleItem, len(schedules))}
	for i, sc := range schedules {
		out.Schedules[i] = scheduleItemOf(sc)
	}
	return &struct{ Body schedulesAnswer }{out}, nil
}

func (s *Server) addSchedule(ctx context.Context, in *addScheduleInput) (*addScheduleOutput, error) {
	sc, creds, err := s.readSchedule(in.Body, in.RefusedHeaders, tracker.Schedule{Owner: owner(ctx)})
	if err != nil {
		return nil, err
	}
	sealed, err := s.Sealer.Seal(creds)
	if err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	digest, err := tracker.Digest("schedule", in.Body)
	if err != nil {
		return nil, err
	}
	sc, created, err := s.Jobs.AddSchedule(ctx, sc, sealed, in.IdempotencyKey, digest)
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

func (s *Server) putSchedule(ctx context.Context, in *putScheduleInput) (*scheduleOutput, error) {
	before, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sc, creds, err := s.readSchedule(in.Body, in.RefusedHeaders, before)
	if err != nil {
		return nil, err
	}
	var sealed []byte // none leaves the external ID that is sealed with the role
	if in.Body.ExternalID != nil || sc.RoleARN != before.RoleARN {
		if sealed, err = s.Sealer.Seal(creds); err != nil {
			return nil, fmt.Errorf("seal credentials: %w", err)
		}
	}
	if sc, err = s.Jobs.PutSchedule(ctx, sc, sealed); err != nil {
		return nil, located("body.", err)
	}
	return &scheduleOutput{scheduleAnswer{true, scheduleItemOf(sc)}}, nil
}

// readSchedule checks a body that is to replace a schedule.
func (s *Server) readSchedule(b ScheduleBody, h RefusedHeaders, before tracker.Schedule) (sc tracker.Schedule, creds tracker.Credentials, err error) {
	if err := refuseKeys(b.ScheduleCredentials, h); err != nil {
		return sc, creds, err
	}
	if !s.ServerCredentials {
		return sc, creds, newProblem(http.StatusForbidden,
			"schedules run with the server's own AWS credentials, which this server does not lend: ALLOW_SERVER_CREDENTIALS is off")
	}
	creds = tracker.Credentials{Server: true, RoleARN: b.RoleARN, ExternalID: given(b.ExternalID)}
	if creds.ExternalID != "" && creds.RoleARN == "" {
		return sc, creds, invalid(FieldError{"body.external_id", "needs role_arn"})
	}
	req, err := s.scanRequest(b.ScanSelection)
	if err != nil {
		return sc, creds, err
	}
	for i, a := range b.Accounts {
		if a.ExternalID == nil {
			req.Accounts[i].ExternalID = externalID(before.Request, a.RoleARN)
		}
	}
	plan, err := s.scheduledPlan(b.Plan)
	if err != nil {
		return sc, creds, err
	}
	return tracker.Schedule{
		Plan: plan,
		ID:   before.ID, Owner: before.Owner, CreatedAt: before.CreatedAt,
		Name: b.Name, Cron: b.Cron, TimeZone: b.TimeZone, EverySeconds: b.EverySeconds, Paused: b.Paused, Keep: b.Keep,
		Request: req, RoleARN: b.RoleARN,
	}, creds, nil
}

// scheduledPlan reads the plan of a schedule, if it carries one.
func (s *Server) scheduledPlan(b *SchedulePlan) (*tracker.PlanRequest, error) {
	if b == nil {
		return nil, nil
	}
	r, err := s.planRequest(PlanBody{Apply: true, PlanChanges: PlanChanges{
		Select:     &b.Select,
		PlanLimits: PlanLimits{MaxItems: b.MaxItems, MaxSharePercent: b.MaxSharePercent, MaxFailurePercent: b.MaxFailurePercent},
	}})
	if p, ok := errors.AsType[*Problem](err); ok {
		for i := range p.Errors {
			p.Errors[i].Location = strings.Replace(p.Errors[i].Location, "body.", "body.plan.", 1)
		}
	}
	return &r, err
}

// refuseKeys refuses what would have to be kept as a secret.
func refuseKeys(c ScheduleCredentials, h RefusedHeaders) error {
	const why = "a schedule takes no access keys: it would have to keep a secret. Give role_arn, or nothing for the server's own credentials"
	var faults []FieldError
	for _, f := range []struct{ at, value string }{
		{"body.access_key_id", c.AccessKeyID},
		{"body.secret_access_key", c.SecretAccessKey},
		{"body.session_token", c.SessionToken},
		{"header.X-AWS-Access-Key", h.AccessKey},
		{"header.X-AWS-Secret-Key", h.SecretKey},
		{"header.X-AWS-Session-Token", h.SessionToken},
	} {
		if f.value != "" {
			faults = append(faults, FieldError{f.at, why})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	p := invalid(faults...)
	p.Text, p.Detail = why, why
	return p
}

// externalID is what a request has for a role.
func externalID(r tracker.ScanRequest, role string) string {
	i := slices.IndexFunc(r.Accounts, func(a tracker.AccountRef) bool { return a.RoleARN == role })
	if i < 0 {
		return ""
	}
	return r.Accounts[i].ExternalID
}

func (s *Server) deleteSchedule(ctx context.Context, in *scheduleInput) (*struct{}, error) {
	sc, err := s.schedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, s.Jobs.DeleteSchedule(ctx, sc.Owner, sc.ID)
}

func (s *Server) pauseSchedule(pause bool) func(context.Context, *scheduleInput) (*scheduleOutput, error) {
	return func(ctx context.Context, in *scheduleInput) (*scheduleOutput, error) {
		sc, err := s.schedule(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if sc.Paused != pause {
			sc.Paused = pause
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
	job, created, err := s.Jobs.RunScheduleOnce(ctx, sc.Owner, sc.ID, in.IdempotencyKey)
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
	out := runsAnswer{Success: true, Runs: make([]JobItem, len(runs))}
	if sc.Plan != nil {
		plans, err := s.Jobs.SchedulePlans(ctx, sc.Owner, sc.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range plans {
			out.Plans = append(out.Plans, planViewOf(p))
		}
	}
	for i, j := range runs {
		out.Runs[i] = s.itemOf(j)
	}
	return &struct{ Body runsAnswer }{out}, nil
}
