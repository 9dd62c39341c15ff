package e2e

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	tracker "github.com/consolesensei/resource-tracker/clients/go"
)

const (
	authorKey   = "e2e-author-key-0123456789abcdef"
	approverKey = "e2e-approver-key-0123456789abcdef"
)

// goClient walks with the Go client through a demo that wants plans to be approved.
type goClient struct {
	*testing.T
	demo *demo
	mine *tracker.Tracker
}

// TestGoClient scans, follows the scan while the server is killed and started again, reads page
// after page, and changes an instance and back.
func TestGoClient(t *testing.T) {
	t.Parallel() // most of it is waiting for the task of the dead worker to be given to another
	d := newDemo(t, `{"latency":"30ms","transition":"200ms"}`, "VALID_API_KEYS="+authorKey+","+approverKey,
		"ACTIONS_REQUIRE_APPROVAL=true", "ACTION_APPROVERS="+nameOf(approverKey))
	g := goClient{T: t, demo: d, mine: d.goClient(authorKey)}
	job := g.follow()
	g.pages(job)
	g.findings(job)
	g.plan(job)
	g.errors(job)
}

func (d *demo) goClient(key string, options ...tracker.Option) *tracker.Tracker {
	d.t.Helper()
	c, err := tracker.New(d.url(), key, options...)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// follow sees each cell once, whatever happens to the server.
func (g goClient) follow() *tracker.JobAnswer {
	g.Helper()
	ctx, cancel := context.WithTimeout(g.Context(), 3*time.Minute)
	defer cancel()
	accepted := got(g.mine.StartScan(ctx, nil, tracker.ScanBody{Services: []string{"ec2", "iam"}}))(g.T)
	seen, last := map[string]int{}, ""
	for e, err := range g.mine.Follow(ctx, accepted.JobID) {
		if err != nil {
			g.Fatal(err)
		}
		if len(e.Cells) > 0 && len(seen) == 0 {
			g.demo.api.kill()
			g.demo.start()
		}
		for _, c := range e.Cells {
			seen[strings.Join([]string{c.AccountID, c.Region, c.ResourceType}, " ")]++
		}
		if e.Done != nil {
			last = e.Done.State
		}
	}
	job := got(g.mine.WaitJob(ctx, accepted.JobID, nil))(g.T)
	if last != "succeeded" || !job.Complete || job.Errors == nil {
		g.Fatalf("followed to %s: %+v", last, job)
	}
	for cell, times := range seen {
		if times != 1 {
			g.Errorf("%s was told %d times", cell, times)
		}
	}
	if len(seen) != job.Progress.CellsTotal {
		g.Errorf("told of %d cells of %d", len(seen), job.Progress.CellsTotal)
	}
	return job
}

// pages are the same however long they are, and as the summary counts.
func (g goClient) pages(job *tracker.JobAnswer) {
	g.Helper()
	types := map[string]int{}
	for r, err := range g.mine.Resources(g.Context(), job.JobID, nil) {
		if err != nil {
			g.Fatal(err)
		}
		types[r.ResourceType]++
	}
	if diff := gocmp.Diff(job.Summary.ByType, types); diff != "" {
		g.Error(diff)
	}
	some := 0
	for r, err := range g.mine.Resources(g.Context(), job.JobID, &tracker.ListJobResourcesParams{ResourceType: "EC2_Instance", Limit: 7}) {
		if err != nil || r.ResourceType != "EC2_Instance" || r.Cost == nil {
			g.Fatalf("%+v: %v", r, err)
		}
		some++
	}
	newest := 0
	for _, err := range g.mine.NewestResources(g.Context(), &tracker.ListResourcesParams{Filter: "type:EC2_Instance"}) {
		if err != nil {
			g.Fatal(err)
		}
		newest++
	}
	if some != types["EC2_Instance"] || newest != some {
		g.Errorf("%d instances in pages of 7, %d by filter, want %d", some, newest, types["EC2_Instance"])
	}
	for j, err := range g.mine.Jobs(g.Context()) {
		if err != nil || j.JobID != job.JobID {
			g.Errorf("%+v: %v", j, err)
		}
	}
	csv, err := g.mine.Open(g.Context(), job.Links.Resources, map[string][]string{"format": {"csv"}})
	if err != nil {
		g.Fatal(err)
	}
	defer csv.Close()
	if text := string(got(io.ReadAll(csv))(g.T)); strings.Count(text, "\n") <= job.Summary.TotalResources || !strings.HasPrefix(text, "resource_id,") {
		g.Errorf("exported %.200s", text)
	}
}

// findings sum up to what the summary says.
func (g goClient) findings(job *tracker.JobAnswer) {
	g.Helper()
	sum, first := 0.0, got(g.mine.ListFindings(g.Context(), job.JobID, &tracker.ListFindingsParams{Limit: 1}))(g.T)
	for f, err := range g.mine.Findings(g.Context(), job.JobID, &tracker.ListFindingsParams{Counted: new(true)}) {
		if err != nil {
			g.Fatal(err)
		}
		if f.MonthlySaving != nil {
			sum += *f.MonthlySaving
		}
	}
	if want := first.Summary.MonthlySaving; want == nil || *want < 100 || sum < *want-0.01 || sum > *want+0.01 {
		g.Errorf("the findings save %g, their summary %v", sum, want)
	}
	for f, err := range g.mine.LiveFindings(g.Context(), nil) { // there are none before the scan is in the history
		if err != nil || f.State != "open" {
			g.Fatal(f, err)
		}
	}
}

// plan stops an instance, once somebody else agrees, and starts it again.
func (g goClient) plan(job *tracker.JobAnswer) {
	g.Helper()
	ctx := g.Context()
	plan := got(g.mine.AddPlan(ctx, nil, tracker.PlanBody{Select: &tracker.SelectionBody{
		JobID: job.JobID, Filter: map[string]any{"type": "EC2_Instance", "state": "running", "tag": map[string]any{"key": "Environment", "equals": "dev"}}, Action: "stop",
	}, MaxItems: new(50)}))(g.T)
	id := plan.Plan.PlanID
	plan = got(g.mine.WaitPlan(ctx, id, nil))(g.T)
	if plan.Plan.State != "planned" || len(plan.Items) == 0 || !plan.Plan.Approval.Required {
		g.Fatalf("%+v", plan.Plan)
	}
	apply := tracker.ApplyBody{Digest: plan.Plan.Digest}
	if _, err := g.mine.ApplyPlan(ctx, id, nil, apply); !errors.Is(err, tracker.ErrConflict) {
		g.Fatalf("applied before it is approved: %v", err)
	}
	got(g.demo.goClient(approverKey).ApprovePlan(ctx, id, tracker.ApproveInputBody{Digest: plan.Plan.Digest}))(g.T)
	got(g.mine.ApplyPlan(ctx, id, nil, apply))(g.T)
	whats := map[string]bool{}
	for e, err := range g.mine.FollowPlan(ctx, id) {
		if err != nil {
			g.Fatal(err)
		}
		for _, l := range e.Lines {
			whats[l.What] = true
		}
	}
	plan = got(g.mine.WaitPlan(ctx, id, nil))(g.T)
	if states := plan.Plan.Totals.ByState; states["verified"] == 0 || states["verified"]+states["refused"] != plan.Plan.Totals.Items {
		g.Fatalf("%+v after %v", plan.Plan, slices.Sorted(maps.Keys(whats)))
	}
	undo := got(g.mine.UndoPlan(ctx, id, nil, tracker.UndoBody{}))(g.T)
	back := got(g.mine.WaitPlan(ctx, undo.Plan.PlanID, nil))(g.T)
	items := 0
	for item, err := range g.mine.PlanItems(ctx, back.Plan.PlanID, "planned") {
		if err != nil || item.Action != "start" {
			g.Errorf("%+v: %v", item, err)
		}
		items++
	}
	if items != plan.Plan.Totals.ByState["verified"] || back.Plan.UndoOf != id {
		g.Errorf("%d items undo %+v", items, plan.Plan)
	}
	for l, err := range g.mine.Audit(ctx, &tracker.ReadAuditParams{PlanID: id}) {
		if err != nil {
			g.Fatal(err)
		}
		whats[l.What] = true
	}
	for _, what := range []string{"plan.approved", "item.verified"} {
		if !whats[what] {
			g.Errorf("the audit does not tell of %s: %v", what, slices.Sorted(maps.Keys(whats)))
		}
	}
}

// errors are of kinds.
func (g goClient) errors(job *tracker.JobAnswer) {
	g.Helper()
	_, unknown := g.mine.GetJob(g.Context(), "no-such-job")
	_, invalid := g.mine.StartScan(g.Context(), nil, tracker.ScanBody{Types: []string{"No_Such"}})
	_, denied := g.mine.AddTenant(g.Context(), tracker.TenantBody{Name: "other"})
	_, stranger := g.demo.goClient("wrong").GetJob(g.Context(), job.JobID)
	for err, kind := range map[error]error{
		unknown: tracker.ErrNotFound, invalid: tracker.ErrInvalid, denied: tracker.ErrForbidden, stranger: tracker.ErrUnauthorized,
	} {
		if !errors.Is(err, kind) {
			g.Errorf("%v is not %v", err, kind)
		}
	}
	if e, ok := errors.AsType[*tracker.Error](invalid); !ok || len(e.Errors) != 1 || e.Errors[0].Location != "body.types[0]" {
		g.Errorf("%+v", invalid)
	}
}

// got is a result that came without an error.
func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
