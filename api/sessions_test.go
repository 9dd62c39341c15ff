package api_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// sessions are who is signed in, by token, and log-ins by state.
type sessions struct {
	mu     sync.Mutex
	open   map[string]tracker.Session
	logins map[string]tracker.Login
}

func (s *sessions) OpenSession(_ context.Context, sn tracker.Session) (tracker.Session, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string]tracker.Session{}
	}
	sn.ID = fmt.Sprintf("sn-%d", len(s.open))
	sn.ExpiresAt = time.Now().Add(time.Hour)
	token := "trs_" + sn.ID
	s.open[token] = sn
	return sn, token, nil
}

func (s *sessions) Session(_ context.Context, token string) (tracker.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sn, ok := s.open[token]; ok {
		return sn, nil
	}
	return tracker.Session{}, tracker.Errorf(tracker.CodeNotFound, "no session")
}

func (s *sessions) SessionsOf(_ context.Context, tenant, person, _ string, _ int) ([]tracker.Session, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []tracker.Session{}
	for _, sn := range s.open {
		if sn.Tenant == tenant && (person == "" || sn.Person == person) {
			found = append(found, sn)
		}
	}
	return found, "", nil
}

func (s *sessions) EndSession(_ context.Context, by tracker.Principal, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := "trs_" + id
	if sn, ok := s.open[token]; !ok || sn.Tenant != by.Tenant || sn.Person != by.Person && !by.May(tracker.PermitManage) {
		return tracker.Errorf(tracker.CodeNotFound, "no session %s", id)
	}
	delete(s.open, token)
	return nil
}

func (s *sessions) BeginLogin(_ context.Context, _, state string, l tracker.Login) error {
	s.logins = map[string]tracker.Login{state: l}
	return nil
}

func (s *sessions) TakeLogin(_ context.Context, state string) (tracker.Login, error) {
	l, ok := s.logins[state]
	if !ok {
		return l, tracker.Errorf(tracker.CodeNotFound, "no log-in")
	}
	delete(s.logins, state)
	return l, nil
}

// issuer knows the code and the token "good".
type issuer struct{ err error }

var dora = tracker.Principal{
	Tenant: tracker.DefaultTenant, Who: "oidc:dora", Person: "oidc:dora", Name: "dora@example.com", Tenants: []string{"acme", tracker.DefaultTenant}, Grants: []tracker.Grant{{Role: tracker.RoleViewer}},
}

func (i issuer) LoginURL(_ context.Context, state, _, _ string) (string, error) {
	return "https://issuer.example.com/auth?state=" + state, i.err
}

func (i issuer) Redeem(ctx context.Context, code, _, _, _, _ string) (tracker.Principal, error) {
	return i.Verify(ctx, code)
}

func (i issuer) Verify(_ context.Context, token string) (tracker.Principal, error) {
	if i.err != nil || strings.HasSuffix(token, "good") {
		return dora, i.err
	}
	return tracker.Principal{}, tracker.Errorf(tracker.CodeNotFound, "Invalid token")
}

func (i issuer) Exchange(ctx context.Context, token, _ string) (tracker.Principal, error) {
	return i.Verify(ctx, token)
}

// signIn exchanges a key for the cookie of a session, as a browser at host.
func (d *door) signIn(host, key string) *http.Cookie {
	d.Helper()
	r := httptest.NewRequest(http.MethodPost, host+"/api/v1/auth/token", nil)
	r.Header.Set("X-API-Key", key)
	if strings.Contains(host, "//localhost") {
		r.RemoteAddr = "127.0.0.1:1234"
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if w.Code != 200 || len(cookies) != 1 || strings.Contains(w.Body.String(), cookies[0].Value) {
		d.Fatalf("%d %s %v", w.Code, w.Body, cookies)
	}
	return cookies[0]
}

const site = "https://tracker.example.com"

func TestCookies(t *testing.T) {
	d := open(t, &fake{})
	for host, want := range map[string]struct {
		name   string
		secure bool
	}{
		site:                         {"__Host-tracker", true},
		"http://tracker.example.com": {"__Host-tracker", true},
		"http://localhost:5000":      {"tracker", false},
	} {
		c := d.signIn(host, other)
		if c.Name != want.name || c.Secure != want.secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge < 3590 {
			t.Errorf("at %s: %+v", host, c)
		}
	}
	// A host without TLS is not taken for this machine because a proxy is on it.
	r := httptest.NewRequest(http.MethodPost, "http://localhost/api/v1/auth/token", nil)
	r.RemoteAddr = "127.0.0.1:1234"
	r.Header.Set("X-API-Key", other)
	r.Header.Set("X-Forwarded-Proto", "https")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if c := w.Result().Cookies(); len(c) != 1 || !c[0].Secure {
		t.Errorf("behind a proxy: %+v", c)
	}

	c := d.signIn(site, other)
	for name, tc := range map[string]struct {
		cookie string
		code   int
	}{
		"the session":        {c.String(), 200},
		"none":               {"", 401},
		"another":            {"__Host-tracker=trs_x", 401},
		"empty":              {"__Host-tracker=", 401},
		"the plain name":     {"tracker=" + c.Value, 401},
		"two":                {"__Host-tracker=" + c.Value + "; __Host-tracker=trs_x", 401},
		"a key in a cookie":  {"__Host-tracker=" + other, 401},
		"quoted and foreign": {`a="b c"; __Host-tracker=` + c.Value, 200},
	} {
		cookie, _, _ := strings.Cut(tc.cookie, "; Path")
		a := d.call("GET", site+"/api/v1/whoami", "", "X-API-Key", "", "Cookie", cookie)
		if a.code != tc.code || a.code == 200 && a.json(t)["who"] != "key:bob" {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
	// What the client sends by itself wins.
	cookie := "__Host-tracker=" + c.Value
	if a := d.call("GET", site+"/api/v1/whoami", "", "Cookie", cookie); a.json(t)["tenant"] != tracker.DefaultTenant {
		t.Error(a.body)
	}
	if a := d.call("GET", site+"/api/v1/whoami", "", "Cookie", cookie, "X-API-Key", "", "Authorization", "Bearer x"); a.code != 401 {
		t.Error(a.code, a.body)
	}
}

func TestOnlyOwnPagesChange(t *testing.T) {
	d := open(t, &fake{})
	cookie := "__Host-tracker=" + d.signIn(site, other).Value
	for name, tc := range map[string]struct {
		site, origin string
		code         int
	}{
		"our page":                 {"same-origin", site, 202},
		"our page, by its site":    {"same-origin", "", 202},
		"our page, by its origin":  {"", site, 202},
		"typed":                    {"none", "", 202},
		"another site":             {"cross-site", "https://evil.example", 403},
		"a sibling":                {"same-site", "https://blog.example.com", 403},
		"another site, old":        {"", "https://evil.example", 403},
		"another port":             {"", site + ":8443", 403},
		"no origin":                {"", "null", 403},
		"no browser":               {"", "", 403},
		"says one and the other":   {"cross-site", site, 403},
		"unknown":                  {"elsewhere", "", 403},
		"another site, with typed": {"none", "https://evil.example", 202},
	} {
		a := d.call("POST", site+"/api/v1/scan", credentials(""), "X-API-Key", "", "Cookie", cookie, "Sec-Fetch-Site", tc.site, "Origin", tc.origin)
		if a.code != tc.code {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
	if a := d.call("GET", site+"/api/v1/jobs", "", "X-API-Key", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site"); a.code != 200 {
		t.Errorf("reading: %d", a.code)
	}
	// A key is sent by who means it.
	if a := d.call("POST", site+"/api/v1/scan", credentials(""), "Sec-Fetch-Site", "cross-site"); a.code != 202 {
		t.Errorf("with a key: %d", a.code)
	}
	// A page of another site signs nobody in, but takes a token that it may read.
	if a := d.call("POST", site+"/api/v1/auth/token", "", "Sec-Fetch-Site", "cross-site"); a.code != 403 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("signed in by another site: %d %s", a.code, a.body)
	}
	if a := d.call("POST", site+"/api/v1/auth/token", `{"cookie":false}`, "Sec-Fetch-Site", "cross-site"); a.code != 200 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a token for another site: %d %s", a.code, a.body)
	}
}

func TestTokensOfSessions(t *testing.T) {
	people := keys{other: kept(bob, "key:bob", tracker.RoleOperator)}
	d := open(t, &fake{}, func(o *api.Options) { o.Keys = people })
	for name, tc := range map[string]struct {
		key, body string
		code      int
		text      string
	}{
		"a key":               {other, ``, 200, ""},
		"a key in the body":   {"", `{"api_key":"key-of-bob"}`, 200, ""},
		"none":                {"", ``, 401, "Missing authentication"},
		"an unknown key":      {"key-of-nobody", ``, 401, "Invalid API key"},
		"a session":           {"trs_sn-0", ``, 401, "Invalid API key"},
		"a code, no issuer":   {"", `{"code":"good","code_verifier":"v","nonce":"n"}`, 422, "no issuer"},
		"a code with a key":   {other, `{"code":"good"}`, 422, "send one of them"},
		"an unknown property": {other, `{"password":"x"}`, 422, "password"},
	} {
		if a := d.call("POST", "/api/v1/auth/token", tc.body, "X-API-Key", tc.key); a.code != tc.code || !strings.Contains(a.body, tc.text) {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
	token := func(key string) string {
		t.Helper()
		a := d.call("POST", "/api/v1/auth/token", `{"cookie":false}`, "X-API-Key", key)
		if a.code != 200 || a.header.Get("Set-Cookie") != "" {
			t.Fatal(a.code, a.body)
		}
		return "Bearer " + a.json(t)["access_token"].(string)
	}
	ofBob, ofAlice := token(other), token(key)
	whoami := func(bearer string) answer {
		return d.call("GET", "/api/v1/whoami", "", "X-API-Key", "", "Authorization", bearer)
	}
	if a := whoami(ofBob); a.code != 200 || a.json(t)["who"] != "key:bob" || a.json(t)["tenant"] != bob {
		t.Error(a.code, a.body)
	}
	if a := whoami(ofAlice); a.code != 200 || a.json(t)["tenant"] != alice {
		t.Error(a.code, a.body)
	}
	a := d.call("GET", "/api/v1/sessions", "", "X-API-Key", "", "Authorization", ofBob)
	listed := a.json(t)["sessions"].([]any)
	if current := slices.IndexFunc(listed, func(s any) bool { return s.(map[string]any)["current"] == true }); current < 0 || strings.Contains(a.body, ofBob[7:]) {
		t.Error(a.body)
	}
	// What the key may now, the session may; without the key it is over.
	people[other] = kept(bob, "key:bob", tracker.RoleViewer)
	if a := d.call("POST", "/api/v1/scan", credentials(""), "X-API-Key", "", "Authorization", ofBob); a.code != 403 {
		t.Errorf("the key lost its role: %d %s", a.code, a.body)
	}
	delete(people, other)
	if a := whoami(ofBob); a.code != 401 || !strings.Contains(a.body, "sign in again") {
		t.Errorf("the key is gone: %d %s", a.code, a.body)
	}
	out := func() answer {
		return d.call("DELETE", "/api/v1/auth/session", "", "X-API-Key", "", "Authorization", ofAlice)
	}
	if a := out(); a.code != 204 || !strings.Contains(a.header.Get("Set-Cookie"), "__Host-tracker=; Path=/; Max-Age=0") {
		t.Errorf("%d %s %v", a.code, a.body, a.header)
	}
	if a := out(); a.code != 401 {
		t.Errorf("signed out twice: %d", a.code)
	}
	if a := d.call("DELETE", "/api/v1/auth/session", ""); a.code != 409 {
		t.Errorf("no session: %d %s", a.code, a.body)
	}
}

// TestKeysOfTheEnvironmentEnd: another process without the key does not take its session.
func TestKeysOfTheEnvironmentEnd(t *testing.T) {
	kept := &sessions{}
	with := func(key string) *door {
		return open(t, &fake{}, func(o *api.Options) {
			o.Sessions, o.APIKeys, o.OperatorKeys = kept, []string{key}, nil
		})
	}
	a := with(key).call("POST", "/api/v1/auth/token", `{"cookie":false}`)
	bearer := "Bearer " + a.json(t)["access_token"].(string)
	if a := with(key).call("GET", "/api/v1/whoami", "", "X-API-Key", "", "Authorization", bearer); a.code != 200 {
		t.Errorf("another process with the key: %d %s", a.code, a.body)
	}
	if a := with("another key").call("GET", "/api/v1/whoami", "", "X-API-Key", "", "Authorization", bearer); a.code != 401 {
		t.Errorf("the key is changed: %d %s", a.code, a.body)
	}
}

func TestLogin(t *testing.T) {
	is := &issuer{}
	d := open(t, &fake{}, func(o *api.Options) { o.Issuer = is })
	for target, code := range map[string]int{
		"/api/v1/auth/login":                                         302,
		"/api/v1/auth/login?return_to=/monitoring%3Fa=b":             302,
		"/api/v1/auth/login?return_to=//evil.example":                400,
		"/api/v1/auth/login?return_to=https://evil.example":          400,
		"/api/v1/auth/login?return_to=/%5Cevil.example":              400,
		"/api/v1/auth/login?return_to=/%09/evil.example":             400,
		"/api/v1/auth/login?return_to=/%0d%0aSet-Cookie:a=b":         400,
		"/api/v1/auth/login?return_to=javascript:alert(1)":           400,
		"/api/v1/auth/login?return_to=evil":                          400,
		"/api/v1/auth/login?return_to=/%20//evil.example":            400,
		"/api/v1/auth/login?return_to=/" + strings.Repeat("a", 2000): 400,
		"/api/v1/auth/callback":                                      400,
		"/api/v1/auth/callback?state=x&code=good":                    400,
		"/api/v1/auth/callback?state=AAAAAAAAAAAAAAAAAAAAAAAAAA":     400,
	} {
		a := d.call("GET", site+target, "", "X-API-Key", "")
		if a.code != code || a.code == 302 && !strings.HasPrefix(a.header.Get("Location"), "https://issuer.example.com/auth?state=") {
			t.Errorf("%s: %d %v", target, a.code, a.header)
		}
		if a.code != 302 && (a.header.Get("Set-Cookie") != "" || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'")) {
			t.Errorf("%s: %v", target, a.header)
		}
	}
	begin := func() (state, cookie string) {
		t.Helper()
		a := d.call("GET", site+"/api/v1/auth/login?return_to=/a%22%3E%3Cb%3E?c=d%26e", "")
		_, state, _ = strings.Cut(a.header.Get("Location"), "state=")
		set := a.header.Get("Set-Cookie")
		if !strings.Contains(set, "; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax") || !strings.HasPrefix(set, "__Host-tracker-login=") {
			t.Fatal(set)
		}
		cookie, _, _ = strings.Cut(set, ";")
		return state, cookie
	}
	state, cookie := begin()
	back := func(state, cookie, code string) answer {
		return d.call("GET", site+"/api/v1/auth/callback?iss=x&state="+state+"&code="+code, "", "X-API-Key", "", "Cookie", cookie)
	}
	if a := back(state, "__Host-tracker-login=AAAAAAAAAAAAAAAAAAAAAAAAAA", "good"); a.code != 400 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("another browser: %d %s", a.code, a.body)
	}
	if a := back(state, cookie, "good"); a.code != 400 {
		t.Errorf("its state is used up: %d %s", a.code, a.body)
	}
	state, cookie = begin()
	a := back(state, cookie, "good")
	if a.code != 200 || !strings.Contains(a.body, `<meta http-equiv="refresh" content="0;url=/a%22%3e%3cb%3e?c=d&amp;e">`) && !strings.Contains(a.body, `content="0;url=/a&#34;&gt;&lt;b&gt;?c=d&amp;e"`) {
		t.Errorf("%d %s", a.code, a.body)
	}
	var session string
	for _, c := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "__Host-tracker=trs_") && strings.HasSuffix(c, "; HttpOnly; Secure; SameSite=Strict") {
			session, _, _ = strings.Cut(c, ";")
		}
	}
	if a := d.call("GET", site+"/api/v1/whoami", "", "X-API-Key", "", "Cookie", session); a.code != 200 || a.json(t)["who"] != "oidc:dora" || a.json(t)["name"] != "dora@example.com" || !strings.Contains(a.body, `"tenants":["default","acme"]`) {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := back(state, cookie, "good"); a.code != 400 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a state again: %d %s", a.code, a.body)
	}
	for code, want := range map[string]int{"bad": 401, "": 401} {
		state, cookie = begin()
		if a := back(state, cookie, code); a.code != want || a.header.Get("Set-Cookie") != "" {
			t.Errorf("the code %q: %d %s", code, a.code, a.body)
		}
	}
	state, cookie = begin()
	is.err = tracker.Errorf(tracker.CodeForbidden, "you belong to no group that has a role here")
	if a := back(state, cookie, "good"); a.code != 403 || !strings.Contains(a.body, "no group that has a role here") {
		t.Errorf("%d %s", a.code, a.body)
	}
	is.err = &tracker.Error{Code: tracker.CodeUnavailable, Message: "the issuer does not answer", Err: errors.New("refused")}
	for _, target := range []string{"/api/v1/auth/login", "/api/v1/whoami"} {
		if a := d.call("GET", site+target, "", "X-API-Key", "", "Authorization", "Bearer "+unsigned+"good"); a.code != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("%s while the issuer is down: %d %s", target, a.code, a.body)
		}
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/auth/login", ""); a.code != 404 {
		t.Errorf("without an issuer: %d", a.code)
	}
}

var unsigned = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + ".e30."

func TestTokensOfTheIssuer(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.Issuer = issuer{} })
	ours, err := api.MintToken(secret, "alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{unsigned + "good": "oidc:dora", ours: "jwt:alice", unsigned + "bad": "", ours + "good": "", "good": "oidc:dora"} {
		a := d.call("GET", "/api/v1/whoami", "", "X-API-Key", "", "Authorization", "Bearer "+token)
		if who, _ := a.json(t)["who"].(string); who != want || (want == "") != (a.code == 401) {
			t.Errorf("%s: %d %s", token, a.code, a.body)
		}
	}
	if a := d.call("POST", "/api/v1/auth/token", `{"code":"good","code_verifier":"v","nonce":"n","redirect_uri":"http://127.0.0.1:9/x"}`, "X-API-Key", ""); a.code != 200 {
		t.Error(a.code, a.body)
	}
	for _, uri := range []string{"https://127.0.0.1/x", "http://evil.example/x", "http://localhost.evil.example/", "x", "http://a@127.0.0.1/"} {
		if a := d.call("POST", "/api/v1/auth/token", `{"code":"good","code_verifier":"v","nonce":"n","redirect_uri":"`+uri+`"}`, "X-API-Key", ""); a.code != 422 {
			t.Errorf("%s: %d %s", uri, a.code, a.body)
		}
	}
}

func TestOperatorsPagesTakeSessions(t *testing.T) {
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	d := open(t, &fake{}, func(o *api.Options) { o.Monitoring, o.OperatorKeys = page, []string{"key-of-operator"} })
	of := func(key string) string { return "__Host-tracker=" + d.signIn(site, key).Value }
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("x:key-of-operator"))
	for name, tc := range map[string]struct {
		method, cookie, authorization, site string
		code                                int
	}{
		"an admin":                       {"GET", of("key-of-operator"), "", "", 204},
		"another tenant":                 {"GET", of(other), "", "", 403},
		"our page":                       {"POST", of("key-of-operator"), "", "same-origin", 204},
		"another site":                   {"POST", of("key-of-operator"), "", "cross-site", 403},
		"another site, and the password": {"POST", "", basic, "cross-site", 403},
		"a script with the password":     {"POST", "", basic, "", 204},
	} {
		if a := d.call(tc.method, site+"/monitoring/x", "", "X-API-Key", "", "Cookie", tc.cookie, "Authorization", tc.authorization, "Sec-Fetch-Site", tc.site); a.code != tc.code {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
}

// FuzzBearer: whatever is sent as a token, nobody is let in by it, and nothing breaks.
func FuzzBearer(f *testing.F) {
	for _, head := range []string{`{"alg":"none"}`, `{"alg":"HS256"}`, `{"alg":"RS256","kid":"x"}`, `{"alg":5}`, `{}`, `x`} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(head)) + ".eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.c2ln")
	}
	f.Add("trs_aaaaaaaaaaaa_" + strings.Repeat("A", 52))
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		d := open(t, &fake{}, func(o *api.Options) { o.Issuer = issuer{tracker.Errorf(tracker.CodeNotFound, "Invalid token")} })
		r := httptest.NewRequest(http.MethodGet, "/api/v1/whoami", nil)
		r.Header["Authorization"] = []string{"Bearer " + token}
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != 401 {
			t.Errorf("%q: %d %s", token, w.Code, w.Body)
		}
	})
}

// FuzzCookie: a cookie lets in only with the token of a session.
func FuzzCookie(f *testing.F) {
	for _, seed := range []string{"", "__Host-tracker=trs_sn-0", "__Host-tracker=\"trs_sn-0\"", "tracker=trs_sn-0", "__Host-tracker=; __Host-tracker=trs_sn-0", "__host-tracker=trs_sn-0", "=;=;\x00", "__Host-tracker=trs_sn-0; a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cookie string) {
		d := open(t, &fake{})
		d.signIn(site, other)
		r := httptest.NewRequest(http.MethodGet, site+"/api/v1/whoami", nil)
		r.Header["Cookie"] = []string{cookie}
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != 401 && (w.Code != 200 || !strings.Contains(cookie, "__Host-tracker=") || !strings.Contains(cookie, "trs_sn-0")) {
			t.Errorf("%q: %d %s", cookie, w.Code, w.Body)
		}
	})
}
