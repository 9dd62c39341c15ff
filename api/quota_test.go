package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// counter is quotas of which a number of requests is left.
type counter struct {
	left int64
	err  error
	who  []string
	own  tracker.Limits
}

func (c *counter) Request(_ context.Context, tenant, who string) ([]tracker.RateUse, error) {
	c.who = append(c.who, tenant+" "+who)
	u := tracker.RateUse{Quota: tracker.QuotaRequests, Limit: 50, Left: max(0, c.left-1), Reset: 1500 * time.Millisecond}
	if c.left--; c.left < 0 {
		u.Wait = 20 * time.Millisecond
	}
	return []tracker.RateUse{u}, c.err
}

func (c *counter) Usage(context.Context, string, string) ([]tracker.QuotaUse, error) {
	return []tracker.QuotaUse{tracker.QuotaJobsDay.Use(5, 3, epoch), tracker.QuotaJobs.OfPrincipal().Use(0, 1, epoch)}, c.err
}

func (c *counter) OwnQuotas(context.Context, string) (tracker.Limits, error) { return c.own, c.err }

func (c *counter) PutQuotas(_ context.Context, _ tracker.Principal, _ string, own tracker.Limits) error {
	c.own = own
	return c.err
}

// aliceKey is whom alice's key stands for.
const aliceKey = "key:d16a8095"

func quotas(c *counter) func(*api.Options) { return func(o *api.Options) { o.Quotas = c } }

// headersOf are the header fields that tell of quotas.
func headersOf(a answer) [3]string {
	list := func(name string) string { return strings.Join(a.header.Values(name), ", ") }
	return [3]string{list("RateLimit-Policy"), list("RateLimit"), a.header.Get("Retry-After")}
}

func TestRequestsAreCounted(t *testing.T) {
	c := &counter{left: 1}
	d := open(t, finished(tracker.JobSucceeded), quotas(c))
	a := d.call("GET", "/api/v1/jobs/job-1", "")
	if want := [3]string{`"requests";q=50;w=1`, `"requests";r=0;t=2`, ""}; a.code != 200 || headersOf(a) != want {
		t.Errorf("within: %d %q", a.code, headersOf(a))
	}
	a = d.call("GET", "/api/v1/jobs/job-1", "")
	if want := [3]string{`"requests";q=50;w=1`, `"requests";r=0;t=2`, "1"}; a.code != 429 || headersOf(a) != want {
		t.Errorf("beyond: %d %q", a.code, headersOf(a))
	}
	v := a.json(t)
	if u, _ := v["quota"].(map[string]any); u["name"] != "requests" || u["limit"] != 50.0 || u["used"] != 50.0 || v["success"] != false {
		t.Error(a.body)
	}
	if a := d.call("GET", "/health", ""); a.code != 200 || headersOf(a) != [3]string{} {
		t.Error("who needs not be known:", a.code, headersOf(a))
	}
	if a := d.call("GET", "/api/v1/jobs", "", "X-API-Key", ""); a.code != 401 || len(c.who) != 2 {
		t.Error("who is not known:", a.code, c.who)
	}
	if diff := cmp.Diff([]string{alice + " " + aliceKey, alice + " " + aliceKey}, c.who); diff != "" {
		t.Error(diff)
	}
	if a := open(t, finished(tracker.JobSucceeded), quotas(&counter{err: errors.New("no Redis")})).call("GET", "/api/v1/jobs/job-1", ""); a.code != 200 {
		t.Error("what cannot be counted passes:", a.code, a.body)
	}
}

func TestAQuotaRefuses(t *testing.T) {
	use := tracker.QuotaJobsDay.Use(5, 5, time.Now())
	d := open(t, &fake{refusal: use.Refused()}, quotas(&counter{left: 9}))
	a := d.call("POST", "/api/v1/scan", credentials(""))
	h := headersOf(a)
	if a.code != 429 || h[0] != `"requests";q=50;w=1, "jobs_per_day";q=5;w=86400` || !strings.HasPrefix(h[1], `"requests";r=8;t=2, "jobs_per_day";r=0;t=`) || h[2] == "" {
		t.Error(a.code, h)
	}
	if v := a.json(t); v["error"] != "the quota jobs_per_day does not allow it: its limit is 5, and 5 are used" ||
		v["quota"].(map[string]any)["resets_at"] != use.ResetsAt.Format(time.RFC3339) {
		t.Error(a.body)
	}
	d.fake.refusal = tracker.QuotaJobs.Use(2, 2, time.Now()).Refused()
	if h := headersOf(d.call("POST", "/api/v1/scan", credentials(""))); h != [3]string{`"requests";q=50;w=1, "jobs";q=2`, `"requests";r=7;t=2, "jobs";r=0;t=5`, "5"} {
		t.Error(h)
	}
}

func TestQuotaIsRead(t *testing.T) {
	a := open(t, &fake{}, quotas(&counter{left: 9})).call("GET", "/api/v1/quota", "")
	want := `{"success":true,"quotas":[{"name":"jobs_per_day","per":"day","limit":5,"used":3,"resets_at":"2026-11-22T00:00:00Z"},` +
		`{"name":"principal.jobs","limit":0,"used":1}]}`
	if a.code != 200 || strings.TrimSpace(a.body) != want {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/quota", ""); strings.TrimSpace(a.body) != `{"success":true,"quotas":[]}` {
		t.Error("without quotas:", a.body)
	}
}

// from is a header by which a request comes from an address.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

func guarded(requests, failures int64) func(*api.Options) {
	return func(o *api.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // those of the tests
		o.AddressLimits = tracker.Limits{tracker.QuotaAddressRequests: requests, tracker.QuotaAddressFailures: failures}
	}
}

func TestFailedLoginsSlowDown(t *testing.T) {
	const operator = "key-of-operator"
	d := open(t, finished(tracker.JobSucceeded), guarded(0, 3), func(o *api.Options) {
		o.OperatorKeys, o.Metrics = []string{operator}, http.NotFoundHandler()
	})
	get := func(path, address, key string) int {
		return d.call("GET", path, "", append(from(address), "X-API-Key", key)...).code
	}
	if code := get("/api/v1/jobs/job-1", "203.0.113.7", key); code != 200 {
		t.Fatal(code)
	}
	var codes []int
	for i := range 5 {
		path := []string{"/api/v1/jobs", "/metrics"}[i%2]
		codes = append(codes, get(path, "203.0.113.7", "guess"))
	}
	if diff := cmp.Diff([]int{401, 401, 401, 401, 429}, codes); diff != "" {
		t.Error(diff)
	}
	a := d.call("GET", "/api/v1/jobs", "", append(from("203.0.113.7"), "X-API-Key", other)...)
	if a.code != 429 || a.header.Get("Retry-After") != "2" {
		t.Errorf("a good key that was not seen from there is not looked at: %d, Retry-After %q", a.code, a.header.Get("Retry-After"))
	}
	if code := get("/metrics", "203.0.113.7", operator); code != 429 {
		t.Error("an operator's:", code)
	}
	for _, tc := range []struct {
		name, path, address, key string
		code                     int
	}{
		{"a key that was good from there", "/api/v1/jobs/job-1", "203.0.113.7", key, 200},
		{"another address", "/api/v1/jobs/job-1", "203.0.113.8", key, 200},
		{"what everybody may read", "/health", "203.0.113.7", "", 200},
	} {
		if code := get(tc.path, tc.address, tc.key); code != tc.code {
			t.Errorf("%s: %d, want %d", tc.name, code, tc.code)
		}
	}
	if diff := cmp.Diff([]string{
		"203.0.113.7: an API key that is not accepted", "203.0.113.7: an API key that is not accepted",
		"203.0.113.7: an API key that is not accepted", "203.0.113.7: an API key that is not accepted",
	}, d.fake.failedLogins); diff != "" {
		t.Error("the audit is told of what was looked at:", diff)
	}
}

func TestRequestsOfAnAddress(t *testing.T) {
	d := open(t, &fake{}, guarded(3, 0))
	var codes []int
	for _, address := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::3", "2001:db8:0:1::1", "203.0.113.7"} {
		codes = append(codes, d.call("GET", "/health", "", from(address)...).code)
	}
	if diff := cmp.Diff([]int{200, 200, 200, 429, 200, 200}, codes); diff != "" {
		t.Error(diff)
	}
	if a := d.call("GET", "/nothing", "", from("2001:db8::9")...); a.code != 429 || a.header.Get("Retry-After") != "1" || !strings.Contains(a.body, "more than 3 requests a second") {
		t.Error(a.code, a.body)
	}
}

// withBob has the tenant bob besides.
type withBob struct{ noTenants }

func (w withBob) Tenant(ctx context.Context, name string) (tracker.Tenant, error) {
	if name == bob {
		return tracker.Tenant{Name: name}, nil
	}
	return w.noTenants.Tenant(ctx, name)
}

func TestQuotaOfATenant(t *testing.T) {
	c := &counter{left: 99}
	d := open(t, &fake{}, quotas(c), func(o *api.Options) { o.Tenants = withBob{} })
	const path = "/api/v1/tenants/bob/quota"
	for _, tc := range []struct {
		name, body string
		code       int
		own        tracker.Limits
	}{
		{"limits", `{"limits":{"jobs":3,"principal.requests":0}}`, 200, tracker.Limits{"jobs": 3, "principal.requests": 0}},
		{"no such quota", `{"limits":{"job":3}}`, 422, tracker.Limits{"jobs": 3, "principal.requests": 0}},
		{"one of addresses", `{"limits":{"address.requests":3}}`, 422, tracker.Limits{"jobs": 3, "principal.requests": 0}},
		{"below none", `{"limits":{"jobs":-1}}`, 422, tracker.Limits{"jobs": 3, "principal.requests": 0}},
		{"those of the server", `{"limits":{}}`, 200, tracker.Limits{}},
	} {
		a := d.call("PUT", path, tc.body)
		if diff := cmp.Diff(tc.own, c.own); a.code != tc.code || diff != "" {
			t.Errorf("%s: %d %s%s", tc.name, a.code, a.body, diff)
		}
	}
	if a := d.call("GET", path, ""); a.code != 200 || a.json(t)["tenant"] != "bob" {
		t.Error(a.code, a.body)
	}
	if a := d.call("PUT", path, `{"limits":{}}`, "X-API-Key", other); a.code != 403 {
		t.Error("of another tenant:", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/tenants/nobody/quota", ""); a.code != 404 {
		t.Error("no such tenant:", a.code, a.body)
	}
}
