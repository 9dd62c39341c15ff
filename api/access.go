package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const accessPath = "/api/v1/access-check"

// AccessReport says what a scan of a request would be denied.
type AccessReport struct {
	Success bool             `json:"success" doc:"Always true: the check was made, whatever it found"`
	JobID   string           `json:"job_id"`
	State   tracker.JobState `json:"state" doc:"succeeded when nothing stands in the way of a complete scan"`
	// AccountID, ARN and Method are of the only account, where it is one.
	AccountID string              `json:"account_id,omitempty" doc:"The account, when there is one only; otherwise see accounts"`
	ARN       string              `json:"arn,omitempty" doc:"The user or role of the credentials"`
	Method    tracker.CheckMethod `json:"method" enum:"probe,probe+simulation" doc:"How the check was made: probe+simulation when IAM answered for every account"`
	Accounts  []tracker.Caller    `json:"accounts" doc:"The accounts that the credentials reach"`

	CellsTotal    int         `json:"cells_total"`
	Allowed       int         `json:"allowed" doc:"Cells that a scan would list in full"`
	WouldBeDenied []shortCell `json:"would_be_denied" doc:"Cells that a scan would not list in full, because a permission is missing"`
	WouldFail     []shortCell `json:"would_fail" doc:"Cells that a scan would not list in full, or that could not be checked, for another reason"`
	// Policy grants what an IAM policy of the caller can.
	Policy *policyDocument `json:"policy" doc:"An IAM policy with the missing permissions; null when none is missing. It leaves out permissions that a policy of the organisation denies"`
	Links  links           `json:"links"`
}

// shortCell is a cell that a scan would not see to its end.
type shortCell struct {
	tracker.Cell
	Outcome tracker.Outcome `json:"outcome"`
	API     string          `json:"api,omitempty" doc:"The call that failed; absent when only IAM's simulation denies it"`
	Missing []string        `json:"missing_permissions" doc:"IAM actions that are missing. Where IAM could not be asked, they include those that could not be tried after the first denial"`
	Message string          `json:"message"`
}

// policyDocument is a policy that is already JSON.
type policyDocument struct{ json.RawMessage }

// Schema implements huma.SchemaProvider.
func (policyDocument) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Nullable: true}
}

const accessDescription = `Takes the body of POST /api/v1/scan. The check makes the calls that this scan would make for the first page of every
list, and for the resources on it. It keeps none of the answers. Where the credentials may call iam:SimulatePrincipalPolicy, it also asks
IAM about the calls that it could not make, because there was no resource to make them for. A cell is denied when IAM would deny such a
call, even if all calls that were made are allowed. Where call and simulation disagree, the call is right.

The check is a job of kind access_check. The answer is 202 with its URL. With ?wait or Prefer: wait it is 200 with the report, if the check
ends in time. The job has no resources, is never the newest scan and is not retried. Its credentials are deleted when it ends.`

func (s *Server) registerAccess() {
	register(s, huma.Operation{
		OperationID: "check-access", Metadata: map[string]any{waits: true}, Method: http.MethodPost, Path: accessPath, Tags: []string{"scans"},
		Summary: "Find out which account it is and what a scan would be denied", Description: accessDescription,
		Errors:    []int{http.StatusConflict},
		Responses: s.startedResponses("The check ended within the wait", schema[AccessReport](s), "The check is a job now"),
	}, func(ctx context.Context, in *scanInput) (*huma.StreamResponse, error) {
		return s.start(ctx, tracker.KindAccessCheck, in.ScanParams, given(in.Body), s.endedCheck)
	})
	register(s, huma.Operation{
		OperationID: "get-access-check", Method: http.MethodGet, Path: accessPath + "/{id}", Tags: []string{"scans"},
		Summary: "Read what an access check has found", Description: "Answers 409 while the check runs, and when it was cancelled. Answers 422 when AWS refused the credentials.",
		Errors:    []int{http.StatusConflict},
		Responses: map[string]*huma.Response{status(http.StatusConflict): withHeaders(map[string]*huma.Header{"Retry-After": retryAfter})},
	}, s.getAccess)
}

func (s *Server) endedCheck(ctx context.Context, job tracker.Job, preferred bool) (*huma.StreamResponse, error) {
	report, err := s.accessReport(ctx, job)
	if err != nil {
		return nil, err
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) {
		w.Header().Set("Location", linksOf(job).Self)
		if preferred {
			w.Header().Set("Preference-Applied", "wait")
		}
		writeJSON(w, http.StatusOK, report)
	}), nil
}

func (s *Server) getAccess(ctx context.Context, in *idInput) (*struct{ Body AccessReport }, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if job.Kind != tracker.KindAccessCheck {
		return nil, tracker.Errorf(tracker.CodeNotFound, "no such access check: the job is a scan")
	}
	if !job.State.Terminal() {
		p := newProblem(http.StatusConflict, "the access check has not ended: ask again")
		p.JobID = job.ID
		return nil, p.with("Retry-After", "1")
	}
	report, err := s.accessReport(ctx, job)
	if err != nil {
		return nil, err
	}
	return &struct{ Body AccessReport }{report}, nil
}

// accessReport is what an access check that has ended found, or why it found nothing.
func (s *Server) accessReport(ctx context.Context, job tracker.Job) (AccessReport, error) {
	if p := refuseChecked(job); p != nil {
		return AccessReport{}, p.with("Location", linksOf(job).Self)
	}
	cells, err := s.Results.Coverage(ctx, job.ID)
	if err != nil {
		return AccessReport{}, err
	}
	r := AccessReport{
		Success: true, JobID: job.ID, State: job.State, Method: tracker.CheckSimulation, Accounts: append([]tracker.Caller{}, job.Callers...),
		CellsTotal: len(cells), WouldBeDenied: []shortCell{}, WouldFail: []shortCell{}, Links: linksOf(job),
	}
	for _, c := range r.Accounts {
		if c.Method != tracker.CheckSimulation {
			r.Method = tracker.CheckProbe
		}
	}
	if len(r.Accounts) == 0 {
		r.Method = tracker.CheckProbe
	}
	if len(r.Accounts) == 1 {
		r.AccountID, r.ARN = r.Accounts[0].AccountID, r.Accounts[0].ARN
	}
	var missing []string
	for _, c := range cells {
		switch c.Outcome {
		case tracker.OutcomeOK, tracker.OutcomeEmpty:
			r.Allowed++
		case tracker.OutcomeDenied:
			short := shortOf(c)
			missing = append(missing, short.Missing...)
			r.WouldBeDenied = append(r.WouldBeDenied, short)
		case tracker.OutcomeDeniedSCP:
			r.WouldBeDenied = append(r.WouldBeDenied, shortOf(c))
		default:
			r.WouldFail = append(r.WouldFail, shortOf(c))
		}
	}
	if missing = distinct(missing); len(missing) > 0 && s.Policy != nil {
		r.Policy = &policyDocument{s.Policy(missing)}
	}
	return r, nil
}

func shortOf(c tracker.CellReport) shortCell {
	short := shortCell{Cell: c.Cell, Outcome: c.Outcome, Missing: []string{}, Message: string(c.Outcome)}
	if c.Error != nil {
		short.API, short.Message = c.Error.API, c.Error.Error()
		short.Missing = append(short.Missing, c.Error.Missing...)
	}
	return short
}

// refuseChecked is the problem of an access check that tells nothing, or nil.
func refuseChecked(job tracker.Job) *Problem {
	var p *Problem
	seen := job.Progress.ByOutcome
	switch {
	case job.State == tracker.JobCancelled:
		p = newProblem(http.StatusConflict, "the access check was cancelled")
	case job.State == tracker.JobFailed && seen[tracker.OutcomeBadCreds] == job.Progress.CellsTotal:
		p = newProblem(http.StatusUnprocessableEntity, "AWS refused the credentials")
		p.Details = job.Reason
		if job.Reason != "" {
			p.Detail, p.Text = job.Reason, job.Reason
		}
	default:
		return nil
	}
	p.JobID = job.ID
	return p
}
