package api_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Listings, their exports and POST /resources/filter take both forms.
func TestFilterLanguage(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for _, tc := range []struct{ query, json, want string }{
		{`type:EC2_Instance`, `{"type":["EC2_Instance"]}`, "i-1"},
		{`service:quantumledger`, `{"service":"quantumledger"}`, ""},
		{`-tag:env=prod`, `{"not":{"tag":{"key":"env","equals":"prod"}}}`, "logs"},
		{`tag:"a=b"="c,d"`, `{"tag":{"key":"a=b","equals":"c,d"}}`, "i-1"},
		{`cost>=7 or cost:unknown`, `{"or":[{"cost":{"min":7}},{"cost":"unknown"}]}`, "i-1 logs"},
		{`-cost>=7`, `{"not":{"cost":{"min":7}}}`, ""},
		{`created:unknown name~WEB`, `{"created":"unknown","name":{"contains":"WEB"}}`, "i-1"},
		{`meta.vpc_id! region:us-east-1,global`, `{"meta":{"key":"vpc_id","missing":true},"region":["us-east-1","global"]}`, "logs"},
	} {
		quoted, _ := json.Marshal(tc.query)
		for _, form := range []string{tc.query, tc.json} {
			for _, path := range []string{"/api/v1/jobs/job-1/resources", "/api/v1/resources"} {
				a := d.call("GET", path+"?filter="+url.QueryEscape(form), "")
				if got := idsIn(t, a); got != tc.want {
					t.Errorf("%s %s: %q, want %q", path, form, got, tc.want)
				}
				lines := d.call("GET", path+"?format=ndjson&filter="+url.QueryEscape(form), "").body
				if got := strings.Count(lines, "\n"); got != len(strings.Fields(tc.want)) {
					t.Errorf("%s %s: %d lines", path, form, got)
				}
			}
		}
		for _, filter := range []string{string(quoted), tc.json} {
			for _, of := range []string{`"job_id":"job-1"`, `"resources":[` + instanceRow + `,` + bucketRow + `]`} {
				a := d.call("POST", "/api/v1/resources/filter", `{`+of+`,"filter":`+filter+`}`)
				if got := idsIn(t, a); got != tc.want {
					t.Errorf("%s of %.20s: %q, want %q", filter, of, got, tc.want)
				}
			}
		}
	}
	both := d.call("POST", "/api/v1/resources/filter", `{"job_id":"job-1","filters":{"state":"running"},"filter":"type:S3_Bucket"}`)
	if got := idsIn(t, both); got != "" {
		t.Errorf("filters and filter must both hold: %q", got)
	}
	if got := idsIn(t, d.call("GET", "/api/v1/resources?state=running&filter=type:EC2_Instance", "")); got != "i-1" {
		t.Errorf("parameters and filter: %q", got)
	}
}

func idsIn(t *testing.T, a answer) string {
	t.Helper()
	var v struct {
		Resources []struct {
			ID string `json:"resource_id"`
		}
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || a.code != 200 {
		t.Fatal(a.code, a.body)
	}
	var ids []string
	for _, r := range v.Resources {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func TestFiltersAreRefused(t *testing.T) {
	d := open(t, finished(tracker.JobPartial), func(o *api.Options) { o.ServerCredentials = true })
	const fields = "there are type, service, region, account, state, id, name, arn, tag, meta, cost, created, age"
	for _, tc := range []struct{ filter, location, message string }{
		{`"type:EC2"`, "", "character 1: unknown resource type; GET /api/v1/types lists them"},
		{`"state:a type:S3_Buckets"`, "", "character 9: unknown resource type; did you mean S3_Bucket?"},
		{`"regoin:eu-west-1"`, "", "character 1: unknown field; " + fields + "; did you mean region?"},
		{`"service:ec3"`, "", "character 1: unknown service; did you mean ec2?"},
		{`"region:moon"`, "", "character 1: not a region name such as eu-west-1"},
		{`"(type:S3_Bucket"`, "", "character 1: a parenthesis is not closed"},
		{`{"and":[{"type":"S3_Bucket"},{"tpye":"S3_Bucket"}]}`, ".and[1].tpye", "unknown field; there are and, or, not, " + strings.TrimPrefix(fields, "there are ") + "; did you mean type?"},
		{`{"not":{"type":["IAM_User","IAM_Usr"]}}`, ".not.type", "unknown resource type; did you mean IAM_User?"},
		{`{"cost":{"minn":5}}`, ".cost.minn", "unknown test; cost has over, min, under, max; did you mean min?"},
		{`5`, "", "expected an object of conditions"},
	} {
		for path, body := range map[string]string{
			"/api/v1/resources/filter": `{"job_id":"job-1","filter":` + tc.filter + `}`,
			"/api/v1/scan":             credentials(`,"filter":` + tc.filter),
			"/api/v1/schedules":        `{"name":"nightly","every_seconds":3600,"filter":` + tc.filter + `}`,
		} {
			a := d.call("POST", path, body)
			if want := "body.filter" + tc.location + ": " + tc.message; a.code != 422 || a.json(t)["error"] != want {
				t.Errorf("%s %s: %d %s, want %s", path, tc.filter, a.code, a.body, want)
			}
		}
		var text string
		if json.Unmarshal([]byte(tc.filter), &text) != nil {
			text = tc.filter
		}
		if a := d.call("GET", "/api/v1/resources?filter="+url.QueryEscape(text), ""); a.code != 422 || !strings.Contains(a.body, "query.filter") {
			t.Errorf("%s: %d %s", text, a.code, a.body)
		}
	}
	if len(d.fake.submissions)+len(d.fake.schedules) > 0 {
		t.Error("was submitted")
	}
}

// A cursor keeps to the filter and to the time of the first page.
func TestCursorsOfFilters(t *testing.T) {
	f := finished(tracker.JobPartial)
	for i := range f.found["job-1"] {
		f.found["job-1"][i].Created = new(time.Now().Add(-time.Hour))
	}
	d := open(t, f)
	first := d.call("GET", "/api/v1/resources?limit=1&filter=age%3E30m", "")
	cursor := url.QueryEscape(first.json(t)["next_cursor"].(string))
	if got := idsIn(t, d.call("GET", "/api/v1/resources?filter="+url.QueryEscape(`{"age":{"over":"30m"}}`)+"&cursor="+cursor, "")); got != "logs" {
		t.Errorf("the same filter in JSON: %q", got)
	}
	// A resource that is old enough now, but was not when the first page was asked for.
	id, rest, _ := strings.Cut(first.json(t)["next_cursor"].(string), "_")
	_, digest, _ := strings.Cut(rest, "_")
	earlier := url.QueryEscape(id + "_0_" + digest)
	if got := idsIn(t, d.call("GET", "/api/v1/resources?filter=age%3E30m&cursor="+earlier, "")); got != "" {
		t.Errorf("ages are counted anew: %q", got)
	}
	for _, query := range []string{"filter=age%3E31m&", "", "state=running&", "state=running&filter=age%3E30m&"} {
		if a := d.call("GET", "/api/v1/resources?"+query+"cursor="+cursor, ""); a.code != 422 || !strings.Contains(a.body, "not a cursor of a listing with this filter") {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	plain := d.call("GET", "/api/v1/resources?limit=1", "").json(t)["next_cursor"].(string)
	if a := d.call("GET", "/api/v1/resources?filter=age%3E30m&cursor="+url.QueryEscape(plain), ""); a.code != 422 {
		t.Errorf("a cursor without filter: %d %s", a.code, a.body)
	}
}

func TestFilterOfAScanAndASchedule(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.ServerCredentials = true })
	const filter = `{"and":[{"type":"S3_Bucket"},{"age":{"over":"30d"}}]}`
	if a := d.call("POST", "/api/v1/scan", credentials(`,"filter":"type:S3_Bucket age>30d"`)); a.code != 202 {
		t.Fatal(a.code, a.body)
	}
	if got := d.fake.submissions[0].Request.Filter.String(); got != "type:S3_Bucket age>30d" {
		t.Errorf("a scan for %q", got)
	}
	a := d.call("POST", "/api/v1/schedules", `{"name":"nightly","every_seconds":3600,"filter":`+filter+`}`)
	if a.code != 201 || !strings.Contains(a.body, `"filter":`+filter) {
		t.Errorf("%d %s", a.code, a.body)
	}
}
