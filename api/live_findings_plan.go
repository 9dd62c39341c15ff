package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// LivePlanBody says which findings to plan the repair of, and how.
type LivePlanBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	PlanLimits
	Findings []string `json:"finding_ids" minItems:"1" maxItems:"1000" maxLength:"2304" doc:"Open findings, as GET /api/v1/findings names them. Each has to be repaired by a verb"`
	Apply    bool     `json:"apply,omitempty" doc:"Carry it out as soon as it is planned"`
}

type livePlanInput struct {
	PlanParams
	Body LivePlanBody
}

func (s *Server) registerLivePlan() {
	register(s, huma.Operation{
		OperationID: "plan-live-findings", Method: http.MethodPost, Path: liveFindingsPath + "/plan", Tags: []string{"savings", "actions"},
		Summary: "Plan what repairs open findings, whichever scans found them",
		Description: "A plan like that of POST " + plansPath + `: every resource is looked at as it is now, however old its finding is, and what has
changed since is refused. Nothing is changed until the plan is applied, unless the request says apply. A finding of an account that the credentials
are not of is refused in the plan. 422 names findings that are not there, are resolved or acknowledged, or that no verb repairs.`,
		Metadata:  map[string]any{waits: true},
		Errors:    []int{http.StatusBadRequest, http.StatusServiceUnavailable, http.StatusUnsupportedMediaType},
		Responses: map[string]*huma.Response{status(http.StatusAccepted): jsonAnswer("The items are still being looked at", schema[planAnswer](s))},
	}, s.planLiveFindings)
}

// planLiveFindings makes a plan of what repairs findings that are open.
func (s *Server) planLiveFindings(ctx context.Context, in *livePlanInput) (*planOutput, error) {
	items, err := s.liveFixes(ctx, in.Body.Findings)
	if err != nil {
		return nil, err
	}
	request := in.Body.request(items, in.Body.Apply)
	if faults := s.paramFaults(request); len(faults) > 0 { // a finding is of another version
		return nil, invalid(faults...)
	}
	sub, err := s.submission(ctx, in.PlanParams, in.Body.CredentialFields)
	if err != nil {
		return nil, err
	}
	return s.addPlan(ctx, in.PlanParams, sub, request, planned)
}

// liveFixes are the plan items that repair findings. What several findings ask for is one item.
func (s *Server) liveFixes(ctx context.Context, ids []string) ([]tracker.ActionItem, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	page, err := h.Findings(ctx, owner(ctx), history.FindingQuery{IDs: ids, Now: time.Now().UnixMilli()}, "opened", false, history.Mark{}, len(ids))
	if err != nil {
		return nil, err
	}
	known := make(map[string]history.Live, len(page))
	for _, f := range page {
		known[f.ID] = f
	}
	var items []tracker.ActionItem
	var faults []FieldError
	planned := map[string]bool{}
	for i, id := range ids {
		fault := func(message string) {
			faults = append(faults, FieldError{fmt.Sprintf("body.finding_ids[%d]", i), message})
		}
		f, ok := known[id]
		switch {
		case !ok:
			fault("is no finding of yours")
			continue
		case f.State == history.StateResolved:
			fault("is resolved: there is nothing to repair")
			continue
		case f.State == history.StateAcknowledged:
			fault("is acknowledged: somebody has said why it stays as it is")
			continue
		}
		live, err := liveOf(f)
		if err != nil {
			return nil, err
		}
		if live.Fix == nil {
			fault("no verb repairs it: it has to be done by hand")
			continue
		}
		if key := fmt.Sprintf("%s/%s/%s/%s %s %v", live.Fix.AccountID, live.Fix.Region, live.Fix.Type, live.Fix.ResourceID, live.Fix.Verb, live.Fix.Params); !planned[key] {
			planned[key] = true
			items = append(items, *live.Fix)
		}
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	return items, nil
}
