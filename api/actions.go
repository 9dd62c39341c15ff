package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// SingleActionBody is a change of one resource, in the form of the wire contract.
type SingleActionBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	PlanLimits
	ActionBody
	DryRun bool `json:"dry_run,omitempty" doc:"Answer the plan and change nothing"`
}

// BulkActionBody is changes of several resources, in the form of the wire contract.
type BulkActionBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	PlanChanges
	DryRun bool `json:"dry_run,omitempty" doc:"Answer the plan and change nothing"`
}

type actionInput struct {
	PlanParams
	Body SingleActionBody
}

type bulkActionInput struct {
	PlanParams
	Body BulkActionBody
}

// actionResult is how one change ended.
type actionResult struct {
	Success      bool              `json:"success" doc:"False when it was refused or failed"`
	ResourceID   string            `json:"resource_id"`
	ResourceType tracker.Type      `json:"resource_type"`
	Action       string            `json:"action"`
	Message      string            `json:"message"`
	Verification string            `json:"verification_status" enum:"verified,pending,failed" doc:"verified only when the change was read back from AWS"`
	Error        *string           `json:"error"`
	State        tracker.ItemState `json:"item_state,omitempty"`
	PlanID       string            `json:"plan_id,omitempty" doc:"Where to follow it: GET /api/v1/plans/{id}"`
}

type bulkActionResult struct {
	Success    bool           `json:"success" doc:"False when an item was refused or failed"`
	Total      int            `json:"total_actions"`
	Successful int            `json:"successful" doc:"Verified or under way"`
	Failed     int            `json:"failed"`
	Pending    int            `json:"pending" doc:"Those of the successful that are under way"`
	Results    []actionResult `json:"results"`
	PlanID     string         `json:"plan_id,omitempty"`
	State      string         `json:"plan_state,omitempty"`
}

const actionDescription = `Plans and applies in one: each resource is looked at, guarded, changed by at most one call, and read back. With dry_run it answers
the plan, as POST /api/v1/plans does. Waits as ?wait says; what is not read back by then is pending, and goes on.`

func (s *Server) registerActions() {
	problems := []int{http.StatusUnauthorized, http.StatusConflict, http.StatusUnsupportedMediaType}
	action := huma.Operation{
		OperationID: "act", Metadata: map[string]any{waits: true, audited: true}, Method: http.MethodPost, Path: "/api/v1/resources/action", Tags: []string{"actions"},
		Summary: "Change a resource", Description: actionDescription, Errors: problems,
		Responses: map[string]*huma.Response{
			status(http.StatusOK):         s.doneOrPlanned("It is done or under way; with dry_run, the plan", schema[actionResult](s)),
			status(http.StatusAccepted):   s.stillPlanning(),
			status(http.StatusBadRequest): jsonAnswer("It was refused or failed", schema[actionResult](s)),
		},
	}
	register(s, action, s.act)
	register(s, huma.Operation{
		OperationID: "act-in-bulk", Metadata: map[string]any{waits: true, audited: true}, MaxBodyBytes: s.actionsBody(), Method: http.MethodPost, Path: "/api/v1/resources/bulk-action", Tags: []string{"actions"},
		Summary: "Change several resources", Description: actionDescription + " A malformed item refuses all before anything runs.", Errors: append(problems, http.StatusBadRequest),
		Responses: map[string]*huma.Response{
			status(http.StatusOK):       s.doneOrPlanned("How each item ended; with dry_run, the plan", schema[bulkActionResult](s)),
			status(http.StatusAccepted): s.stillPlanning(),
		},
	}, s.actInBulk)
	register(s, huma.Operation{
		OperationID: "list-actions", Method: http.MethodGet, Path: "/api/v1/actions", Tags: []string{"actions"},
		Summary: "List what can be done to resources, with what each verb takes and how it is undone",
	}, func(context.Context, *struct{}) (*struct{ Body actionsAnswer }, error) {
		return &struct{ Body actionsAnswer }{actionsAnswer{true, append([]tracker.ActionInfo{}, s.Actions...)}}, nil
	})
}

// doneOrPlanned describes the answer to a change, or to its dry run.
func (s *Server) doneOrPlanned(description string, done *huma.Schema) *huma.Response {
	r := jsonAnswer(description, &huma.Schema{OneOf: []*huma.Schema{done, schema[planAnswer](s)}})
	r.Headers = map[string]*huma.Header{"Location": stringHeader("The plan, with dry_run")}
	return r
}

type actionsAnswer struct {
	Success bool                 `json:"success" doc:"Always true"`
	Actions []tracker.ActionInfo `json:"actions"`
}

func (s *Server) act(ctx context.Context, in *actionInput) (*huma.StreamResponse, error) {
	a := in.Body.ActionBody
	for _, value := range []string{a.ResourceID, string(a.ResourceType), a.Region, a.Action} {
		if strings.TrimSpace(value) == "" {
			return nil, newProblem(http.StatusBadRequest, "Missing required fields: resource_id, resource_type, region, action")
		}
	}
	verb := strings.ToLower(a.Action)
	if !s.hasVerb(verb) {
		return nil, newProblem(http.StatusBadRequest, s.verbs())
	}
	result := actionResult{ResourceID: a.ResourceID, ResourceType: a.ResourceType, Action: verb}
	if !s.supports(tracker.ActionItem{Type: a.ResourceType, Verb: verb}) {
		message := fmt.Sprintf("Unsupported action %s for resource type %s", verb, bounded(string(a.ResourceType)))
		result.Message, result.Verification, result.Error = message, "failed", &message
		noteRefusal(ctx, newProblem(http.StatusBadRequest, message))
		return answered(http.StatusBadRequest, result), nil
	}
	body := PlanBody{CredentialFields: in.Body.CredentialFields, PlanChanges: PlanChanges{PlanLimits: in.Body.PlanLimits, Actions: []ActionBody{a}}, Apply: !in.Body.DryRun}
	out, err := s.contractPlan(ctx, in.PlanParams, body)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		return dryRun(out), nil
	}
	p := out.Body.Plan
	result.PlanID = p.ID
	if len(out.Body.Items) > 0 {
		result = resultOf(p.Plan, out.Body.Items[0], verb)
	} else {
		result = unplanned(p.Plan, result)
	}
	if result.Success {
		return answered(http.StatusOK, result), nil
	}
	return answered(http.StatusBadRequest, result), nil
}

// contractPlan plans what the contract's requests ask for.
func (s *Server) contractPlan(ctx context.Context, in PlanParams, body PlanBody) (*planOutput, error) {
	as := planEnded
	if !body.Apply {
		as = planned
	}
	return s.plan(ctx, in, body, func(p tracker.Plan) bool {
		return as(p) || p.State == tracker.PlanScheduled || p.State == tracker.PlanPlanned && p.Approval.Required
	})
}

// unplanned is the result of an item whose plan has none yet, or never will.
func unplanned(p tracker.Plan, r actionResult) actionResult {
	if !p.State.Terminal() {
		r.Success, r.Verification, r.Message = true, "pending", "accepted; the resource is being looked at"
		return r
	}
	reason := p.Reason
	r.Verification, r.Message, r.Error = "failed", reason, &reason
	return r
}

// resultOf tells how an item ended in the words of the wire contract.
func resultOf(p tracker.Plan, it tracker.PlanItem, verb string) actionResult {
	l := it.Ledger
	r := actionResult{
		ResourceID: it.ResourceID, ResourceType: it.Type, Action: verb, Message: l.Message, State: l.State, PlanID: p.ID,
	}
	switch {
	case l.State == tracker.ItemVerified:
		r.Success, r.Verification = true, "verified"
		if r.Message == "" {
			r.Message = fmt.Sprintf("%s of %s %s is verified: it is %s", verb, it.Type, it.ResourceID, l.Current)
		}
	case !l.State.Terminal():
		r.Success, r.Verification = true, "pending"
		r.Message = pendingMessage(p, it)
	default:
		r.Verification = "failed"
		message := r.Message
		if message == "" {
			message = string(l.State)
		}
		r.Error = &message
	}
	return r
}

// pendingMessage says what an item that has not ended waits for.
func pendingMessage(p tracker.Plan, it tracker.PlanItem) string {
	switch {
	case p.State == tracker.PlanPlanned && p.Approval.Required:
		return "planned; waits for the approval of a second person"
	case p.State == tracker.PlanScheduled:
		return "planned; will be carried out later"
	case p.State == tracker.PlanHeld:
		return "held: " + p.Reason
	case len(it.Ledger.Steps) > 0:
		return "sent to AWS; not read back yet"
	}
	return "accepted; not sent to AWS yet"
}

func (s *Server) actInBulk(ctx context.Context, in *bulkActionInput) (*huma.StreamResponse, error) {
	if len(in.Body.Actions) == 0 && in.Body.Select == nil {
		return nil, newProblem(http.StatusBadRequest, "No actions provided")
	}
	body := PlanBody{CredentialFields: in.Body.CredentialFields, PlanChanges: in.Body.PlanChanges, Apply: !in.Body.DryRun}
	out, err := s.contractPlan(ctx, in.PlanParams, body)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun {
		return dryRun(out), nil
	}
	p := out.Body.Plan.Plan
	r := bulkActionResult{PlanID: p.ID, State: string(p.State), Results: []actionResult{}}
	err = s.eachItem(ctx, out.Body, func(it tracker.PlanItem) {
		verb := it.Verb
		if it.Index < len(in.Body.Actions) {
			verb = strings.ToLower(in.Body.Actions[it.Index].Action)
		}
		r.Results = append(r.Results, resultOf(p, it, verb))
	})
	if err != nil {
		return nil, err
	}
	if len(r.Results) == 0 {
		for _, a := range in.Body.Actions {
			r.Results = append(r.Results, unplanned(p, actionResult{
				ResourceID: a.ResourceID, ResourceType: a.ResourceType, Action: strings.ToLower(a.Action), PlanID: p.ID,
			}))
		}
		if len(in.Body.Actions) == 0 && p.State.Terminal() {
			return nil, newProblem(http.StatusUnprocessableEntity, p.Reason)
		}
	}
	r.Total = len(r.Results)
	for _, one := range r.Results {
		switch {
		case !one.Success:
			r.Failed++
		case one.Verification == "pending":
			r.Pending++
		}
	}
	r.Successful = r.Total - r.Failed
	r.Success = r.Failed == 0
	return answered(http.StatusOK, r), nil
}

// dryRun answers the plan.
func dryRun(out *planOutput) *huma.StreamResponse {
	return streamed(func(_ context.Context, w http.ResponseWriter) {
		w.Header().Set("Location", out.Location)
		writeJSON(w, out.Status, out.Body)
	})
}

// bounded is text of a client as far as it is repeated.
func bounded(text string) string {
	if len(text) > maxLocation {
		return text[:maxLocation] + "…"
	}
	return text
}

func answered(status int, body any) *huma.StreamResponse {
	return streamed(func(_ context.Context, w http.ResponseWriter) { writeJSON(w, status, body) })
}
