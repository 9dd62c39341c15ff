package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	key    = "key-of-alice"
	other  = "key-of-bob"
	secret = "a secret key of thirty-two bytes"
	// marker is the secret access key of every request: it must come out nowhere.
	marker = "wJalrMARKERutnFEMI/K7MDENG+bPxRfiCYEXAMPLE"
)

// alice and bob are the owners that the keys stand for.
var alice, bob = ownerOf(key), ownerOf(other)

var types = []tracker.TypeInfo{
	{Type: "S3_Bucket", Service: "s3", Scope: "global"},
	{Type: "EC2_Instance", Service: "ec2", Scope: "regional", Permissions: []string{"ec2:DescribeInstances"}, Verbs: []string{"stop"}},
	{Type: "IAM_User", Service: "iam", Scope: "global"},
}

func ownerOf(key string) string {
	f := &fake{}
	s, err := api.New(api.Options{Jobs: f, Results: f, Plans: f, Audit: f.AuditTrail, Sealer: f, Types: types, APIKeys: []string{key}})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/scan", strings.NewReader(credentials("")))
	r.Header.Set("X-API-Key", key)
	s.ServeHTTP(httptest.NewRecorder(), r)
	return f.submissions[0].Owner
}

// credentials is a body with them and more members.
func credentials(more string) string {
	return fmt.Sprintf(`{"access_key_id":"AKIAEXAMPLE","secret_access_key":%q%s}`, marker, more)
}

// door is a server on a fake, and its log.
type door struct {
	*testing.T
	*api.Server
	fake *fake
	log  *bytes.Buffer
}

// open starts a server on f. Whatever the test does, the marker must not show.
func open(t *testing.T, f *fake, change ...func(*api.Options)) *door {
	t.Helper()
	d := &door{T: t, fake: f, log: &bytes.Buffer{}}
	o := api.Options{
		Jobs: f, Results: f, Plans: f, Audit: f.AuditTrail, Sealer: f, Types: types, APIKeys: []string{key, other}, SecretKey: secret,
		Log: slog.New(slog.NewJSONHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if d.Server, err = api.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if strings.Contains(d.log.String(), marker) {
			t.Errorf("the log holds the secret:\n%s", d.log)
		}
	})
	return d
}

// answer is a response read to its end.
type answer struct {
	code   int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// call sends a request as alice; headers are pairs of name and value, and an
// empty value removes.
func (d *door) call(method, target, body string, headers ...string) answer {
	d.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("X-API-Key", key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
		if pair[1] == "" {
			r.Header.Del(pair[0])
		}
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	a := answer{w.Code, w.Header(), w.Body.String()}
	if strings.Contains(a.body, marker) || strings.Contains(fmt.Sprint(a.header), marker) {
		d.Errorf("%s %s answers the secret:\n%s", method, target, a.body)
	}
	return a
}

// finished is a job of alice with two resources and one failed cell.
func finished(state tracker.JobState) *fake {
	f := &fake{}
	j := f.add(alice, "job-1", state)
	end := epoch.Add(time.Minute)
	j.FinishedAt = &end
	j.Progress = tracker.Progress{CellsTotal: 3, CellsClosed: 3, ByOutcome: map[tracker.Outcome]int{"ok": 2, "denied": 1}, Percent: 100}
	cost := 7 * tracker.Dollar
	f.found["job-1"] = []tracker.Resource{
		{
			ID: "i-1", Name: tracker.Named("web"), Type: "EC2_Instance", AccountID: "123456789012", Region: "eu-west-1", State: "running",
			Tags: map[string]string{"env": "prod", "a=b": "c,d", "empty": ""}, MonthlyCost: &cost, Metadata: tracker.Metadata{"vpc_id": nil},
		},
		{
			ID: "logs", Type: "S3_Bucket", AccountID: "123456789012", Region: "us-east-1", State: "active",
			Tags: map[string]string{"env": "dev"}, Metadata: tracker.Metadata{},
		},
	}
	j.Summary = tracker.NewSummary()
	for _, r := range f.found["job-1"] {
		j.Summary.Add(r)
	}
	f.cells["job-1"] = []tracker.CellReport{
		{
			Cell: tracker.Cell{AccountID: "123456789012", Region: "us-east-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeDenied,
			Error: &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", API: "ec2:DescribeInstances", Message: "not allowed"},
		},
		{Cell: tracker.Cell{AccountID: "123456789012", Region: "eu-west-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeOK, Resources: 1},
		{Cell: tracker.Cell{AccountID: "123456789012", Region: "global", Type: "S3_Bucket"}, Outcome: tracker.OutcomeOK, Resources: 1},
	}
	return f
}

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

func TestTokens(t *testing.T) {
	token, err := api.MintToken(secret, "alice@example.com", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, &fake{})
	if a := d.call("POST", "/api/v1/scan", credentials(""), "Authorization", "bearer "+token, "X-API-Key", ""); a.code != 202 {
		t.Fatal(a.code, a.body)
	}
	if got := d.fake.submissions[0].Owner; got != "jwt:alice@example.com" {
		t.Errorf("owner %q", got)
	}
	d = open(t, &fake{}, func(o *api.Options) { o.SecretKey = "" })
	if a := d.call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+token); a.code != 401 || a.json(t)["error"] != "Invalid token" {
		t.Errorf("without a secret: %d %s", a.code, a.body)
	}
	if _, err := api.MintToken("short", "alice", time.Hour); err == nil {
		t.Error("minted with a short secret")
	}
}

func TestHealth(t *testing.T) {
	d := open(t, &fake{})
	for _, path := range []string{"/health", "/api/v1/health"} {
		a := d.call("GET", path, "", "X-API-Key", "")
		v := a.json(t)
		at, err := time.Parse(time.RFC3339, fmt.Sprint(v["timestamp"]))
		if err != nil || at.Location() != time.UTC {
			t.Errorf("%s: timestamp %v", path, v["timestamp"])
		}
		delete(v, "timestamp")
		if diff := cmp.Diff(map[string]any{"status": "healthy", "service": "AWS Resource Tracker", "version": "1.0.0"}, v); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestReady(t *testing.T) {
	if a := open(t, &fake{}).call("GET", "/ready", "", "X-API-Key", ""); a.code != 200 {
		t.Error(a.code, a.body)
	}
	d := open(t, &fake{err: errors.New("dial tcp 10.0.0.1: refused")})
	a := d.call("GET", "/ready", "")
	if want := `{"status":"not ready","checks":{"redis":"failed"}}`; a.code != 503 || strings.TrimSpace(a.body) != want {
		t.Errorf("%d %s, want %s", a.code, a.body, want)
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
		{"unavailable", tracker.Errorf(tracker.CodeUnavailable, "the store is down"), 503, "the store is down"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{})
			d.fake.err = tc.err
			a := d.call("GET", "/api/v1/jobs/job-1", "", "X-Request-ID", "req-1")
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

// routes are all documented operations.
func routes(t *testing.T) (methods, paths []string) {
	t.Helper()
	b, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, m := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			methods, paths = append(methods, strings.ToUpper(m)), append(paths, path)
		}
	}
	return methods, paths
}

func TestNobodyReachesAnything(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	methods, paths := routes(t)
	open := []string{"/health", "/api/v1/health", "/ready"}
	for i, path := range paths {
		a := d.call(methods[i], strings.ReplaceAll(path, "{id}", "job-1"), "", "X-API-Key", "")
		if got := a.code == 401; got == slices.Contains(open, path) {
			t.Errorf("%s %s without authentication: %d", methods[i], path, a.code)
		}
	}
}

func TestThingsOfOthersDoNotExist(t *testing.T) {
	f := finished(tracker.JobPartial)
	f.jobs[0].Owner = bob
	f.schedules = []tracker.Schedule{{ID: "job-1", Owner: bob}}
	f.plans.list = []tracker.Plan{{ID: "job-1", Owner: bob}}
	d := open(t, f, func(o *api.Options) { o.Approvers = []string{alice} })
	methods, paths := routes(t)
	walked := 0
	for i, path := range paths {
		if !strings.Contains(path, "{id}") {
			continue
		}
		walked++
		for _, id := range []string{"job-1", "nothing", "%7Bjob%7D", "a%20b"} {
			body := ""
			switch {
			case methods[i] == http.MethodPut:
				body = nightly("")
			case strings.HasSuffix(path, "/apply"), strings.HasSuffix(path, "/approve"):
				body = `{"digest":"sha256:1"}`
			case strings.HasSuffix(path, "/undo"):
				body = credentials("")
			}
			if a := d.call(methods[i], strings.ReplaceAll(path, "{id}", id), body); a.code != 404 {
				t.Errorf("%s %s as another: %d %s", methods[i], path, a.code, a.body)
			}
		}
	}
	if walked < 7 {
		t.Errorf("walked %d routes", walked)
	}
	if a := d.call("GET", "/api/v1/jobs", ""); a.body != `{"success":true,"jobs":[]}`+"\n" {
		t.Error(a.body)
	}
	if a := d.call("GET", "/api/v1/resources", ""); a.code != 404 || !strings.Contains(a.body, "POST /api/v1/scan") {
		t.Error(a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/resources?cursor=job-1~1", ""); a.code != 404 {
		t.Error(a.code, a.body)
	}
	if a := d.call("POST", "/api/v1/resources/filter", `{"job_id":"job-1"}`); a.code != 404 {
		t.Error(a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/jobs/job-1", "", "X-API-Key", other); a.code != 200 {
		t.Error("bob himself:", a.code, a.body)
	}
}

func TestNewListsWhatIsWrong(t *testing.T) {
	_, err := api.New(api.Options{APIKeys: []string{""}, SecretKey: "short", CORSOrigins: []string{"*"}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"jobs, results and sealer", "catalogue", "API key is empty", "5 bytes", "exact origin"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

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

func TestDocs(t *testing.T) {
	d := open(t, &fake{})
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
	for _, encoding := range []string{"gzip", "zstd"} {
		a := d.call("GET", "/api/v1/openapi.json", "", "Accept-Encoding", encoding)
		if a.header.Get("Content-Encoding") != encoding || len(a.body) > 40_000 {
			t.Errorf("%s: %s, %d bytes", encoding, a.header.Get("Content-Encoding"), len(a.body))
		}
	}
}

func TestOperators(t *testing.T) {
	const operator = "key-of-operator"
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "here") })
	d := open(t, &fake{}, func(o *api.Options) { o.Monitoring, o.Metrics, o.OperatorKeys = page, page, []string{operator} })
	basic := func(password string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte("anybody:"+password))
	}
	token, err := api.MintToken(secret, "alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, key, authorization string
		code                     int
	}{
		{"nobody", "", "", 401},
		{"an unknown key", "key-of-nobody", "", 401},
		{"a caller", key, "", 403},
		{"a caller by password", "", basic(key), 403},
		{"a caller by token", "", "Bearer " + token, 403},
		{"an unknown password", "", basic("key-of-nobody"), 401},
		{"no password", "", basic(""), 401},
		{"a bad password with a good key", operator, basic("key-of-nobody"), 401},
		{"a bad token with a good key", operator, "Bearer x", 401},
		{"an operator", operator, "", 200},
		{"an operator by password", "", basic(operator), 200},
	} {
		for _, target := range []string{"/monitoring", "/monitoring/queues", "/metrics"} {
			a := d.call("GET", target, "", "X-API-Key", tc.key, "Authorization", tc.authorization)
			if a.code != tc.code || (a.body == "here") != (tc.code == 200) {
				t.Errorf("%s at %s: %d %s, want %d", tc.name, target, a.code, a.body, tc.code)
			}
			if asks := strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Basic "); asks != (tc.code == 401) {
				t.Errorf("%s at %s: asks for a password: %t", tc.name, target, asks)
			}
		}
	}
	if a := d.call("GET", "/api/v1/jobs", "", "X-API-Key", operator); a.code != 200 {
		t.Errorf("an operator's key is an API key too: %d %s", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/jobs", "", "X-API-Key", "", "Authorization", basic(key)); a.code != 401 {
		t.Errorf("passwords are for operators' pages only: %d", a.code)
	}
	for _, target := range []string{"/monitoring", "/metrics"} {
		if a := open(t, &fake{}).call("GET", target, ""); a.code != 404 {
			t.Errorf("%s is not configured: %d", target, a.code)
		}
	}
	f := &fake{}
	if _, err := api.New(api.Options{Jobs: f, Results: f, Plans: f, Audit: f.AuditTrail, Sealer: f, Types: types, Metrics: page}); err == nil {
		t.Error("metrics that nobody may see")
	}
}

func TestObserveKnowsNoClientsWords(t *testing.T) {
	var seen []string
	d := open(t, finished(tracker.JobPartial), func(o *api.Options) {
		o.Observe = func(method, route string, status int, _ time.Duration) {
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
