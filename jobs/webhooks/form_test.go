package webhooks

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write golden files and the table of docs/webhooks.md anew")

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// examples has an event of each kind of content.
var examples = map[string]tracker.WebhookEvent{
	"job": {Type: "job.partial", Timestamp: noon, Data: tracker.EventData{
		JobID: "j1", ScheduleID: "s1", Kind: "scan", State: "partial", Reason: "2 of 40 cells did not complete: see coverage",
		StartedAt: new(noon.Add(-time.Minute)), FinishedAt: &noon, Resources: new(1234), Cells: new(40), Incomplete: new(2), Links: map[string]string{"job": "/api/v1/jobs/j1"},
	}},
	"findings": {Type: "findings.found", Timestamp: noon, Data: tracker.EventData{
		JobID: "j1", Kind: "scan", State: "succeeded", Findings: new(7), MonthlySaving: new(tracker.Dollars(123.456)), Unpriced: new(1),
		Top: []tracker.EventFinding{
			{Rule: "idle_volume", Title: "Volume <data> & more is attached to nothing", ResourceID: "vol-1", Type: "EBS_Volume", Region: "eu-west-1", MonthlySaving: new(tracker.Dollars(80))},
			{Rule: "idle_ip", Title: "Address is used by nothing", ResourceID: "eipalloc-1", Type: "Elastic_IP", Region: "us-east-1"},
		},
		Links: map[string]string{"job": "/api/v1/jobs/j1", "findings": "/api/v1/jobs/j1/findings"},
	}},
	"changes": {Type: "inventory.changed", Timestamp: noon, Data: tracker.EventData{
		ScheduleID: "s1", Name: "Addresses", JobID: "j1", StartedAt: new(noon.Add(-time.Minute)), Changes: &tracker.EventChanges{
			Added: 1, Changed: 1, CostDifference: tracker.Dollars(7.3), Unpriced: 1, Unknown: 2,
			Top: []tracker.EventChange{
				{Kind: tracker.Added, ResourceID: "i-1", Name: "web", Type: "EC2_Instance", Region: "eu-west-1", AccountID: "123456789012", CostDifference: new(tracker.Dollars(7.3))},
				{Kind: tracker.Changed, ResourceID: "i-2", Type: "EC2_Instance", Region: "us-east-1", AccountID: "123456789012", Fields: []string{"metadata.public_ip"}},
			},
		},
		Links: map[string]string{"schedule": "/api/v1/schedules/s1", "job": "/api/v1/jobs/j1", "changes": "/api/v1/diff?filter=meta.public_ip&from=earlier&selected=now&to=j1.0"},
	}},
	"budget": {Type: "budget.crossed", Timestamp: noon, Data: tracker.EventData{
		BudgetID: "b1", Name: "Search", State: "forecast_over", Reason: "2026-11 is forecast to cost 112 % of the amount, which is 100 % or more",
		Budget: &tracker.EventBudget{
			Amount: tracker.Dollars(500), Percent: 100, Of: "forecast", Month: "2026-11", MonthToDate: tracker.Dollars(380.5), Forecast: tracker.Dollars(560), Low: tracker.Dollars(540.25),
			High: tracker.Dollars(583), Method: "damped_trend", AssumedDays: 3, Unpriced: 2, Stale: 4,
		},
		Links: map[string]string{"budget": "/api/v1/budgets/b1"},
	}},
	"plan": {Type: "plan.held", Timestamp: noon, Data: tracker.EventData{
		PlanID: "p1", State: "held", Reason: "3 of 4 items that were carried out failed", Digest: "abc", Items: new(10),
		ByState: map[tracker.ItemState]int{tracker.ItemFailed: 3, tracker.ItemVerified: 1, tracker.ItemPlanned: 6}, MonthlySaving: new(tracker.Dollars(10)),
		Links: map[string]string{"plan": "/api/v1/plans/p1"},
	}},
	"resolved": {Type: "plan.succeeded", Timestamp: noon, Data: tracker.EventData{PlanID: "p1", State: "succeeded", Items: new(1), Links: map[string]string{"plan": "/api/v1/plans/p1"}}},
	"schedule": {Type: "schedule.failed", Timestamp: noon, Data: tracker.EventData{
		ScheduleID: "s1", Name: "Nightly", Reason: "the run of 2026-11-26 did not start: no role", Links: map[string]string{"schedule": "/api/v1/schedules/s1"},
	}},
	"test": {Type: "webhook.test", Timestamp: noon, Data: tracker.EventData{WebhookID: "wh_1", Links: map[string]string{"webhook": "/api/v1/webhooks/wh_1"}}},
}

func TestForms(t *testing.T) {
	for name, e := range examples {
		for kind, render := range forms {
			t.Run(name+"/"+string(kind), func(t *testing.T) {
				e := located(e, "https://tracker.example.com/")
				got, err := render(e, describe(e), tracker.WebhookTarget{RoutingKey: "routing-key"})
				if err != nil {
					t.Fatal(err)
				}
				if kind != tracker.FormEmail {
					var b bytes.Buffer
					if err := json.Indent(&b, got, "", "  "); err != nil {
						t.Fatal(err)
					}
					got = append(b.Bytes(), '\n')
				}
				golden(t, filepath.Join("testdata", name+"."+string(kind)), got)
			})
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestEveryEventHasWords: no kind of event is left without a title.
func TestEveryEventHasWords(t *testing.T) {
	for _, e := range append([]tracker.EventType{tracker.EventTest}, tracker.EventTypes...) {
		if !strings.Contains(titles[e.Name], "%s") {
			t.Errorf("%s has no title", e.Name)
		}
	}
}

// TestDocsListEveryEvent holds the table of docs/webhooks.md against the code.
func TestDocsListEveryEvent(t *testing.T) {
	const file, begin, end = "../../docs/webhooks.md", "<!-- events -->\n", "<!-- /events -->"
	doc, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| event | when | PagerDuty |\n|---|---|---|\n")
	for _, e := range append(tracker.EventTypes, tracker.EventTest) {
		b.WriteString("| `" + e.Name + "` | " + e.Meaning + " | " + strings.TrimSuffix(e.Incident+", "+e.Severity, ", ") + " |\n")
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/webhooks.md has no place for the table")
	}
	want := before + begin + b.String() + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(doc)); diff != "" {
		t.Errorf("docs/webhooks.md differs; -update writes it (-want +got):\n%s", diff)
	}
}

// TestSignatures are verified by the library of standardwebhooks.com, with the old
// secret and with the new one.
func TestSignatures(t *testing.T) {
	body := []byte(`{"type":"job.failed"}`)
	newKey, newShown := newSecret()
	oldKey, oldShown := newSecret()
	_, stranger := newSecret()
	h := http.Header{}
	sign(h, "evt_1", time.Now(), body, newKey, oldKey)
	for shown, want := range map[string]bool{newShown: true, oldShown: true, stranger: false} {
		v, err := standardwebhooks.NewWebhook(shown)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(body, h); (err == nil) != want {
			t.Errorf("verified with %v: %v", want, err)
		}
		if err := v.Verify(append(body, ' '), h); err == nil {
			t.Error("another body is verified")
		}
	}
}

func TestPauses_AreADay(t *testing.T) {
	var all time.Duration
	for _, p := range Pauses {
		all += p
	}
	if all < 24*time.Hour || all > 30*time.Hour {
		t.Errorf("tried for %v", all)
	}
	for range 100 {
		if d := spread(time.Minute); d < 54*time.Second || d > 66*time.Second {
			t.Errorf("a minute is %v", d)
		}
	}
}
