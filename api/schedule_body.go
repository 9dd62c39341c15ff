package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ScheduleBody says when to scan what, and with which credentials.
type ScheduleBody struct {
	_            struct{}          `additionalProperties:"false"`
	Name         string            `json:"name" minLength:"1" maxLength:"200" doc:"What people know the schedule by"`
	Cron         string            `json:"cron,omitempty" maxLength:"200" doc:"Minute, hour, day, month and weekday, such as 0 6 * * 1-5; or every_seconds or off_hours is given. Sunday is 0 and 7. A time that the clock jumps over runs at the first instant after, one that it shows twice runs once"`
	TimeZone     string            `json:"time_zone,omitempty" maxLength:"64" doc:"Where cron's hours are, such as Europe/Berlin; none is UTC"`
	EverySeconds int               `json:"every_seconds,omitempty" minimum:"0" maximum:"31622400" doc:"Time from one run to the next, at least 60, in place of cron"`
	OffHours     *tracker.OffHours `json:"off_hours,omitempty" doc:"Two times of a plan in place of cron: its action at one, the opposite at the other, such as stop and start. After a pause of the service the newest of the two that has passed is carried out, however late"`
	Deadline     int               `json:"starting_deadline_seconds,omitempty" minimum:"0" maximum:"2678400" doc:"How long after its time a run may still start; a later one is missed. None is 3600"`
	Paused       bool              `json:"paused,omitempty" doc:"Start no runs by itself"`
	Keep         int               `json:"keep,omitempty" minimum:"0" maximum:"100" doc:"How many results are kept, and beside them the newest good one; none is 10"`
	Plan         *SchedulePlan     `json:"plan,omitempty" doc:"Carry out a plan in place of a scan: such as stop at 19:00, and start at 07:00"`
	Notify       *NoticeBody       `json:"notify,omitempty" doc:"Tell webhooks that want inventory.changed what a run saw otherwise than the runs before it. It needs a history, and a scan without tags and filter"`
	ScanSelection
	ScheduleCredentials
}

// NoticeBody says of which changes between its runs a schedule tells webhooks.
type NoticeBody struct {
	_        struct{}               `additionalProperties:"false"`
	Filter   filterBody             `json:"filter,omitzero" doc:"Only resources that it selects as they were or as they are, at most 800 characters as a short query; none is all"`
	Changes  []tracker.ChangeKind   `json:"changes,omitempty" enum:"added,removed,changed" maxItems:"3" doc:"Only these; none is all"`
	Selected []tracker.SelectedWhen `json:"selected,omitempty" enum:"before,now,both" maxItems:"3" doc:"Only what the filter selects at these times. now is what it selects now and has not selected before, such as an address that has appeared; none is all"`
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
	RoleARN         string `json:"role_arn,omitempty" maxLength:"2048" pattern:"^(arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512})?$" doc:"Role of a registered account, in place of account; none of both is the server's credentials themselves"`
	Account         string `json:"account,omitempty" maxLength:"63" doc:"Name of a registered account to work in"`
	AccessKeyID     string `json:"access_key_id,omitempty" maxLength:"128" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
	SecretAccessKey string `json:"secret_access_key,omitempty" maxLength:"256" format:"password" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
	SessionToken    string `json:"session_token,omitempty" maxLength:"4096" format:"password" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
	Sealed          string `json:"sealed_credentials,omitempty" maxLength:"8192" writeOnly:"true" doc:"Refused: a schedule would have to keep it"`
}

// RefusedHeaders are the credentials of scans, which schedules do not take.
type RefusedHeaders struct {
	AccessKey    string `header:"X-AWS-Access-Key" maxLength:"128" doc:"Refused: a schedule would have to keep it"`
	SecretKey    string `header:"X-AWS-Secret-Key" maxLength:"256" doc:"Refused: a schedule would have to keep it"`
	SessionToken string `header:"X-AWS-Session-Token" maxLength:"4096" doc:"Refused: a schedule would have to keep it"`
}

// readSchedule checks a body that is to replace a schedule.
func (s *Server) readSchedule(ctx context.Context, b ScheduleBody, h RefusedHeaders, before tracker.Schedule) (sc tracker.Schedule, creds tracker.Credentials, err error) {
	if err := refuseKeys(b.ScheduleCredentials, h); err != nil {
		return sc, creds, err
	}
	if !s.ServerCredentials {
		return sc, creds, newProblem(http.StatusForbidden,
			"schedules run with the server's own AWS credentials, which this server does not lend: ALLOW_SERVER_CREDENTIALS is off")
	}
	req, err := s.scanRequest(b.ScanSelection)
	if err != nil {
		return sc, creds, err
	}
	if req.Billed != nil && req.Billed.Days > 0 {
		req.Billed.Start, req.Billed.End = "", "" // each run counts from its own day
	}
	creds, account, err := s.credentials(ctx, CredentialFields{RoleARN: b.RoleARN, Account: b.Account}, CredentialHeaders{})
	if err != nil {
		return sc, creds, err
	}
	if err := s.resolve(ctx, creds, account, &req); err != nil {
		return sc, creds, err
	}
	plan, err := s.scheduledPlan(b.Plan)
	if err != nil {
		return sc, creds, err
	}
	notify, err := s.notice(b.Notify)
	if err != nil {
		return sc, creds, err
	}
	return tracker.Schedule{
		Plan: plan, Notify: notify, OffHours: b.OffHours, Deadline: b.Deadline, Author: caller(ctx),
		ID: before.ID, Owner: before.Owner, CreatedAt: before.CreatedAt,
		Name: b.Name, Cron: b.Cron, TimeZone: b.TimeZone, EverySeconds: b.EverySeconds, Paused: b.Paused, Keep: b.Keep,
		Request: req, Account: account.Name, RoleARN: account.RoleARN,
	}, creds, nil
}

// notice reads of which changes webhooks are told.
func (s *Server) notice(b *NoticeBody) (*tracker.Notice, error) {
	if b == nil {
		return nil, nil //nolint:nilnil // none is asked for
	}
	if s.History == nil {
		return nil, invalid(FieldError{"body.notify", errNoHistory.Error()})
	}
	f, faults := s.readFilterBody("body.notify.filter", b.Filter)
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	return &tracker.Notice{Filter: f, Changes: distinct(b.Changes), Selected: distinct(b.Selected)}, nil
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
	const why = "a schedule takes no access keys: it would have to keep a secret. Give account, or nothing for the server's own credentials"
	var faults []FieldError
	for _, f := range []struct{ at, value string }{
		{"body.access_key_id", c.AccessKeyID},
		{"body.secret_access_key", c.SecretAccessKey},
		{"body.session_token", c.SessionToken},
		{"body.sealed_credentials", c.Sealed},
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
