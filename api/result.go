package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// The headers that say of a result in lines what its document says of itself.
	headerState    = "X-Job-State"
	headerComplete = "X-Scan-Complete"
	headerPending  = "X-Pending-Scans"
)

// ScanHead is a scan's result without its resources.
type ScanHead struct {
	Timestamp time.Time           `json:"timestamp" doc:"When the scan ended; while it runs, when it was submitted"`
	JobID     string              `json:"job_id"`
	State     tracker.JobState    `json:"state"`
	Complete  bool                `json:"complete" doc:"True when every cell was listed in full"`
	Regions   []string            `json:"regions_scanned" doc:"Regions in which at least one type was listed in full"`
	Errors    []scanError         `json:"errors" doc:"One for each cell that was not listed in full"`
	Summary   tracker.Summary     `json:"summary"`
	Cost      tracker.CostSummary `json:"cost_summary"`
}

// scanResult is the document that is streamed: the head, then row by row the
// resources.
type scanResult struct {
	ScanHead
	Resources []tracker.Resource `json:"resources"`
}

type scanAnswer struct {
	Success bool       `json:"success" doc:"Always true"`
	Data    scanResult `json:"data"`
}

// scanError is a failed cell in the words of the wire contract.
type scanError struct {
	Type      string          `json:"type" enum:"scan_error,S3_scan_error,IAM_scan_error"`
	Message   string          `json:"message"`
	Outcome   tracker.Outcome `json:"outcome,omitempty"`
	AccountID string          `json:"account_id,omitempty"`
	Region    string          `json:"region,omitempty"`
	Resource  tracker.Type    `json:"resource_type,omitempty"`
}

type resultInput struct {
	ID      string `path:"id" maxLength:"128" doc:"The job"`
	Partial bool   `query:"partial" doc:"Answer what has been found so far while the job runs"`
	FormatQuery
}

func (s *Server) registerResults() {
	responses := exports(s, "The result", schema[scanResult](s))
	responses[status(http.StatusConflict)] = withHeaders(map[string]*huma.Header{"Retry-After": retryAfter})
	register(s, huma.Operation{
		OperationID: "get-result", Method: http.MethodGet, Path: jobsPath + "/{id}/result", Tags: []string{"results"},
		Summary:     "Fetch a scan's whole result",
		Description: "The result is streamed, however large it is. Answers 409 while the job runs, unless ?partial=true.\n\n" + exportDescription,
		Errors:      []int{http.StatusConflict},
		Responses:   responses,
	}, s.getResult)
}

func (s *Server) getResult(ctx context.Context, in *resultInput) (*huma.StreamResponse, error) {
	job, err := s.scanned(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !job.State.Terminal() && !in.Partial {
		p := newProblem(http.StatusConflict, "the scan has not ended: ask again, or read what there is with ?partial=true")
		p.JobID = job.ID
		return nil, p.with("Retry-After", "1")
	}
	if format := in.chosen(); format != formatJSON {
		return streamed(func(ctx context.Context, w http.ResponseWriter) {
			s.streamLines(ctx, w, job, filter.Filter{}, format)
		}), nil
	}
	head, err := s.scanHead(ctx, job)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		s.streamResult(ctx, w, head, "", "")
	}), nil
}

func (s *Server) scanHead(ctx context.Context, job tracker.Job) (ScanHead, error) {
	cells, err := s.Results.Coverage(ctx, job.ID)
	if err != nil {
		return ScanHead{}, err
	}
	h := ScanHead{
		Timestamp: job.CreatedAt.UTC(), JobID: job.ID, State: job.State, Complete: job.Complete(),
		Regions: []string{}, Errors: []scanError{}, Summary: job.Summary, Cost: job.Summary.Cost,
	}
	if job.FinishedAt != nil {
		h.Timestamp = job.FinishedAt.UTC()
	}
	for _, c := range cells {
		switch {
		case c.Outcome == "":
		case !c.Outcome.Complete():
			h.Errors = append(h.Errors, errorOf(c))
		case c.Region != tracker.Global && c.Region != tracker.Any:
			h.Regions = append(h.Regions, c.Region)
		}
	}
	h.Regions = distinct(h.Regions)
	if h.Regions == nil {
		h.Regions = []string{}
	}
	if len(h.Errors) == 0 && job.Reason != "" {
		h.Errors = append(h.Errors, scanError{Type: "scan_error", Message: job.Reason})
	}
	return h, nil
}

func errorOf(c tracker.CellReport) scanError {
	e := scanError{Type: "scan_error", Outcome: c.Outcome, AccountID: c.AccountID, Region: c.Region, Resource: c.Type}
	switch {
	case strings.HasPrefix(string(c.Type), "S3_"):
		e.Type = "S3_scan_error"
	case strings.HasPrefix(string(c.Type), "IAM_"):
		e.Type = "IAM_scan_error"
	}
	why := string(c.Outcome)
	if c.Error != nil {
		why = c.Error.Error()
	}
	e.Message = fmt.Sprintf("%s in %s of account %s: %s", c.Type, c.Region, c.AccountID, why)
	return e
}

// streamResult writes the result as one document between before and after.
func (s *Server) streamResult(ctx context.Context, w http.ResponseWriter, head ScanHead, before, after string) {
	b, err := json.Marshal(head)
	if err != nil {
		panic(fmt.Errorf("encode the head of a result: %w", err))
	}
	out := newStream(w, "application/json")
	out.text(before + strings.TrimSuffix(string(b), "}") + `,"resources":[`)
	comma := ""
	err = s.Results.Each(ctx, head.JobID, filter.Filter{}, func(row []byte) error {
		out.text(comma)
		comma = ",\n"
		return out.row(row)
	})
	out.text("]}" + after + "\n")
	s.finish(ctx, out, err)
}

// stream is an answer of any length.
type stream struct {
	buffer *bufio.Writer // keeps the first error, and answers it ever after
}

// text writes; an error shows in the next row, or when the stream is finished.
func (o *stream) text(s string) { _, _ = o.buffer.WriteString(s) }

func (o *stream) row(b []byte) error {
	_, err := o.buffer.Write(b)
	return err
}

// streamed is an answer that body writes as it comes. Its context is that of
// the request, without the time that the handler had.
func streamed(body func(ctx context.Context, w http.ResponseWriter)) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) { body(hc.Context(), humaecho4.Writer(hc)) }}
}

func newStream(w http.ResponseWriter, contentType string) *stream {
	w.Header().Set("Content-Type", contentType)
	return &stream{bufio.NewWriterSize(w, 64<<10)}
}

// finish sends the rest, or cuts the answer off.
func (s *Server) finish(ctx context.Context, out *stream, err error) {
	if err == nil {
		err = out.buffer.Flush()
	}
	if err != nil {
		if ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "answer cut off", "request_id", requestID(ctx), "err", err)
		}
		panic(http.ErrAbortHandler)
	}
}

// finishDocument writes a document that was made while the answer was due, or cuts the answer off.
func (s *Server) finishDocument(ctx context.Context, w http.ResponseWriter, document any, err error) {
	out := newStream(w, "application/json")
	if err == nil {
		var b []byte
		if b, err = json.Marshal(document); err == nil {
			err = out.row(append(b, '\n'))
		}
	}
	s.finish(ctx, out, err)
}

// accepts reports whether an Accept header names the media type.
func accepts(header, media string) bool {
	return slices.ContainsFunc(strings.Split(header, ","), func(part string) bool {
		m, params, err := mime.ParseMediaType(part)
		return err == nil && m == media && params["q"] != "0"
	})
}
