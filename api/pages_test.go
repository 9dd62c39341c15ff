package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDocs(t *testing.T) {
	d := open(t, &fake{})
	if root := d.call("GET", "/", "", "X-API-Key", ""); root.code != 302 || root.header.Get("Location") != "/api/v1/docs" {
		t.Errorf("a click on the address leads to %d %v", root.code, root.header)
	}
	page := d.call("GET", "/api/v1/docs", "", "Accept", "text/html,*/*;q=0.8", "X-API-Key", "")
	if page.code != 200 || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Fatal(page.code, page.header)
	}
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %s", policy)
	}
	if strings.Contains(page.body, "style=") || strings.Contains(page.body, "<style") || strings.Contains(page.body, "://") {
		t.Errorf("inline or foreign:\n%s", page.body)
	}
	for _, tag := range strings.Split(page.body, "<script")[1:] {
		if !strings.HasPrefix(tag, ` src="/api/v1/docs/`) {
			t.Errorf("inline script: %s", tag)
		}
	}
	for _, part := range strings.Split(page.body, `"/api/v1/`)[1:] {
		path, _, _ := strings.Cut(part, `"`)
		if a := d.call("GET", "/api/v1/"+path, "", "X-API-Key", ""); a.code != 200 || a.body == "" {
			t.Errorf("%s: %d", path, a.code)
		}
	}
	packed := d.call("GET", "/api/v1/docs/swagger-ui-bundle.js", "", "Accept-Encoding", "gzip")
	if packed.header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(packed.body, "\x1f\x8b") {
		t.Error("the bundle is not sent compressed")
	}
	for _, path := range []string{"/api/v1/docs/nothing.js", "/api/v1/docs/..%2Fapi.go"} {
		if a := d.call("GET", path, ""); a.code != 404 {
			t.Errorf("%s: %d", path, a.code)
		}
	}
	for _, accept := range []string{"application/json", "*/*", "application/json, text/plain, */*", ""} {
		for _, path := range []string{"/api/v1/docs", "/documentation"} {
			v := d.call("GET", path, "", "Accept", accept, "X-API-Key", "").json(t)
			if v["service"] != "AWS Resource Tracker" || v["endpoints"].(map[string]any)["scan"].(map[string]any)["path"] != "/api/v1/scan" {
				t.Errorf("%s for %q: %v", path, accept, v)
			}
		}
	}
	if spec := d.call("GET", "/api/v1/openapi.json", "", "X-API-Key", "").json(t); spec["openapi"] != "3.1.0" {
		t.Error(spec["openapi"])
	}
}

// TestDocsListEveryOperation holds the list against the document, and against
// the five names that clients of the earlier service read.
func TestDocsListEveryOperation(t *testing.T) {
	var list struct {
		Endpoints map[string]struct {
			Method, Path, Description string
			RequiresAuth              bool `json:"requires_auth"`
		}
	}
	d := open(t, &fake{})
	if err := json.Unmarshal([]byte(d.call("GET", "/api/v1/docs", "", "X-API-Key", "").body), &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, e := range list.Endpoints {
		listed[e.Method+" "+e.Path] = fmt.Sprintf("%s, %t", e.Description, e.RequiresAuth)
	}
	want := map[string]string{}
	for _, o := range operations(t) {
		want[o.method+" "+o.path] = fmt.Sprintf("%s, %t", o.Summary, len(o.Security[0]) > 0)
	}
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Errorf("the list (-document +page):\n%s", diff)
	}
	for name, want := range map[string]string{
		"health": "GET /health", "scan": "POST /api/v1/scan", "filter": "POST /api/v1/resources/filter",
		"action": "POST /api/v1/resources/action", "bulk_action": "POST /api/v1/resources/bulk-action",
	} {
		if e := list.Endpoints[name]; e.Method+" "+e.Path != want {
			t.Errorf("%s is %s %s, want %s", name, e.Method, e.Path, want)
		}
	}
}
