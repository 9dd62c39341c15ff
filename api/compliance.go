package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

type complianceInput struct {
	ID       string         `path:"id" maxLength:"128" doc:"The job"`
	Required []string       `query:"required" maxItems:"50" maxLength:"4096" example:"owner,env=prod|dev" doc:"Needed: KEY, or KEY=VALUE|VALUE where only some values will do; * and ? in values are wild. Keys and values with commas or bars go into the body of a POST"`
	Exempt   []tracker.Type `query:"exempt_types" maxItems:"500" maxLength:"128" doc:"Types that cannot carry tags, or need not"`
}

type compliancePostInput struct {
	ID   string `path:"id" maxLength:"128" doc:"The job"`
	Body *CompliancePolicy
}

// CompliancePolicy is what is required of tags.
type CompliancePolicy struct {
	_        struct{}         `additionalProperties:"false"`
	Required []TagRequirement `json:"required" minItems:"1" maxItems:"50" doc:"The tags that resources have to carry"`
	Exempt   []tracker.Type   `json:"exempt_types,omitempty" maxItems:"500" maxLength:"128" doc:"Types that cannot carry tags, or need not"`
}

// TagRequirement is a tag that resources have to carry.
type TagRequirement struct {
	_      struct{}       `additionalProperties:"false"`
	Key    string         `json:"key" minLength:"1" maxLength:"128"`
	Values []string       `json:"values,omitempty" maxItems:"500" maxLength:"256" doc:"Those allowed, in which * and ? are wild; none is any but an empty one"`
	Types  []tracker.Type `json:"resource_types,omitempty" maxItems:"500" maxLength:"128" doc:"Types that have to carry it; none is all"`
}

type complianceAnswer struct {
	Success  bool             `json:"success" doc:"Always true"`
	JobID    string           `json:"job_id"`
	State    tracker.JobState `json:"state"`
	Complete bool             `json:"complete" doc:"True when the scan saw everything"`
	Policy   reports.Policy   `json:"policy"`
	Report   reports.Report   `json:"report"`
}

const complianceDescription = `Counts how the resources carry the tags that they have to, by key, type, account and region, with what those cost that do not; also while
the scan runs. Tags that the scan could not read are missing: see the coverage.`

func (s *Server) registerCompliance() {
	op := huma.Operation{
		OperationID: "get-compliance", Method: http.MethodGet, Path: jobsPath + "/{id}/compliance", Tags: []string{"savings"},
		Summary: "Report how a scan's resources carry required tags", Description: complianceDescription,
		Errors:    []int{http.StatusNotFound, http.StatusConflict},
		Responses: map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The report", schema[complianceAnswer](s))},
	}
	register(s, op, func(ctx context.Context, in *complianceInput) (*huma.StreamResponse, error) {
		p := reports.Policy{ExemptTypes: in.Exempt}
		for _, text := range in.Required {
			p.Required = append(p.Required, requirement(text))
		}
		return s.compliance(ctx, in.ID, p, "query.")
	})
	op.OperationID, op.Method, op.Summary = "post-compliance", http.MethodPost, "Report how a scan's resources carry tags, required in the body"
	op.Errors = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnsupportedMediaType}
	op.Responses = map[string]*huma.Response{status(http.StatusOK): op.Responses[status(http.StatusOK)]}
	register(s, op, func(ctx context.Context, in *compliancePostInput) (*huma.StreamResponse, error) {
		body := given(in.Body)
		p := reports.Policy{ExemptTypes: body.Exempt}
		for _, r := range body.Required {
			p.Required = append(p.Required, reports.Requirement{Key: r.Key, Values: r.Values, Types: r.Types})
		}
		return s.compliance(ctx, in.ID, p, "body.")
	})
}

// requirement reads KEY, or KEY=VALUE|VALUE.
func requirement(text string) reports.Requirement {
	key, values, some := strings.Cut(text, "=")
	r := reports.Requirement{Key: strings.TrimSpace(key)}
	if some {
		r.Values = strings.Split(values, "|")
	}
	return r
}

func (s *Server) compliance(ctx context.Context, id string, p reports.Policy, at string) (*huma.StreamResponse, error) {
	job, err := s.scanned(ctx, id)
	if err != nil {
		return nil, err
	}
	survey, err := reports.NewSurvey(p)
	if err != nil {
		return nil, invalid(FieldError{at + "required", err.Error()})
	}
	if faults := s.checkPolicy(p, at); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		r := &rows.Row{}
		err := s.Results.Each(ctx, job.ID, filter.Filter{}, func(row []byte) error {
			r.Read(string(row))
			survey.Add(r)
			return r.Err()
		})
		s.finishDocument(ctx, w, complianceAnswer{true, job.ID, job.State, job.Complete(), p, survey.Report()}, err)
	}), nil
}

// checkPolicy holds the types of a policy against the catalogue.
func (s *Server) checkPolicy(p reports.Policy, at string) []FieldError {
	var faults []FieldError
	check := func(at string, types []tracker.Type) {
		for i, t := range types {
			if msg := s.catalogue.refuse(t); msg != "" {
				faults = append(faults, FieldError{fmt.Sprintf("%s[%d]", at, i), msg})
			}
		}
	}
	check(at+"exempt_types", p.ExemptTypes)
	for i, r := range p.Required {
		check(fmt.Sprintf("%srequired[%d].resource_types", at, i), r.Types)
	}
	return faults
}
