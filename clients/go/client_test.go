package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// server answers requests by functions, one after the other, and remembers them. The last function
// answers whatever comes after.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func serve(t *testing.T, answers ...http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		next := answers[min(len(s.seen), len(answers)-1)]
		s.seen = append(s.seen, r)
		s.mu.Unlock()
		next(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

func (s *server) client(t *testing.T, options ...client.Option) *client.Tracker {
	t.Helper()
	tracker, err := client.New(s.URL+"/", "key", options...)
	if err != nil {
		t.Fatal(err)
	}
	return tracker
}

// answer is an answer with a body; headers are name, value, ….
func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut is a connection that ends before it answers.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestErrors(t *testing.T) {
	t.Parallel()
	invalid := `{"success":false,"status":422,"error":"the request is not valid","errors":[{"location":"body.types[0]","message":"no such type"}],"request_id":"r1"}`
	quota := `{"error":"too many scans","quota":{"name":"jobs","limit":1,"used":1}}`
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		kind   error
		want   *client.Error
	}{
		{"fields", answer(422, invalid), client.ErrInvalid, &client.Error{Status: 422, Message: "the request is not valid", RequestID: "r1", Errors: []client.FieldError{{Location: "body.types[0]", Message: "no such type"}}}},
		{"key", answer(401, `{"error":"no such key"}`), client.ErrUnauthorized, &client.Error{Status: 401, Message: "no such key"}},
		{"role", answer(403, `{"error":"needs the role actor"}`), client.ErrForbidden, &client.Error{Status: 403, Message: "needs the role actor"}},
		{"unknown", answer(404, `{"error":"no such job","job_id":"j"}`), client.ErrNotFound, &client.Error{Status: 404, Message: "no such job", JobID: "j"}},
		{"quota", answer(429, quota, "Retry-After", "3600"), client.ErrLimited, &client.Error{Status: 429, Message: "too many scans", RetryAfter: time.Hour, Quota: &client.QuotaUse{Name: "jobs", Limit: 1, Used: 1}}},
		{"words of a proxy", answer(413, "<html>"), client.ErrInvalid, &client.Error{Status: 413, Message: "request entity too large"}},
		{"redirect", answer(302, "", "Location", "https://elsewhere.example"), nil, &client.Error{Status: 302, Message: "found"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.answer)
			_, err := s.client(t).GetJob(t.Context(), "j")
			got, ok := errors.AsType[*client.Error](err)
			if !ok || c.kind != nil && !errors.Is(err, c.kind) {
				t.Fatalf("%v is not of kind %v", err, c.kind)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if n := len(s.requests()); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
	if got, want := (&client.Error{Status: 422, Message: "no", Errors: []client.FieldError{{Location: "a", Message: "b"}, {Message: "c"}}}).Error(), "no; a: b; c (HTTP 422)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSendsAgainWhatCanBe(t *testing.T) {
	t.Parallel()
	busy := answer(503, `{"error":"busy"}`, "Retry-After", "0")
	limited := answer(429, `{"error":"slower"}`)
	job := answer(200, `{"job_id":"j","state":"running"}`)
	get := func(ctx context.Context, t *client.Tracker) error { _, err := t.GetJob(ctx, "j"); return err }
	scan := func(ctx context.Context, t *client.Tracker) error {
		_, err := t.StartScan(ctx, nil, client.ScanBody{})
		return err
	}
	makeKey := func(ctx context.Context, t *client.Tracker) error {
		_, err := t.AddKey(ctx, client.KeyBody{})
		return err
	}
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		call    func(context.Context, *client.Tracker) error
		asked   int
		kind    error
	}{
		{"busy", []http.HandlerFunc{busy, busy, job}, get, 3, nil},
		{"cut off", []http.HandlerFunc{job, cut, job}, get, 1, nil},
		{"cut off first", []http.HandlerFunc{cut, job}, get, 2, nil},
		{"cut off in the answer", []http.HandlerFunc{answer(200, `{"job`), job}, get, 2, nil},
		{"work that has a key", []http.HandlerFunc{cut, busy, limited, job}, scan, 4, nil},
		{"work without one", []http.HandlerFunc{busy, job}, makeKey, 1, client.ErrUnavailable},
		{"nothing was done", []http.HandlerFunc{limited, job}, makeKey, 2, nil},
		{"deleted by the first", []http.HandlerFunc{answer(200, "{}"), cut, answer(404, `{"error":"no such key"}`)}, func(ctx context.Context, t *client.Tracker) error {
			return errors.Join(t.DeleteKey(ctx, "k"), t.DeleteKey(ctx, "k"))
		}, 3, nil},
		{"nothing to delete", []http.HandlerFunc{answer(404, `{"error":"no such key"}`)}, func(ctx context.Context, t *client.Tracker) error {
			return t.DeleteKey(ctx, "k")
		}, 1, client.ErrNotFound},
		{"not JSON", []http.HandlerFunc{answer(200, "<html>")}, get, 1, errors.ErrUnsupported},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, c.answers...)
			err := c.call(t.Context(), s.client(t))
			if asked := len(s.requests()); asked != c.asked || (err == nil) != (c.kind == nil) {
				t.Errorf("asked %d times, want %d; %v", asked, c.asked, err)
			}
			keys := map[string]bool{}
			for _, r := range s.requests() {
				keys[r.Header.Get("Idempotency-Key")] = true
			}
			if len(keys) != 1 {
				t.Errorf("not the same request: %v", keys)
			}
		})
	}
}

func TestServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, `{}`))
	tracker := s.client(t)
	s.Close()
	begun := time.Now()
	if _, err := tracker.GetJob(t.Context(), "j"); err == nil {
		t.Fatal("no error")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %s to say so", took)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, `{}`))
	tracker := s.client(t, client.WithUserAgent("mine/1"))
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	calls := []error{}
	call := func(_ any, err error) { calls = append(calls, err) }
	call(tracker.GetRelations(t.Context(), "j/1", "acc/eu-west-1/EC2_Instance/i?"))
	call(tracker.ListJobResources(t.Context(), "j", &client.ListJobResourcesParams{Filter: "a b", Tag: []string{"x=1", "y,2"}, Limit: 5}))
	call(tracker.GetPlan(t.Context(), "p", &client.GetPlanParams{ItemState: []string{"failed", "refused"}}))
	call(tracker.ReadAudit(t.Context(), &client.ReadAuditParams{Since: &since}))
	call(tracker.ListFindings(t.Context(), "j", &client.ListFindingsParams{Counted: new(false), MinSaving: new(0.5)}))
	if err := errors.Join(calls...); err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, r := range s.requests() {
		got = append(got, r.URL.RequestURI())
		if r.Header.Get("X-API-Key") != "key" || r.UserAgent() != "mine/1 resource-tracker-go/"+client.Version {
			t.Errorf("headers %v", r.Header)
		}
	}
	want := []string{
		"/api/v1/jobs/j%2F1/resources/acc%2Feu-west-1%2FEC2_Instance%2Fi%3F/relations",
		"/api/v1/jobs/j/resources?filter=a+b&limit=5&tag=x%3D1&tag=y%2C2",
		"/api/v1/plans/p?item_state=failed%2Crefused",
		"/api/v1/audit?since=2026-01-02T03%3A04%3A05Z",
		"/api/v1/jobs/j/findings?counted=false&min_saving=0.5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, `{}`))
	tokens := func(context.Context) (string, error) { return "t1", nil }
	if _, err := s.client(t, client.WithTokens(tokens)).WhoAmI(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h := s.requests()[0].Header; h.Get("Authorization") != "Bearer t1" || h.Get("X-API-Key") != "" {
		t.Errorf("headers %v", h)
	}
	gone := errors.New("signed out")
	_, err := s.client(t, client.WithTokens(func(context.Context) (string, error) { return "", gone })).WhoAmI(t.Context())
	if !errors.Is(err, gone) || len(s.requests()) != 1 {
		t.Errorf("%v after %d requests", err, len(s.requests()))
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	page := func(_ int, next string, ids ...string) http.HandlerFunc {
		resources := []client.Resource{}
		for _, id := range ids {
			resources = append(resources, client.Resource{ResourceID: id})
		}
		b, _ := json.Marshal(client.ResourcesAnswer{Resources: resources, NextCursor: next})
		return answer(200, string(b))
	}
	s := serve(t, page(1, "c1", "a", "b"), page(2, "c2", "c"), answer(403, `{"error":"no more"}`), page(1, "", "z"))
	params := &client.ListJobResourcesParams{Region: "eu-west-1"}
	all := s.client(t).Resources(t.Context(), "j", params)
	got := []string{}
	var failed error
	for r, err := range all {
		if failed = err; err == nil {
			got = append(got, r.ResourceID)
		}
	}
	if want := []string{"a", "b", "c"}; !slices.Equal(got, want) || !errors.Is(failed, client.ErrForbidden) {
		t.Errorf("%v, %v", got, failed)
	}
	for r, err := range all { // from the beginning
		if err != nil || r.ResourceID != "z" {
			t.Errorf("%v, %v", r.ResourceID, err)
		}
	}
	cursors := []string{}
	for _, r := range s.requests() {
		cursors = append(cursors, r.URL.Query().Get("cursor")+" "+r.URL.Query().Get("region"))
	}
	if want := []string{" eu-west-1", "c1 eu-west-1", "c2 eu-west-1", " eu-west-1"}; !slices.Equal(cursors, want) || params.Limit != 0 {
		t.Errorf("cursors %q, the caller's parameters %+v", cursors, params)
	}
}

func TestInventoryPages(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, `{"resources":[{"resource_id":"a","stale":true}],"next_cursor":"c"}`), answer(200, `{"resources":[{"resource_id":"b"}]}`),
		answer(200, `{"versions":[{"state":"stopped"}],"next_cursor":"7"}`), answer(200, `{"versions":[{"state":"running"}]}`),
		answer(200, `{"groups":[{"keys":["EC2_Instance",null]}]}`))
	var got []string
	for r, err := range s.client(t).Inventory(t.Context(), &client.ListInventoryParams{Sort: "-cost"}) {
		got = append(got, fmt.Sprint(r.ResourceID, r.Stale, err))
	}
	for v, err := range s.client(t).Versions(t.Context(), "1/eu/EC2_Instance/arn:a/b", nil) {
		got = append(got, fmt.Sprint(v.State, err))
	}
	if want := []string{"atrue <nil>", "bfalse <nil>", "stopped<nil>", "running<nil>"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	a, err := s.client(t).GroupInventory(t.Context(), &client.GroupInventoryParams{By: []string{"type", "tag:team"}})
	if err != nil || *a.Groups[0].Keys[0] != "EC2_Instance" || a.Groups[0].Keys[1] != nil {
		t.Errorf("%+v, %v", a, err)
	}
	paths := []string{}
	for _, r := range s.requests() {
		paths = append(paths, r.URL.EscapedPath()+" "+r.URL.Query().Get("cursor")+r.URL.Query().Get("by"))
	}
	want := []string{
		"/api/v1/inventory ", "/api/v1/inventory c", "/api/v1/inventory/1%2Feu%2FEC2_Instance%2Farn:a%2Fb/history ", "/api/v1/inventory/1%2Feu%2FEC2_Instance%2Farn:a%2Fb/history 7",
		"/api/v1/inventory/groups type,tag:team",
	}
	if !slices.Equal(paths, want) {
		t.Errorf("%q", paths)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	state := func(s string) http.HandlerFunc {
		return answer(200, fmt.Sprintf(`{"job_id":"j","state":%q,"plan":{"plan_id":"p","state":%q}}`, s, s))
	}
	s := serve(t, state("queued"), state("running"), cut, answer(503, ""), state("partial"))
	told := []string{}
	job, err := s.client(t).WaitJob(t.Context(), "j", func(j *client.JobAnswer) { told = append(told, j.State) })
	if err != nil || job.State != "partial" || strings.Join(told, " ") != "queued running partial" {
		t.Errorf("%v, %v, told %v", job, err, told)
	}
	s = serve(t, state("planning"), state("planned"))
	if plan, err := s.client(t).WaitPlan(t.Context(), "p", nil); err != nil || plan.Plan.State != "planned" {
		t.Errorf("%v, %v", plan, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s = serve(t, state("running"))
	if _, err := s.client(t).WaitJob(ctx, "j", func(*client.JobAnswer) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "localhost:5000", "ftp://x", "http://", "http://[", "/api"} {
		if _, err := client.New(address, ""); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
}
