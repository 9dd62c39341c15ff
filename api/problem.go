package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/tracker"
)

const problemJSON = "application/problem+json"

// Problem is every error answer: RFC 9457's members, and beside them what
// clients of the earlier service read: success, error, details and docs.
type Problem struct {
	Title     string            `json:"title" doc:"The status in words"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail,omitempty" doc:"What is wrong with this request"`
	Success   bool              `json:"success" doc:"Always false"`
	Text      string            `json:"error" doc:"What is wrong, in one sentence"`
	Details   string            `json:"details,omitempty" doc:"The reason, where there is more to say"`
	Docs      string            `json:"docs,omitempty" doc:"Where the documentation is"`
	JobID     string            `json:"job_id,omitempty" doc:"The job that the problem is about"`
	Quota     *tracker.QuotaUse `json:"quota,omitempty" doc:"The quota that does not allow it"`
	RequestID string            `json:"request_id,omitempty" doc:"Names the request in the server's log"`
	Errors    []FieldError      `json:"errors,omitempty" doc:"The fields at fault. Values are never repeated"`

	headers http.Header
}

// FieldError says what is wrong with one field of a request.
type FieldError struct {
	Location string `json:"location,omitempty" doc:"The place of the field, such as body.regions[1] or query.limit"`
	Message  string `json:"message"`
}

// maxLocation bounds what a location repeats: the names of unknown fields come
// from the client.
const maxLocation = 100

// Error implements error.
func (p *Problem) Error() string { return p.Text }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.headers }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemJSON }

func newProblem(status int, text string) *Problem {
	return &Problem{Title: cmp.Or(http.StatusText(status), "Error"), Status: status, Detail: text, Text: text}
}

// with sets a response header.
func (p *Problem) with(header, value string) *Problem {
	if p.headers == nil {
		p.headers = http.Header{}
	}
	p.headers.Set(header, value)
	return p
}

// maxFaults is how many fields at fault an answer names. A request of a few
// kilobytes can have thousands.
const maxFaults = 20

// invalid is the problem of fields at fault.
func invalid(fields ...FieldError) *Problem {
	if more := len(fields) - maxFaults; more > 0 {
		fields = append(slices.Clip(fields[:maxFaults]), FieldError{Message: fmt.Sprintf("and %d more", more)})
	}
	var b strings.Builder
	for i, f := range fields {
		fields[i].Location = cut(f.Location)
		if i > 0 {
			b.WriteString("; ")
		}
		if f.Location != "" {
			b.WriteString(fields[i].Location + ": ")
		}
		b.WriteString(f.Message)
	}
	p := newProblem(http.StatusUnprocessableEntity, b.String())
	p.Errors = fields
	return p
}

// statuses is the one place where codes become HTTP.
var statuses = map[tracker.Code]int{
	tracker.CodeInvalid:     http.StatusUnprocessableEntity,
	tracker.CodeNotFound:    http.StatusNotFound,
	tracker.CodeForbidden:   http.StatusForbidden,
	tracker.CodeConflict:    http.StatusConflict,
	tracker.CodeUnavailable: http.StatusServiceUnavailable,
	tracker.CodeQuota:       http.StatusTooManyRequests,
}

// located says where the field came from that an engine or a store finds at
// fault.
func located(at string, err error) error {
	e, ok := errors.AsType[*tracker.Error](err)
	if !ok || e.Field == "" {
		return err
	}
	moved := *e
	moved.Field = at + e.Field
	return &moved
}

// statusClientGone is what a request ends with whose client did not wait.
const statusClientGone = 499

// problem turns any error into what the client may read of it, and logs what it
// may not.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		p.RequestID = requestID(ctx)
		return p
	}
	p := s.classify(ctx, err)
	p.RequestID = requestID(ctx)
	return p
}

func (s *Server) classify(ctx context.Context, err error) *Problem {
	if e, ok := errors.AsType[*tracker.Error](err); ok && statuses[e.Code] != 0 {
		if e.Code == tracker.CodeInvalid && e.Field != "" {
			return invalid(FieldError{Location: e.Field, Message: e.Message})
		}
		if e.Quota != nil {
			return exceeded(e.Error(), *e.Quota, time.Now())
		}
		p := newProblem(statuses[e.Code], e.Error())
		if e.Code == tracker.CodeUnavailable {
			s.Log.WarnContext(ctx, "request refused", "request_id", requestID(ctx), "err", err, "cause", e.Err)
			p = p.with("Retry-After", "5")
		}
		return p
	}
	switch {
	case errors.Is(err, context.Canceled):
		return newProblem(statusClientGone, "the client went away")
	case errors.Is(err, context.DeadlineExceeded):
		s.Log.WarnContext(ctx, "request timed out", "request_id", requestID(ctx), "err", err)
		return newProblem(http.StatusServiceUnavailable, "the request took too long").with("Retry-After", "5")
	}
	if s.Transient(err) {
		s.Log.WarnContext(ctx, "the database does not serve", "request_id", requestID(ctx), "err", err)
		return newProblem(http.StatusServiceUnavailable, "the database does not serve at the moment").with("Retry-After", "5")
	}
	s.Log.ErrorContext(ctx, "request failed", "request_id", requestID(ctx), "err", err)
	return newProblem(http.StatusInternalServerError, "Internal server error")
}

// installErrors makes huma's own errors problems. Huma keeps these hooks in
// package variables and takes its error schema from them, so they are set once,
// before the first API is built. Strict casing: encoding/json takes MAX_WORKERS
// for max_workers, so the validator must not let it pass unchecked.
var installErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(status, msg, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := fromHuma(status, msg, errs)
		p.RequestID = requestID(ctx.Context())
		noteRefusal(ctx.Context(), p)
		return p
	}
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
})

// fromHuma drops the values that huma's errors repeat: secret keys are among
// them.
func fromHuma(status int, msg string, errs []error) *Problem {
	var fields []FieldError
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			d := d.ErrorDetail()
			fields = append(fields, FieldError{Location: d.Location, Message: d.Message})
			if d.Message == errNotJSON.Error() || strings.HasSuffix(d.Message, givenTwice) {
				status = http.StatusBadRequest
			}
		}
	}
	switch {
	case msg == "cannot read request body": // huma takes what the client does for its own fault
		return newProblem(http.StatusBadRequest, "the body could not be read to its end")
	case status >= http.StatusInternalServerError:
		return newProblem(status, "Internal server error")
	case len(fields) > 0:
		p := invalid(fields...)
		p.Status, p.Title = status, http.StatusText(status)
		return p
	}
	return newProblem(status, msg)
}

// write answers the problem on a plain response writer.
func (p *Problem) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.headers)
	w.Header().Set("Content-Type", problemJSON)
	w.WriteHeader(p.Status)
	// An error here is a client that has gone.
	_ = json.NewEncoder(w).Encode(p)
}

// handleError answers what Echo itself refuses: unknown paths and methods, and
// panics.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	ctx := c.Request().Context()
	p := newProblem(http.StatusInternalServerError, "Internal server error")
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		p = newProblem(he.Code, fmt.Sprint(he.Message))
		if he.Code == http.StatusNotFound {
			p.Text, p.Docs = "Endpoint not found", docsPath
		}
	}
	p.RequestID = requestID(ctx)
	p.write(c.Response())
}
