package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
)

// maxPlanItems is how many findings a plan is made of, as many as a request for a
// plan may name.
const maxPlanItems = 10_000

// FindingResults reads what was found about a scan as a whole.
type FindingResults interface {
	// Findings sums them up; CodeNotFound when nobody has looked for any.
	Findings(ctx context.Context, id string) (tracker.FindingsReport, error)
	// EachFinding calls row with every finding in JSON from a cursor on, and with the
	// cursor that begins with it, holding one page at a time.
	EachFinding(ctx context.Context, id, cursor string, row func(at string, json []byte) error) error
	// Billed is what AWS has billed; CodeNotFound when it was not asked.
	Billed(ctx context.Context, id string) (tracker.BilledReport, error)
}

// statusPending is the status of findings that are still to be looked for.
const statusPending = "pending"

// FindingQuery selects findings; all that is given must hold.
type FindingQuery struct {
	Filter    string            `query:"filter" maxLength:"16384" example:"type:EBS_Volume region:eu-*" doc:"A filter by type, region, account, id and name of the resource: findings have nothing else that filters ask for"`
	Rule      string            `query:"rule" maxLength:"100" doc:"Of this rule"`
	MinSaving optional[float64] `query:"min_saving" minimum:"0" doc:"That save at least so many dollars a month; not those without a price"`
	Counted   optional[bool]    `query:"counted" doc:"That are in the sum, or that are not"`
}

type findingsInput struct {
	ID string `path:"id" maxLength:"128" doc:"The job"`
	FindingQuery
	FormatQuery
	PageQuery
}

// findingsSummary is the report as it is answered.
type findingsSummary struct {
	Status        string               `json:"status" enum:"evaluated,not_evaluated,pending" doc:"pending until the last cell has closed; only where it is evaluated, no findings means that there are none"`
	Reason        string               `json:"reason,omitempty" doc:"Why nothing was evaluated"`
	MonthlySaving *tracker.Money       `json:"monthly_saving" doc:"The sum of the counted findings that have a price; null unless evaluated"`
	Unpriced      int                  `json:"unpriced" doc:"Counted findings that have no price, and are not in the sum"`
	Findings      int                  `json:"findings"`
	Counted       int                  `json:"counted" doc:"Of several findings about one resource only one counts"`
	MetricsRead   int                  `json:"metrics_read" doc:"How many metrics CloudWatch was asked for: it charges for each"`
	ByRule        []tracker.RuleReport `json:"by_rule" doc:"What saves most first; then those that found nothing, or were not evaluated"`
}

// findingRow is a finding that is already JSON.
type findingRow struct{ json.RawMessage }

type findingsAnswer struct {
	Success  bool             `json:"success" doc:"Always true"`
	JobID    string           `json:"job_id"`
	State    tracker.JobState `json:"state"`
	Complete bool             `json:"complete" doc:"True when the scan saw everything"`
	Summary  findingsSummary  `json:"summary" doc:"Of all findings, whatever the query selects"`
	Findings []findingRow     `json:"findings"`
	Next     string           `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// RulePlanBody says what of a rule's findings to plan, and how.
type RulePlanBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	PlanLimits
	Filter filterBody `json:"filter,omitzero" doc:"Only findings about resources that it selects, as GET …/findings takes it"`
	Apply  bool       `json:"apply,omitempty" doc:"Carry it out as soon as it is planned"`
}

type rulePlanInput struct {
	ID   string `path:"id" maxLength:"128" doc:"The job"`
	Rule string `path:"rule" maxLength:"100" doc:"The rule" example:"unattached_volume"`
	PlanParams
	Body *RulePlanBody
}

const findingsDescription = `What the scan's resources could cost less, by the rules of savings, at list prices. Found when the last cell has closed, before
the job ends. A rule that could not see what it relies on is not evaluated, and says why. Findings that need CloudWatch are there
only when the scan was started with metrics.

JSON comes in pages; every other format is all that the query selects, streamed. Of those: 409 unless the scan was evaluated.`

func (s *Server) registerFindings() {
	r := answers("A page, or all of it", map[string]*huma.Schema{
		"application/json": schema[findingsAnswer](s), ndjson: schema[tracker.Finding](s),
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(findingColumns, ", ")},
	})
	r.Headers = lineHeaders()
	register(s, huma.Operation{
		OperationID: "list-findings", Method: http.MethodGet, Path: jobsPath + "/{id}/findings", Tags: []string{"savings"},
		Summary: "Page through what a scan's resources could cost less, or export it", Description: findingsDescription,
		Errors:    []int{http.StatusNotFound, http.StatusConflict},
		Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.listFindings)
	register(s, huma.Operation{
		OperationID: "plan-findings", Method: http.MethodPost, Path: jobsPath + "/{id}/findings/{rule}/plan", Tags: []string{"savings", "actions"},
		Summary: "Plan what repairs the counted findings of a rule",
		Description: "A plan like that of POST " + plansPath + `: every resource is looked at as it is now, and nothing is changed until the plan is applied,
unless the request says apply. 409 when the rule has found nothing that counts, or nothing that a verb repairs.`,
		Metadata:  map[string]any{waits: true},
		Errors:    []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusUnsupportedMediaType},
		Responses: map[string]*huma.Response{status(http.StatusAccepted): jsonAnswer("The items are still being looked at", schema[planAnswer](s))},
	}, s.planFindings)
}

func (s *Server) listFindings(ctx context.Context, in *findingsInput) (*huma.StreamResponse, error) {
	format := in.chosen()
	if err := (ListingQuery{FormatQuery: in.FormatQuery, PageQuery: in.PageQuery}).check(); err != nil {
		return nil, err
	}
	job, err := s.scanned(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f, faults := s.readFilter(in.Filter)
	faults = append(faults, findingFaults("query.filter", f)...)
	// Neither is below the minimum, nor is anything above it.
	if math.IsNaN(in.MinSaving.value) || math.IsInf(in.MinSaving.value, 0) {
		faults = append(faults, FieldError{"query.min_saving", "expected a number of dollars"})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	summary, err := s.findings(ctx, job)
	if err != nil {
		return nil, err
	}
	if format != formatJSON {
		if summary.Status != tracker.Evaluated {
			return nil, notEvaluated(job, summary)
		}
		return streamed(func(ctx context.Context, w http.ResponseWriter) { s.streamFindings(ctx, w, job, in.selects(f), format) }), nil
	}
	cursor, f, err := openCursor(in.Cursor, f)
	if err != nil {
		return nil, err
	}
	out := findingsAnswer{
		Success: true, JobID: job.ID, State: job.State, Complete: job.Complete(), Summary: summary, Findings: []findingRow{},
	}
	if summary.Status == tracker.Evaluated {
		page, next, err := s.findingPage(ctx, job.ID, cursor, in.Limit, in.selects(f))
		if err != nil {
			return nil, located("query.", err)
		}
		out.Findings = page
		if next != "" {
			out.Next = sealCursor(next, f)
		}
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) { writeJSON(w, http.StatusOK, out) }), nil
}

// findings is the report on a job's findings, or why there is none.
func (s *Server) findings(ctx context.Context, job tracker.Job) (findingsSummary, error) {
	r, err := s.Results.Findings(ctx, job.ID)
	if err != nil && tracker.CodeOf(err) != tracker.CodeNotFound {
		return findingsSummary{}, err
	}
	why := ""
	switch {
	case !job.Request.Findings:
		why = "the scan was started without findings"
	case !job.State.Terminal():
		return findingsSummary{
			Status: statusPending, Reason: "findings are looked for when the last cell has closed", ByRule: []tracker.RuleReport{},
		}, nil
	case job.State == tracker.JobCancelled:
		why = "the scan was cancelled"
	case job.State == tracker.JobFailed:
		why = "the scan failed: " + job.Reason
	case err != nil:
		why = "the scan ended before it was evaluated"
	}
	if why != "" {
		r = tracker.FindingsReport{Status: tracker.NotEvaluated, Reason: why, ByRule: []tracker.RuleReport{}}
	}
	r.ByRule = append([]tracker.RuleReport{}, r.ByRule...)
	slices.SortStableFunc(r.ByRule, func(a, b tracker.RuleReport) int {
		return cmp.Or(cmp.Compare(b.MonthlySaving, a.MonthlySaving), cmp.Compare(b.Findings, a.Findings),
			cmp.Compare(a.Status, b.Status), cmp.Compare(a.Rule, b.Rule))
	})
	return findingsSummary(r), nil
}

func notEvaluated(job tracker.Job, f findingsSummary) *Problem {
	p := newProblem(http.StatusConflict, "the scan has no findings: "+f.Reason)
	p.JobID = job.ID
	return p
}

// findingFaults refuses conditions that no finding can answer.
func findingFaults(at string, f filter.Filter) []FieldError {
	var faults []FieldError
	for _, c := range f.Conditions() {
		switch c.Field {
		case filter.FieldType, filter.FieldRegion, filter.FieldAccount, filter.FieldID, filter.FieldName:
		default:
			faults = append(faults, placed(at, c.Place, "findings are filtered by type, region, account, id and name"))
		}
	}
	return faults
}

// selects is what a query selects, f among it.
func (q FindingQuery) selects(f filter.Filter) func(*rows.Row) bool {
	least := tracker.Dollars(q.MinSaving.value)
	enough := func(saving *tracker.Money) bool { return saving != nil && *saving >= least }
	return func(x *rows.Row) bool {
		return (q.Rule == "" || x.Rule() == q.Rule) &&
			(!q.Counted.set || x.Counted() == q.Counted.value) &&
			(!q.MinSaving.set || enough(x.MonthlySaving())) &&
			f.Match(x)
	}
}

// eachFinding calls row with the findings that selected holds for.
func (s *Server) eachFinding(
	ctx context.Context, job, cursor string, selected func(*rows.Row) bool, row func(at string, x *rows.Row, json []byte) error,
) error {
	x := &rows.Row{}
	return s.Results.EachFinding(ctx, job, cursor, func(at string, b []byte) error {
		x.Read(string(b))
		if ok := selected(x); !ok || x.Err() != nil {
			return x.Err()
		}
		return row(at, x, b)
	})
}

func (s *Server) findingPage(
	ctx context.Context, job, cursor string, limit int, selected func(*rows.Row) bool,
) (page []findingRow, next string, err error) {
	page = []findingRow{}
	err = s.eachFinding(ctx, job, cursor, selected, func(at string, _ *rows.Row, b []byte) error {
		if len(page) == limit {
			next = at
			return errFound
		}
		page = append(page, findingRow{bytes.Clone(b)})
		return nil
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return page, next, err
}

func (s *Server) streamFindings(
	ctx context.Context, w http.ResponseWriter, job tracker.Job, selected func(*rows.Row) bool, format exportFormat,
) {
	w.Header().Set(headerState, string(job.State))
	w.Header().Set(headerComplete, strconv.FormatBool(job.Complete()))
	s.streamRows(ctx, w, format, "findings-"+job.ID, whole(findingColumns), func(row func([]byte) error) error {
		return s.eachFinding(ctx, job.ID, "", selected, func(_ string, _ *rows.Row, b []byte) error { return row(b) })
	})
}

var findingColumns = []string{
	"finding_id", "rule", "title", "resource_key", "resource_id", "resource_name", "resource_type", "account_id", "region",
	"monthly_saving", "basis", "confidence", "counted", "risk", "risk_note", "related", "evidence", "fix",
}

// planFindings makes a plan of what repairs the counted findings of a rule.
func (s *Server) planFindings(ctx context.Context, in *rulePlanInput) (*planOutput, error) {
	job, err := s.scanned(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := given(in.Body)
	f, faults := s.readFilterBody("body.filter", body.Filter)
	faults = append(faults, findingFaults("body.filter", f)...)
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	items, err := s.fixes(ctx, job, in.Rule, f.At(time.Now()))
	if err != nil {
		return nil, err
	}
	request := body.request(items, body.Apply)
	if faults := s.paramFaults(request); len(faults) > 0 { // the finding is of another version
		return nil, invalid(faults...)
	}
	sub, err := s.submission(ctx, in.PlanParams, body.CredentialFields)
	if err != nil {
		return nil, err
	}
	return s.addPlan(ctx, in.PlanParams, sub, request, planned)
}

// fixes are the plan items that repair the counted findings of a rule.
func (s *Server) fixes(ctx context.Context, job tracker.Job, rule string, f filter.Filter) ([]tracker.ActionItem, error) {
	summary, err := s.findings(ctx, job)
	if err != nil {
		return nil, err
	}
	if summary.Status != tracker.Evaluated {
		return nil, notEvaluated(job, summary)
	}
	i := slices.IndexFunc(summary.ByRule, func(r tracker.RuleReport) bool { return r.Rule == rule })
	if i < 0 {
		return nil, tracker.Errorf(tracker.CodeNotFound, "no such rule of savings: GET %s/%s/findings names them", jobsPath, job.ID)
	}
	query := FindingQuery{Rule: rule, Counted: optional[bool]{true, true}}
	var items []tracker.ActionItem
	counted := 0
	err = s.eachFinding(ctx, job.ID, "", query.selects(f), func(_ string, x *rows.Row, _ []byte) error {
		counted++
		fix := x.Fix()
		switch {
		case x.Err() != nil:
			return x.Err()
		case fix == nil:
			return nil
		case len(items) == maxPlanItems:
			return tracker.Invalid("filter", "selects more than %d findings of %s: give one that selects fewer", maxPlanItems, rule)
		}
		items = append(items, *fix)
		return nil
	})
	switch {
	case err != nil:
		return nil, located("body.", err)
	case summary.ByRule[i].Status == tracker.NotEvaluated:
		return nil, tracker.Errorf(tracker.CodeConflict, "rule %s was not evaluated: %s", rule, summary.ByRule[i].Reason)
	case counted == 0:
		return nil, tracker.Errorf(tracker.CodeConflict, "rule %s has found nothing that counts", rule)
	case len(items) == 0:
		return nil, tracker.Errorf(tracker.CodeConflict, "no verb repairs what rule %s finds: it has to be done by hand", rule)
	}
	return items, nil
}
