package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/inventory"
)

// The bounds of what is counted at once, and of what dimensions a group has.
const (
	maxFacets   = 10
	maxGroupsBy = 3
)

type facetsInput struct {
	ViewQuery
	Facets []string `query:"facet" required:"true" minItems:"1" maxItems:"10" maxLength:"140" example:"type,region,tag:team" doc:"What to count by: type, region, account, state, service, basis (how a cost is known), tag:KEY; up to ten, with commas"`
	Top    int      `query:"top" minimum:"1" maximum:"1000" default:"20" doc:"The most values of each; the rest is in other"`
}

type groupsInput struct {
	ViewQuery
	By  []string `query:"by" required:"true" minItems:"1" maxItems:"3" maxLength:"140" example:"account,type" doc:"What to group by: one to three of type, region, account, state, service, basis, tag:KEY, with commas"`
	Top int      `query:"top" minimum:"1" maximum:"10000" default:"1000" doc:"The most groups; the rest is in other"`
}

type tagsInput struct {
	ViewQuery
	Top int `query:"top" minimum:"1" maximum:"10000" default:"1000" doc:"The most keys"`
}

// CountsHead begins answers that count.
type CountsHead struct {
	Success  bool               `json:"success" doc:"Always true"`
	At       time.Time          `json:"at" doc:"The moment that the answer is of"`
	Coverage inventory.Coverage `json:"coverage" doc:"How much is known of the cells that can hold what the filter selects"`
	Pending  []string           `json:"pending_scans" doc:"Scans that have ended and are not in the inventory yet"`
}

type facetsAnswer struct {
	CountsHead
	Total  inventory.Count    `json:"total" doc:"All that the filter selects"`
	Facets []inventory.Counts `json:"facets"`
}

type groupsAnswer struct {
	CountsHead
	Total inventory.Count `json:"total" doc:"All that the filter selects"`
	inventory.Counts
}

type tagsAnswer struct {
	CountsHead
	inventory.Tags
}

type (
	facetsOutput struct{ Body facetsAnswer }
	groupsOutput struct{ Body groupsAnswer }
	tagsOutput   struct{ Body tagsAnswer }
)

func (s *Server) registerInventoryCounts() {
	register(s, huma.Operation{
		OperationID: "count-inventory", Method: http.MethodGet, Path: inventoryPath + "/facets", Tags: []string{"inventory"},
		Summary:     "Count what there is by one thing after the other",
		Description: "Of each facet the values with how many resources have it and what those cost, the costliest first." + noHistory,
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The counts", schema[facetsAnswer](s))},
	}, s.countInventory)
	register(s, huma.Operation{
		OperationID: "group-inventory", Method: http.MethodGet, Path: inventoryPath + "/groups", Tags: []string{"inventory"},
		Summary:     "Group what there is by up to three things at once",
		Description: "Such as by=account,type or by=tag:team,service: of each group how many resources it has and what they cost, the costliest first." + noHistory,
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The groups", schema[groupsAnswer](s))},
	}, s.groupInventory)
	register(s, huma.Operation{
		OperationID: "list-inventory-tags", Method: http.MethodGet, Path: inventoryPath + "/tags", Tags: []string{"inventory"},
		Summary:     "List the keys of tags that resources carry",
		Description: "Of each key how many resources carry it, and how many distinct values it has." + noHistory,
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("The keys", schema[tagsAnswer](s))},
	}, s.listInventoryTags)
}

// counting is the view of a query, and the head of an answer about it.
func (s *Server) counting(ctx context.Context, q ViewQuery) (v inventory.View, h CountsHead, err error) {
	if v, err = s.view(ctx, q); err != nil {
		return v, h, err
	}
	h.Success = true
	if h.Pending, err = s.caughtUp(ctx, &v, q.At == ""); err != nil {
		return v, h, err
	}
	h.At = v.At.UTC()
	h.Coverage, err = v.Coverage(ctx)
	return v, h, err
}

func (s *Server) countInventory(ctx context.Context, in *facetsInput) (*facetsOutput, error) {
	by, err := inventory.ParseDimensions(in.Facets, maxFacets)
	if err != nil {
		return nil, invalid(FieldError{"query.facet", err.Error()})
	}
	v, head, err := s.counting(ctx, in.ViewQuery)
	if err != nil {
		return nil, err
	}
	sets := make([][]inventory.Dimension, len(by))
	for i := range by {
		sets[i] = by[i : i+1]
	}
	sums, err := v.Sum(ctx, sets, in.Top)
	return &facetsOutput{facetsAnswer{head, sums.Total, sums.Sets}}, err
}

func (s *Server) groupInventory(ctx context.Context, in *groupsInput) (*groupsOutput, error) {
	by, err := inventory.ParseDimensions(in.By, maxGroupsBy)
	if err != nil {
		return nil, invalid(FieldError{"query.by", err.Error()})
	}
	v, head, err := s.counting(ctx, in.ViewQuery)
	if err != nil {
		return nil, err
	}
	sums, err := v.Sum(ctx, [][]inventory.Dimension{by}, in.Top)
	if err != nil {
		return nil, err
	}
	return &groupsOutput{groupsAnswer{head, sums.Total, sums.Sets[0]}}, nil
}

func (s *Server) listInventoryTags(ctx context.Context, in *tagsInput) (*tagsOutput, error) {
	v, head, err := s.counting(ctx, in.ViewQuery)
	if err != nil {
		return nil, err
	}
	tags, err := v.Tags(ctx, in.Top)
	return &tagsOutput{tagsAnswer{head, tags}}, err
}
