package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// people is the service with the issuer that its people sign in with: the example server
// of zitadel/oidc, and the demo's account.
type people struct {
	t           *testing.T
	url, issuer string
	address     string
	api         *process
}

const adminKey = "e2e-admin-key-0123456789abcdef"

func newPeople(t *testing.T) *people {
	t.Helper()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "issuer"), ".")
	build.Dir = "issuer"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the issuer: %v\n%s", err, out)
	}
	port, issuerPort := freePort(), freePort()
	p := &people{t: t, url: "http://127.0.0.1:" + strconv.Itoa(port), address: "127.0.0.1:" + strconv.Itoa(issuerPort)}
	p.issuer = "http://" + p.address
	p.api = start(t, []string{
		"PORT=" + strconv.Itoa(port), "OPERATOR_API_KEYS=" + adminKey, "DATA_DIR=" + t.TempDir(), "SECRET_KEY=" + strings.Repeat("s", 40),
		"OIDC_ISSUER=" + p.issuer, "OIDC_CLIENT_ID=tracker", "OIDC_CLIENT_SECRET=secret of the tracker", "OIDC_DEVICE_CLIENT_ID=cli", "OIDC_REDIRECT_URL=" + p.url + "/api/v1/auth/callback",
		"OIDC_ROLES=platform-admins=default/admin,devs=default/operator,devs=default/actor,acme-devs=acme/viewer",
		unbounded,
		"ACTIONS_REQUIRE_APPROVAL=true", "MONITORING_ENABLED=true",
	}, t.TempDir(), filepath.Join(bin, "api"), "-demo")
	if err := p.api.ready(30*time.Second, func(ctx context.Context) bool { return responds(ctx, p.url+"/health") }); err != nil {
		t.Fatal(err)
	}
	return p
}

func responds(ctx context.Context, target string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (p *people) startIssuer() {
	p.t.Helper()
	is := start(p.t, nil, p.t.TempDir(), filepath.Join(bin, "issuer"), "-address", p.address, "-redirects", p.url+"/api/v1/auth/callback,http://127.0.0.1:1/cli")
	if err := is.ready(20*time.Second, func(ctx context.Context) bool { return responds(ctx, p.issuer+"/.well-known/openid-configuration") }); err != nil {
		p.t.Fatal(err)
	}
}

// browser keeps cookies and follows redirects, as one does.
type browser struct {
	*people
	*http.Client
}

func (p *people) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &browser{p, &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

type page struct {
	code   int
	body   string
	header http.Header
	url    *url.URL
}

func (b *browser) do(method, target, body string, headers ...string) page {
	b.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = b.url + target
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{resp.StatusCode, string(text), resp.Header, resp.Request.URL}
}

func (b *browser) json(method, target, body string, headers ...string) map[string]any {
	b.t.Helper()
	a := b.do(method, target, body, append([]string{"Content-Type", "application/json", "Sec-Fetch-Site", "same-origin"}, headers...)...)
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		b.t.Fatalf("%s %s: %d %s", method, target, a.code, a.body)
	}
	v["code"] = a.code
	return v
}

var hidden = regexp.MustCompile(`name="id" value="([^"]+)"`)

// form fills in the login form of the issuer that begins at target.
func (b *browser) form(target, user string) page {
	b.t.Helper()
	form := b.do("GET", target, "")
	id := hidden.FindStringSubmatch(form.body)
	if id == nil || !strings.HasPrefix(form.url.String(), b.issuer) {
		b.t.Fatalf("no login form at %s: %d %s", form.url, form.code, form.body)
	}
	fields := url.Values{"username": {user}, "password": {"verysecure"}, "id": {html.UnescapeString(id[1])}}
	return b.do("POST", b.issuer+"/login/username", fields.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// signIn signs a user in as they do: the login page, the form, the way back.
func (b *browser) signIn(user string) page {
	b.t.Helper()
	return b.form("/api/v1/auth/login?return_to=/api/v1/whoami", user)
}

// stay keeps the browser from following redirects to where a code goes.
func (b *browser) stay() {
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Query().Get("code") != "" {
			return http.ErrUseLastResponse
		}
		return nil
	}
}

// code signs a user in for a program of their own machine.
func (b *browser) code(user, verifier, nonce string) string {
	b.t.Helper()
	b.stay()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {"tracker"}, "response_type": {"code"}, "scope": {"openid"}, "redirect_uri": {"http://127.0.0.1:1/cli"}, "state": {"x"}, "nonce": {nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	a := b.form(b.issuer+"/auth?"+q.Encode(), user)
	to, err := url.Parse(a.header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		b.t.Fatalf("no code: %d %v", a.code, a.header)
	}
	return to.Query().Get("code")
}

func (b *browser) mint(change map[string]any) string {
	b.t.Helper()
	claims := map[string]any{
		"iss": b.issuer, "aud": "tracker", "sub": "bob", "groups": []string{"devs"},
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	for name, v := range change {
		if claims[name] = v; v == nil {
			delete(claims, name)
		}
	}
	body, err := json.Marshal(claims)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do("POST", b.issuer+"/control/mint", string(body)).body
}

func TestPeopleSignIn(t *testing.T) {
	t.Parallel()
	p := newPeople(t)

	// The service does without its issuer, and asks again.
	if a := p.browser().do("GET", "/api/v1/auth/login", ""); a.code != 503 || a.header.Get("Retry-After") == "" {
		t.Fatalf("the issuer is down: %d %s", a.code, a.body)
	}
	if a := p.browser().json("GET", "/api/v1/whoami", "", "X-API-Key", adminKey); a["code"] != 200 {
		t.Errorf("a key while the issuer is down: %v", a)
	}
	p.startIssuer()
	if err := p.api.ready(20*time.Second, func(ctx context.Context) bool {
		return responds(ctx, p.url+"/api/v1/auth/login")
	}); err != nil {
		t.Fatal(err)
	}

	alice := p.browser()
	a := alice.signIn("alice")
	if a.code != 200 || !strings.Contains(a.body, `url=/api/v1/whoami`) || !strings.HasPrefix(a.url.String(), p.url) {
		t.Fatalf("%d %s %s", a.code, a.url, a.body)
	}
	if who := alice.json("GET", "/api/v1/whoami", ""); who["who"] != "oidc:alice" || who["name"] != "alice" || who["tenant"] != "default" {
		t.Errorf("%v", who)
	}
	if again := alice.do("GET", a.url.String(), ""); again.code != 400 {
		t.Errorf("the way back again: %d %s", again.code, again.body)
	}
	bob := p.browser()
	bob.signIn("bob")
	if who := bob.json("GET", "/api/v1/whoami", ""); len(who["grants"].([]any)) != 2 {
		t.Errorf("%v", who)
	}
	carol := p.browser()
	carol.signIn("carol")
	if who := carol.json("GET", "/api/v1/whoami", ""); fmt.Sprint(who["tenants"]) != "[default acme]" {
		t.Errorf("where carol may sign in: %v", who)
	}
	if a := p.browser().signIn("eve"); a.code != 403 || !strings.Contains(a.body, "you belong to no group that has a role here") {
		t.Errorf("nobody's group: %d %s", a.code, a.body)
	}
	if a := p.browser().form("/api/v1/auth/login?tenant=acme", "bob"); a.code != 403 {
		t.Errorf("another's tenant: %d %s", a.code, a.body)
	}
	if a := p.browser().form("/api/v1/auth/login?tenant=acme", "carol"); a.code != 401 {
		t.Errorf("a tenant that there is not: %d %s", a.code, a.body)
	}

	// Pages, streams and changes with the cookie alone.
	job := alice.json("POST", "/api/v1/scan?wait=20", `{"access_key_id":"AKIAEXAMPLE","secret_access_key":"x","regions":["eu-west-1"]}`)
	data, _ := job["data"].(map[string]any)
	id, _ := data["job_id"].(string)
	if id == "" {
		t.Fatalf("%v", job)
	}
	stream := alice.stream("/api/v1/jobs/" + id + "/events")
	if !strings.HasPrefix(stream, "text/event-stream id:") {
		t.Errorf("the stream begins with %q", stream)
	}
	if a := alice.do("GET", "/monitoring", ""); a.code != 200 {
		t.Errorf("an admin at /monitoring: %d", a.code)
	}
	if a := bob.do("GET", "/monitoring", ""); a.code != 403 {
		t.Errorf("an operator at /monitoring: %d", a.code)
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}, {}} {
		if a := alice.do("DELETE", "/api/v1/jobs/"+id, "", headers...); a.code != 403 {
			t.Errorf("a change with %v: %d", headers, a.code)
		}
	}

	// Sessions are listed to their person, and to an admin all of them.
	if own := bob.json("GET", "/api/v1/sessions", "")["sessions"].([]any); len(own) != 1 {
		t.Errorf("bob sees %v", own)
	}
	var ofBob string
	for _, s := range alice.json("GET", "/api/v1/sessions", "")["sessions"].([]any) {
		if s := s.(map[string]any); s["who"] == "oidc:bob" {
			ofBob = s["session_id"].(string)
		}
	}
	p.approvals(alice, bob, id)
	if a := alice.do("DELETE", "/api/v1/sessions/"+ofBob, "", "Sec-Fetch-Site", "same-origin"); a.code != 204 {
		t.Errorf("revoked: %d %s", a.code, a.body)
	}
	if who := bob.json("GET", "/api/v1/whoami", ""); who["code"] != 401 {
		t.Errorf("bob, revoked: %v", who)
	}
	if a := alice.do("DELETE", "/api/v1/auth/session", "", "Sec-Fetch-Site", "same-origin"); a.code != 204 {
		t.Errorf("signed out: %d %s", a.code, a.body)
	}
	if who := alice.json("GET", "/api/v1/whoami", ""); who["code"] != 401 {
		t.Errorf("alice, signed out: %v", who)
	}
	p.tokens()
	p.codes()
}

// approvals: a person is one, whether a session or a key asks.
func (p *people) approvals(alice, bob *browser, job string) {
	p.t.Helper()
	key := alice.json("POST", "/api/v1/keys", `{"name":"alice's own","grants":[{"role":"actor"},{"role":"approver"}]}`)["api_key"].(string)
	second := alice.json("POST", "/api/v1/keys", `{"name":"bob's","person":"oidc:bob","grants":[{"role":"approver"}]}`)["api_key"].(string)
	rows := alice.json("GET", "/api/v1/jobs/"+job+"/resources?resource_type=EC2_Instance&state=running&limit=1", "")["resources"].([]any)
	instance := rows[0].(map[string]any)["resource_id"]
	plan := func(b *browser) (id, digest string) {
		body := fmt.Sprintf(`{"access_key_id":"AKIAEXAMPLE","secret_access_key":"x","actions":[{"resource_id":%q,"resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]}`, instance)
		v := b.json("POST", "/api/v1/plans", body)
		plan, _ := v["plan"].(map[string]any)
		if plan == nil {
			p.t.Fatalf("%v", v)
		}
		return plan["plan_id"].(string), plan["digest"].(string)
	}
	script := p.browser()
	approve := func(b *browser, id, digest string, headers ...string) any {
		return b.json("POST", "/api/v1/plans/"+id+"/approve", `{"digest":"`+digest+`"}`, headers...)["code"]
	}
	id, digest := plan(alice)
	if code := approve(alice, id, digest); code != 409 {
		p.t.Errorf("alice approves her own: %v", code)
	}
	if code := approve(script, id, digest, "X-API-Key", key); code != 409 {
		p.t.Errorf("her key approves her own: %v", code)
	}
	again := p.browser()
	again.signIn("alice")
	if code := approve(again, id, digest); code != 409 {
		p.t.Errorf("another session of hers approves her own: %v", code)
	}
	id, digest = plan(bob)
	if code := approve(script, id, digest, "X-API-Key", second); code != 409 {
		p.t.Errorf("a key for bob approves what his session asked for: %v", code)
	}
	if code := approve(alice, id, digest); code != 200 {
		p.t.Errorf("alice approves bob's: %v", code)
	}
}

// stream is the type and the first line of an event stream.
func (b *browser) stream(target string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+target, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "id:") {
			return resp.Header.Get("Content-Type") + " " + lines.Text()
		}
	}
	return resp.Status
}

// tokens sends ID tokens instead of sessions.
func (p *people) tokens() {
	p.t.Helper()
	b := p.browser()
	good := b.mint(nil)
	_, rest, _ := strings.Cut(good, ".")
	claims, _, _ := strings.Cut(rest, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	confused := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": p.issuer, "aud": "tracker", "sub": "alice", "groups": []string{"platform-admins"}, "exp": time.Now().Add(time.Hour).Unix(),
	})
	byPublicKey, err := confused.SignedString(b.publicKey())
	if err != nil {
		p.t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		token string
		code  int
	}{
		"good":                        {good, 200},
		"another audience":            {b.mint(map[string]any{"aud": "another"}), 401},
		"two audiences":               {b.mint(map[string]any{"aud": []string{"another", "tracker"}, "azp": "tracker"}), 200},
		"made for another":            {b.mint(map[string]any{"aud": []string{"another", "tracker"}, "azp": "another"}), 401},
		"another issuer":              {b.mint(map[string]any{"iss": "https://evil.example"}), 401},
		"expired":                     {b.mint(map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}), 401},
		"without an end":              {b.mint(map[string]any{"exp": nil}), 401},
		"lives too long":              {b.mint(map[string]any{"exp": time.Now().Add(48 * time.Hour).Unix()}), 401},
		"nobody":                      {b.mint(map[string]any{"sub": ""}), 401},
		"no group":                    {b.mint(map[string]any{"groups": nil}), 403},
		"one group as a text":         {b.mint(map[string]any{"groups": "devs"}), 200},
		"alg none":                    {none + "." + claims + ".", 401},
		"alg none, a signature":       {none + "." + rest, 401},
		"HS256 by the public key":     {byPublicKey, 401},
		"changed":                     {good[:len(good)-8] + "AAAAAAAA", 401},
		"an access token of somebody": {"x.y.z", 401},
	} {
		if a := b.json("GET", "/api/v1/whoami", "", "Authorization", "Bearer "+tc.token); a["code"] != tc.code {
			p.t.Errorf("%s: %v", name, a)
		}
	}
	b.do("POST", p.issuer+"/control/rotate", "")
	for name, token := range map[string]string{"after the rotation": b.mint(nil), "from before it": good} {
		if a := b.json("GET", "/api/v1/whoami", "", "Authorization", "Bearer "+token); a["code"] != 200 {
			p.t.Errorf("%s: %v", name, a)
		}
	}
}

// publicKey is the newest key of the issuer, as one finds it in files.
func (b *browser) publicKey() []byte {
	b.t.Helper()
	var set struct{ Keys []struct{ N, E string } }
	if err := json.Unmarshal([]byte(b.do("GET", b.issuer+"/keys", "").body), &set); err != nil || len(set.Keys) == 0 {
		b.t.Fatal("the issuer has no keys", err)
	}
	n, err := base64.RawURLEncoding.DecodeString(set.Keys[len(set.Keys)-1].N)
	if err != nil {
		b.t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537})
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	if err := pem.Encode(&out, &pem.Block{Type: "PUBLIC KEY", Bytes: der}); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

// codes exchanges codes for tokens, as programs on people's machines do.
func (p *people) codes() {
	p.t.Helper()
	b := p.browser()
	verifier := rand.Text() + rand.Text()
	exchange := func(code, verifier, nonce, redirect string) map[string]any {
		body, err := json.Marshal(map[string]any{"code": code, "code_verifier": verifier, "nonce": nonce, "redirect_uri": redirect, "cookie": false})
		if err != nil {
			p.t.Fatal(err)
		}
		return p.browser().json("POST", "/api/v1/auth/token", string(body))
	}
	const cli = "http://127.0.0.1:1/cli"
	code := b.code("bob", verifier, "n")
	v := exchange(code, verifier, "n", cli)
	token, _ := v["access_token"].(string)
	if v["code"] != 200 || token == "" {
		p.t.Fatalf("%v", v)
	}
	if who := p.browser().json("GET", "/api/v1/whoami", "", "Authorization", "Bearer "+token); who["who"] != "oidc:bob" {
		p.t.Errorf("%v", who)
	}
	if v := exchange(code, verifier, "n", cli); v["code"] != 401 {
		p.t.Errorf("a code again: %v", v)
	}
	if v := exchange(b.code("bob", verifier, "n"), verifier, "another", cli); v["code"] != 401 {
		p.t.Errorf("another nonce: %v", v)
	}
	if v := exchange(b.code("bob", verifier, "n"), verifier+"x", "n", cli); v["code"] != 401 {
		p.t.Errorf("another verifier: %v", v)
	}
	if v := exchange(b.code("bob", verifier, "n"), verifier, "n", ""); v["code"] != 401 {
		p.t.Errorf("another redirect: %v", v)
	}
}
