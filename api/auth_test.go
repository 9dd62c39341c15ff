package api_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestTokens(t *testing.T) {
	token, err := api.MintToken(secret, "alice@example.com", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, &fake{})
	if a := d.call("POST", "/api/v1/scan", credentials(""), "Authorization", "bearer "+token, "X-API-Key", ""); a.code != 202 {
		t.Fatal(a.code, a.body)
	}
	if got := d.fake.submissions[0].Owner; got != tracker.DefaultTenant {
		t.Errorf("owner %q", got)
	}
	d = open(t, &fake{}, func(o *api.Options) { o.SecretKey, o.OldSecretKey = strings.ToUpper(secret), secret })
	if a := d.call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+token); a.code != 200 {
		t.Errorf("with the secret of before: %d %s", a.code, a.body)
	}
	for claims, want := range map[string]int{
		`{"tenant":"nobody"}`: 401, `{"roles":["root"]}`: 401, `{"roles":["viewer"]}`: 200, `{"roles":[]}`: 403, `{"iss":"x","aud":["y"]}`: 200,
	} {
		if a := open(t, &fake{}).call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+signed(t, claims)); a.code != want {
			t.Errorf("%s: %d %s", claims, a.code, a.body)
		}
	}
	strict := func(o *api.Options) { o.TokenIssuer, o.TokenAudience = "x", "y" }
	for claims, want := range map[string]int{`{}`: 401, `{"iss":"x"}`: 401, `{"aud":"y"}`: 401, `{"iss":"x","aud":["z","y"]}`: 200} {
		if a := open(t, &fake{}, strict).call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+signed(t, claims)); a.code != want {
			t.Errorf("with an issuer and an audience, %s: %d %s", claims, a.code, a.body)
		}
	}
	for claims, want := range map[string]string{
		`{"sub":""}`: "jwt:unnamed", `{"sub":"","user":"bob"}`: "jwt:unnamed", `{}`: "jwt:alice", `{"exp":0}`: "", `{"exp":null}`: "", `{"exp":33318000000}`: "",
	} {
		d := open(t, &fake{}, func(o *api.Options) { o.NamelessTokens = true })
		a := d.call("GET", "/api/v1/whoami", "", "Authorization", "Bearer "+signed(t, claims))
		if who, _ := a.json(t)["who"].(string); who != want || (a.code == 401) != (want == "") {
			t.Errorf("tokens of the earlier service, %s: %d %s", claims, a.code, a.body)
		}
	}
	d = open(t, &fake{}, func(o *api.Options) { o.SecretKey = "" })
	if a := d.call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+token); a.code != 401 || a.json(t)["error"] != "Invalid token" {
		t.Errorf("without a secret: %d %s", a.code, a.body)
	}
	if _, err := api.MintToken("short", "alice", time.Hour); err == nil {
		t.Error("minted with a short secret")
	}
}

func TestNobodyReachesAnything(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for _, o := range operations(t) {
		a := d.call(o.method, strings.ReplaceAll(o.path, "{id}", "job-1"), "", "X-API-Key", "")
		if got := a.code == 401; got == slices.Contains(openToAll, o.path) {
			t.Errorf("%s %s without authentication: %d", o.method, o.path, a.code)
		}
	}
}

func TestThingsOfOthersDoNotExist(t *testing.T) {
	f := finished(tracker.JobPartial)
	f.jobs[0].Owner = bob
	f.schedules = []tracker.Schedule{{ID: "job-1", Owner: bob}}
	f.plans.list = []tracker.Plan{{ID: "job-1", Owner: bob}}
	d := open(t, f, func(o *api.Options) { o.History = newPast(t).Store })
	walked := 0
	for _, o := range operations(t) {
		if !strings.Contains(o.path, "{id}") {
			continue
		}
		walked++
		for _, id := range []string{"job-1", "nothing", "%7Bjob%7D", "a%20b"} {
			body := ""
			switch {
			case o.method == http.MethodPut && strings.HasPrefix(o.path, "/api/v1/budgets/"):
				body = `{"name":"mine","monthly_amount":1}`
			case o.method == http.MethodPut:
				body = nightly("")
			case o.method == http.MethodPatch:
				body = "{}"
			case strings.HasSuffix(o.path, "/apply"), strings.HasSuffix(o.path, "/approve"):
				body = `{"digest":"sha256:1"}`
			case o.method == http.MethodPost && strings.HasSuffix(o.path, "/acknowledgement"):
				body = `{"reason":"mine"}`
			case strings.HasSuffix(o.path, "/undo"):
				body = credentials("")
			}
			if a := d.call(o.method, strings.ReplaceAll(o.path, "{id}", id), body); a.code != 404 {
				t.Errorf("%s %s as another: %d %s", o.method, o.path, a.code, a.body)
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
	if _, err := api.New(api.Options{Jobs: f, Results: f, Plans: f, Audit: f, Sealer: f, Types: types, Metrics: page}); err == nil {
		t.Error("metrics that nobody may see")
	}
}

// signed is a token of alice's with more claims.
func signed(t *testing.T, more string) string {
	t.Helper()
	claims := jwt.MapClaims{"sub": "alice", "exp": time.Now().Add(time.Hour).Unix()}
	if err := json.Unmarshal([]byte(more), &claims); err != nil {
		t.Fatal(err)
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}
