package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const plansPath = "/api/v1/plans"

// Plans plans changes and carries them out. A plan of somebody else is
// CodeNotFound; a plan whose state forbids what is asked is CodeConflict.
type Plans interface {
	// AddPlan makes a plan, which workers look at. The same idempotency key answers the
	// plan that exists, with created false.
	AddPlan(ctx context.Context, s tracker.PlanSubmission) (p tracker.Plan, created bool, err error)
	// ApplyPlan carries out a plan under its digest, now or after a while. Nil
	// credentials leave those it has.
	ApplyPlan(ctx context.Context, owner, id, digest string, after time.Duration, sealed []byte, origin string) (tracker.Plan, error)
	// ApprovePlan notes that who, who is not its author, agrees.
	ApprovePlan(ctx context.Context, who, id, digest, origin string) (tracker.Plan, error)
	ResumePlan(ctx context.Context, owner, id string, sealed []byte, origin string) (tracker.Plan, error)
	CancelPlan(ctx context.Context, owner, id, origin string) (tracker.Plan, error)
	// UndoPlan makes a plan that undoes the verified items of an ended one.
	UndoPlan(ctx context.Context, owner, id string, apply bool, sealed []byte, key, origin string) (p tracker.Plan, created bool, err error)
}

// PlanResults reads plans and the audit.
type PlanResults interface {
	Plan(ctx context.Context, owner, id string) (tracker.Plan, error)
	// LookupPlan answers a plan whoever owns it.
	LookupPlan(ctx context.Context, id string) (tracker.Plan, error)
	// Plans lists the owner's plans, newest first.
	Plans(ctx context.Context, owner, cursor string, limit int) (plans []tracker.Plan, next string, err error)
	// PlanItems answers items in order from an index on, at most limit; 0 is all.
	PlanItems(ctx context.Context, id string, from, limit int) ([]tracker.PlanItem, error)
	// AuditTrail answers lines of the owner's audit, oldest first.
	AuditTrail(ctx context.Context, owner, after string, since time.Time, limit int) ([]tracker.AuditEvent, error)
}

// ActionBody is one change of one resource. All fields are checked together with
// those of the other items.
type ActionBody struct {
	_            struct{}         `additionalProperties:"false"`
	ResourceID   string           `json:"resource_id,omitempty" maxLength:"2048" doc:"As a scan answers it"`
	ResourceType tracker.Type     `json:"resource_type,omitempty" maxLength:"128"`
	Region       string           `json:"region,omitempty" maxLength:"64" doc:"As a scan answers it; global for resources of no region"`
	Action       string           `json:"action,omitempty" maxLength:"64" doc:"A verb that GET /api/v1/types names for the type, in any case"`
	AccountID    string           `json:"account_id,omitempty" pattern:"^(\\d{12})?$" doc:"Refused unless the credentials are of this account"`
	Params       tracker.Metadata `json:"params,omitempty" doc:"What the verb takes, such as {\"retention_days\": 30}"`
	Lift         []string         `json:"lift,omitempty" maxItems:"20" doc:"Rules that must not stop this item, such as termination_protection"`
}

// PlanLimits bound what a plan may do, within the server's settings.
type PlanLimits struct {
	AfterSeconds      int   `json:"after_seconds,omitempty" minimum:"0" maximum:"2592000" doc:"Carry it out so much later; until then it can be cancelled"`
	MaxItems          int   `json:"max_items,omitempty" minimum:"0" doc:"The most items that it may have; none is the server's limit"`
	MaxSharePercent   int   `json:"max_share_percent,omitempty" minimum:"0" maximum:"100" doc:"The largest share of a type's resources that a selection may take; none is the server's limit"`
	MaxFailurePercent int   `json:"max_failure_percent,omitempty" minimum:"0" maximum:"100" doc:"The share of failed items that holds the rest; none is 10"`
	Canary            *bool `json:"canary,omitempty" doc:"One item first, then a tenth, then all; absent is yes from ten items on"`
}

// PlanChanges are the changes that a request asks for.
type PlanChanges struct {
	PlanLimits
	Actions []ActionBody   `json:"actions,omitempty" maxItems:"10000" doc:"The items, one by one; or select is given"`
	Select  *SelectionBody `json:"select,omitempty"`
}

// PlanBody says what to plan.
type PlanBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	PlanChanges
	Apply bool `json:"apply,omitempty" doc:"Carry it out as soon as it is planned"`
}

// SelectionBody selects the items of a plan by a filter.
type SelectionBody struct {
	_       struct{}         `additionalProperties:"false"`
	JobID   string           `json:"job_id,omitempty" maxLength:"128" doc:"The finished scan to select from; none lists the account as it is now"`
	Filter  filterBody       `json:"filter" doc:"What to select"`
	Action  string           `json:"action" minLength:"1" maxLength:"64" doc:"The verb, for all of them"`
	Params  tracker.Metadata `json:"params,omitempty"`
	Lift    []string         `json:"lift,omitempty" maxItems:"20"`
	Regions []string         `json:"regions,omitempty" maxItems:"100" doc:"Regions to list without job_id; none is every enabled one"`
}

// PlanParams are what a request for a plan has beside its body.
type PlanParams struct {
	CredentialHeaders
	Wait           optional[int] `query:"wait" minimum:"0" maximum:"60" doc:"Seconds to wait for it; absent is the server's setting"`
	IdempotencyKey string        `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same plan"`
}

type planInput struct {
	PlanParams
	Body PlanBody
}

type planIDInput struct {
	ID     string `path:"id" doc:"The plan"`
	Offset int    `query:"offset" minimum:"0" default:"0" doc:"The first item to answer"`
	Limit  int    `query:"limit" minimum:"1" maximum:"10000" default:"1000" doc:"How many items to answer"`
}

type planLinks struct {
	Self  string `json:"self"`
	Apply string `json:"apply"`
	Undo  string `json:"undo"`
}

// planView is a plan as lists carry it.
type planView struct {
	tracker.Plan
	Links planLinks `json:"links"`
}

func planViewOf(p tracker.Plan) planView {
	self := plansPath + "/" + p.ID
	if p.Totals.ByState == nil {
		p.Totals.ByState = map[tracker.ItemState]int{}
	}
	return planView{p, planLinks{self, self + "/apply", self + "/undo"}}
}

type planAnswer struct {
	Success bool               `json:"success" doc:"Always true"`
	Plan    planView           `json:"plan"`
	Items   []tracker.PlanItem `json:"items" doc:"Each with what was seen, what would happen and what has; empty while planning"`
}

type planOutput struct {
	Status   int
	Location string `header:"Location" doc:"The plan"`
	Body     planAnswer
}

type plansAnswer struct {
	Success bool       `json:"success" doc:"Always true"`
	Plans   []planView `json:"plans" doc:"Newest first"`
	Next    string     `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// ApplyBody names what is applied.
type ApplyBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	Digest       string `json:"digest" minLength:"1" maxLength:"128" doc:"The plan's digest, as it was looked at"`
	AfterSeconds int    `json:"after_seconds,omitempty" minimum:"0" maximum:"2592000" doc:"Carry it out so much later"`
}

type applyInput struct {
	ID string `path:"id" doc:"The plan"`
	PlanParams
	Body ApplyBody
}

type approveInput struct {
	ID   string `path:"id" doc:"The plan"`
	Body struct {
		_      struct{} `additionalProperties:"false"`
		Digest string   `json:"digest" minLength:"1" maxLength:"128" doc:"The plan's digest, as it was looked at"`
	}
}

// ResumeBody may carry new credentials.
type ResumeBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
}

type resumeInput struct {
	ID string `path:"id" doc:"The plan"`
	PlanParams
	Body *ResumeBody
}

// UndoBody carries the credentials to undo with.
type UndoBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	Apply bool `json:"apply,omitempty" doc:"Carry it out as soon as it is planned"`
}

type undoInput struct {
	ID string `path:"id" doc:"The plan"`
	PlanParams
	Body *UndoBody
}

const planDescription = `Looks at every resource as it is now and answers what would happen to it, what is refused and why, what depends on it, what it
saves and whether it can be undone. Nothing is changed until the plan is applied under its digest.

Waits as ?wait says; 202 while the items are still being looked at.`

func (s *Server) registerPlans() {
	one := []int{http.StatusNotFound, http.StatusConflict}
	operation := func(id, method, path, summary string, errors ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: plansPath + path, Tags: []string{"actions"}, Summary: summary, Errors: errors}
	}
	withBody := slices.Concat(one, []int{http.StatusBadRequest, http.StatusUnsupportedMediaType})
	add := operation("add-plan", http.MethodPost, "", "Plan changes", withBody...)
	add.Description, add.Metadata = planDescription, map[string]any{waits: true}
	add.Responses = map[string]*huma.Response{status(http.StatusAccepted): jsonAnswer("The items are still being looked at", schema[planAnswer](s))}
	register(s, add, func(ctx context.Context, in *planInput) (*planOutput, error) {
		return s.plan(ctx, in.PlanParams, in.Body, planned)
	})
	register(s, operation("list-plans", http.MethodGet, "", "List your plans, newest first"), s.listPlans)
	register(s, operation("get-plan", http.MethodGet, "/{id}", "Read a plan and its items", http.StatusNotFound), s.getPlan)
	apply := operation("apply-plan", http.MethodPost, "/{id}/apply", "Carry a plan out", withBody...)
	apply.Description = `Carries out exactly what the plan says: an item that has changed since is refused by name. Uses the credentials that the plan was
made with, unless others are given. With after_seconds it can be cancelled until then.`
	apply.Metadata = map[string]any{waits: true}
	register(s, apply, s.applyPlan)
	approve := operation("approve-plan", http.MethodPost, "/{id}/approve", "Agree to somebody else's plan", withBody...)
	approve.Errors = append(approve.Errors, http.StatusForbidden)
	register(s, approve, s.approvePlan)
	register(s, operation("resume-plan", http.MethodPost, "/{id}/resume", "Go on with a plan that is held", withBody...), s.resumePlan)
	register(s, operation("cancel-plan", http.MethodPost, "/{id}/cancel", "Stop a plan: what was not begun is not run", one...), s.cancelPlan)
	undo := operation("undo-plan", http.MethodPost, "/{id}/undo", "Plan the undoing of a plan", withBody...)
	undo.Description = "Makes a plan of the inverse of every verified item that has one, the last first. It is applied like any other."
	undo.Metadata = map[string]any{waits: true}
	undo.Responses = map[string]*huma.Response{status(http.StatusAccepted): jsonAnswer("The items are still being looked at", schema[planAnswer](s))}
	register(s, undo, s.undoPlan)
}

// planned reports whether a plan has been looked at.
func planned(p tracker.Plan) bool { return p.State != tracker.PlanPlanning }

func planEnded(p tracker.Plan) bool { return p.State.Terminal() || p.State == tracker.PlanHeld }

// plan makes a plan and waits for it to be as it should.
func (s *Server) plan(ctx context.Context, in PlanParams, body PlanBody, as func(tracker.Plan) bool) (*planOutput, error) {
	request, err := s.planRequest(body)
	if err != nil {
		return nil, err
	}
	sealed, err := s.sealFrom(body.CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	return s.addPlan(ctx, in, request, sealed, as)
}

func (s *Server) addPlan(
	ctx context.Context, in PlanParams, request tracker.PlanRequest, sealed []byte, as func(tracker.Plan) bool,
) (*planOutput, error) {
	p, _, err := s.Jobs.AddPlan(ctx, tracker.PlanSubmission{
		Owner: owner(ctx), Request: request, Sealed: sealed, IdempotencyKey: in.IdempotencyKey, Origin: origin(ctx),
	})
	if err != nil {
		return nil, located("body.", err)
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, s.planWait(in), as))
}

// request is a plan of some items within the limits.
func (l PlanLimits) request(items []tracker.ActionItem, apply bool) tracker.PlanRequest {
	return tracker.PlanRequest{
		Items: items, Apply: apply, After: l.AfterSeconds, MaxItems: l.MaxItems, MaxSharePercent: l.MaxSharePercent,
		MaxFailurePercent: l.MaxFailurePercent, Canary: l.Canary,
	}
}

// sealFrom seals the credentials of a request.
func (s *Server) sealFrom(body CredentialFields, h CredentialHeaders) ([]byte, error) {
	creds, err := s.credentials(body, h)
	if err != nil {
		return nil, err
	}
	sealed, _, err := s.seal(creds)
	if err != nil {
		return nil, fmt.Errorf("seal credentials: %w", err)
	}
	return sealed, nil
}

// sealGiven is sealFrom where credentials may be absent: nil then.
func (s *Server) sealGiven(body CredentialFields, h CredentialHeaders) ([]byte, error) {
	if body == (CredentialFields{}) && h == (CredentialHeaders{}) {
		return nil, nil
	}
	return s.sealFrom(body, h)
}

// planRequest checks what the schema cannot, and reports all of it at once.
func (s *Server) planRequest(b PlanBody) (tracker.PlanRequest, error) {
	r := b.request(nil, b.Apply)
	var faults []FieldError
	seen := map[string]int{}
	for i, a := range b.Actions {
		at := fmt.Sprintf("body.actions[%d].", i)
		item, wrong := s.actionItem(a, at)
		faults = append(faults, wrong...)
		key := strings.Join([]string{string(item.Type), item.Region, item.ResourceID, item.Verb}, "\n")
		if first, ok := seen[key]; ok && len(wrong) == 0 {
			faults = append(faults, FieldError{at + "resource_id", fmt.Sprintf("is the same as actions[%d]", first)})
		}
		seen[key] = i
		r.Items = append(r.Items, item)
	}
	if b.Select != nil {
		filter, wrong := s.readFilterBody("body.select.filter", b.Select.Filter)
		faults = append(faults, wrong...)
		r.Select = &tracker.PlanSelection{
			JobID: b.Select.JobID, Filter: filter, Verb: strings.ToLower(b.Select.Action), Params: b.Select.Params,
			Lift: b.Select.Lift, Regions: b.Select.Regions,
		}
		if !s.hasVerb(r.Select.Verb) {
			faults = append(faults, FieldError{"body.select.action", s.verbs()})
		}
		if filter.IsZero() && len(wrong) == 0 {
			faults = append(faults, FieldError{"body.select.filter", "is empty, which would select everything"})
		}
		if b.Select.JobID != "" && !jobID.MatchString(b.Select.JobID) {
			faults = append(faults, FieldError{"body.select.job_id", "is not a job's ID"})
		}
		checkRegions("select.regions", b.Select.Regions, possibleRegion, func(location, message string, args ...any) {
			faults = append(faults, FieldError{"body." + location, fmt.Sprintf(message, args...)})
		})
	}
	if len(faults) > 0 {
		return r, invalid(faults...)
	}
	return r, nil
}

// actionItem reads one item and says what is wrong with it. A verb that the type
// does not have is no fault here: the plan refuses it by name.
func (s *Server) actionItem(a ActionBody, at string) (tracker.ActionItem, []FieldError) {
	item := tracker.ActionItem{
		ResourceID: a.ResourceID, Type: a.ResourceType, Region: a.Region, AccountID: a.AccountID, Verb: strings.ToLower(a.Action),
		Params: a.Params, Lift: a.Lift,
	}
	var faults []FieldError
	for _, f := range []struct{ name, value string }{
		{"resource_id", a.ResourceID}, {"resource_type", string(a.ResourceType)}, {"region", a.Region}, {"action", a.Action},
	} {
		if strings.TrimSpace(f.value) == "" {
			faults = append(faults, FieldError{at + f.name, "missing"})
		}
	}
	if len(faults) > 0 {
		return item, faults
	}
	if refusal := s.catalogue.refuse(item.Type); refusal != "" {
		faults = append(faults, FieldError{at + "resource_type", refusal})
	}
	if item.Region != tracker.Global {
		if refusal := refuseRegion(item.Region, possibleRegion); refusal != "" {
			faults = append(faults, FieldError{at + "region", refusal})
		}
	}
	if !s.hasVerb(item.Verb) {
		faults = append(faults, FieldError{at + "action", s.verbs()})
	}
	if len(faults) == 0 && s.supports(item) && s.CheckAction != nil {
		if err := s.CheckAction(item); err != nil {
			fault := FieldError{at + "params", err.Error()}
			if e, ok := errors.AsType[*tracker.Error](err); ok && e.Field != "" {
				fault = FieldError{at + e.Field, e.Message}
			}
			faults = append(faults, fault)
		}
	}
	return item, faults
}

func (s *Server) hasVerb(verb string) bool {
	return slices.ContainsFunc(s.Actions, func(a tracker.ActionInfo) bool { return a.Called(verb) })
}

// supports reports whether an item's type has its verb.
func (s *Server) supports(it tracker.ActionItem) bool {
	return slices.ContainsFunc(s.Actions, func(a tracker.ActionInfo) bool {
		return a.Type == it.Type && a.Called(it.Verb)
	})
}

// verbs says which verbs there are, in the words of the wire contract.
func (s *Server) verbs() string {
	verbs := []string{"stop", "delete", "terminate"}
	for _, a := range s.Actions {
		if !slices.Contains(verbs, a.Verb) {
			verbs = append(verbs, a.Verb)
		}
	}
	slices.Sort(verbs[3:])
	return "Invalid action. Supported: " + strings.Join(verbs, ", ")
}

func (s *Server) planWait(in PlanParams) time.Duration {
	if in.Wait.set {
		return time.Duration(in.Wait.value) * time.Second
	}
	return min(s.ActionWait, maxWait)
}

// awaitPlan returns the plan when it is as it should be, when the time is up or
// when the server closes.
func (s *Server) awaitPlan(ctx context.Context, p tracker.Plan, wait time.Duration, as func(tracker.Plan) bool) tracker.Plan {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	const shortest, longest = 10 * time.Millisecond, 100 * time.Millisecond
	for pause := shortest; !as(p) && s.sleep(ctx, pause); pause = min(2*pause, longest) {
		if now, err := s.Results.LookupPlan(ctx, p.ID); err == nil {
			p = now
		}
	}
	return p
}

func (s *Server) planOutput(ctx context.Context, p tracker.Plan) (*planOutput, error) {
	items, err := s.Results.PlanItems(ctx, p.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	out := &planOutput{http.StatusOK, plansPath + "/" + p.ID, planAnswer{true, planViewOf(p), items}}
	if p.State == tracker.PlanPlanning {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

func (s *Server) listPlans(ctx context.Context, in *jobsInput) (*struct{ Body plansAnswer }, error) {
	plans, next, err := s.Results.Plans(ctx, owner(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := plansAnswer{Success: true, Plans: make([]planView, len(plans)), Next: next}
	for i, p := range plans {
		out.Plans[i] = planViewOf(p)
	}
	return &struct{ Body plansAnswer }{out}, nil
}

// readable answers a plan to its owner, and to those who may approve it.
func (s *Server) readable(ctx context.Context, id string) (tracker.Plan, error) {
	if err := checkPlanID(id); err != nil {
		return tracker.Plan{}, err
	}
	if !slices.Contains(s.Approvers, owner(ctx)) {
		return s.Results.Plan(ctx, owner(ctx), id)
	}
	p, err := s.Results.LookupPlan(ctx, id)
	if err == nil && p.Owner != owner(ctx) && !p.Approval.Required {
		return s.Results.Plan(ctx, owner(ctx), id)
	}
	return p, err
}

func (s *Server) getPlan(ctx context.Context, in *planIDInput) (*struct{ Body planAnswer }, error) {
	p, err := s.readable(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := s.Results.PlanItems(ctx, p.ID, in.Offset, in.Limit)
	if err != nil {
		return nil, err
	}
	return &struct{ Body planAnswer }{planAnswer{true, planViewOf(p), items}}, nil
}

// checkPlanID refuses what cannot be a plan's ID.
func checkPlanID(id string) error {
	if !jobID.MatchString(id) {
		return tracker.Errorf(tracker.CodeNotFound, "no such plan")
	}
	return nil
}

func (s *Server) applyPlan(ctx context.Context, in *applyInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	sealed, err := s.sealGiven(in.Body.CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	p, err := s.Jobs.ApplyPlan(ctx, owner(ctx), in.ID, in.Body.Digest, time.Duration(in.Body.AfterSeconds)*time.Second, sealed, origin(ctx))
	if err != nil {
		return nil, located("body.", err)
	}
	wait := time.Duration(0)
	if in.Wait.set {
		wait = time.Duration(in.Wait.value) * time.Second
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, wait, planEnded))
}

func (s *Server) approvePlan(ctx context.Context, in *approveInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	if !slices.Contains(s.Approvers, owner(ctx)) {
		return nil, newProblem(http.StatusForbidden, "you are none of those who may approve plans")
	}
	if _, err := s.readable(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := s.Jobs.ApprovePlan(ctx, owner(ctx), in.ID, in.Body.Digest, origin(ctx))
	if err != nil {
		return nil, located("body.", err)
	}
	return s.planOutput(ctx, p)
}

func (s *Server) resumePlan(ctx context.Context, in *resumeInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	sealed, err := s.sealGiven(given(in.Body).CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	p, err := s.Jobs.ResumePlan(ctx, owner(ctx), in.ID, sealed, origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, p)
}

func (s *Server) cancelPlan(ctx context.Context, in *struct {
	ID string `path:"id" doc:"The plan"`
},
) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	p, err := s.Jobs.CancelPlan(ctx, owner(ctx), in.ID, origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, p)
}

func (s *Server) undoPlan(ctx context.Context, in *undoInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	body := given(in.Body)
	sealed, err := s.sealFrom(body.CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	p, _, err := s.Jobs.UndoPlan(ctx, owner(ctx), in.ID, body.Apply, sealed, in.IdempotencyKey, origin(ctx))
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, s.planWait(in.PlanParams), planned))
}
