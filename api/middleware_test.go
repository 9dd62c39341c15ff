package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestCORSIsAnExactList(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.CORSOrigins = []string{"https://console.example.com"} })
	for origin, want := range map[string]string{
		"https://console.example.com":      "https://console.example.com",
		"https://evil.example.com":         "",
		"https://console.example.com.evil": "",
	} {
		a := d.call("OPTIONS", "/api/v1/scan", "", "Origin", origin, "X-API-Key", "", "Access-Control-Request-Method", "POST")
		if got := a.header.Get("Access-Control-Allow-Origin"); got != want || a.code != 204 {
			t.Errorf("%s: %d, allowed %q", origin, a.code, got)
		}
	}
	every := open(t, &fake{}, func(o *api.Options) { o.CORSOrigins = []string{"*"} })
	if a := every.call("GET", "/health", "", "Origin", "https://any.example.com"); a.header.Get("Access-Control-Allow-Origin") == "" || a.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("with *: %v", a.header)
	}
	if a := open(t, &fake{}).call("GET", "/health", "", "Origin", "https://evil.example.com"); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("allowed without a list")
	}
}

func TestRequestIDsAreBounded(t *testing.T) {
	d := open(t, &fake{})
	for in, kept := range map[string]bool{"req-1": true, strings.Repeat("x", 65): false, "a b": false, "": false} {
		got := d.call("GET", "/health", "", "X-Request-ID", in).header.Get("X-Request-ID")
		if got == "" || (got == in) != kept {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func TestLogHasNoQuery(t *testing.T) {
	d := open(t, &fake{})
	for _, target := range []string{"/api/v1/scan?secret_access_key=", "/nothing?token=", "/health?x="} {
		a := d.call("POST", target+strings.ReplaceAll(marker, "+", "%2B"), credentials(""))
		if a.code < 400 {
			t.Errorf("%s: %d", target, a.code)
		}
	}
	if a := d.call("POST", "/api/v1/scan?secret_access_key=x", credentials("")); a.code != 422 || !strings.Contains(a.body, "query.secret_access_key") {
		t.Error(a.code, a.body)
	}
	if n := strings.Count(d.log.String(), `"msg":"request"`); n != 4 {
		t.Errorf("%d lines:\n%s", n, d.log)
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	d := open(t, &fake{})
	plain := len(d.call("GET", "/api/v1/openapi.json", "").body)
	for _, encoding := range []string{"gzip", "zstd"} {
		a := d.call("GET", "/api/v1/openapi.json", "", "Accept-Encoding", encoding)
		if a.header.Get("Content-Encoding") != encoding || len(a.body) > plain/12 {
			t.Errorf("%s: %s, %d bytes of %d", encoding, a.header.Get("Content-Encoding"), len(a.body), plain)
		}
	}
}

func TestObserveKnowsNoClientsWords(t *testing.T) {
	var seen []string
	d := open(t, finished(tracker.JobPartial), func(o *api.Options) {
		o.Observe = func(_ context.Context, method, route string, status int, _ time.Duration) {
			seen = append(seen, fmt.Sprint(method, " ", route, " ", status))
		}
	})
	for _, r := range [][2]string{
		{"GET", "/api/v1/jobs/job-1"}, {"GET", "/api/v1/jobs/other"}, {"GET", "/nothing/at/all"}, {"BREW", "/health"}, {"BREW", "/nothing"},
	} {
		d.call(r[0], r[1], "")
	}
	want := []string{
		"GET /api/v1/jobs/:id 200", "GET /api/v1/jobs/:id 404", "GET unmatched 404", "other /health 405", "other unmatched 404",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
