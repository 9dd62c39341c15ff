package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
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
	ApplyPlan(ctx context.Context, by tracker.Principal, id, digest string, after time.Duration, sealed []byte) (tracker.Plan, error)
	// ApprovePlan notes that a second person of the tenant agrees.
	ApprovePlan(ctx context.Context, by tracker.Principal, id, digest string) (tracker.Plan, error)
	ResumePlan(ctx context.Context, by tracker.Principal, id string, sealed []byte) (tracker.Plan, error)
	CancelPlan(ctx context.Context, by tracker.Principal, id string) (tracker.Plan, error)
	// UndoPlan makes a plan that undoes the verified items of the ended plan s.UndoOf.
	UndoPlan(ctx context.Context, s tracker.PlanSubmission) (p tracker.Plan, created bool, err error)
	// NoteRefusal writes to the audit of who that a request was refused before it came to
	// a plan's state, which all of the above tell the audit of themselves. plan may be empty.
	NoteRefusal(ctx context.Context, by tracker.Principal, plan, detail string) error
}

// PlanResults reads plans. Only PlanItems reads items.
type PlanResults interface {
	Plan(ctx context.Context, owner, id string) (tracker.Plan, error)
	// Plans lists the owner's plans, newest first: with an account those that are, or may be,
	// about it, fewer than limit where they are rare.
	Plans(ctx context.Context, owner, cursor string, limit int, account string) (plans []tracker.Plan, next string, err error)
	// PlanItems answers items in order from an index on, at most limit; of some states,
	// where any are given. next is the index to go on from; 0 is the end.
	PlanItems(ctx context.Context, id string, from, limit int, states ...tracker.ItemState) (items []tracker.PlanItem, next int, err error)
	// PlansAbout lists items of the owner's plans that are about a resource, whatever region they
	// name, those of the newest plan first.
	PlansAbout(ctx context.Context, owner, account string, t tracker.Type, resource, cursor string, limit int) (page []tracker.PlanAbout, next string, err error)
}

// Audit reads what was done, by whom, and is told of it.
type Audit interface {
	// Write adds lines to the owner's audit.
	Write(ctx context.Context, owner string, events ...tracker.AuditEvent) error
	// AuditTrail answers lines of the owner's audit after the one with the ID after,
	// oldest first.
	AuditTrail(ctx context.Context, owner, after string, since time.Time, limit int) ([]tracker.AuditEvent, error)
	// AuditBefore answers lines of the owner's audit before the one with the ID before,
	// newest first; "" is from the end.
	AuditBefore(ctx context.Context, owner, before string, limit int) ([]tracker.AuditEvent, error)
	// CheckAudit checks whether lines of the owner's audit are a chain, oldest first,
	// at most limit, from a cursor of an earlier check on.
	CheckAudit(ctx context.Context, owner, cursor string, limit int) (tracker.AuditCheck, error)
	// FailedLogin tells the audit of the tenant default that a log-in from an address
	// failed, or counts it.
	FailedLogin(ctx context.Context, from, detail string) error
}

type planIDInput struct {
	ID     string              `path:"id" maxLength:"128" doc:"The plan"`
	Cursor string              `query:"cursor" maxLength:"16" doc:"next_cursor of the page before"`
	Limit  int                 `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many items to answer"`
	States []tracker.ItemState `query:"item_state" maxItems:"11" enum:"planned,waiting,ready,running,refused,verified,failed,blocked,verify_timeout,reappeared,not_run" doc:"Only items in these states, such as failed,refused"`
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
	Items   []tracker.PlanItem `json:"items" doc:"A page of them, each with what was seen, what would happen and what has; empty while planning"`
	Phrase  string             `json:"phrase,omitempty" doc:"What a person types to confirm that it is carried out, such as delete 20 123456789012: its verb, or change where it has several, how many items would be carried out, and the account. Absent where nothing can be applied, and with a cursor"`
	Next    string             `json:"next_cursor,omitempty" doc:"The cursor of the next page of items at GET /api/v1/plans/{id}; absent on the last"`
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

const planDescription = `Looks at every resource as it is now and answers what would happen to it, what is refused and why, what depends on it, what it
saves and whether it can be undone. Nothing is changed until the plan is applied under its digest.

Waits as ?wait says; 202 while the items are still being looked at.`

func (s *Server) registerPlans() {
	one := []int{http.StatusNotFound, http.StatusConflict}
	operation := func(id, method, path, summary string, errors ...int) huma.Operation {
		op := huma.Operation{OperationID: id, Method: method, Path: plansPath + path, Tags: []string{"actions"}, Summary: summary, Errors: errors}
		op.Metadata = map[string]any{audited: method != http.MethodGet}
		return op
	}
	withBody := slices.Concat(one, []int{http.StatusBadRequest, http.StatusUnsupportedMediaType})
	add := operation("add-plan", http.MethodPost, "", "Plan changes", withBody...)
	add.MaxBodyBytes = s.actionsBody()
	add.Description, add.Metadata[waits] = planDescription, true
	add.Responses = map[string]*huma.Response{status(http.StatusAccepted): s.stillPlanning()}
	register(s, add, func(ctx context.Context, in *planInput) (*planOutput, error) {
		return s.plan(ctx, in.PlanParams, in.Body, planned)
	})
	register(s, operation("list-plans", http.MethodGet, "", "List your plans, newest first"), s.listPlans)
	register(s, operation("get-plan", http.MethodGet, "/{id}", "Read a plan and its items", http.StatusNotFound), s.getPlan)
	apply := operation("apply-plan", http.MethodPost, "/{id}/apply", "Carry a plan out", withBody...)
	apply.Description = `Carries out exactly what the plan says: an item that has changed since is refused by name. Uses the credentials that the plan was
made with, unless others are given. With after_seconds it can be cancelled until then. A phrase that is not the plan's is answered 422, and nothing is
changed.`
	apply.Metadata[waits] = true
	register(s, apply, s.applyPlan)
	approve := operation("approve-plan", http.MethodPost, "/{id}/approve", "Agree to somebody else's plan", withBody...)
	approve.Errors = append(approve.Errors, http.StatusForbidden)
	register(s, approve, s.approvePlan)
	register(s, operation("resume-plan", http.MethodPost, "/{id}/resume", "Go on with a plan that is held", withBody...), s.resumePlan)
	register(s, operation("cancel-plan", http.MethodPost, "/{id}/cancel", "Stop a plan: what was not begun is not run", one...), s.cancelPlan)
	undo := operation("undo-plan", http.MethodPost, "/{id}/undo", "Plan the undoing of a plan", withBody...)
	undo.Description = "Makes a plan of the inverse of every verified item that has one, the last first. It is applied like any other."
	undo.Metadata[waits] = true
	undo.Responses = map[string]*huma.Response{status(http.StatusAccepted): s.stillPlanning()}
	register(s, undo, s.undoPlan)
}

// stillPlanning describes the answer about a plan that is not frozen.
func (s *Server) stillPlanning() *huma.Response {
	r := jsonAnswer("The items are still being looked at", schema[planAnswer](s))
	r.Headers = map[string]*huma.Header{"Location": stringHeader("The plan")}
	return r
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
	sub, err := s.submission(ctx, in, body.CredentialFields)
	if err != nil {
		return nil, err
	}
	return s.addPlan(ctx, in, sub, request, as)
}

// submission is a plan of the caller's with the credentials of a request.
func (s *Server) submission(ctx context.Context, in PlanParams, body CredentialFields) (tracker.PlanSubmission, error) {
	creds, account, err := s.planCredentials(ctx, body, in.CredentialHeaders)
	if err != nil {
		return tracker.PlanSubmission{}, err
	}
	return tracker.PlanSubmission{
		Account: numberOf(creds, account),
		Owner:   owner(ctx), By: caller(ctx), Seal: s.seal(ctx, tracker.SealPlan, creds), CredentialsDigest: credentialsDigest(creds), IdempotencyKey: in.IdempotencyKey,
	}, nil
}

func (s *Server) addPlan(
	ctx context.Context, in PlanParams, sub tracker.PlanSubmission, request tracker.PlanRequest, as func(tracker.Plan) bool,
) (*planOutput, error) {
	sub.Request = request
	p, _, err := s.Jobs.AddPlan(ctx, sub)
	if err != nil {
		return nil, located("body.", err)
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, s.planWait(in), as))
}

// planCredentials are those of a request for a plan, which works in one account.
func (s *Server) planCredentials(ctx context.Context, body CredentialFields, h CredentialHeaders) (tracker.Credentials, tracker.RegisteredAccount, error) {
	creds, account, err := s.credentials(ctx, body, h)
	if err != nil {
		return creds, account, err
	}
	return creds, account, onlyOperators(ctx, creds)
}

// sealGiven seals the credentials of a request for a plan; nil where it has none.
func (s *Server) sealGiven(ctx context.Context, plan string, body CredentialFields, h CredentialHeaders) ([]byte, error) {
	if body == (CredentialFields{}) && h == (CredentialHeaders{}) {
		return nil, nil
	}
	creds, _, err := s.planCredentials(ctx, body, h)
	if err != nil {
		return nil, err
	}
	return s.seal(ctx, tracker.SealPlan, creds)(plan)
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
		if now, err := s.Plans.Plan(ctx, p.Owner, p.ID); err == nil {
			p = now
		}
	}
	return p
}

// itemsPage is how many items an answer about a plan carries that does not say.
const itemsPage = 100

// itemCursor reads the index of the item that a page begins with; "" is the first.
func itemCursor(cursor string) (from int, err error) {
	if cursor == "" {
		return 0, nil
	}
	if from, err = strconv.Atoi(cursor); err != nil || from < 1 {
		return 0, tracker.Invalid("query.cursor", "not a cursor that this listing gave out")
	}
	return from, nil
}

// planPage is a plan with a page of its items.
func (s *Server) planPage(ctx context.Context, p tracker.Plan, from, limit int, states []tracker.ItemState) (planAnswer, error) {
	items, next, err := s.Plans.PlanItems(ctx, p.ID, from, limit, states...)
	if err != nil {
		return planAnswer{}, err
	}
	a := planAnswer{Success: true, Plan: planViewOf(p), Items: append([]tracker.PlanItem{}, items...)}
	if next > 0 {
		a.Next = strconv.Itoa(next)
	}
	return a, nil
}

// eachItem calls f with the items of an answer, and with those of the pages after it.
func (s *Server) eachItem(ctx context.Context, a planAnswer, f func(tracker.PlanItem)) error {
	const page = 1000
	for {
		for _, it := range a.Items {
			f(it)
		}
		if a.Next == "" {
			return nil
		}
		from, err := itemCursor(a.Next)
		if err != nil {
			return err
		}
		if a, err = s.planPage(ctx, a.Plan.Plan, from, page, nil); err != nil {
			return err
		}
	}
}

// planOutput answers a plan with its first items.
func (s *Server) planOutput(ctx context.Context, p tracker.Plan) (*planOutput, error) {
	answer, err := s.planPage(ctx, p, 0, itemsPage, nil)
	if err != nil {
		return nil, err
	}
	if answer.Phrase, err = s.phraseOf(ctx, p); err != nil {
		return nil, err
	}
	out := &planOutput{http.StatusOK, plansPath + "/" + p.ID, answer}
	if p.State == tracker.PlanPlanning {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

type plansInput struct {
	OfAccount
	Cursor string `query:"cursor" maxLength:"512" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"The most plans of a page"`
}

func (s *Server) listPlans(ctx context.Context, in *plansInput) (*struct{ Body plansAnswer }, error) {
	cursor, err := placeIn(in.Cursor, in.AccountID)
	if err != nil {
		return nil, err
	}
	plans, next, err := s.Plans.Plans(ctx, owner(ctx), cursor, in.Limit, in.AccountID)
	if err != nil {
		return nil, located("query.", err)
	}
	out := plansAnswer{Success: true, Plans: make([]planView, len(plans)), Next: cursorOf(next, in.AccountID)}
	for i, p := range plans {
		out.Plans[i] = planViewOf(p)
	}
	return &struct{ Body plansAnswer }{out}, nil
}

// planOf answers a plan of the caller's tenant; an ID that cannot be one is not found.
func (s *Server) planOf(ctx context.Context, id string) (tracker.Plan, error) {
	if err := checkPlanID(id); err != nil {
		return tracker.Plan{}, err
	}
	return s.Plans.Plan(ctx, owner(ctx), id)
}

func (s *Server) getPlan(ctx context.Context, in *planIDInput) (*struct{ Body planAnswer }, error) {
	p, err := s.planOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	from, err := itemCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	answer, err := s.planPage(ctx, p, from, in.Limit, in.States)
	if err != nil {
		return nil, err
	}
	if from == 0 {
		if answer.Phrase, err = s.phraseOf(ctx, p); err != nil {
			return nil, err
		}
	}
	return &struct{ Body planAnswer }{answer}, nil
}

// checkPlanID refuses what cannot be a plan's ID.
func checkPlanID(id string) error {
	if !jobID.MatchString(id) {
		return tracker.Errorf(tracker.CodeNotFound, "no such plan")
	}
	return nil
}
