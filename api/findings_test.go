package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// evaluated is a scan about which three things were found: two repaired by a verb,
// of which one counts, and one without a price that nothing repairs.
func evaluated() *fake {
	f := finished(tracker.JobSucceeded)
	f.jobs[0].Request.Findings = true
	finding := func(rule, region, id string, saving tracker.Money, counted bool) tracker.Finding {
		x := tracker.Finding{
			ID: rule + "/123456789012/" + region + "/EC2_Instance/" + id, Rule: rule, Title: "=idle", ResourceID: id, Type: "EC2_Instance",
			AccountID: "123456789012", Region: region, Basis: "its cost", Confidence: "high", Counted: counted, Risk: "low",
			Evidence: tracker.Metadata{"days": 14.0},
		}
		if saving > 0 {
			x.MonthlySaving = &saving
			x.Fix = &tracker.ActionItem{ResourceID: id, Type: x.Type, Region: region, AccountID: x.AccountID, Verb: "stop"}
		}
		return x
	}
	total := 7 * tracker.Dollar
	f.findings.list = map[string][]tracker.Finding{"job-1": {
		finding("idle_instance", "eu-west-1", "i-1", 7*tracker.Dollar, true),
		finding("idle_instance", "us-east-1", "i-2", 3*tracker.Dollar, false),
		finding("by_hand", "us-east-1", "i-3", 0, true),
	}}
	f.findings.report = map[string]tracker.FindingsReport{"job-1": {
		Status: tracker.Evaluated, MonthlySaving: &total, Unpriced: 1, Findings: 3, Counted: 2,
		ByRule: []tracker.RuleReport{
			{Rule: "by_hand", Status: tracker.Evaluated, Findings: 1, Unpriced: 1},
			{Rule: "idle_instance", Status: tracker.Evaluated, Findings: 2, MonthlySaving: total},
			{Rule: "idle_nat_gateway", Status: tracker.NotEvaluated, Reason: "metrics were not asked for"},
			{Rule: "nothing", Status: tracker.Evaluated},
		},
	}}
	return f
}

func TestFindingsAreSelected(t *testing.T) {
	d := open(t, evaluated())
	for _, tc := range []struct{ name, query, want string }{
		{"all", "", "i-1 i-2 i-3"},
		{"of a rule", "?rule=idle_instance", "i-1 i-2"},
		{"that count", "?counted=true", "i-1 i-3"},
		{"that do not", "?counted=false", "i-2"},
		{"that save enough, which what has no price does not", "?min_saving=3", "i-1 i-2"},
		{"that save more", "?min_saving=3.5", "i-1"},
		{"by a filter", "?filter=region:us-east-1+-id:i-3", "i-2"},
		{"none", "?rule=nothing", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
				query := "?limit=1"
				if tc.query != "" {
					query = tc.query + "&limit=1"
				}
				a := d.call("GET", "/api/v1/jobs/job-1/findings"+query+"&cursor="+cursor, "")
				var page struct {
					Findings []tracker.Finding `json:"findings"`
					Next     string            `json:"next_cursor"`
				}
				if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.code != 200 {
					t.Fatal(a.code, a.body, err)
				}
				for _, f := range page.Findings {
					got = append(got, f.ResourceID)
				}
				cursor = page.Next
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, query := range []string{"?filter=state:running", "?filter=cost>3", "?min_saving=-1", "?counted=maybe", "?format=csv&limit=2"} {
		if a := d.call("GET", "/api/v1/jobs/job-1/findings"+query, ""); a.code != 422 {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestFindingsSumUp(t *testing.T) {
	a := open(t, evaluated()).call("GET", "/api/v1/jobs/job-1/findings?limit=1&rule=nothing", "")
	want := `{"success":true,"job_id":"job-1","state":"succeeded","complete":true,"summary":{"status":"evaluated","monthly_saving":7,"unpriced":1,"findings":3,` +
		`"counted":2,"metrics_read":0,"by_rule":[{"rule":"idle_instance","description":"","status":"evaluated","findings":2,"monthly_saving":7,"unpriced":0},` +
		`{"rule":"by_hand","description":"","status":"evaluated","findings":1,"monthly_saving":0,"unpriced":1},` +
		`{"rule":"nothing","description":"","status":"evaluated","findings":0,"monthly_saving":0,"unpriced":0},` +
		`{"rule":"idle_nat_gateway","description":"","status":"not_evaluated","reason":"metrics were not asked for","findings":0,"monthly_saving":0,"unpriced":0}]},"findings":[]}`
	if diff := cmp.Diff(want, strings.TrimSpace(a.body)); diff != "" || a.code != 200 {
		t.Errorf("%d (-want +got):\n%s", a.code, diff)
	}
}

func TestFindingsInLines(t *testing.T) {
	d := open(t, evaluated())
	a := d.call("GET", "/api/v1/jobs/job-1/findings?format=csv-excel&rule=by_hand", "")
	want := "\ufeff" + `"finding_id","rule","title","resource_key","resource_id","resource_name","resource_type","account_id","region","monthly_saving","basis",` +
		`"confidence","counted","risk","risk_note","related","evidence","fix"` + "\r\n" +
		`"by_hand/123456789012/us-east-1/EC2_Instance/i-3","by_hand","'=idle","","i-3","","EC2_Instance","123456789012","us-east-1","","its cost",` +
		`"high","true","low","","","{""days"":14}",""` + "\r\n"
	if diff := cmp.Diff(want, a.body); diff != "" || a.header.Get("X-Scan-Complete") != "true" {
		t.Errorf("%v (-want +got):\n%s", a.header, diff)
	}
	a = d.call("GET", "/api/v1/jobs/job-1/findings", "", "Accept", "application/x-ndjson")
	if n := strings.Count(a.body, "\n"); n != 3 || !strings.HasPrefix(a.body, `{"finding_id":"idle_instance/`) {
		t.Errorf("%d lines: %s", n, a.body)
	}
}

// TestFindingsSayWhyThereAreNone: no finding must not look like nothing to save.
func TestFindingsSayWhyThereAreNone(t *testing.T) {
	for _, tc := range []struct {
		name           string
		change         func(*fake)
		status, reason string
	}{
		{"not asked for", func(f *fake) { f.jobs[0].Request.Findings = false }, "not_evaluated", "the scan was started without findings"},
		{"still runs", func(f *fake) { f.jobs[0].State = tracker.JobRunning }, "pending", "findings are looked for when the last cell has closed"},
		{"cancelled", func(f *fake) { f.jobs[0].State = tracker.JobCancelled }, "not_evaluated", "the scan was cancelled"},
		{"failed", func(f *fake) { f.jobs[0].State, f.jobs[0].Reason = tracker.JobFailed, "denied" }, "not_evaluated", "the scan failed: denied"},
		{"never looked for", func(f *fake) { f.findings.report = nil }, "not_evaluated", "the scan ended before it was evaluated"},
		{
			"could not be found", func(f *fake) {
				f.findings.report["job-1"] = tracker.FindingsReport{Status: tracker.NotEvaluated, Reason: "too long"}
			}, "not_evaluated", "too long",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := evaluated()
			tc.change(f)
			d := open(t, f)
			a := d.call("GET", "/api/v1/jobs/job-1/findings", "")
			s := a.json(t)["summary"].(map[string]any)
			if s["status"] != tc.status || s["reason"] != tc.reason || s["monthly_saving"] != nil {
				t.Errorf("%d %s", a.code, a.body)
			}
			for _, target := range []string{"GET /api/v1/jobs/job-1/findings?format=csv", "POST /api/v1/jobs/job-1/findings/idle_instance/plan"} {
				method, path, _ := strings.Cut(target, " ")
				body := ""
				if method == "POST" {
					body = credentials("")
				}
				if a := d.call(method, path, body); a.code != 409 || !strings.Contains(a.body, tc.reason) {
					t.Errorf("%s: %d %s", target, a.code, a.body)
				}
			}
		})
	}
}

func TestFindingsArePlanned(t *testing.T) {
	f := evaluated()
	d := open(t, f)
	a := d.call("POST", "/api/v1/jobs/job-1/findings/idle_instance/plan", credentials(`,"max_items":5,"canary":false`))
	if a.code != 200 || len(f.plans.asked) != 1 {
		t.Fatal(a.code, a.body)
	}
	no := false
	want := tracker.PlanRequest{
		Items:    []tracker.ActionItem{{ResourceID: "i-1", Type: "EC2_Instance", Region: "eu-west-1", AccountID: "123456789012", Verb: "stop"}},
		MaxItems: 5, Canary: &no,
	}
	if diff := cmp.Diff(want, f.plans.asked[0].Request); diff != "" || f.plans.asked[0].Owner != alice {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, tc := range []struct {
		name, rule, body string
		code             int
		says             string
	}{
		{"no such rule", "idle", "", 404, "no such rule"},
		{"found nothing", "nothing", "", 409, "found nothing that counts"},
		{"nothing of what is selected", "idle_instance", `,"filter":"region:us-east-1"`, 409, "found nothing that counts"},
		{"not evaluated", "idle_nat_gateway", "", 409, "metrics were not asked for"},
		{"no verb repairs it", "by_hand", "", 409, "has to be done by hand"},
		{"a filter that findings cannot answer", "idle_instance", `,"filter":"tag:env=prod"`, 422, "findings are filtered by"},
	} {
		if a := d.call("POST", "/api/v1/jobs/job-1/findings/"+tc.rule+"/plan", credentials(tc.body)); a.code != tc.code || !strings.Contains(a.body, tc.says) {
			t.Errorf("%s: %d %s", tc.name, a.code, a.body)
		}
	}
	if a := d.call("POST", "/api/v1/jobs/job-1/findings/idle_instance/plan", ""); a.code != 400 && a.code != 422 {
		t.Errorf("without credentials: %d %s", a.code, a.body)
	}
	if len(f.plans.asked) != 1 {
		t.Errorf("%d plans were made", len(f.plans.asked))
	}
}

func TestMetricsAreForFindings(t *testing.T) {
	d := open(t, &fake{})
	if a := d.call("POST", "/api/v1/scan", credentials(`,"findings":false,"metrics":true`)); a.code != 422 || !strings.Contains(a.body, "body.metrics") {
		t.Error(a.code, a.body)
	}
	d.call("POST", "/api/v1/scan", credentials(`,"metrics":true`))
	d.call("POST", "/api/v1/scan", credentials(`,"findings":false`))
	for i, want := range []tracker.ScanRequest{{Findings: true, Metrics: true}, {}} {
		if got := d.fake.submissions[i].Request; got.Findings != want.Findings || got.Metrics != want.Metrics {
			t.Errorf("%d: findings %t, metrics %t", i, got.Findings, got.Metrics)
		}
	}
}

func TestAnAccessCheckHasNothingToSave(t *testing.T) {
	f := evaluated()
	f.jobs[0].Kind = tracker.KindAccessCheck
	d := open(t, f)
	for _, part := range []string{"/findings", "/costs", "/compliance?required=owner"} {
		if a := d.call("GET", "/api/v1/jobs/job-1"+part, ""); a.code != 409 {
			t.Errorf("%s: %d %s", part, a.code, a.body)
		}
	}
}
