package api

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const jobsPath = "/api/v1/jobs"

// jobID is what a job's ID can look like: nothing that could leave its place in
// a key of the store.
var jobID = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,128}$`)

// JobItem is a job as it is answered.
type JobItem struct {
	tracker.Job
	Complete bool                `json:"complete" doc:"True when the job has ended with every cell seen"`
	Cost     tracker.CostSummary `json:"cost_summary"`
	Links    links               `json:"links"`
	Waits    string              `json:"waiting_for,omitempty" enum:"worker" doc:"worker: the job is queued and no worker is alive"`
}

func (s *Server) itemOf(ctx context.Context, j tracker.Job) JobItem {
	j = s.present(j)
	item := JobItem{Job: j, Complete: j.Complete(), Cost: j.Summary.Cost, Links: linksOf(j)}
	if j.State == tracker.JobQueued && !s.crew.alive(ctx) {
		item.Waits = "worker"
	}
	return item
}

// listedJob is a job as lists carry it: what it was asked for can be as long as a
// request, so only GET /jobs/{id} answers it.
type listedJob struct {
	JobItem
	// Request hides the job's.
	Request *struct{} `json:"request,omitempty" hidden:"true"`
}

func (s *Server) listed(ctx context.Context, jobs []tracker.Job) []listedJob {
	list := make([]listedJob, len(jobs))
	for i, j := range jobs {
		list[i].JobItem = s.itemOf(ctx, j)
	}
	return list
}

type jobAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	JobItem
	Errors []failureGroup `json:"errors" doc:"Why cells were not seen, by cause; coverage names each cell"`
}

// failureGroup is the cells that were not seen for one cause.
type failureGroup struct {
	Outcome tracker.Outcome `json:"outcome"`
	Code    string          `json:"code,omitempty" doc:"AWS's own error code"`
	API     string          `json:"api,omitempty" doc:"The call that failed"`
	Message string          `json:"message" doc:"The message of the first such cell"`
	Cells   int             `json:"cells" doc:"How many cells"`
	Example tracker.Cell    `json:"example" doc:"The first such cell"`
}

type idInput struct {
	ID string `path:"id" maxLength:"128" doc:"The job"`
}

type jobsInput struct {
	OfAccount
	State  []tracker.JobState `query:"state" maxItems:"7" enum:"queued,running,finalizing,succeeded,partial,failed,cancelled" doc:"Only jobs in one of these states, such as partial,failed. A page may then have fewer than limit, or none, with a next_cursor to go on"`
	Cursor string             `query:"cursor" maxLength:"512" doc:"next_cursor of the page before"`
	Limit  int                `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"The most jobs of a page"`
}

type jobsAnswer struct {
	Success bool        `json:"success" doc:"Always true"`
	Jobs    []listedJob `json:"jobs" doc:"Newest first, without their requests"`
	Next    string      `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

type coverageInput struct {
	ID      string       `path:"id" maxLength:"128" doc:"The job"`
	Outcome outcomeParam `query:"outcome" doc:"Only cells with this outcome; open selects those that have not ended"`
}

type coverageAnswer struct {
	Success  bool                 `json:"success" doc:"Always true"`
	JobID    string               `json:"job_id"`
	State    tracker.JobState     `json:"state"`
	Complete bool                 `json:"complete"`
	Counts   map[string]int       `json:"counts" doc:"All cells by outcome; open counts those that have not ended"`
	Cells    []tracker.CellReport `json:"cells"`
	// NotCovered is never nil.
	NotCovered []tracker.Uncovered `json:"not_covered" doc:"Kinds that no scan lists, beside types of this one"`
}

type jobOutput struct {
	Status int
	Body   jobAnswer
}

func (s *Server) registerJobs() {
	register(s, huma.Operation{
		OperationID: "list-jobs", Method: http.MethodGet, Path: jobsPath, Tags: []string{"scans"},
		Summary: "List your jobs, newest first",
	}, s.listJobs)
	register(s, huma.Operation{
		OperationID: "get-job", Method: http.MethodGet, Path: jobsPath + "/{id}", Tags: []string{"scans"},
		Summary: "Read a job: state, progress, counts so far, errors",
	}, s.getJob)
	register(s, huma.Operation{
		OperationID: "cancel-job", Method: http.MethodDelete, Path: jobsPath + "/{id}", Tags: []string{"scans"},
		Summary:     "Cancel a job",
		Description: "The job keeps what it has found. Answers 202 while the job stops, and 200 once it has ended, also when it had ended before.",
		Responses:   map[string]*huma.Response{status(http.StatusAccepted): jsonAnswer("The job is stopping", schema[jobAnswer](s))},
	}, s.cancelJob)
	register(s, huma.Operation{
		OperationID: "get-coverage", Method: http.MethodGet, Path: jobsPath + "/{id}/coverage", Tags: []string{"results"},
		Summary:     "List what a scan has seen and what it has not",
		Description: "One cell for each account, region and type, with its outcome and, where it failed, AWS's error.",
	}, s.getCoverage)
}

func (s *Server) listJobs(ctx context.Context, in *jobsInput) (*struct{ Body jobsAnswer }, error) {
	query := []string{in.AccountID}
	for _, state := range distinct(in.State) {
		query = append(query, string(state))
	}
	cursor, err := placeIn(in.Cursor, query...)
	if err != nil {
		return nil, err
	}
	jobs, next, err := s.Results.Jobs(ctx, owner(ctx), cursor, in.Limit, tracker.JobsWanted{States: in.State, Account: in.AccountID})
	if err != nil {
		return nil, located("query.", err)
	}
	return &struct{ Body jobsAnswer }{jobsAnswer{Success: true, Jobs: s.listed(ctx, jobs), Next: cursorOf(next, query...)}}, nil
}

func (s *Server) getJob(ctx context.Context, in *idInput) (*jobOutput, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.answerJob(ctx, job, http.StatusOK)
}

func (s *Server) answerJob(ctx context.Context, job tracker.Job, status int) (*jobOutput, error) {
	failed, err := s.Results.Failed(ctx, job.ID)
	if err != nil {
		return nil, err
	}
	return &jobOutput{status, jobAnswer{Success: true, JobItem: s.itemOf(ctx, job), Errors: failures(failed)}}, nil
}

func (s *Server) cancelJob(ctx context.Context, in *idInput) (*jobOutput, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if job.State.Terminal() {
		return s.answerJob(ctx, job, http.StatusOK)
	}
	job, err = s.Jobs.Cancel(ctx, caller(ctx), in.ID)
	if tracker.CodeOf(err) == tracker.CodeConflict {
		// It ended between the two looks.
		job, err = s.job(ctx, in.ID)
	}
	if err != nil {
		return nil, err
	}
	if job.State.Terminal() {
		return s.answerJob(ctx, job, http.StatusOK)
	}
	return s.answerJob(ctx, job, http.StatusAccepted)
}

func (s *Server) getCoverage(ctx context.Context, in *coverageInput) (*struct{ Body coverageAnswer }, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	cells, err := s.Results.Coverage(ctx, job.ID)
	if err != nil {
		return nil, err
	}
	out := coverageAnswer{
		Success: true, JobID: job.ID, State: job.State, Complete: job.Complete(),
		Counts: map[string]int{}, Cells: []tracker.CellReport{}, NotCovered: s.uncovered(job.Request.Types),
	}
	for _, c := range cells {
		outcome := cmp.Or(outcomeParam(c.Outcome), outcomeOpen)
		out.Counts[string(outcome)]++
		if in.Outcome == "" || in.Outcome == outcome {
			out.Cells = append(out.Cells, c)
		}
	}
	return &struct{ Body coverageAnswer }{out}, nil
}

// uncovered are the kinds that no scan lists beside types; no types are all.
func (s *Server) uncovered(types []tracker.Type) []tracker.Uncovered {
	kinds := []tracker.Uncovered{}
	for _, u := range s.Uncovered {
		if len(types) == 0 || slices.Contains(types, u.Beside) {
			kinds = append(kinds, u)
		}
	}
	return kinds
}

// failures groups cells that were not seen to their end, in the order that each
// cause was first met.
func failures(failed []tracker.CellReport) []failureGroup {
	type cause struct {
		outcome   tracker.Outcome
		code, api string
	}
	groups, at := []failureGroup{}, map[cause]int{}
	for _, c := range failed {
		f := tracker.Failure{Message: string(c.Outcome)}
		if c.Error != nil {
			f = *c.Error
		}
		k := cause{c.Outcome, f.Code, f.API}
		i, ok := at[k]
		if !ok {
			i = len(groups)
			at[k] = i
			groups = append(groups, failureGroup{Outcome: c.Outcome, Code: f.Code, API: f.API, Message: f.Message, Example: c.Cell})
		}
		groups[i].Cells++
	}
	return groups
}
