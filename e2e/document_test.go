package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// beginnings are operations whose example makes what others ask for, in the order that they
// need, and where its answer has the ID that stands in for the example's.
var beginnings = []struct {
	operation string
	stands    map[string][]string // for the ID of an example, the members that lead to the real one
}{
	{"add-account", nil},
	{"add-tenant", nil},
	{"start-scan", map[string][]string{"0199c0de-0000-7000-8000-000000000001": {"job_id"}}},
	{"check-access", map[string][]string{"0199c0de-0000-7000-8000-000000000007": {"job_id"}}},
	{"add-plan", map[string][]string{
		"0199c0de-0000-7000-8000-000000000002": {"plan", "plan_id"}, "sha256:" + strings.Repeat("0199c0de", 8): {"plan", "digest"},
	}},
	{"add-schedule", map[string][]string{"0199c0de-0000-7000-8000-000000000003": {"schedule_id"}}},
	{"add-budget", map[string][]string{"0199c0de-0000-7000-8000-000000000004": {"budget_id"}}},
	{"add-key", map[string][]string{"0199c0de-0000-7000-8000-000000000005": {"key", "key_id"}}},
	{"add-webhook", map[string][]string{"wh_0199c0de0199c0de0199c0de01": {"webhook_id"}}},
	{"sign-in", nil},
	{"test-webhook", map[string][]string{"0199c0de-0000-7000-8000-000000000008": {"delivery_id"}}},
}

// unavoidable are answers that no example can avoid, by operation.
var unavoidable = map[string]int{
	"approve-plan":      http.StatusConflict, // by the plan's author
	"resume-plan":       http.StatusConflict, // is not held
	"retry-job":         http.StatusConflict, // is complete
	"sign-out":          http.StatusConflict, // no session comes with a key
	"read-device-login": http.StatusNotFound, // a demo has no issuer
}

// TestExamplesOfTheDocumentWork sends the example of every operation to a demo, with the IDs that the
// demo has given in place of the examples'.
func TestExamplesOfTheDocumentWork(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "", exampleSettings...)
	withHistory(t, d)
	c := &client{t: t, url: d.url(), key: operatorKey}
	var spec specification
	a := c.do(http.MethodGet, "/api/v1/openapi.json", nil)
	if err := json.Unmarshal(a.body, &spec); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{"YOUR_API_KEY": operatorKey}
	ask := func(r route) answer {
		t.Helper()
		path, body := r.example(ids)
		a := c.do(r.method, path, body)
		if a.status >= http.StatusBadRequest && a.status != unavoidable[r.id()] {
			t.Errorf("%s: %s %s: %d %s", r.id(), r.method, path, a.status, a.body)
		}
		return a
	}
	routes := map[string]route{}
	for _, r := range spec.routes() {
		routes[r.id()] = r
	}
	for _, b := range beginnings {
		var answered any
		a := ask(routes[b.operation])
		if err := json.Unmarshal(a.body, &answered); err != nil {
			t.Fatalf("%s: %v: %s", b.operation, err, a.body)
		}
		for example, members := range b.stands {
			id, ok := at(answered, members...).(string)
			if !ok {
				t.Fatalf("%s answers no %v: %s", b.operation, members, a.body)
			}
			ids[example] = id
		}
		delete(routes, b.operation)
	}
	sessions := c.do(http.MethodGet, "/api/v1/sessions", nil)
	var list struct {
		Sessions []struct {
			ID string `json:"session_id"`
		}
	}
	if err := json.Unmarshal(sessions.body, &list); err != nil || len(list.Sessions) == 0 {
		t.Fatalf("the session of the example is not listed: %s", sessions.body)
	}
	ids["0199c0de-0000-7000-8000-000000000006"] = list.Sessions[0].ID
	ended := func() bool {
		var job struct{ State string }
		path, _ := routes["get-job"].example(ids)
		a := c.do(http.MethodGet, path, nil)
		return json.Unmarshal(a.body, &job) == nil && job.State == "succeeded"
	}
	eventually(t, time.Minute, "the scan of the example ends", ended)
	checked := func() bool {
		path, _ := routes["get-access-check"].example(ids)
		return c.do(http.MethodGet, path, nil).status != http.StatusConflict
	}
	eventually(t, time.Minute, "the check of the example ends", checked)

	// What reads comes first, and what deletes last: the history, which the others need, at the very end.
	rank := func(r route) int {
		switch {
		case r.id() == "forget-history":
			return 4
		case r.method == http.MethodDelete:
			return 3
		case r.id() == "follow-plan", r.id() == "cancel-plan":
			return 2
		case r.method == http.MethodGet:
			return 0
		}
		return 1
	}
	var rest []route
	for _, r := range spec.routes() {
		if _, ok := routes[r.id()]; ok {
			rest = append(rest, r)
		}
	}
	slices.SortStableFunc(rest, func(a, b route) int { return rank(a) - rank(b) })
	applied := func() bool {
		path, _ := routes["get-plan"].example(ids)
		var answer struct{ Plan struct{ State string } }
		a := c.do(http.MethodGet, path, nil)
		return json.Unmarshal(a.body, &answer) == nil && slices.Contains([]string{"succeeded", "partial", "failed"}, answer.Plan.State)
	}
	for _, r := range rest {
		if r.id() == "undo-plan" {
			eventually(t, time.Minute, "the plan of the example is carried out", applied)
		}
		ask(r)
	}
}

// example is the path with its query, and the body, that the document gives as an example, with real IDs.
func (r route) example(ids map[string]string) (string, any) {
	fit := func(s string) string {
		for example, id := range ids {
			s = strings.ReplaceAll(s, example, id)
		}
		return s
	}
	path, query := r.path, url.Values{}
	parameters, _ := r.operation["parameters"].([]any)
	for _, p := range parameters {
		name, _ := at(p, "name").(string)
		value := at(p, "example")
		if value == nil {
			continue
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		var texts []string
		for _, one := range list {
			texts = append(texts, fmt.Sprint(one))
		}
		text := strings.Join(texts, ",")
		if at(p, "in") == "path" {
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(fit(text)))
		} else {
			query.Set(name, fit(text))
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body := at(r.operation, "requestBody", "content", "application/json", "example")
	if body == nil {
		return path, nil
	}
	written, _ := json.Marshal(body)
	return path, json.RawMessage(fit(string(written)))
}
