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

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

type costsInput struct {
	ID      string `path:"id" doc:"The job"`
	GroupBy string `query:"group_by" default:"type" maxLength:"140" pattern:"^(type|region|account|service|state|basis|tag:.+)$" doc:"type, region, account, service, state, basis (how a cost is known), or tag:KEY"`
}

type costsAnswer struct {
	Success  bool                  `json:"success" doc:"Always true"`
	JobID    string                `json:"job_id"`
	State    tracker.JobState      `json:"state"`
	Complete bool                  `json:"complete" doc:"True when the scan saw everything"`
	GroupBy  string                `json:"group_by"`
	Currency string                `json:"currency" enum:"USD"`
	Total    tracker.Money         `json:"estimated_monthly_total" doc:"The sum of the known costs; resources_with_unknown_cost says how many it lacks"`
	Known    int                   `json:"resources_with_known_cost"`
	Unknown  int                   `json:"resources_with_unknown_cost"`
	Share    *float64              `json:"known_share" doc:"How much of all resources has a known cost, from 0 to 1; null without resources"`
	Groups   []costGroup           `json:"groups" doc:"The costliest first; at most 10,000, and those without the tag"`
	Other    *costGroup            `json:"other,omitempty" doc:"The resources of all further groups; absent where there are none"`
	Billed   *tracker.BilledReport `json:"billed,omitempty" doc:"What AWS has billed, by Cost Explorer; absent unless the scan was started with billed_cost"`
}

// maxCostGroups bounds what a sum holds in memory: tags may have any value.
const maxCostGroups = 10_000

// costGroup is the resources that have one thing in common.
type costGroup struct {
	Key     *string       `json:"key" doc:"What the resources have in common; null for those without the tag, and in other"`
	Total   tracker.Money `json:"estimated_monthly_total"`
	Known   int           `json:"resources_with_known_cost"`
	Unknown int           `json:"resources_with_unknown_cost"`
	Share   *float64      `json:"known_share" doc:"How much of the resources has a known cost"`
}

func (g *costGroup) add(monthly *tracker.Money) {
	if monthly == nil {
		g.Unknown++
		return
	}
	g.Known++
	g.Total += *monthly
}

// knownShare is nil where there is nothing to know.
func knownShare(known, unknown int) *float64 {
	if known+unknown == 0 {
		return nil
	}
	share := float64(known) / float64(known+unknown)
	return &share
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
		out := newStream(w, "application/json")
		answer, err := s.costs(ctx, job, in.GroupBy)
		answer.Billed = billed
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
	State     string            `json:"state"`
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
	case "state":
		return r.State, true
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
	groups, without, other := map[string]*costGroup{}, costGroup{}, costGroup{}
	err := s.Results.Each(ctx, job.ID, filter.Filter{}, func(resource []byte) error {
		var r pricedRow
		if err := json.Unmarshal(resource, &r); err != nil {
			return fmt.Errorf("read a resource: %w", err)
		}
		g := &without
		if key, ok := s.key(r, by); ok {
			if g = groups[key]; g == nil && len(groups) < maxCostGroups {
				g = &costGroup{Key: &key}
				groups[key] = g
			}
		}
		if g == nil {
			g = &other
		}
		g.add(r.Monthly)
		return nil
	})
	for _, g := range groups {
		a.Groups = append(a.Groups, *g)
	}
	slices.SortFunc(a.Groups, func(x, y costGroup) int { return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(*x.Key, *y.Key)) })
	if without.Known+without.Unknown > 0 {
		a.Groups = append(a.Groups, without)
	}
	if other.Known+other.Unknown > 0 {
		a.Other = &other
	}
	a.sum()
	return a, err
}

// sum adds up the groups.
func (a *costsAnswer) sum() {
	count := func(g *costGroup) {
		g.Share = knownShare(g.Known, g.Unknown)
		a.Known += g.Known
		a.Unknown += g.Unknown
		a.Total += g.Total
	}
	for i := range a.Groups {
		count(&a.Groups[i])
	}
	if a.Other != nil {
		count(a.Other)
	}
	a.Share = knownShare(a.Known, a.Unknown)
}
