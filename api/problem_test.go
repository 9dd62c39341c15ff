package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestWordsOfTheContract(t *testing.T) {
	forged, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "eve", "exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte("another secret of thirty-two byte"))
	eternal, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "eve"}).SignedString([]byte(secret))
	expired, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "eve", "exp": time.Now().Add(-time.Hour).Unix()}).SignedString([]byte(secret))
	nobody, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "eve", "exp": time.Now().Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	longer, _ := jwt.NewWithClaims(jwt.SigningMethodHS512, jwt.MapClaims{"sub": "eve", "exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	for _, tc := range []struct {
		name, method, target, body string
		headers                    []string
		code                       int
		text                       string
	}{
		{"no authentication", "GET", "/api/v1/jobs", "", []string{"X-API-Key", ""}, 401, "Missing authentication"},
		{"unknown key", "GET", "/api/v1/jobs", "", []string{"X-API-Key", "key-of-alic"}, 401, "Invalid API key"},
		{"another scheme", "GET", "/api/v1/jobs", "", []string{"Authorization", "Basic YTpi"}, 401, "Invalid authorization header"},
		{"no token", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer "}, 401, "Invalid authorization header"},
		{"Authorization wins over a good key", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer x"}, 401, "Invalid token"},
		{"forged token", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + forged}, 401, "Invalid token"},
		{"token without exp", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + eternal}, 401, "Invalid token"},
		{"expired token", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + expired}, 401, "Invalid token"},
		{"token without sub", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + nobody}, 401, "Invalid token"},
		{"unsigned token", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + none}, 401, "Invalid token"},
		{"another algorithm", "GET", "/api/v1/jobs", "", []string{"Authorization", "Bearer " + longer}, 401, "Invalid token"},
		{"no credentials", "POST", "/api/v1/scan", `{}`, nil, 400, "AWS credentials missing from request"},
		{"no body", "POST", "/api/v1/scan", ``, nil, 400, "AWS credentials missing from request"},
		{"empty credentials", "POST", "/api/v1/scan", `{"access_key_id":"","secret_access_key":""}`, nil, 400, "AWS credentials missing from request"},
		{"half a pair", "POST", "/api/v1/scan", `{"access_key_id":"AKIAEXAMPLE"}`, nil, 400, "AWS credentials missing from request"},
		{"no credentials to validate", "POST", "/validate-credentials", `{}`, nil, 400, "AWS credentials missing from request"},
		{"no such path", "GET", "/api/v1/nothing", "", nil, 404, "Endpoint not found"},
		{"no such path, nobody", "POST", "/nothing", "", []string{"X-API-Key", ""}, 404, "Endpoint not found"},
		{"an action of nothing", "POST", "/api/v1/resources/action", "{}", nil, 400, "Missing required fields: resource_id, resource_type, region, action"},
		{"no actions", "POST", "/api/v1/resources/bulk-action", "{}", nil, 400, "No actions provided"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := open(t, &fake{}).call(tc.method, tc.target, tc.body, tc.headers...)
			v := a.json(t)
			if a.code != tc.code || v["error"] != tc.text || v["success"] != false {
				t.Errorf("%d %s, want %d and %q", a.code, a.body, tc.code, tc.text)
			}
			if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("content type %s", ct)
			}
			if tc.code == 404 && v["docs"] != "/api/v1/docs" {
				t.Errorf("docs %v", v["docs"])
			}
			if tc.code == 401 && a.header.Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
		})
	}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		code int
		text string
	}{
		{"unknown", errors.New("redis: key secret-key-name"), 500, "Internal server error"},
		{"internal", tracker.Errorf(tracker.CodeInternal, "broken"), 500, "Internal server error"},
		{"invalid", tracker.Invalid("regions", "too many"), 422, "regions: too many"},
		{"conflict", fmt.Errorf("submit: %w", tracker.Errorf(tracker.CodeConflict, "key was used")), 409, "key was used"},
		{"of a full database", errFull, 503, "the database does not serve at the moment"},
		{"unavailable", tracker.Errorf(tracker.CodeUnavailable, "the store is down"), 503, "the store is down"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{}, func(o *api.Options) { o.Transient = func(err error) bool { return errors.Is(err, errFull) } })
			d.fake.err = fmt.Errorf("submit: %w", tc.err)
			a := d.call("GET", "/api/v1/jobs/job-1/result", "", "X-Request-ID", "req-1")
			v := a.json(t)
			if a.code != tc.code || v["error"] != tc.text || v["request_id"] != "req-1" {
				t.Errorf("%d %s, want %d and %q", a.code, a.body, tc.code, tc.text)
			}
			if logged := strings.Count(d.log.String(), `"request_id":"req-1","err"`); (logged == 1) != (tc.code >= 500) {
				t.Errorf("logged %d times:\n%s", logged, d.log)
			}
		})
	}
}

var errFull = errors.New("OOM command not allowed")

// panicking panics where results are read.
type panicking struct{ *fake }

func (panicking) Ping(context.Context) error { panic("boom") }

func TestPanicIsAProblem(t *testing.T) {
	f := &fake{}
	d := open(t, f, func(o *api.Options) { o.Results = panicking{f} })
	a := d.call("GET", "/ready", "")
	if v := a.json(t); a.code != 500 || v["error"] != "Internal server error" || v["success"] != false {
		t.Error(a.code, a.body)
	}
	if !strings.Contains(d.log.String(), "boom") {
		t.Errorf("not logged:\n%s", d.log)
	}
}

// broken is a body that ends too early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestBrokenBodiesAreTheClientsFault(t *testing.T) {
	d := open(t, &fake{})
	for _, o := range operations(t) {
		if o.RequestBody == nil {
			continue
		}
		r := httptest.NewRequest(o.method, strings.NewReplacer("{", "", "}", "").Replace(o.path), broken{})
		r.Header.Set("X-API-Key", key)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if d.ServeHTTP(w, r); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", o.OperationID, w.Code, w.Body)
		}
	}
}
