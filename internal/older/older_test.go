package older_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/older"
)

// asked is a request that came to the API.
type asked struct {
	Query, Body string
	Key         bool // it has an Idempotency-Key
}

// said is what the API answers to it.
type said struct {
	after  time.Duration
	status int
	body   string
	header map[string]string
}

// scripted is an API that answers one thing after another, the last one for ever.
type scripted struct {
	t       *testing.T
	answers []said
	asked   []asked
	keys    map[string]bool
	// packs is that the last request takes a compressed answer.
	packs bool
	// keyless is that it has a token that no keys go with.
	keyless bool
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := r.Header.Get("Idempotency-Key")
	s.asked = append(s.asked, asked{r.URL.RawQuery, string(body), key != ""})
	if s.keys == nil {
		s.keys = map[string]bool{}
	}
	s.keys[key] = true
	s.packs = r.Header.Get("Accept-Encoding") != ""
	s.keyless = r.Header.Get("X-AWS-Session-Token") != ""
	now := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	select {
	case <-time.After(now.after):
	case <-r.Context().Done():
	}
	w.Header().Set("Content-Type", "application/json")
	if now.status >= http.StatusBadRequest && !strings.Contains(now.body, "resource_id") {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	for name, value := range now.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(now.status)
	_, _ = io.WriteString(w, now.body)
}

const (
	scanRequest = `{"access_key_id":"a","secret_access_key":"s","max_workers":5}`
	running     = `{"success":true,"job_id":"j","state":"running"}`
	result      = `{"success":true,"data":{"resources":[]}}`
)

// brief are looks that a test can wait for; quick is less than half of one, and slow a whole one.
var brief = older.Times{Look: time.Second, Scan: time.Second, Patience: 1500 * time.Millisecond}

const slow = 600 * time.Millisecond

// send sends a request to an older client's server, and answers what came at which time.
func send(t *testing.T, api http.Handler, times older.Times, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(older.Handler(api, times))
	t.Cleanup(server.Close)
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

func TestScan(t *testing.T) {
	ended := said{status: 200, body: result}
	goes := said{after: slow, status: 202, body: running}
	for _, tt := range []struct {
		name    string
		answers []said
		status  int
		want    string
		asked   int
	}{
		{"ends within the first look", []said{ended}, 200, result, 1},
		{"ends later", []said{goes, ended}, 200, "\n" + result, 2},
		{"ends later still", []said{goes, goes, ended}, 200, "\n\n" + result, 3},
		{
			"refused at once",
			[]said{{status: 422, body: `{"success":false,"error":"max_workers: too small","errors":[{"location":"body.max_workers"}],"title":"x"}`}},
			400, `{"success":false,"error":"max_workers: too small","errors":[{"location":"body.max_workers"}]}`, 1,
		},
		{"without a key", []said{{status: 401, body: `{"success":false,"error":"Missing authentication"}`}}, 401, `{"error":"Missing authentication"}`, 1},
		{"without credentials", []said{{status: 400, body: `{"success":false,"error":"AWS credentials missing from request"}`}}, 400, `{"success":false,"error":"AWS credentials missing from request"}`, 1},
		{
			"fails within the first look",
			[]said{{status: 500, body: `{"success":false,"error":"Internal server error during scan","details":"why","job_id":"j"}`}},
			500, `{"success":false,"error":"Internal server error during scan","details":"why","job_id":"j"}`, 1,
		},
		{
			"fails later",
			[]said{goes, {status: 500, body: `{"success":false,"error":"Internal server error during scan","details":"why"}`}},
			200, "\n" + `{"success":false,"error":"Internal server error during scan","details":"why"}`, 2,
		},
		{"the database is away for a moment", []said{goes, {status: 503, body: `{"error":"x"}`, header: map[string]string{"Retry-After": "0"}}, ended}, 200, "\n\n" + result, 3},
		{"the database is away at first", []said{{status: 503, body: `{"error":"x"}`}}, 503, `{"success":false,"error":"x"}`, 1},
		{"never ends", []said{goes}, 200, "\n\n" + `{"success":false,"error":"Scan timed out","details":"It has not ended after 1.5s, and goes on.","job_id":"j"}`, 3},
		{
			"the server closes",
			[]said{{status: 202, body: running}},
			503,
			`{"success":false,"error":"the server is shutting down","details":"The scan goes on: ask for the same scan again.","job_id":"j"}`, 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api := &scripted{t: t, answers: tt.answers}
			resp, got := send(t, api, brief, "POST", "/api/v1/scan", scanRequest)
			if diff := cmp.Diff(tt.want, got); diff != "" || resp.StatusCode != tt.status {
				t.Errorf("%d (-want +got):\n%s", resp.StatusCode, diff)
			}
			if resp.Header.Get("Content-Type") != "application/json" {
				t.Error(resp.Header)
			}
			if len(api.asked) != tt.asked || len(api.keys) != 1 {
				t.Errorf("asked %d times under %d keys, want %d under one: %+v", len(api.asked), len(api.keys), tt.asked, api.asked)
			}
		})
	}
}

// TestScan_StaysAlive: bytes come while the scan runs, before it has ended.
func TestScan_StaysAlive(t *testing.T) {
	end := make(chan struct{})
	looks := 0
	server := httptest.NewServer(older.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if looks++; looks == 1 {
			<-time.After(slow)
			w.WriteHeader(http.StatusAccepted)
			return
		}
		<-end
		_, _ = io.WriteString(w, result)
	}), brief))
	defer server.Close()
	resp, err := http.Post(server.URL+"/api/v1/scan", "application/json", strings.NewReader(scanRequest))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, 1)
	if _, err := io.ReadFull(resp.Body, first); err != nil || first[0] != '\n' {
		t.Fatalf("%q, %v", first, err)
	}
	close(end)
	var answer struct{ Success bool }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.Success {
		t.Fatal(answer, err)
	}
}

func TestScan_Request(t *testing.T) {
	for _, tt := range []struct {
		name, path, body string
		header           []string
		times            older.Times
		want             asked
	}{
		{name: "an older client's", body: scanRequest, want: asked{"wait=20", `{"access_key_id":"a","max_workers":5,"secret_access_key":"s","timeout_seconds":570}`, true}},
		{name: "more workers than there are", body: `{"max_workers":50}`, want: asked{"wait=20", `{"max_workers":20,"timeout_seconds":570}`, true}},
		{name: "null", body: `{"max_workers":null}`, want: asked{"wait=20", `{"timeout_seconds":570}`, true}},
		{name: "a server with shorter scans", body: `{}`, times: older.Times{Most: time.Minute}, want: asked{"wait=20", `{}`, true}},
		{name: "no object", body: `[1]`, want: asked{"wait=20", `[1]`, true}},
		{name: "no body", want: asked{"wait=20", ``, true}},
		{name: "a number of regions", path: "/scan-resources", body: `{"regions":3}`, want: asked{"wait=20", `{"regions":3,"timeout_seconds":570}`, true}},
		{name: "a newer member", body: `{"types":["AMI"]}`, want: asked{"", `{"types":["AMI"]}`, false}},
		{name: "a query", path: "/api/v1/scan?wait=0", body: scanRequest, want: asked{"wait=0", scanRequest, false}},
		{name: "a preference", body: scanRequest, header: []string{"Prefer", "respond-async"}, want: asked{"", scanRequest, false}},
		{name: "a key", body: scanRequest, header: []string{"Idempotency-Key", "k"}, want: asked{"", scanRequest, true}},
		{name: "a large body", body: `{"x":"` + strings.Repeat("y", 100_000) + `"}`, want: asked{"", `{"x":"` + strings.Repeat("y", 100_000) + `"}`, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := &scripted{t: t, answers: []said{{status: 200, body: result}}}
			path := tt.path
			if path == "" {
				path = "/api/v1/scan"
			}
			send(t, api, tt.times, "POST", path, tt.body, tt.header...)
			if diff := cmp.Diff([]asked{tt.want}, api.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestScan_LargeResult: what comes is passed on as it comes, and cut off where it is.
func TestScan_LargeResult(t *testing.T) {
	const size = 32 << 20
	server := httptest.NewServer(older.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		chunk := bytes.Repeat([]byte("x"), 1<<16)
		for range size / len(chunk) {
			_, _ = w.Write(chunk)
		}
		panic(http.ErrAbortHandler)
	}), brief))
	defer server.Close()
	resp, err := http.Post(server.URL+"/api/v1/scan", "application/json", strings.NewReader(scanRequest))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); n != size || err == nil {
		t.Fatalf("%d bytes, %v; want %d and no good end", n, err, size)
	}
}

func TestAction(t *testing.T) {
	const request = `{"access_key_id":"a","secret_access_key":"s","resource_id":"i","resource_type":"T","region":"r","action":"STOP"}`
	for _, tt := range []struct {
		name, body string
		says       said
		status     int
		want       string
	}{
		{"done", request, said{status: 200, body: `{"success":true,"resource_id":"i"}`}, 200, `{"success":true,"resource_id":"i"}`},
		{"refused", request, said{status: 400, body: `{"success":false,"resource_id":"i","error":"why"}`}, 400, `{"success":false,"resource_id":"i","error":"why"}`},
		{"a verb that there is not", request, said{status: 400, body: `{"error":"Invalid action. Supported: stop, delete, terminate, attach, tag"}`}, 400, `{"success":false,"error":"Invalid action. Supported: stop, delete, terminate"}`},
		{"nobody", request, said{status: 401, body: `{"error":"Invalid API key"}`}, 401, `{"error":"Invalid API key"}`},
		{"not allowed", request, said{status: 403, body: `{"error":"no"}`}, 403, `{"success":false,"error":"no"}`},
		{"an error page", request, said{status: 502, body: `<html>`}, 502, `{"success":false,"error":"Bad Gateway"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, got := send(t, &scripted{t: t, answers: []said{tt.says}}, brief, "POST", "/api/v1/resources/action", tt.body)
			if got != tt.want || resp.StatusCode != tt.status {
				t.Errorf("%d %s", resp.StatusCode, got)
			}
		})
	}
}

func TestBulk(t *testing.T) {
	item := func(id string) string {
		return fmt.Sprintf(`{"resource_id":%q,"resource_type":"T","region":"r","action":"stop"}`, id)
	}
	fault := func(at ...string) said {
		var list []string
		for _, a := range at {
			list = append(list, fmt.Sprintf(`{"location":%q,"message":"wrong"}`, a))
		}
		return said{status: 422, body: `{"error":"x","errors":[` + strings.Join(list, ",") + `]}`}
	}
	done := func(ids ...string) said {
		var list []string
		for _, id := range ids {
			list = append(list, fmt.Sprintf(`{"resource_id":%q,"success":true,"message":"done"}`, id))
		}
		return said{status: 200, body: fmt.Sprintf(`{"success":false,"total_actions":%d,"successful":%d,"failed":0,"pending":0,"results":[%s],"plan_id":"p"}`, len(ids), len(ids), strings.Join(list, ","))}
	}
	ok := func(id string) string {
		return fmt.Sprintf(`{"resource_id":%q,"success":true,"message":"done"}`, id)
	}
	wrong := func(id string) string {
		return fmt.Sprintf(`{"resource_id":%s,"success":false,"message":"wrong","verification_status":"failed","error":"wrong"}`, id)
	}
	answer := func(good, bad int, plan string, results ...string) string {
		return fmt.Sprintf(`{"success":true,"total_actions":%d,"successful":%d,"failed":%d,"pending":0,"results":[%s]%s}`, good+bad, good, bad, strings.Join(results, ","), plan)
	}
	const plan = `,"plan_id":"p"`
	for _, tt := range []struct {
		name    string
		items   []string
		answers []said
		status  int
		want    string
		last    string // the items that were asked for last
	}{
		{"all done", []string{item("a"), item("b")}, []said{done("a", "b")}, 200, answer(2, 0, plan, ok("a"), ok("b")), item("a") + "," + item("b")},
		{"one malformed", []string{item("a"), item("b"), item("c")}, []said{fault("body.actions[1].region"), done("a", "c")}, 200, answer(2, 1, plan, ok("a"), wrong(`"b"`), ok("c")), item("a") + "," + item("c")},
		{"one after the other", []string{item("a"), item("b"), item("c")}, []said{fault("body.actions[0].region"), fault("body.actions[0]"), done("c")}, 200, answer(1, 2, plan, wrong(`"a"`), wrong(`"b"`), ok("c")), item("c")},
		{"no object", []string{`"x"`, item("b")}, []said{fault("body.actions[0]"), done("b")}, 200, answer(1, 1, plan, wrong("null"), ok("b")), item("b")},
		{"all malformed", []string{item("a")}, []said{fault("body.actions[0].action")}, 200, answer(0, 1, "", wrong(`"a"`)), item("a")},
		{"too many", []string{item("a")}, []said{fault("body.actions")}, 400, `{"success":false,"error":"x","errors":[{"location":"body.actions","message":"wrong"}]}`, item("a")},
		{"without credentials", []string{item("a")}, []said{{status: 400, body: `{"error":"AWS credentials missing from request"}`}}, 400, `{"success":false,"error":"AWS credentials missing from request"}`, item("a")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := &scripted{t: t, answers: tt.answers}
			resp, got := send(t, api, brief, "POST", "/api/v1/resources/bulk-action", `{"access_key_id":"a","secret_access_key":"s","actions":[`+strings.Join(tt.items, ",")+`]}`)
			if diff := cmp.Diff(tt.want, got); diff != "" || resp.StatusCode != tt.status {
				t.Errorf("%d (-want +got):\n%s", resp.StatusCode, diff)
			}
			want := `{"access_key_id":"a","actions":[` + tt.last + `],"canary":false,"max_failure_percent":100,"secret_access_key":"s"}`
			if diff := cmp.Diff(want, api.asked[len(api.asked)-1].Body); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, body := range map[string]string{
		"a newer member": `{"select":{}}`, "a newer member of an item": `{"actions":[{"resource_id":"a","params":{}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			api := &scripted{t: t, answers: []said{{status: 422, body: `{"error":"x"}`}}}
			resp, got := send(t, api, brief, "POST", "/api/v1/resources/bulk-action", body)
			if resp.StatusCode != http.StatusUnprocessableEntity || got != `{"error":"x"}` || api.asked[0].Body != body {
				t.Error(resp.StatusCode, got, api.asked)
			}
		})
	}
}

func TestResources(t *testing.T) {
	const notice = `"message":"Resources of your newest finished scan: POST /api/v1/scan starts one","docs":"/api/v1/docs"`
	for _, tt := range []struct {
		name, query string
		says        said
		status      int
		want, asked string
	}{
		{"found", "?state=running&region=", said{status: 200, body: `{"success":true}`}, 200, "{" + notice + `,"success":true}`, "state=running"},
		{"nothing is scanned", "", said{status: 404, body: `{"error":"x"}`}, 200, "{" + notice + "}\n", ""},
		{"refused", "", said{status: 401, body: `{"error":"x"}`}, 401, `{"error":"x"}`, ""},
		{"a newer client", "?limit=1", said{status: 404, body: `{"error":"x"}`}, 404, `{"error":"x"}`, "limit=1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := &scripted{t: t, answers: []said{tt.says}}
			resp, got := send(t, api, brief, "GET", "/api/v1/resources"+tt.query, "")
			if got != tt.want || resp.StatusCode != tt.status || api.asked[0].Query != tt.asked {
				t.Errorf("%d %s, asked %+v", resp.StatusCode, got, api.asked)
			}
		})
	}
}

// TestWithoutKeys: what has no AWS keys is refused, also where the API lends its own identity.
func TestWithoutKeys(t *testing.T) {
	for _, tt := range []struct {
		path, body string
		header     []string
		keyless    bool
	}{
		{path: "/api/v1/scan", body: `{}`, keyless: true},
		{path: "/api/v1/scan", body: ``, keyless: true},
		{path: "/api/v1/scan", body: `{"access_key_id":"","secret_access_key":null}`, keyless: true},
		{path: "/api/v1/scan", body: scanRequest},
		{path: "/api/v1/scan", body: `{}`, header: []string{"X-AWS-Access-Key", "a", "X-AWS-Secret-Key", "s"}},
		{path: "/api/v1/scan", body: `{"account":"prod"}`},
		{path: "/api/v1/resources/action", body: `{"action":"stop"}`, keyless: true},
		{path: "/api/v1/resources/bulk-action", body: `{"actions":[{}]}`, keyless: true},
		{path: "/api/v1/resources/bulk-action", body: `{"actions":[{"params":{}}]}`},
	} {
		api := &scripted{t: t, answers: []said{{status: 400, body: `{"error":"AWS credentials missing from request"}`}}}
		if send(t, api, brief, "POST", tt.path, tt.body, tt.header...); api.keyless != tt.keyless {
			t.Errorf("%s %s: refused %v", tt.path, tt.body, api.keyless)
		}
	}
}

// TestElsewhere: what the earlier service did not have is as it is.
func TestElsewhere(t *testing.T) {
	api := &scripted{t: t, answers: []said{{status: 422, body: `{"error":"x","status":422}`}}}
	for _, path := range []string{"/api/v1/plans", "/api/v1//scan", "/api/v1/jobs/a%2F%2Fb"} {
		if resp, got := send(t, api, brief, "POST", path, "{}"); resp.StatusCode != http.StatusUnprocessableEntity || got != `{"error":"x","status":422}` || !api.packs {
			t.Error(path, resp.StatusCode, got)
		}
	}
	if resp, got := send(t, api, brief, "POST", "/api/v1/resources/filter", "{}"); resp.StatusCode != http.StatusBadRequest || got != `{"success":false,"error":"x"}` || api.packs {
		t.Error(resp.StatusCode, got)
	}
}
