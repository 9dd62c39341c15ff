package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

type auditInput struct {
	After  string    `query:"after" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"event_id of the last line that you have"`
	Since  time.Time `query:"since" doc:"Only lines from this time on"`
	PlanID string    `query:"plan_id" maxLength:"128" doc:"Only lines of this plan"`
	Limit  int       `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The most lines of a page"`
	Format string    `query:"format" enum:"json,ndjson" default:"json" doc:"ndjson streams all lines, without limit"`
}

type auditAnswer struct {
	Success bool                 `json:"success" doc:"Always true"`
	Events  []tracker.AuditEvent `json:"events" doc:"Oldest first"`
	Next    string               `json:"next_after,omitempty" doc:"The after of the next page; absent on the last"`
}

func (s *Server) registerAudit() {
	register(s, huma.Operation{
		OperationID: "read-audit", Method: http.MethodGet, Path: "/api/v1/audit", Tags: []string{"actions"},
		Summary:     "Read what was planned, approved, sent, refused and verified",
		Description: "An append-only record of your plans: who, when, from where, with AWS's request IDs.",
		Errors:      []int{http.StatusBadRequest},
		Responses: map[string]*huma.Response{status(http.StatusOK): answers("A page, or all lines", map[string]*huma.Schema{
			"application/json": schema[auditAnswer](s), ndjson: schema[tracker.AuditEvent](s),
		})},
	}, s.audit)
	register(s, huma.Operation{
		OperationID: "verify-audit", Method: http.MethodGet, Path: "/api/v1/audit/verify", Tags: []string{"actions"},
		Summary: "Check that no line of the audit was changed, removed, inserted or swapped",
		Description: `Each line carries the hash of the line before it and its own. A call checks as many lines as limit says, the oldest first, and
answers where to go on; it stops at the first line that does not hold. Keep the hash of the last line elsewhere: whoever can write
all that is kept here can also reckon all hashes anew.`,
	}, s.verifyAudit)
}

type verifyInput struct {
	Cursor string `query:"cursor" maxLength:"128" doc:"next_cursor of the call before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"5000" default:"1000" doc:"How many lines to check"`
}

type verifyAnswer struct {
	Success bool `json:"success" doc:"Always true, also when the chain is broken"`
	tracker.AuditCheck
}

func (s *Server) verifyAudit(ctx context.Context, in *verifyInput) (*struct{ Body verifyAnswer }, error) {
	c, err := s.Audit.CheckAudit(ctx, owner(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return &struct{ Body verifyAnswer }{verifyAnswer{true, c}}, nil
}

// checkLine refuses an ID that no line of the audit can have.
func checkLine(at, id string) error {
	for part := range strings.SplitSeq(id, "-") {
		if _, err := strconv.ParseUint(part, 10, 64); id != "" && err != nil {
			p := invalid(FieldError{at, "not the ID of a line of the audit"})
			p.Status, p.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
			return p
		}
	}
	return nil
}

func (s *Server) audit(ctx context.Context, in *auditInput) (*huma.StreamResponse, error) {
	if err := checkLine("query.after", in.After); err != nil {
		return nil, err
	}
	const chunk = 1000
	wanted := func(e tracker.AuditEvent) bool { return in.PlanID == "" || e.PlanID == in.PlanID }
	if in.Format == "ndjson" {
		lines, err := s.Audit.AuditTrail(ctx, owner(ctx), in.After, in.Since, chunk)
		if err != nil {
			return nil, err
		}
		return streamed(func(ctx context.Context, w http.ResponseWriter) {
			out := newStream(w, "application/x-ndjson")
			encoder := json.NewEncoder(out.buffer)
			var err error
			for len(lines) > 0 && err == nil {
				for _, e := range lines {
					if wanted(e) && err == nil {
						err = encoder.Encode(e)
					}
				}
				if err == nil {
					lines, err = s.Audit.AuditTrail(ctx, owner(ctx), lines[len(lines)-1].ID, time.Time{}, chunk)
				}
			}
			s.finish(ctx, out, err)
		}), nil
	}
	out := auditAnswer{Success: true, Events: []tracker.AuditEvent{}}
	after, since := in.After, in.Since
	for {
		lines, err := s.Audit.AuditTrail(ctx, owner(ctx), after, since, chunk)
		if err != nil {
			return nil, err
		}
		for _, e := range lines {
			if wanted(e) {
				if len(out.Events) == in.Limit {
					out.Next = out.Events[in.Limit-1].ID
					return answered(http.StatusOK, out), nil
				}
				out.Events = append(out.Events, e)
			}
		}
		if len(lines) < chunk {
			return answered(http.StatusOK, out), nil
		}
		after, since = lines[len(lines)-1].ID, time.Time{}
	}
}
