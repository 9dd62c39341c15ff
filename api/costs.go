package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

type costsInput struct {
	ID      string `path:"id" doc:"The job"`
	GroupBy string `query:"group_by" default:"type" maxLength:"140" pattern:"^(type|region|account|service|basis|tag:.+)$" doc:"type, region, account, service, basis (how a cost is known), or tag:KEY"`
}

type costsAnswer struct {
	Success  bool             `json:"success" doc:"Always true"`
	JobID    string           `json:"job_id"`
	State    tracker.JobState `json:"state"`
	Complete bool             `json:"complete" doc:"True when the scan saw everything"`
	GroupBy  string           `json:"group_by"`
	Currency string           `json:"currency" enum:"USD"`
	Total    tracker.Money    `json:"estimated_monthly_total" doc:"The sum of the known costs; resources_with_unknown_cost says how many it lacks"`
	Known    int              `json:"resources_with_known_cost"`
	Unknown  int              `json:"resources_with_unknown_cost"`
	Groups   []costGroup      `json:"groups" doc:"The costliest first"`
}

// costGroup is the resources that have one thing in common.
type costGroup struct {
	Key     *string       `json:"key" doc:"What the resources have in common; null for those without the tag"`
	Total   tracker.Money `json:"estimated_monthly_total"`
	Known   int           `json:"resources_with_known_cost"`
	Unknown int           `json:"resources_with_unknown_cost"`
}

func (s *Server) registerCosts() {
	register(s, huma.Operation{
		OperationID: "get-costs", Method: http.MethodGet, Path: jobsPath + "/{id}/costs", Tags: []string{"results"},
		Summary:     "Add up what a scan's resources cost a month",
		Description: "By type, region, account, service, how the cost is known, or the value of a tag; also while the scan runs.",
		Errors:      []int{http.StatusNotFound},
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The sums", schema[costsAnswer](s))},
	}, s.getCosts)
}

func (s *Server) getCosts(ctx context.Context, in *costsInput) (*huma.StreamResponse, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		out := newStream(w, "application/json")
		answer, err := s.costs(ctx, job, in.GroupBy)
		if err == nil {
			var b []byte
			if b, err = json.Marshal(answer); err == nil {
				err = out.row(append(b, '\n'))
			}
		}
		s.finish(ctx, out, err)
	}), nil
}

// pricedRow is what sums read of a resource.
type pricedRow struct {
	Type      tracker.Type      `json:"resource_type"`
	Region    string            `json:"region"`
	AccountID string            `json:"account_id"`
	Tags      map[string]string `json:"tags"`
	Monthly   *tracker.Money    `json:"estimated_cost_monthly"`
	Cost      *struct {
		Basis tracker.CostBasis `json:"basis"`
	} `json:"cost"`
}

// key is what a row has in common with others; false when it has nothing.
func (s *Server) key(r pricedRow, by string) (string, bool) {
	if tag, ok := strings.CutPrefix(by, "tag:"); ok {
		v, ok := r.Tags[tag]
		return v, ok
	}
	switch by {
	case "region":
		return r.Region, true
	case "account":
		return r.AccountID, true
	case "service":
		return s.catalogue.service(r.Type), true
	case "basis":
		if r.Cost == nil {
			return string(tracker.CostUnknown), true
		}
		return string(r.Cost.Basis), true
	default:
		return string(r.Type), true
	}
}

// costs holds one sum for each group, however many resources there are.
func (s *Server) costs(ctx context.Context, job tracker.Job, by string) (costsAnswer, error) {
	a := costsAnswer{
		Success: true, JobID: job.ID, State: job.State, Complete: job.Complete(), GroupBy: by, Currency: "USD", Groups: []costGroup{},
	}
	groups, without := map[string]*costGroup{}, costGroup{}
	err := s.Results.Each(ctx, job.ID, tracker.Filter{}, func(resource []byte) error {
		var r pricedRow
		if err := json.Unmarshal(resource, &r); err != nil {
			return fmt.Errorf("read a resource: %w", err)
		}
		g := &without
		if key, ok := s.key(r, by); ok {
			if groups[key] == nil {
				groups[key] = &costGroup{Key: &key}
			}
			g = groups[key]
		}
		if r.Monthly == nil {
			g.Unknown++
			a.Unknown++
			return nil
		}
		g.Known++
		a.Known++
		g.Total += *r.Monthly
		a.Total += *r.Monthly
		return nil
	})
	for _, g := range groups {
		a.Groups = append(a.Groups, *g)
	}
	slices.SortFunc(a.Groups, func(x, y costGroup) int { return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(*x.Key, *y.Key)) })
	if without.Known+without.Unknown > 0 {
		a.Groups = append(a.Groups, without)
	}
	return a, err
}
