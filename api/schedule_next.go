package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// nextRunsInput is when a schedule that is not written would come.
type nextRunsInput struct {
	Cron         string `query:"cron" maxLength:"200" doc:"As of a schedule; or every_seconds, or begin and end are given"`
	TimeZone     string `query:"time_zone" maxLength:"64" doc:"Where the hours are, such as Europe/Berlin; none is UTC"`
	EverySeconds int    `query:"every_seconds" minimum:"0" maximum:"31622400" doc:"Time from one run to the next, at least 60"`
	Begin        string `query:"begin" maxLength:"200" doc:"Cron line at which off-hours begin"`
	End          string `query:"end" maxLength:"200" doc:"Cron line at which off-hours end"`
	ID           string `query:"schedule_id" maxLength:"128" doc:"The schedule that is to be changed: its distances count from when it was made; none is a new one"`
}

type nextRunsAnswer struct {
	Success  bool        `json:"success" doc:"Always true"`
	NextRuns []time.Time `json:"next_runs" doc:"The next five, or those that come within five years"`
}

func (s *Server) registerNextRuns() {
	register(s, huma.Operation{
		OperationID: "preview-schedule", Method: http.MethodGet, Path: schedulesPath + "/next", Tags: []string{"schedules"},
		Summary:     "Tell when a schedule would come, before it is written",
		Description: "Reckons as schedules are run, and refuses what they are refused for. It writes nothing.",
		Errors:      []int{http.StatusNotFound},
	}, s.nextRuns)
}

func (s *Server) nextRuns(ctx context.Context, in *nextRunsInput) (*struct{ Body nextRunsAnswer }, error) {
	sc := tracker.Schedule{Owner: owner(ctx), ID: in.ID, Cron: in.Cron, TimeZone: in.TimeZone, EverySeconds: in.EverySeconds}
	if in.Begin != "" || in.End != "" {
		sc.OffHours = &tracker.OffHours{Begin: in.Begin, End: in.End}
	}
	if in.ID != "" && !jobID.MatchString(in.ID) {
		return nil, tracker.Errorf(tracker.CodeNotFound, "no such schedule")
	}
	runs, err := s.Jobs.NextRuns(ctx, sc)
	if e, ok := errors.AsType[*tracker.Error](err); ok {
		moved := *e
		moved.Field = strings.TrimPrefix(e.Field, "off_hours.")
		err = &moved
	}
	if err != nil {
		return nil, located("query.", err)
	}
	return &struct{ Body nextRunsAnswer }{nextRunsAnswer{true, append([]time.Time{}, runs...)}}, nil
}
