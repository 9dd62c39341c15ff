package api

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

type auditInput struct {
	After  string    `query:"after" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"event_id of the last line that you have"`
	Before string    `query:"before" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"With order=newest: next_before of the page before"`
	Order  string    `query:"order" enum:"oldest,newest" default:"oldest" doc:"Which lines come first"`
	Since  time.Time `query:"since" doc:"Only lines from this time on"`
	Until  time.Time `query:"until" doc:"Only lines before this time"`
	PlanID string    `query:"plan_id" maxLength:"128" doc:"Only lines of this plan"`
	Who    string    `query:"who" maxLength:"256" doc:"Only lines whose who has this in it, in any case"`
	What   string    `query:"what" maxLength:"64" doc:"Only lines of this kind, such as plan.applied, or of all such, as plan.*" example:"plan.*"`
	Target string    `query:"target" maxLength:"2048" doc:"Only lines about what has this ID: a resource, plan, scan, schedule or webhook, or what the line's detail names"`
	Limit  int       `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The most lines of a page"`
	Format string    `query:"format" enum:"json,ndjson" default:"json" doc:"ndjson streams all lines, oldest first, without limit"`
}

// wanted reports whether a line is asked for.
func (in *auditInput) wanted(e *tracker.AuditEvent) bool {
	has := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	kind, all := strings.CutSuffix(in.What, "*")
	return (in.PlanID == "" || e.PlanID == in.PlanID) &&
		has(e.Who, in.Who) &&
		(in.What == "" || e.What == in.What || all && strings.HasPrefix(e.What, kind)) &&
		(in.Target == "" || in.about(e) || has(e.Detail, in.Target)) &&
		(in.Until.IsZero() || lineAt(e.ID) < in.Until.UnixMilli())
}

// about reports whether the target of the request is what a line is about.
func (in *auditInput) about(e *tracker.AuditEvent) bool {
	return e.Target != nil && strings.EqualFold(e.Target.ResourceID, in.Target) ||
		slices.Contains([]string{e.PlanID, e.Job, e.Schedule, e.Webhook}, in.Target)
}

// lineAt is when a line was written, in milliseconds: its ID begins with it.
func lineAt(id string) int64 {
	ms, _, _ := strings.Cut(id, "-")
	at, _ := strconv.ParseInt(ms, 10, 64)
	return at
}

// check refuses what does not go together.
func (in *auditInput) check() error {
	newest := in.Order == "newest"
	for _, f := range []struct {
		is      bool
		at, why string
	}{
		{newest && in.After != "", "query.after", "belongs to order=oldest"},
		{!newest && in.Before != "", "query.before", "belongs to order=newest"},
		{newest && in.Format == "ndjson", "query.order", "ndjson begins with the oldest line"},
	} {
		if f.is {
			return invalid(FieldError{f.at, f.why})
		}
	}
	if err := checkBefore("query.before", in.Before); err != nil {
		return err
	}
	return checkLine("query.after", in.After)
}

type auditAnswer struct {
	Success bool                 `json:"success" doc:"Always true"`
	Events  []tracker.AuditEvent `json:"events" doc:"Oldest first, or as order says"`
	Next    string               `json:"next_after,omitempty" doc:"The after of the next page, oldest first; absent on the last"`
	Before  string               `json:"next_before,omitempty" doc:"The before of the next page, newest first; absent on the last. A page looks at 20,000 lines at most, so it may have few lines, or none, and a next one"`
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

// checkBefore refuses an ID before which no line of the audit can be.
func checkBefore(at, id string) error {
	if id != "" && (lineAt(id) == 0 || checkLine(at, id) != nil) {
		return invalid(FieldError{at, "not the ID of a line of the audit"})
	}
	return nil
}

// checkLine refuses an ID that no line of the audit can have. Redis does not take each number of 64 bits.
func checkLine(at, id string) error {
	for part := range strings.SplitSeq(id, "-") {
		if _, err := strconv.ParseUint(part, 10, 63); id != "" && err != nil {
			p := invalid(FieldError{at, "not the ID of a line of the audit"})
			p.Status, p.Title = http.StatusBadRequest, http.StatusText(http.StatusBadRequest)
			return p
		}
	}
	return nil
}

func (s *Server) audit(ctx context.Context, in *auditInput) (*huma.StreamResponse, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if in.Order == "newest" {
		out, err := s.newestAudit(ctx, in)
		if err != nil {
			return nil, err
		}
		return answered(http.StatusOK, out), nil
	}
	const chunk = 1000
	// Lines stand in the order of their IDs: behind until there is no more to look for.
	ended := func(lines []tracker.AuditEvent) bool {
		return len(lines) < chunk || !in.Until.IsZero() && lineAt(lines[len(lines)-1].ID) >= in.Until.UnixMilli()
	}
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
					if in.wanted(&e) && err == nil {
						err = encoder.Encode(e)
					}
				}
				if ended(lines) {
					break
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
			if in.wanted(&e) {
				if len(out.Events) == in.Limit {
					out.Next = out.Events[in.Limit-1].ID
					return answered(http.StatusOK, out), nil
				}
				out.Events = append(out.Events, e)
			}
		}
		if ended(lines) {
			return answered(http.StatusOK, out), nil
		}
		after, since = lines[len(lines)-1].ID, time.Time{}
	}
}

const (
	// auditRead is how many lines are looked at backwards for one answer, and auditChunk how
	// many of them at a time.
	auditRead  = 20_000
	auditChunk = 1000
)

// auditBackwards are the lines of the caller's audit from its end, or from before a line on:
// auditRead of them at the most.
func (s *Server) auditBackwards(ctx context.Context, before string) iter.Seq2[*tracker.AuditEvent, error] {
	return func(yield func(*tracker.AuditEvent, error) bool) {
		for read := 0; read < auditRead; read += auditChunk {
			lines, err := s.Audit.AuditBefore(ctx, owner(ctx), before, auditChunk)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range lines {
				if !yield(&lines[i], nil) {
					return
				}
			}
			if len(lines) < auditChunk {
				return
			}
			before = lines[len(lines)-1].ID
		}
	}
}

// newestAudit is a page of the audit, the newest line first.
func (s *Server) newestAudit(ctx context.Context, in *auditInput) (auditAnswer, error) {
	out := auditAnswer{Success: true, Events: []tracker.AuditEvent{}}
	before, read := in.Before, 0
	if before == "" && !in.Until.IsZero() {
		before = strconv.FormatInt(max(in.Until.UnixMilli(), 1), 10) + "-0"
	}
	for e, err := range s.auditBackwards(ctx, before) {
		if err != nil {
			return out, err
		}
		if !in.Since.IsZero() && lineAt(e.ID) < in.Since.UnixMilli() {
			return out, nil
		}
		if in.wanted(e) {
			if len(out.Events) == in.Limit {
				out.Before = out.Events[in.Limit-1].ID
				return out, nil
			}
			out.Events = append(out.Events, *e)
		}
		before, read = e.ID, read+1
	}
	if read == auditRead {
		out.Before = before
	}
	return out, nil
}
