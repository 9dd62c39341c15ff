package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// acting is a server whose EC2 instances can be stopped and terminated.
func acting(t *testing.T, f *fake, change ...func(*api.Options)) *door {
	t.Helper()
	return open(t, f, append([]func(*api.Options){func(o *api.Options) {
		o.Actions = []tracker.ActionInfo{
			{Type: "EC2_Instance", Verb: "stop", Params: []tracker.Param{{Name: "hours", Kind: tracker.ParamInteger, Max: 24, Doc: "Hours"}}},
			{Type: "EC2_Instance", Verb: "terminate", Aliases: []string{"delete"}},
			{Type: "S3_Bucket", Verb: "delete"},
		}
	}}, change...)...)
}

const stopIt = `,"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"Stop"`

func verified(tracker.ActionItem) tracker.ItemLedger {
	return tracker.ItemLedger{State: tracker.ItemVerified, Current: "stopped"}
}

func TestAction(t *testing.T) {
	why := "it is protected by its tag keep"
	for _, row := range []struct {
		name, body string
		outcome    func(tracker.ActionItem) tracker.ItemLedger
		code       int
		want       map[string]any
	}{
		{"verified", stopIt, verified, 200, map[string]any{
			"success": true, "resource_id": "i-1", "resource_type": "EC2_Instance", "action": "stop", "verification_status": "verified",
			"message": "stop of EC2_Instance i-1 is verified: it is stopped", "error": nil, "item_state": "verified", "plan_id": "plan-1",
		}},
		{"refused", stopIt, func(tracker.ActionItem) tracker.ItemLedger {
			return tracker.ItemLedger{State: tracker.ItemRefused, Message: why}
		}, 400, map[string]any{
			"success": false, "resource_id": "i-1", "resource_type": "EC2_Instance", "action": "stop", "verification_status": "failed",
			"message": why, "error": why, "item_state": "refused", "plan_id": "plan-1",
		}},
		{"under way", stopIt, func(tracker.ActionItem) tracker.ItemLedger {
			return tracker.ItemLedger{State: tracker.ItemRunning, Steps: []tracker.StepRecord{{Name: "stop"}}}
		}, 200, map[string]any{
			"success": true, "resource_id": "i-1", "resource_type": "EC2_Instance", "action": "stop", "verification_status": "pending",
			"message": "sent to AWS; not read back yet", "error": nil, "item_state": "running", "plan_id": "plan-1",
		}},
		{"unsupported", strings.Replace(stopIt, "EC2_Instance", "S3_Bucket", 1), nil, 400, map[string]any{
			"success": false, "resource_id": "i-1", "resource_type": "S3_Bucket", "action": "stop", "verification_status": "failed",
			"message": "Unsupported action stop for resource type S3_Bucket", "error": "Unsupported action stop for resource type S3_Bucket",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := acting(t, &fake{plans: plans{outcome: row.outcome}})
			got := d.call(http.MethodPost, "/api/v1/resources/action", credentials(row.body), "X-API-Key", key)
			if diff := cmp.Diff(row.want, got.json(t)); diff != "" || got.code != row.code {
				t.Errorf("%d, want %d (-want +got):\n%s", got.code, row.code, diff)
			}
		})
	}
}

func TestAction_Malformed(t *testing.T) {
	for _, row := range []struct {
		name, path, body string
		code             int
		want             string
	}{
		{"no fields", "action", "", 400, "Missing required fields: resource_id, resource_type, region, action"},
		{"blank field", "action", strings.Replace(stopIt, "eu-west-1", "", 1), 400, "Missing required fields: resource_id, resource_type, region, action"},
		{"unknown verb", "action", strings.Replace(stopIt, "Stop", "NUKE", 1), 400, "Invalid action. Supported: stop, delete, terminate"},
		{"unknown type", "action", strings.Replace(stopIt, "EC2_Instance", "EC2_Instanze", 1), 400, "Unsupported action stop for resource type EC2_Instanze"},
		{"region", "action", strings.Replace(stopIt, "eu-west-1", "Ireland", 1), 422, "body.actions[0].region: " + "not a region name such as eu-west-1"},
		{"params", "action", stopIt + `,"params":{"force":true}`, 422, "body.actions[0].params.force: is no parameter; allowed: hours (stop of EC2_Instance)"},
		{"params of a selection", "bulk-action", `,"select":{"action":"stop","filter":"type:EC2_Instance","params":{"hours":25},"lift":["x"]}`, 422, "body.select.params.hours: has to be from 0 to 24 (stop of EC2_Instance); body.select.lift: \"x\" is no rule that can be lifted; allowed: none"},
		{"null", "action", strings.Replace(stopIt, `"Stop"`, "null", 1), 400, "Missing required fields: resource_id, resource_type, region, action"},
		{"array", "action", "[", 400, "body: the body is not valid JSON"},
		{"empty bulk", "bulk-action", `,"actions":[]`, 400, "No actions provided"},
		{"no object", "bulk-action", `,"actions":[7]`, 422, "body.actions[0]: expected object"},
		{"one of two", "bulk-action", `,"actions":[{` + stopIt[1:] + `},{"resource_id":"i-2","resource_type":"EC2_Instance"}]`, 422, "body.actions[1].region: missing; body.actions[1].action: missing"},
		{"twice", "bulk-action", `,"actions":[{` + stopIt[1:] + `},{` + stopIt[1:] + `}]`, 422, "body.actions[1].resource_id: is the same as actions[0]"},
		{"unknown field", "bulk-action", `,"actions":[{"force":true,` + stopIt[1:] + `}]`, 422, "body.actions[0].force: unexpected property"},
		{"empty filter", "bulk-action", `,"select":{"action":"stop","filter":{}}`, 422, "body.select.filter: is empty, which would select everything"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := &fake{}
			d := acting(t, f)
			body := credentials(row.body)
			if row.body == "[" {
				body = "["
			}
			got := d.call(http.MethodPost, "/api/v1/resources/"+row.path, body, "X-API-Key", key)
			text, _ := got.json(t)["error"].(string)
			if got.code != row.code || !strings.HasPrefix(text, row.want) {
				t.Errorf("%d %q, want %d %q", got.code, text, row.code, row.want)
			}
			if len(f.plans.asked) > 0 {
				t.Error("something was planned")
			}
			if len(f.plans.refused) != 1 || !strings.Contains(f.plans.refused[0], row.want) {
				t.Errorf("the audit is told %q", f.plans.refused)
			}
		})
	}
}

// TestRefusals_AreAudited refuses requests about plans at every stage that they go
// through: the audit is told of each once, and of what is only read not at all.
func TestRefusals_AreAudited(t *testing.T) {
	for _, row := range []struct{ name, method, path, body, media, want string }{
		{"unknown query", "POST", "/api/v1/plans?x=1", credentials(`,"actions":[]`), "", `plan "": add-plan: query.x: unknown query parameter`},
		{"media type", "POST", "/api/v1/plans", credentials(""), "text/plain", `plan "": add-plan: the body must be application/json`},
		{"schema", "POST", "/api/v1/plans/p/apply", "{}", "", `plan "p": apply-plan: body: expected required property digest to be present`},
		{"no such plan", "POST", "/api/v1/plans/p/cancel", "", "", `plan "p": cancel-plan: no such plan`},
		{"not an ID", "POST", "/api/v1/plans/%20/cancel", "", "", `plan "": cancel-plan: no such plan`},
		{"may not approve", "POST", "/api/v1/plans/p/approve", `{"digest":"d"}`, "", `plan "p": approve-plan: your roles do not allow this: it needs the permission approve`},
		{"only read", "GET", "/api/v1/plans/p", "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := &fake{}
			headers := []string{"X-API-Key", key}
			if row.media != "" {
				headers = append(headers, "Content-Type", row.media)
			}
			acting(t, f, func(o *api.Options) { o.OperatorKeys = nil }).call(row.method, row.path, row.body, headers...)
			got := strings.Join(f.plans.refused, "\n")
			if row.want == "" && got != "" || !strings.HasSuffix(got, row.want) || row.want != "" && !strings.Contains(got, " from 192.0.2.1, ") {
				t.Errorf("the audit is told %q, want %q", got, row.want)
			}
		})
	}
	t.Run("what the engine tells", func(t *testing.T) {
		f := &fake{}
		d := acting(t, f)
		d.call(http.MethodPost, "/api/v1/plans", credentials(`,"actions":[{`+stopIt[1:]+`}]`), "X-API-Key", key)
		got := d.call(http.MethodPost, "/api/v1/plans/plan-1/apply", `{"digest":"other"}`, "X-API-Key", key)
		if got.code != http.StatusConflict || len(f.plans.refused) > 0 {
			t.Errorf("%d, and the audit is told %q", got.code, f.plans.refused)
		}
	})
}

func TestBulkAction(t *testing.T) {
	f := &fake{plans: plans{outcome: func(it tracker.ActionItem) tracker.ItemLedger {
		switch it.ResourceID {
		case "i-1":
			return tracker.ItemLedger{State: tracker.ItemVerified, Current: "stopped"}
		case "i-2":
			return tracker.ItemLedger{State: tracker.ItemReady}
		}
		return tracker.ItemLedger{State: tracker.ItemBlocked, Message: "item 1 had to succeed first"}
	}}}
	d := acting(t, f)
	var items []string
	for i := range 3 {
		items = append(items, fmt.Sprintf(`{"resource_id":"i-%d","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}`, i+1))
	}
	got := d.call(http.MethodPost, "/api/v1/resources/bulk-action", credentials(`,"actions":[`+strings.Join(items, ",")+`]`), "X-API-Key", key)
	var answer struct {
		Success                     bool
		Total                       int `json:"total_actions"`
		Successful, Failed, Pending int
		Results                     []struct {
			Success bool
			Message string
		}
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.code != 200 {
		t.Fatalf("%d %v: %s", got.code, err, got.body)
	}
	if answer.Success || answer.Total != 3 || answer.Successful != 2 || answer.Failed != 1 || answer.Pending != 1 || answer.Results[2].Message == "" {
		t.Errorf("got %+v", answer)
	}
}

func TestPlans(t *testing.T) {
	f := &fake{}
	d := acting(t, f)
	body := credentials(`,"dry_run":true` + stopIt)
	got := d.call(http.MethodPost, "/api/v1/resources/action", body, "X-API-Key", key)
	if got.code != 200 || f.plans.asked[0].Request.Apply || !strings.Contains(got.body, `"digest":"sha256:1"`) || got.header.Get("Location") != "/api/v1/plans/plan-1" {
		t.Fatalf("dry run: %d %v %s", got.code, got.header, got.body)
	}
	for _, row := range []struct {
		name, method, path, body, key string
		code                          int
	}{
		{"read", "GET", "/plan-1", "", key, 200},
		{"read by another", "GET", "/plan-1", "", other, 404},
		{"list", "GET", "", "", key, 200},
		{"apply", "POST", "/plan-1/apply", `{"digest":"sha256:1"}`, key, 200},
		{"apply another digest", "POST", "/plan-1/apply", `{"digest":"sha256:2"}`, key, 409},
		{"apply without digest", "POST", "/plan-1/apply", `{}`, key, 422},
		{"apply by another", "POST", "/plan-1/apply", `{"digest":"sha256:1"}`, other, 404},
		{"approve by nobody in particular", "POST", "/plan-1/approve", `{"digest":"sha256:1"}`, other, 403},
		{"undo without credentials", "POST", "/plan-1/undo", `{}`, key, 400},
		{"undo", "POST", "/plan-1/undo", credentials(""), key, 200},
		{"cancel by another", "POST", "/plan-1/cancel", "", other, 404},
		{"no plan", "GET", "/nothing", "", key, 404},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := d.call(row.method, "/api/v1/plans"+row.path, row.body, "X-API-Key", row.key); got.code != row.code {
				t.Errorf("%d, want %d: %s", got.code, row.code, got.body)
			}
		})
	}
}

// A phrase that says something else than the plan does applies nothing.
func TestPlans_Phrase(t *testing.T) {
	const several = `,{"resource_id":"i-2","resource_type":"EC2_Instance","region":"eu-west-1","action":"terminate","account_id":"123456789012"}`
	one := `{` + stopIt[1:] + `,"account_id":"123456789012"}`
	for _, row := range []struct{ name, items, refused, want string }{
		{"one verb", one, "", "stop 1 123456789012"},
		{"several verbs", one + several, "", "change 2 123456789012"},
		{"refused items do not count", one + several, "i-2", "stop 1 123456789012"},
		{"nothing to carry out", one, "i-1", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := &fake{}
			d := acting(t, f)
			d.call(http.MethodPost, "/api/v1/plans", credentials(`,"actions":[`+row.items+`]`), "X-API-Key", key)
			for i, it := range f.plans.items["plan-1"] {
				if it.ResourceID == row.refused {
					f.plans.items["plan-1"][i].Ledger.State = tracker.ItemRefused
				}
			}
			for _, query := range []string{"", "?item_state=failed", "?limit=1"} {
				got, _ := d.call(http.MethodGet, "/api/v1/plans/plan-1"+query, "", "X-API-Key", key).json(t)["phrase"].(string)
				if got != row.want {
					t.Errorf("%s: the phrase is %q, want %q", query, got, row.want)
				}
			}
			if row.want == "" {
				return
			}
			for phrase, code := range map[string]int{row.want: 200, strings.ToUpper(row.want): 422, row.want + " ": 422, "stop 1": 422} {
				f.plans.applied = 0
				got := d.call(http.MethodPost, "/api/v1/plans/plan-1/apply", fmt.Sprintf(`{"digest":"sha256:1","phrase":%q}`, phrase), "X-API-Key", key)
				if got.code != code || f.plans.applied != min(1, 422-code) {
					t.Errorf("%q: %d, want %d, applied %d times: %s", phrase, got.code, code, f.plans.applied, got.body)
				}
				if code == 422 && !strings.Contains(got.body, "body.phrase: has to be \\\""+row.want+"\\\"") {
					t.Errorf("%q is not told what is wanted: %s", phrase, got.body)
				}
			}
			got := d.call(http.MethodPost, "/api/v1/plans/plan-1/apply", `{"digest":"sha256:2","phrase":"`+row.want+`"}`, "X-API-Key", key)
			if got.code != http.StatusConflict {
				t.Errorf("with another digest: %d %s", got.code, got.body)
			}
			f.plans.list[0].State = tracker.PlanSucceeded
			if got := d.call(http.MethodGet, "/api/v1/plans/plan-1", "", "X-API-Key", key); strings.Contains(got.body, "phrase") {
				t.Errorf("a plan that was carried out has a phrase: %s", got.body)
			}
		})
	}
}

func TestPlans_Approver(t *testing.T) {
	f := &fake{plans: plans{approval: tracker.Approval{Required: true}}}
	d := acting(t, f)
	d.call(http.MethodPost, "/api/v1/plans", credentials(`,"actions":[{`+stopIt[1:]+`}]`), "X-API-Key", key)
	for path, method := range map[string]string{"/plan-1": "GET", "/plan-1/approve": "POST"} {
		body := ""
		if method == "POST" {
			body = `{"digest":"sha256:1"}`
		}
		if got := d.call(method, "/api/v1/plans"+path, body, "X-API-Key", approver); got.code != 200 {
			t.Errorf("%s %s by an approver: %d %s", method, path, got.code, got.body)
		}
	}
}

func TestAudit(t *testing.T) {
	f := &fake{plans: plans{trail: []tracker.AuditEvent{{ID: "1-0", PlanID: "a"}, {ID: "2-0", PlanID: "b"}, {ID: "3-0", PlanID: "a"}}}}
	d := acting(t, f)
	for query, want := range map[string]string{
		"": "1-0 2-0 3-0", "?plan_id=a": "1-0 3-0", "?limit=2": "1-0 2-0", "?after=2-0": "3-0", "?plan_id=a&limit=1": "1-0",
	} {
		var answer struct{ Events []tracker.AuditEvent }
		got := d.call(http.MethodGet, "/api/v1/audit"+query, "", "X-API-Key", key)
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, e := range answer.Events {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if got := d.call(http.MethodGet, "/api/v1/audit?format=ndjson", "", "X-API-Key", key); strings.Count(got.body, "\n") != 3 {
		t.Errorf("ndjson: %s", got.body)
	}
}

// TestAuditIsNarrowed: from the end or from the start, to a caller, a kind, what it is about and a time.
func TestAuditIsNarrowed(t *testing.T) {
	volume := &tracker.ActionRef{ResourceID: "vol-1"}
	f := &fake{plans: plans{trail: []tracker.AuditEvent{
		{ID: "1000-0", Who: "key:Anna", What: "plan.created", PlanID: "a"},
		{ID: "2000-0", Who: "key:Bob", What: "item.sending", PlanID: "a", Target: volume},
		{ID: "3000-0", Who: "key:Bob", What: "schedule.created", Schedule: "sc-1"},
		{ID: "4000-0", Who: "key:Anna", What: "key.created", Detail: "key k-7 with the role viewer"},
	}}}
	d := acting(t, f)
	for query, want := range map[string]string{
		"?order=newest":                            "4000-0 3000-0 2000-0 1000-0",
		"?order=newest&limit=3":                    "4000-0 3000-0 2000-0, before 2000-0",
		"?order=newest&limit=3&before=2000-0":      "1000-0",
		"?order=newest&who=anna":                   "4000-0 1000-0",
		"?order=newest&what=plan.created":          "1000-0",
		"?order=newest&what=item.*":                "2000-0",
		"?order=newest&target=VOL-1":               "2000-0",
		"?order=newest&target=sc-1":                "3000-0",
		"?order=newest&target=a":                   "2000-0 1000-0",
		"?order=newest&target=k-7":                 "4000-0",
		"?order=newest&since=1970-01-01T00:00:03Z": "4000-0 3000-0",
		"?order=newest&until=1970-01-01T00:00:03Z": "2000-0 1000-0",
		"?until=1970-01-01T00:00:03Z":              "1000-0 2000-0",
		"?who=bob&what=schedule.*":                 "3000-0",
	} {
		var answer struct {
			Events []tracker.AuditEvent
			Next   string `json:"next_before"`
		}
		a := d.call(http.MethodGet, "/api/v1/audit"+query, "", "X-API-Key", key)
		if err := json.Unmarshal([]byte(a.body), &answer); err != nil || a.code != 200 {
			t.Fatal(query, a.code, a.body, err)
		}
		var ids []string
		for _, e := range answer.Events {
			ids = append(ids, e.ID)
		}
		got := strings.Join(ids, " ")
		if answer.Next != "" {
			got += ", before " + answer.Next
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if a := d.call(http.MethodGet, "/api/v1/audit?format=ndjson&who=bob&until=1970-01-01T00:00:03Z", "", "X-API-Key", key); strings.Count(a.body, "\n") != 1 {
		t.Errorf("ndjson: %s", a.body)
	}
	for query, field := range map[string]string{
		"?order=newest&after=1-0": "query.after", "?before=1-0": "query.before", "?order=newest&format=ndjson": "query.order", "?order=newest&before=0-0": "query.before", "?after=18446744073709551615-18446744073709551615": "query.after", "?order=up": "query.order",
	} {
		if a := d.call(http.MethodGet, "/api/v1/audit"+query, "", "X-API-Key", key); a.code != 422 && a.code != 400 || !strings.Contains(a.body, field) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestPlanEvents(t *testing.T) {
	f := &fake{plans: plans{outcome: verified, trail: []tracker.AuditEvent{
		{ID: "1-0", PlanID: "plan-1", What: "plan.created"}, {ID: "2-0", PlanID: "other"}, {ID: "3-0", PlanID: "plan-1", What: "item.verified"},
	}}}
	d := acting(t, f)
	d.call(http.MethodPost, "/api/v1/resources/action", credentials(stopIt), "X-API-Key", key)
	for last, want := range map[string]string{"": "plan.created item.verified", "1-0": "item.verified"} {
		got := d.call(http.MethodGet, "/api/v1/plans/plan-1/events", "", "X-API-Key", key, "Last-Event-ID", last)
		var what []string
		for line := range strings.Lines(got.body) {
			var message struct{ Events []tracker.AuditEvent }
			if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &message) == nil {
				for _, e := range message.Events {
					what = append(what, e.What)
				}
			}
		}
		if all := strings.Join(what, " "); all != want || !strings.Contains(got.body, "id: 3-0\nevent: done\n") {
			t.Errorf("after %q: %q, want %q, in\n%s", last, all, want, got.body)
		}
	}
}

func TestPlan_ItemsInPages(t *testing.T) {
	f := &fake{plans: plans{outcome: func(it tracker.ActionItem) tracker.ItemLedger {
		if strings.HasSuffix(it.ResourceID, "7") {
			return tracker.ItemLedger{State: tracker.ItemFailed, Message: "no"}
		}
		return tracker.ItemLedger{State: tracker.ItemVerified}
	}}}
	d := acting(t, f, func(o *api.Options) { o.MaxItems = 10_000 })
	var items []string
	for i := range 2500 {
		items = append(items, fmt.Sprintf(`{"resource_id":"i-%d","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}`, i))
	}
	body := `,"actions":[` + strings.Join(items, ",") + `]`
	if bulk := d.call(http.MethodPost, "/api/v1/resources/bulk-action", credentials(body), "X-API-Key", key).json(t); bulk["total_actions"] != 2500.0 || bulk["failed"] != 250.0 {
		t.Errorf("in bulk: %v actions, %v failed", bulk["total_actions"], bulk["failed"])
	}
	for query, want := range map[string]int{"": 2500, "&limit=1000": 2500, "&item_state=failed": 250, "&item_state=failed,refused&limit=7": 250, "&item_state=blocked": 0} {
		got, cursor := 0, ""
		for pages := 0; pages == 0 || cursor != ""; pages++ {
			var page struct {
				Items []tracker.PlanItem
				Next  string `json:"next_cursor"`
			}
			answer := d.call(http.MethodGet, "/api/v1/plans/plan-1?cursor="+cursor+query, "", "X-API-Key", key)
			if err := json.Unmarshal([]byte(answer.body), &page); err != nil || answer.code != http.StatusOK || len(page.Items) > 1000 {
				t.Fatalf("%s: %d %v %.300s", query, answer.code, err, answer.body)
			}
			got, cursor = got+len(page.Items), page.Next
		}
		if got != want {
			t.Errorf("%q: %d items, want %d", query, got, want)
		}
	}
	for _, query := range []string{"cursor=x", "cursor=-1", "limit=1001", "item_state=done"} {
		if got := d.call(http.MethodGet, "/api/v1/plans/plan-1?"+query, "", "X-API-Key", key); got.code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, got.code, got.body)
		}
	}
}

// What a plan may hold fits into a body, and more than that does not.
func TestPlan_BodyLimit(t *testing.T) {
	item := `{"resource_id":"i-%d-` + strings.Repeat("x", 300) + `","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}`
	for _, path := range []string{"/api/v1/plans", "/api/v1/resources/bulk-action"} {
		for _, row := range []struct{ allowed, items, code int }{{10_000, 10_000, 200}, {1, 10_000, 413}} {
			d := acting(t, &fake{}, func(o *api.Options) { o.MaxItems = row.allowed })
			var items []string
			for i := range row.items {
				items = append(items, fmt.Sprintf(item, i))
			}
			got := d.call(http.MethodPost, path, credentials(`,"actions":[`+strings.Join(items, ",")+`]`), "X-API-Key", key)
			if got.code != row.code {
				t.Errorf("%s: %d items of %d allowed: %d, want %d: %.300s", path, row.items, row.allowed, got.code, row.code, got.body)
			}
		}
	}
}

// Two accounts' credentials are two requests.
func TestPlan_CredentialsAreInTheSubmission(t *testing.T) {
	f := &fake{}
	d := acting(t, f)
	for _, secret := range []string{"one", "one", "two"} {
		body := strings.Replace(credentials(`,"actions":[{`+stopIt[1:]+`}]`), "secret_access_key\":\"", "secret_access_key\":\""+secret, 1)
		d.call(http.MethodPost, "/api/v1/plans", body, "X-API-Key", key)
	}
	asked := f.plans.asked
	if len(asked) != 3 || asked[0].CredentialsDigest == "" || asked[0].CredentialsDigest != asked[1].CredentialsDigest || asked[1].CredentialsDigest == asked[2].CredentialsDigest {
		t.Errorf("submissions %+v", asked)
	}
	for _, sub := range asked {
		if strings.Contains(sub.CredentialsDigest, "one") {
			t.Error("a secret can be read from its digest")
		}
	}
}
