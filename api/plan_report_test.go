package api_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// reported is a plan of 1,200 items, the first of which bears what others wrote.
func reported() *fake {
	const evil = `=HYPERLINK("//x")<script>alert(1)</script>`
	f := &fake{plans: plans{items: map[string][]tracker.PlanItem{}}}
	p := tracker.Plan{
		ID: "plan-1", Owner: alice, Author: alice, State: tracker.PlanPartial, Reason: "<b>", CreatedAt: epoch, UndoneBy: "plan-2",
		Approval: tracker.Approval{Required: true, By: "bob", At: &epoch},
		Request:  tracker.PlanRequest{Select: &tracker.PlanSelection{Verb: "stop"}},
		Totals:   tracker.PlanTotals{Items: 1200, ByState: map[tracker.ItemState]int{tracker.ItemVerified: 1200}},
	}
	f.plans.list = []tracker.Plan{p, {ID: "plan-2", Owner: alice, Author: alice, State: tracker.PlanSucceeded, UndoOf: "plan-1"}}
	for i := range 1200 {
		it := tracker.PlanItem{Index: i, ActionItem: tracker.ActionItem{ResourceID: fmt.Sprintf("i-%d", i), Type: "EC2_Instance", Region: "eu-west-1", Verb: "stop"}, Refusals: []tracker.Refusal{}}
		it.Ledger = tracker.ItemLedger{State: tracker.ItemVerified, Steps: []tracker.StepRecord{{Name: "stop", IntendedAt: &epoch, AcceptedAt: &epoch, RequestID: "req-1"}}}
		if i == 0 {
			name := evil
			it.Name, it.Refusals = &name, []tracker.Refusal{{Rule: "protect_tag", Message: evil}}
			it.Ledger.Message, it.Params = evil, tracker.Metadata{"x": evil}
		}
		f.plans.items["plan-1"] = append(f.plans.items["plan-1"], it)
	}
	return f
}

func TestReport(t *testing.T) {
	d := acting(t, reported())
	for _, row := range []struct{ query, accept, media string }{
		{"", "", "application/json"},
		{"", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"},
		{"", "text/csv", "text/csv; charset=utf-8; header=present; profile=excel"},
		{"?format=csv", "text/html", "text/csv; charset=utf-8; header=present; profile=excel"},
		{"?format=html", "", "text/html; charset=utf-8"},
	} {
		got := d.call(http.MethodGet, "/api/v1/plans/plan-1/report"+row.query, "", "X-API-Key", key, "Accept", row.accept)
		if got.code != 200 || got.header.Get("Content-Type") != row.media || strings.Count(got.body, "req-1") != 1200 {
			t.Errorf("%s %s: %d %s, %d items", row.query, row.accept, got.code, got.header.Get("Content-Type"), strings.Count(got.body, "req-1"))
		}
		if got := d.call(http.MethodGet, "/api/v1/plans/plan-1/report"+row.query, "", "X-API-Key", other); got.code != 404 {
			t.Errorf("%s by another: %d", row.query, got.code)
		}
	}
	for path, code := range map[string]int{"plan-1/report?format=pdf": 422, "nothing/report": 404} {
		if got := d.call(http.MethodGet, "/api/v1/plans/"+path, "", "X-API-Key", key); got.code != code {
			t.Errorf("%s: %d, want %d", path, got.code, code)
		}
	}
}

func TestReport_JSON(t *testing.T) {
	d := acting(t, reported())
	var report struct {
		Plan   tracker.Plan
		Undone tracker.Plan
		Items  []tracker.PlanItem
	}
	got := d.call(http.MethodGet, "/api/v1/plans/plan-1/report", "", "X-API-Key", key)
	if err := json.Unmarshal([]byte(got.body), &report); err != nil {
		t.Fatal(err)
	}
	if report.Plan.ID != "plan-1" || report.Undone.ID != "plan-2" || len(report.Items) != 1200 || report.Items[1199].ResourceID != "i-1199" {
		t.Errorf("%+v, %d items", report.Plan, len(report.Items))
	}
}

// TestReport_CSV reads every cell as a spreadsheet does: none begins a formula.
func TestReport_CSV(t *testing.T) {
	d := acting(t, reported())
	got := d.call(http.MethodGet, "/api/v1/plans/plan-1/report?format=csv", "", "X-API-Key", key)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1201 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") {
				t.Errorf("%s: %q", rows[0][i], cell)
			}
		}
	}
	if !strings.HasPrefix(rows[1][4], "'=HYPERLINK") {
		t.Errorf("the name is %q", rows[1][4])
	}
}

func TestReport_Page(t *testing.T) {
	d := acting(t, reported())
	got := d.call(http.MethodGet, "/api/v1/plans/plan-1/report?format=html", "", "X-API-Key", key)
	for _, bad := range []string{"<script", "<b>", "src=", "href="} {
		if strings.Contains(got.body, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;", "bob agreed at", "stop, sent 2026", "plan-2, which is succeeded", "</html>\n"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q: %s", want, got.body[:2000])
		}
	}
	if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
}

func TestVerifyAudit(t *testing.T) {
	f := &fake{plans: plans{check: tracker.AuditCheck{Lines: 2, Next: "2-0.2.h", Broken: &tracker.AuditFault{ID: "3-0", Number: 3, Fault: "changed"}}}}
	d := acting(t, f)
	got := d.call(http.MethodGet, "/api/v1/audit/verify?cursor=1-0.1.x&limit=7", "", "X-API-Key", key)
	want := map[string]any{
		"success": true, "holds": false, "lines": 2.0, "dropped": 0.0, "next_cursor": "2-0.2.h",
		"broken": map[string]any{"event_id": "3-0", "number": 3.0, "fault": "changed", "message": ""},
	}
	if diff := cmp.Diff(want, got.json(t)); diff != "" || got.code != 200 || f.plans.checked[0] != "true1-0.1.x7" {
		t.Errorf("%d %v (-want +got):\n%s", got.code, f.plans.checked, diff)
	}
	if got := d.call(http.MethodGet, "/api/v1/audit/verify?limit=5001", "", "X-API-Key", key); got.code != 422 {
		t.Errorf("too many lines: %d", got.code)
	}
	f.err = errors.New("no Redis")
	if got := d.call(http.MethodGet, "/api/v1/audit/verify", "", "X-API-Key", key); got.code != 500 {
		t.Errorf("without Redis: %d", got.code)
	}
}
