package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// audited is the key of an operation's metadata that says that its refusals are written
// to the audit.
const audited = "audited"

type refusalKey struct{}

// refusal is what a request was refused with.
type refusal struct{ *Problem }

// noteRefusal notes what a request is refused with, where that is written to the audit.
func noteRefusal(ctx context.Context, p *Problem) {
	if r, ok := ctx.Value(refusalKey{}).(*refusal); ok {
		r.Problem = p
	}
}

const (
	// maxRefusal is how much of a refusal's text the audit repeats.
	maxRefusal = 400
	// auditTimeout bounds the writing of a refusal, whose request may be over.
	auditTimeout = 5 * time.Second
)

// auditRefusals writes the refusals of operations that change something to the audit,
// also those of requests that no handler sees.
func (s *Server) auditRefusals(ctx huma.Context, next func(huma.Context)) {
	s.audited(ctx, next)
}

// audited is auditRefusals for what comes before it.
func (s *Server) audited(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if op.Metadata[audited] != true {
		next(ctx)
		return
	}
	r := &refusal{}
	ctx = huma.WithValue(ctx, refusalKey{}, r)
	next(ctx)
	if r.Problem == nil || r.Status >= http.StatusInternalServerError || r.Status == statusClientGone {
		return
	}
	plan := ctx.Param("id")
	if r.Status == http.StatusConflict && plan != "" {
		return // the plan's state forbids it, which the engine tells
	}
	if !jobID.MatchString(plan) {
		plan = ""
	}
	text := r.Text
	if len(text) > maxRefusal {
		text = strings.ToValidUTF8(text[:maxRefusal], "") + "…"
	}
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx.Context()), auditTimeout)
	defer cancel()
	if err := s.Jobs.NoteRefusal(free, caller(free), plan, op.OperationID+": "+text); err != nil {
		s.Log.ErrorContext(free, "a refusal is not in the audit", "request_id", requestID(free), "err", err)
	}
}
