package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

type costsInput struct {
	ID      string `path:"id" maxLength:"128" doc:"The job"`
	GroupBy string `query:"group_by" default:"type" maxLength:"140" pattern:"^(type|region|account|service|state|basis|tag:.+)$" doc:"type, region, account, service, state, basis (how a cost is known), or tag:KEY"`
}

type costsAnswer struct {
	Success  bool             `json:"success" doc:"Always true"`
	JobID    string           `json:"job_id"`
	State    tracker.JobState `json:"state"`
	Complete bool             `json:"complete" doc:"True when the scan saw everything"`
	GroupBy  string           `json:"group_by"`
	Currency string           `json:"currency" enum:"USD"`
	reports.CostSums
	Billed *tracker.BilledReport `json:"billed,omitempty" doc:"What AWS has billed, by Cost Explorer; absent unless the scan was started with billed_cost"`
}

func (s *Server) registerCosts() {
	register(s, huma.Operation{
		OperationID: "get-costs", Method: http.MethodGet, Path: jobsPath + "/{id}/costs", Tags: []string{"results"},
		Summary:     "Add up what a scan's resources cost a month",
		Description: "By type, region, account, service, state, how the cost is known, or the value of a tag; also while the scan runs.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The sums", schema[costsAnswer](s))},
	}, s.getCosts)
}

func (s *Server) getCosts(ctx context.Context, in *costsInput) (*huma.StreamResponse, error) {
	job, err := s.scanned(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	billed, err := s.billed(ctx, job)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		answer, err := s.costs(ctx, job, in.GroupBy)
		answer.Billed = billed
		s.finishDocument(ctx, w, answer, err)
	}), nil
}

func (s *Server) costs(ctx context.Context, job tracker.Job, by string) (costsAnswer, error) {
	sums, r := reports.NewCosts(by, s.catalogue.service), &rows.Row{}
	err := s.Results.Each(ctx, job.ID, filter.Filter{}, func(json []byte) error {
		r.Read(string(json))
		sums.Add(r)
		return r.Err()
	})
	return costsAnswer{
		Success: true, JobID: job.ID, State: job.State, Complete: job.Complete(), GroupBy: by, Currency: "USD", CostSums: sums.Sums(),
	}, err
}
