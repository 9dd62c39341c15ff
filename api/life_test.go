package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// lived is a server whose scans saw an instance run, grow, stop, go and come back, and a bucket all the time.
func lived(t *testing.T, f *fake) *door {
	t.Helper()
	is := func(state, kind string, cost tracker.Money) []tracker.Resource {
		both := slices.Clone(finished(tracker.JobPartial).found["job-1"])
		other := both[0] // has scans look at the cell
		other.ID = "i-2"
		both = append(both, other)
		both[0].State, both[0].MonthlyCost = state, &cost
		both[0].Metadata = tracker.Metadata{"instance_type": kind, "last_used": state}
		return both
	}
	return open(t, f, func(o *api.Options) {
		o.Noisy = func(key string) bool { return key == "last_used" }
		o.History = keptIn(t, is("running", "m5.large", 7*tracker.Dollar), is("running", "m5.xlarge", 14*tracker.Dollar), is("stopped", "m5.xlarge", 2*tracker.Dollar),
			is("", "", 0)[1:], is("running", "m5.large", 7*tracker.Dollar))
	})
}

const (
	lifeOfInstance = "/api/v1/inventory/123456789012%2Feu-west-1%2FEC2_Instance%2Fi-1/history"
	lifeOfBucket   = "/api/v1/inventory/123456789012%2Fus-east-1%2FS3_Bucket%2Flogs/history"
)

// versionsIn are the versions of an answer in short, the newest first.
func versionsIn(t *testing.T, a answer) string {
	t.Helper()
	var v struct {
		Versions []struct {
			Began, Ended, State *string
			CostDifference      json.Number `json:"cost_difference"`
			Fields              []struct{ Field string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || a.code != 200 {
		t.Fatalf("%d %s", a.code, a.body)
	}
	text := func(s *string) string {
		if s == nil || *s == "" {
			return "-"
		}
		return *s
	}
	var all []string
	for _, one := range v.Versions {
		fields := []string{}
		for _, f := range one.Fields {
			fields = append(fields, f.Field)
		}
		all = append(all, fmt.Sprintf("%s %s>%s %s [%s]", text(one.State), text(one.Began), text(one.Ended), one.CostDifference, strings.Join(fields, ",")))
	}
	return strings.Join(all, "; ")
}

func TestLife(t *testing.T) {
	f := finished(tracker.JobPartial)
	d := lived(t, f)
	a := d.call("GET", lifeOfInstance, "")
	want := []string{
		"running added>-  []",
		"stopped changed>removed -12 [state,estimated_cost_monthly]",
		"running changed>changed 7 [estimated_cost_monthly,metadata.instance_type]",
		"running added>changed  []",
	}
	if got := versionsIn(t, a); got != strings.Join(want, "; ") {
		t.Errorf("%s", got)
	}
	v := a.json(t)
	if v["resource_key"] != "123456789012/eu-west-1/EC2_Instance/i-1" || v["gone_at"] != nil || v["next_cursor"] != nil {
		t.Errorf("%v", v)
	}
	if cell := v["cell"].(map[string]any); cell["standing"] != "good" || cell["seen_at"] == nil {
		t.Errorf("cell %v", cell)
	}
	if cell := d.call("GET", lifeOfInstance+"?max_age=1h", "").json(t)["cell"].(map[string]any); cell["standing"] != "stale" {
		t.Errorf("cell %v", cell)
	}
	var pages []string
	for cursor := ""; ; {
		a := d.call("GET", lifeOfInstance+"?limit=1&cursor="+url.QueryEscape(cursor), "")
		pages = append(pages, versionsIn(t, a))
		if cursor, _ = a.json(t)["next_cursor"].(string); cursor == "" {
			break
		}
	}
	if got := strings.Join(pages, "; "); got != strings.Join(want, "; ") {
		t.Errorf("one at a time: %s", got)
	}
	for _, region := range []string{"us-east-1", "global"} { // a global one, as it is and as its cell is
		if a := d.call("GET", strings.Replace(lifeOfBucket, "us-east-1", region, 1), ""); a.code != 200 || a.json(t)["resource_key"] != "123456789012/us-east-1/S3_Bucket/logs" {
			t.Errorf("%s: %d %s", region, a.code, a.body)
		}
	}
	for _, key := range []string{"x", "123456789012%2Feu-west-1%2FEC2_Instance%2Fi-3", "123456789012%2Feu-west-1%2FS3_Bucket%2Flogs", "%2F%2F%2F"} {
		if a := d.call("GET", "/api/v1/inventory/"+key+"/history", ""); a.code != 404 {
			t.Errorf("%s: %d %s", key, a.code, a.body)
		}
	}
	if a := d.call("GET", lifeOfInstance, "", "X-API-Key", other); a.code != 404 {
		t.Errorf("another tenant: %d %s", a.code, a.body)
	}
	for query, field := range map[string]string{"max_age=x": "query.max_age", "cursor=x": "query.cursor", "cursor=-1": "query.cursor", "audit_before=x": "query.audit_before", "audit_before=0-0": "query.audit_before", "audit_before=18446744073709551615-0": "query.audit_before", "limit=0": "query.limit"} {
		if a := d.call("GET", lifeOfInstance+"?"+query, ""); a.code != 422 && a.code != 400 || !strings.Contains(a.body, field) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	if a := open(t, &fake{}).call("GET", lifeOfInstance, ""); a.code != 503 {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
}

// Who stopped it and why: the plans about it, and the lines of the audit about it and about those plans.
func TestLife_PlansAndAudit(t *testing.T) {
	f := finished(tracker.JobPartial)
	item := tracker.ActionItem{ResourceID: "i-1", Type: "EC2_Instance", AccountID: "123456789012", Region: "eu-west-1", Verb: "stop"}
	elsewhere := item
	elsewhere.Region = "eu-west-2"
	f.plans.list = []tracker.Plan{{ID: "p", Owner: alice, Author: "bob", State: tracker.PlanSucceeded}, {ID: "q", Owner: alice, Author: "eve"}}
	f.plans.items = map[string][]tracker.PlanItem{"p": {planItemOf(item)}, "q": {planItemOf(elsewhere)}}
	line := func(what, plan string, target *tracker.ActionRef) {
		e := tracker.AuditEvent{ID: fmt.Sprintf("%d-0", len(f.plans.trail)+1), Who: "bob", What: what, PlanID: plan, Target: target}
		if target != nil {
			e.Item = new(0)
		}
		f.plans.trail = append(f.plans.trail, e)
	}
	line("plan.created", "p", nil)
	line("plan.created", "q", nil)
	line("item.sent", "p", tracker.RefOf(item))
	line("item.sent", "q", tracker.RefOf(elsewhere))
	for range 20_000 {
		line("key.created", "", nil)
	}
	d := lived(t, f)
	read := func(query string) (out struct {
		Plans []struct {
			ID     string `json:"plan_id"`
			Author string
			Action string
		}
		Audit struct {
			Events   []struct{ What, Who string }
			Lines    int    `json:"lines_read"`
			Complete bool   `json:"complete"`
			Next     string `json:"next_before"`
		}
	},
	) {
		t.Helper()
		if err := json.Unmarshal([]byte(d.call("GET", lifeOfInstance+query, "").body), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := read("")
	if got := fmt.Sprint(first.Plans); got != "[{p bob stop}]" {
		t.Errorf("plans %s", got)
	}
	if a := first.Audit; a.Complete || a.Lines != 20_000 || len(a.Events) != 0 || a.Next == "" {
		t.Errorf("%+v", a)
	}
	if a := read("?audit_before=" + first.Audit.Next).Audit; !a.Complete || fmt.Sprint(a.Events) != "[{item.sent bob} {plan.created bob}]" || a.Lines != 4 || a.Next != "" {
		t.Errorf("%+v", a)
	}
}

func planItemOf(it tracker.ActionItem) tracker.PlanItem {
	return tracker.PlanItem{ActionItem: it, Ledger: tracker.ItemLedger{State: tracker.ItemVerified}}
}
