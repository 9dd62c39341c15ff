package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestTenantsAndRoles walks every route with what another tenant has, as every role: what
// the role does not allow is 403, what is left does not exist. No list and no answer
// holds anything of the other tenant.
func TestTenantsAndRoles(t *testing.T) {
	t.Parallel()
	database := historytest.Database(t)
	s := newStack(t, "http://127.0.0.1:9", "DATABASE_URL="+database, "ALLOW_SERVER_CREDENTIALS=true", "SCAN_TIMEOUT_SECONDS=10", "WEBHOOK_ALLOW=127.0.0.0/8")
	admin := s.client(operatorKey)
	theirs := estateOf(admin)
	keepFinding(t, database, theirs["finding"])
	var budget struct {
		ID string `json:"budget_id"`
	}
	a := admin.do(http.MethodPost, "/api/v1/budgets", map[string]any{"name": "n", "monthly_amount": 1})
	if err := json.Unmarshal(a.body, &budget); err != nil || a.status != http.StatusCreated {
		t.Fatalf("make a budget: status %d: %s", a.status, a.body)
	}
	theirs["budget"] = budget.ID
	var hidden []string
	for _, id := range theirs {
		hidden = append(hidden, id)
	}
	tenant := admin.newTenant()
	spec := s.specification(admin)
	walked, lists := 0, 0
	for _, role := range tracker.Roles() {
		c := admin.newKey(tenant, role)
		fill := sampler{spec, rand.New(rand.NewPCG(12, 3)), bodyValues(theirs)}
		for _, r := range spec.routes() {
			need, _ := r.operation["x-permission"].(string)
			if need == "" || strings.HasSuffix(r.path, "/events") && !strings.Contains(r.path, "{") {
				continue
			}
			path, foreign := fillPath(t, r, theirs)
			var body any
			if schema := spec.bodyOf(r); schema != nil {
				body = required(fill, spec, schema)
			}
			a := c.do(r.method, path, body)
			for _, id := range hidden {
				// The audit says which IDs its own tenant has asked for in vain.
				if r.id() != "read-audit" && strings.Contains(string(a.body), id) && !strings.Contains(path, id) {
					t.Errorf("%s as %s of another tenant answers %s: %s", r.id(), role, id, a.body)
				}
			}
			allowed := role.Allows(tracker.Permit(need)) || need == string(tracker.PermitSelf)
			switch {
			case !allowed:
				walked++
				if a.status != http.StatusForbidden {
					t.Errorf("%s, which needs %s, as %s: %d %s", r.id(), need, role, a.status, a.body)
				}
			case foreign:
				walked++
				if a.status != http.StatusNotFound {
					t.Errorf("%s %s as %s of another tenant: %d %s", r.method, path, role, a.status, a.body)
				}
			default:
				lists++
				if a.status >= http.StatusInternalServerError {
					t.Errorf("%s as %s: %d %s", r.id(), role, a.status, a.body)
				}
			}
		}
		// IDs within bodies lead nowhere either.
		for path, body := range map[string]map[string]any{
			"/api/v1/resources/filter": {"job_id": theirs["job"]},
			"/api/v1/plans":            with(valid(), "select", map[string]any{"job_id": theirs["job"], "filter": "type:EC2_Instance", "action": "stop"}),
		} {
			if a := c.do(http.MethodPost, path, body); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
				t.Errorf("POST %s of another tenant's job as %s: %d %s", path, role, a.status, a.body)
			}
		}
	}
	t.Logf("%d pairs of route and role were refused, %d answered with the tenant's own", walked, lists)
	for _, path := range []string{"/api/v1/jobs/" + theirs["job"], "/api/v1/inventory/" + theirs["resource"] + "/history"} {
		if a := admin.do(http.MethodGet, path, nil); a.status != http.StatusOK {
			t.Errorf("%s of the tenant that has it: %d %s", path, a.status, a.body)
		}
	}
}

// estateOf makes one thing of each kind, and answers their IDs by the word of their path.
func estateOf(c *client) map[string]string {
	c.t.Helper()
	job := c.submit(valid()).ID
	c.finished(job)
	out := map[string]string{"job": job}
	made := func(kind, path string, body any, members ...string) {
		c.t.Helper()
		a := c.do(http.MethodPost, path, body)
		var v any
		if err := json.Unmarshal(a.body, &v); err != nil || a.status/100 != 2 {
			c.t.Fatalf("make a %s: status %d: %s", kind, a.status, a.body)
		}
		id, _ := at(v, members...).(string)
		if id == "" {
			c.t.Fatalf("no ID of a %s in %s", kind, a.body)
		}
		out[kind] = id
	}
	made("plan", "/api/v1/plans?wait=0", with(valid(), "actions", []map[string]any{{
		"resource_id": "i-0123456789abcdef0", "resource_type": "EC2_Instance", "region": "eu-west-1", "action": "stop",
	}}), "plan", "plan_id")
	made("schedule", "/api/v1/schedules", map[string]any{"name": "n", "cron": "0 6 * * *", "paused": true}, "schedule_id")
	made("key", "/api/v1/keys", map[string]any{"name": "n", "grants": []map[string]any{{"role": "viewer"}}}, "key", "key_id")
	made("webhook", "/api/v1/webhooks", map[string]any{"url": "https://127.0.0.1:8443/x", "events": []string{"*"}}, "webhook_id")
	made("session", "/api/v1/auth/token", map[string]any{"cookie": false}, "session", "session_id")
	const account = "account-of-another"
	if a := c.do(http.MethodPost, "/api/v1/accounts", map[string]any{"name": account, "role_arn": "arn:aws:iam::111122223333:role/tracker"}); a.status != http.StatusCreated {
		c.t.Fatalf("register an account: status %d: %s", a.status, a.body)
	}
	out["account"], out["account_id"], out["finding"] = account, "999988887777", "finding-of-another"
	out["budget"] = "01a21d9a-3c89-71dd-a1e7-fe58123b7ece"
	out["resource"] = "111122223333%2Feu-west-1%2FEBS_Volume%2Fvolume-of-another"
	return out
}

// keepFinding puts a resource and a finding of the operators' tenant into a history, as a scan that finds something does.
func keepFinding(t *testing.T, database, id string) {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: database, Dictionary: []byte("{}"), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	place, accounts := history.Place{Region: "eu-west-1", Type: "EBS_Volume"}, []string{"111122223333"}
	err = h.Ingest(t.Context(), history.Scan{
		Tenant: tracker.DefaultTenant, Job: "scan", At: 1, Accounts: accounts,
		Cells: func(string) []history.Cell { return []history.Cell{{Place: place, Outcome: tracker.OutcomeOK}} },
		Rows: func(string, history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				yield(history.Row{ID: "volume-of-another", Hash: 1, JSON: []byte(`{"resource_id":"volume-of-another","region":"eu-west-1"}`)}, nil)
			}
		},
	})
	if err == nil {
		err = h.Evaluate(t.Context(), history.Evaluation{
			Tenant: tracker.DefaultTenant, Job: "scan", Accounts: accounts, Decided: func(string) []history.Decided { return nil },
			Findings: func(yield func(history.Finding, error) bool) {
				yield(history.Finding{ID: id, Cell: tracker.Cell{AccountID: accounts[0], Region: place.Region, Type: place.Type}, At: 1, JSON: []byte("{}")}, nil)
			},
		})
	}
	if err := errors.Join(err, h.Close()); err != nil {
		t.Fatal(err)
	}
}

// bodyValues are what texts of bodies have to be to be taken.
func bodyValues(theirs map[string]string) map[string][]any {
	return map[string][]any{
		"wait": {0.0}, "digest": {"sha256:0"}, "action": {"stop"}, "cron": {"0 6 * * *"}, "name": {"n"}, "role": {"viewer"}, "job_id": {theirs["job"]},
		"url": {"https://127.0.0.1:8443/x"}, "events": {[]any{"*"}}, "role_arn": {"arn:aws:iam::111122223333:role/tracker"}, "tenant": {"nobody"},
	}
}

// required is a body of what an operation cannot do without, and credentials where it
// takes any.
func required(fill sampler, spec specification, schema map[string]any) any {
	schema = spec.resolve(schema)
	out := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	names, _ := schema["required"].([]any)
	for _, n := range append(slices.Clone(names), "cron", "access_key_id", "secret_access_key") {
		name, _ := n.(string)
		member, ok := properties[name].(map[string]any)
		if ok {
			out[name] = fill.value(name, member, 9)
		}
	}
	if _, ok := out["access_key_id"]; ok {
		out["access_key_id"], out["secret_access_key"] = "AKIAEXAMPLE", "example"
	}
	if _, scheduled := properties["every_seconds"]; scheduled {
		delete(out, "access_key_id")
		delete(out, "secret_access_key")
	}
	return out
}

// fillPath puts the IDs of another tenant into a path; foreign is false where it has none.
func fillPath(t *testing.T, r route, theirs map[string]string) (path string, foreign bool) {
	t.Helper()
	of := map[string]string{
		"/api/v1/jobs/": "job", "/api/v1/plans/": "plan", "/api/v1/schedules/": "schedule", "/api/v1/keys/": "key", "/api/v1/webhooks/": "webhook",
		"/api/v1/access-check/": "job", "/api/v1/accounts/": "account", "/api/v1/sessions/": "session", "/api/v1/findings/": "finding",
		"/api/v1/inventory/accounts/": "account_id", "/api/v1/inventory/{key}": "resource", "/api/v1/budgets/": "budget",
	}
	path = pathParameter.ReplaceAllStringFunc(r.path, func(p string) string {
		for prefix, kind := range of {
			if id := theirs[kind]; (p == "{id}" || p == "{"+kind+"}" || p == "{key}" && kind == "resource" || kind == "account") && strings.HasPrefix(r.path, prefix) && id != "" {
				foreign = true
				return id
			}
		}
		if p == "{id}" {
			t.Errorf("%s takes the ID of something that this test does not make", r.id())
		}
		return "x"
	})
	return path, foreign
}

// newTenant makes a tenant as an operator does.
func (c *client) newTenant() string {
	c.t.Helper()
	tenant := fmt.Sprintf("t%d", time.Now().UnixNano())
	if a := c.as(operatorKey).do(http.MethodPost, "/api/v1/tenants", map[string]any{"name": tenant}); a.status != http.StatusCreated {
		c.t.Fatalf("make a tenant: status %d: %s", a.status, a.body)
	}
	return tenant
}

// newKey is a client of a tenant with roles.
func (c *client) newKey(tenant string, roles ...tracker.Role) *client {
	c.t.Helper()
	var grants []map[string]any
	for _, r := range roles {
		grants = append(grants, map[string]any{"role": r})
	}
	a := c.as(operatorKey).do(http.MethodPost, "/api/v1/keys", map[string]any{"name": "e2e", "tenant": tenant, "grants": grants})
	var made struct {
		Key string `json:"api_key"`
	}
	if err := json.Unmarshal(a.body, &made); err != nil || a.status != http.StatusCreated {
		c.t.Fatalf("make a key: status %d: %s", a.status, a.body)
	}
	return c.as(made.Key)
}

// stranger is a client of another tenant that may scan and act.
func (c *client) stranger() *client {
	c.t.Helper()
	return c.newKey(c.newTenant(), tracker.RoleOperator, tracker.RoleActor)
}
