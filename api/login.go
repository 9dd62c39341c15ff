package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Issuer says who people are. What it does not know is CodeNotFound, somebody without a
// role CodeForbidden, and CodeUnavailable that it does not answer.
type Issuer interface {
	// LoginURL is where a browser goes to sign in.
	LoginURL(ctx context.Context, state, nonce, verifier string) (string, error)
	// Redeem answers who signed in to get a code. An empty redirect is that of the log-in in
	// browsers, an empty tenant the first that the person has a role in.
	Redeem(ctx context.Context, code, verifier, nonce, redirect, tenant string) (tracker.Principal, error)
	// Verify answers whom an ID token stands for.
	Verify(ctx context.Context, token string) (tracker.Principal, error)
	// Exchange answers whom an ID token stands for that a program got by the device flow just
	// now. An empty tenant is the first that the person has a role in.
	Exchange(ctx context.Context, token, tenant string) (tracker.Principal, error)
}

// DeviceLogin is how programs sign people in, by the device flow of RFC 8628.
type DeviceLogin struct {
	// Issuer is its URL, ClientID a public client of it; empty: nobody signs in so.
	Issuer, ClientID string
	Scopes           []string
}

const (
	loginPath    = "/api/v1/auth/login"
	callbackPath = "/api/v1/auth/callback"
	// loginFor is how long a browser has for a log-in.
	loginFor    = 10 * time.Minute
	maxReturnTo = 1024
	maxParam    = 4096
)

// redeemed says whom a code of the issuer stands for.
func (a *authenticator) redeemed(ctx context.Context, b TokenBody) (tracker.Principal, error) {
	who, err := a.issuer.Redeem(ctx, b.Code, b.Verifier, b.Nonce, b.RedirectURI, b.Tenant)
	return who, a.settled(ctx, who, err)
}

// exchanged says whom an ID token stands for that a program got by the device flow.
func (a *authenticator) exchanged(ctx context.Context, b TokenBody) (tracker.Principal, error) {
	who, err := a.issuer.Exchange(ctx, b.IDToken, b.Tenant)
	return who, a.settled(ctx, who, err)
}

// login sends a browser to the issuer.
func (s *Server) login(c echo.Context) error {
	r := c.Request()
	ctx, cancel := context.WithTimeout(r.Context(), s.RequestTimeout)
	defer cancel()
	if s.Issuer == nil || s.Sessions == nil {
		return s.say(c, newProblem(http.StatusNotFound, "nobody can sign in here: the server has no issuer"))
	}
	returnTo, tenant := r.URL.Query().Get("return_to"), r.URL.Query().Get("tenant")
	if returnTo == "" {
		returnTo = "/"
	}
	if !isLocal(returnTo) || len(tenant) > maxTenantName {
		return s.say(c, newProblem(http.StatusBadRequest, "return_to is a path of this server, and tenant the name of a tenant"))
	}
	// Log-ins in several tabs share the browser's cookie.
	browser, ok := cookieOf(r, loginSuffix)
	if !ok || len(browser) != len(rand.Text()) {
		browser = rand.Text()
	}
	state := rand.Text()
	l := tracker.Login{Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), Tenant: tenant, ReturnTo: returnTo, Browser: sumOf(browser)}
	to, err := s.Issuer.LoginURL(ctx, state, l.Nonce, l.Verifier)
	if err == nil {
		err = s.Sessions.BeginLogin(ctx, network(origin(ctx)).String(), state, l)
	}
	if err != nil {
		return s.say(c, s.problem(ctx, err))
	}
	c.SetCookie(newCookie(r, loginSuffix, browser, loginFor, http.SameSiteLaxMode))
	return c.Redirect(http.StatusFound, to)
}

// maxTenantName is the longest that a tenant's name is.
const maxTenantName = 63

// isLocal reports whether browsers take a text for a path of this server. They drop tabs
// and line feeds, and take \ for /.
func isLocal(path string) bool {
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }
	if len(path) > maxReturnTo || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, odd) {
		return false
	}
	u, err := url.Parse(path)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// callback signs in the browser that comes back from the issuer.
func (s *Server) callback(c echo.Context) error {
	r := c.Request()
	ctx, cancel := context.WithTimeout(r.Context(), s.RequestTimeout)
	defer cancel()
	if s.Issuer == nil || s.Sessions == nil {
		return s.say(c, newProblem(http.StatusNotFound, "nobody can sign in here: the server has no issuer"))
	}
	q := r.URL.Query()
	state, code := q.Get("state"), q.Get("code")
	if len(state) != len(rand.Text()) || len(code) > maxParam {
		return s.say(c, errNoLogin())
	}
	l, err := s.Sessions.TakeLogin(ctx, state)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return s.say(c, errNoLogin())
	}
	if err != nil {
		return s.say(c, s.problem(ctx, err))
	}
	browser, _ := cookieOf(r, loginSuffix)
	if subtle.ConstantTimeCompare([]byte(sumOf(browser)), []byte(l.Browser)) == 0 {
		return s.say(c, errNoLogin())
	}
	if code == "" {
		return s.say(c, newProblem(http.StatusUnauthorized, "the issuer did not sign you in"))
	}
	who, err := s.auth.redeemed(ctx, TokenBody{Code: code, Verifier: l.Verifier, Nonce: l.Nonce, Tenant: l.Tenant})
	if err != nil {
		return s.say(c, s.unknown(ctx, err))
	}
	sn, token, err := s.signedIn(ctx, sessionOf(who))
	if err != nil {
		return s.say(c, s.problem(ctx, err))
	}
	c.SetCookie(newCookie(r, loginSuffix, "", 0, http.SameSiteLaxMode))
	c.SetCookie(newCookie(r, "", token, time.Until(sn.ExpiresAt).Round(time.Second), http.SameSiteStrictMode))
	// The browser comes from the issuer, so it would follow a redirect without the strict
	// cookie: the page sends it on.
	return s.page(c, http.StatusOK, note{"Signed in", "You are signed in.", l.ReturnTo})
}

func errNoLogin() *Problem {
	return newProblem(http.StatusBadRequest, "this log-in was not begun in this browser within ten minutes, or is used up: begin again")
}

// note is a page that says one thing, and leads on where To is set.
type note struct{ Title, Text, To string }

var notePage = template.Must(template.New("note").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>
{{with .To}}<meta http-equiv="refresh" content="0;url={{.}}">{{end}}</head>
<body><p>{{.Text}}</p>{{with .To}}<p><a href="{{.}}">Go on</a></p>{{end}}</body></html>
`))

// say answers a problem to a person.
func (s *Server) say(c echo.Context, p *Problem) error {
	for name := range p.headers {
		if name != "Www-Authenticate" {
			c.Response().Header().Set(name, p.headers.Get(name))
		}
	}
	return s.page(c, p.Status, note{Title: p.Title, Text: p.Text})
}

func (s *Server) page(c echo.Context, status int, n note) error {
	var b strings.Builder
	if err := notePage.Execute(&b, n); err != nil {
		return err
	}
	return c.HTML(status, b.String())
}
