package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ActionBody is one change of one resource. All fields are checked together with
// those of the other items.
type ActionBody struct {
	_            struct{}     `additionalProperties:"false"`
	ResourceID   string       `json:"resource_id,omitempty" maxLength:"2048" doc:"As a scan answers it"`
	ResourceType tracker.Type `json:"resource_type,omitempty" maxLength:"128"`
	Region       string       `json:"region,omitempty" maxLength:"64" doc:"As a scan answers it; global for resources of no region"`
	Action       string       `json:"action,omitempty" maxLength:"64" doc:"A verb that GET /api/v1/types names for the type, in any case"`
	AccountID    string       `json:"account_id,omitempty" maxLength:"12" pattern:"^(\\d{12})?$" doc:"Refused unless the credentials are of this account"`
	Params       paramsBody   `json:"params,omitempty" maxProperties:"20" doc:"What the verb takes, such as {\"retention_days\": 30}"`
	Lift         []string     `json:"lift,omitempty" maxItems:"20" maxLength:"64" doc:"Rules that must not stop this item, such as termination_protection"`
}

// PlanLimits bound what a plan may do, within the server's settings.
type PlanLimits struct {
	AfterSeconds      int   `json:"after_seconds,omitempty" minimum:"0" maximum:"2592000" doc:"Carry it out so much later; until then it can be cancelled"`
	MaxItems          int   `json:"max_items,omitempty" minimum:"0" doc:"The most items that it may have; none is the server's limit"`
	MaxSharePercent   int   `json:"max_share_percent,omitempty" minimum:"0" maximum:"100" doc:"The largest share of a type's resources that a selection may take; none is the server's limit"`
	MaxFailurePercent int   `json:"max_failure_percent,omitempty" minimum:"0" maximum:"100" doc:"The share of failed items that holds the rest; none is 10"`
	Canary            *bool `json:"canary,omitempty" doc:"One item first, then a tenth, then all; absent is yes from ten items on"`
}

// actionBytes bounds what one action takes of a body: a resource ID of 2,048 bytes,
// and as much for the rest, parameters included. Most take 200.
const actionBytes = 4 << 10

// actionsBody bounds bodies that list actions: those of a whole plan have to fit.
func (s *Server) actionsBody() int64 { return s.MaxBody + int64(s.MaxItems)*actionBytes }

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
	_       struct{}   `additionalProperties:"false"`
	JobID   string     `json:"job_id,omitempty" maxLength:"128" doc:"The finished scan to select from; none lists the account as it is now"`
	Filter  filterBody `json:"filter" doc:"What to select"`
	Action  string     `json:"action" minLength:"1" maxLength:"64" doc:"The verb, for all of them"`
	Params  paramsBody `json:"params,omitempty" maxProperties:"20"`
	Lift    []string   `json:"lift,omitempty" maxItems:"20" maxLength:"64"`
	Regions []string   `json:"regions,omitempty" maxItems:"100" maxLength:"32" doc:"Regions to list without job_id; none is every enabled one"`
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

// request is a plan of some items within the limits.
func (l PlanLimits) request(items []tracker.ActionItem, apply bool) tracker.PlanRequest {
	return tracker.PlanRequest{
		Items: items, Apply: apply, After: l.AfterSeconds, MaxItems: l.MaxItems, MaxSharePercent: l.MaxSharePercent,
		MaxFailurePercent: l.MaxFailurePercent, Canary: l.Canary,
	}
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
			JobID: b.Select.JobID, Filter: filter, Verb: strings.ToLower(b.Select.Action), Params: tracker.Metadata(b.Select.Params),
			Lift: b.Select.Lift, Regions: distinct(b.Select.Regions),
		}
		if !s.hasVerb(r.Select.Verb) {
			faults = append(faults, FieldError{"body.select.action", s.verbs()})
		}
		if msg := b.Select.Params.refuse(); msg != "" {
			faults = append(faults, FieldError{"body.select.params", msg})
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
	if b.Select == nil || len(faults) == 0 { // a filter that cannot be read selects nothing in particular
		faults = append(faults, s.paramFaults(r)...)
	}
	if len(faults) > 0 {
		return r, invalid(faults...)
	}
	return r, nil
}

// paramFaults are what is wrong with the parameters and lifts of a plan.
func (s *Server) paramFaults(r tracker.PlanRequest) []FieldError {
	var faults []FieldError
	for _, e := range r.Faults(s.Actions) {
		faults = append(faults, FieldError{"body." + e.Field, e.Message})
	}
	return faults
}

// actionItem reads one item and says what is wrong with it. A verb that the type
// does not have is no fault here: the plan refuses it by name.
func (s *Server) actionItem(a ActionBody, at string) (tracker.ActionItem, []FieldError) {
	item := tracker.ActionItem{
		ResourceID: a.ResourceID, Type: a.ResourceType, Region: a.Region, AccountID: a.AccountID, Verb: strings.ToLower(a.Action),
		Params: tracker.Metadata(a.Params), Lift: a.Lift,
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
	if msg := a.Params.refuse(); msg != "" {
		faults = append(faults, FieldError{at + "params", msg})
	}
	if !s.hasVerb(item.Verb) {
		faults = append(faults, FieldError{at + "action", s.verbs()})
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
