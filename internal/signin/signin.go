// Package signin asks an OpenID Connect issuer who people are.
package signin

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Options say who the issuer is. Scopes, GroupsClaim and MaxLife have defaults; a client
// without a secret is a public one.
type Options struct {
	URL, ClientID, ClientSecret string
	// RedirectURL is where the issuer sends browsers to.
	RedirectURL string
	// DeviceClientID is the public client that programs sign people in with, by the device
	// flow of RFC 8628; empty is none.
	DeviceClientID string
	Scopes         []string // none: openid, profile and email
	// GroupsClaim is the claim that holds the groups of a person; empty is groups.
	GroupsClaim string
	Roles       []tracker.GroupRole
	// MaxLife is the longest lifetime of a token that is sent instead of a session; 0 is 24
	// hours.
	MaxLife time.Duration
}

// prefix keeps people of the issuer apart from other principals.
const prefix = "oidc:"

const (
	maxSubject = 256
	maxName    = 128
	// patience is how long the issuer may take for an answer.
	patience = 5 * time.Second
	// pause is how long it is left alone after it did not answer.
	pause = 5 * time.Second
	// exchangeable is how old an ID token may be that is exchanged for a session.
	exchangeable = 10 * time.Minute
)

// signatures are the algorithms that a token may be signed with: none that takes a secret,
// which the public key of the issuer could be mistaken for.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// Issuer is an OpenID Connect issuer. It is asked about itself when it is first needed,
// and again until it answers.
type Issuer struct {
	o      Options
	client *http.Client

	mu    sync.Mutex
	known *issuer // nil: not yet
	after time.Time
}

// issuer is what the issuer says about itself.
type issuer struct {
	verifier *oidc.IDTokenVerifier
	config   oauth2.Config
}

// New returns an Issuer. It asks nothing yet.
func New(o Options) *Issuer {
	if len(o.Scopes) == 0 {
		o.Scopes = []string{oidc.ScopeOpenID, "profile", "email"}
	}
	o.GroupsClaim = cmp.Or(o.GroupsClaim, "groups")
	o.MaxLife = cmp.Or(o.MaxLife, 24*time.Hour)
	return &Issuer{o: o, client: &http.Client{Timeout: patience, Transport: bounded{http.DefaultTransport}}}
}

func unavailable(err error) error {
	return &tracker.Error{Code: tracker.CodeUnavailable, Message: "the issuer that people sign in with does not answer", Err: err}
}

// nobody is the error of who is not known. Its cause is for the log.
func nobody(message string, cause error) error {
	return &tracker.Error{Code: tracker.CodeNotFound, Message: message, Err: cause}
}

// ask returns what the issuer says about itself.
func (i *Issuer) ask(ctx context.Context) (*issuer, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.known != nil {
		return i.known, nil
	}
	if time.Now().Before(i.after) {
		return nil, unavailable(errors.New("it did not answer a moment ago"))
	}
	// Others wait for the answer, also when who asked first goes away.
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), i.client)
	p, err := oidc.NewProvider(ctx, i.o.URL)
	var about struct {
		Keys  string   `json:"jwks_uri"`
		Login []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err == nil {
		err = p.Claims(&about)
	}
	if err != nil {
		i.after = time.Now().Add(pause)
		return nil, unavailable(err)
	}
	c := oauth2.Config{ClientID: i.o.ClientID, ClientSecret: i.o.ClientSecret, Endpoint: p.Endpoint(), Scopes: i.o.Scopes}
	// Trying both ways would spend a code on the wrong one. Basic is the default of the
	// discovery document.
	c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if i.o.ClientSecret == "" || len(about.Login) > 0 && !slices.Contains(about.Login, "client_secret_basic") {
		c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	seldom := &http.Client{Timeout: patience, Transport: &seldom{RoundTripper: i.client.Transport}}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(ctx, seldom), about.Keys)
	i.known = &issuer{oidc.NewVerifier(i.o.URL, keySet{keys}, &oidc.Config{SkipClientIDCheck: true, SupportedSigningAlgs: signatures}), c}
	return i.known, nil
}

// LoginURL is where a browser goes to sign in.
func (i *Issuer) LoginURL(ctx context.Context, state, nonce, verifier string) (string, error) {
	known, err := i.ask(ctx)
	if err != nil {
		return "", err
	}
	c := known.config
	c.RedirectURL = i.o.RedirectURL
	return c.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// Redeem exchanges a code for who signed in; an empty redirect is that of the options, an
// empty tenant the first that the person has a role in. A code that the issuer does not
// take is CodeNotFound, a person without a role CodeForbidden.
func (i *Issuer) Redeem(ctx context.Context, code, verifier, nonce, redirect, tenant string) (tracker.Principal, error) {
	known, err := i.ask(ctx)
	if err != nil {
		return tracker.Principal{}, err
	}
	c := known.config
	c.RedirectURL = cmp.Or(redirect, i.o.RedirectURL)
	token, err := c.Exchange(oidc.ClientContext(ctx, i.client), code, oauth2.VerifierOption(verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
		// Its text repeats the whole answer.
		return tracker.Principal{}, nobody("the issuer does not take the code", fmt.Errorf("%s: %.200q", refused.Response.Status, refused.ErrorCode+" "+refused.ErrorDescription))
	}
	if err != nil {
		return tracker.Principal{}, unavailable(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return tracker.Principal{}, nobody("the issuer answers no ID token", nil)
	}
	claims, err := i.verify(ctx, known, raw, i.o.ClientID)
	if err != nil {
		return tracker.Principal{}, err
	}
	if nonce == "" || subtle.ConstantTimeCompare([]byte(nonce), []byte(claims.token.Nonce)) == 0 {
		return tracker.Principal{}, nobody("the ID token is of another log-in", nil)
	}
	return i.principal(claims, tenant)
}

// Verify returns whom an ID token stands for that is sent instead of a session. One that
// is not valid is CodeNotFound, a person without a role CodeForbidden.
func (i *Issuer) Verify(ctx context.Context, raw string) (tracker.Principal, error) {
	known, err := i.ask(ctx)
	if err != nil {
		return tracker.Principal{}, err
	}
	claims, err := i.verify(ctx, known, raw, i.o.ClientID)
	if err != nil {
		return tracker.Principal{}, err
	}
	from := time.Now()
	if at := claims.token.IssuedAt; !at.IsZero() && at.Before(from) {
		from = at
	}
	if claims.token.Expiry.After(from.Add(i.o.MaxLife + time.Second)) {
		return tracker.Principal{}, nobody("The token lives longer than this server allows", nil)
	}
	return i.principal(claims, "")
}

// Exchange returns whom an ID token stands for that a program got by the device flow, and
// that was made just now; an empty tenant is the first that the person has a role in. One
// that is not valid is CodeNotFound, a person without a role CodeForbidden.
func (i *Issuer) Exchange(ctx context.Context, raw, tenant string) (tracker.Principal, error) {
	if i.o.DeviceClientID == "" {
		return tracker.Principal{}, nobody("Invalid token", errors.New("no client signs in by the device flow"))
	}
	known, err := i.ask(ctx)
	if err != nil {
		return tracker.Principal{}, err
	}
	claims, err := i.verify(ctx, known, raw, i.o.DeviceClientID)
	if err != nil {
		return tracker.Principal{}, err
	}
	if time.Since(claims.token.IssuedAt) > exchangeable {
		return tracker.Principal{}, nobody("the ID token is too old to be exchanged: sign in again", nil)
	}
	return i.principal(claims, tenant)
}

// claims are what an ID token says.
type claims struct {
	token     *oidc.IDToken
	groups    []string
	Party     string `json:"azp"`
	Email     string `json:"email"`
	Preferred string `json:"preferred_username"`
	FullName  string `json:"name"`
}

// verify returns what an ID token says that was made for a client.
func (i *Issuer) verify(ctx context.Context, known *issuer, raw, client string) (c claims, err error) {
	var outage error
	c.token, err = known.verifier.Verify(context.WithValue(ctx, outageKey{}, &outage), raw)
	switch {
	case outage != nil:
		return c, unavailable(outage)
	case err != nil:
		return c, nobody("Invalid token", err)
	}
	var all map[string]json.RawMessage
	if err = cmp.Or(c.token.Claims(&c), c.token.Claims(&all)); err != nil {
		return c, nobody("Invalid token", err)
	}
	if !slices.Contains(c.token.Audience, client) {
		return c, nobody("Invalid token", fmt.Errorf("its audience is %.200q", c.token.Audience))
	}
	// Of several in the audience, who the token was made for is azp.
	if c.Party != "" && c.Party != client {
		return c, nobody("Invalid token", fmt.Errorf("it was made for the client %.100q", c.Party))
	}
	if sub := c.token.Subject; sub == "" || len(sub) > maxSubject || strings.ContainsFunc(sub, notShown) {
		return c, nobody("Invalid token", errors.New("its subject is none"))
	}
	c.groups = groupsOf(all[i.o.GroupsClaim])
	return c, nil
}

// notShown reports whether a rune is none that a name shows.
func notShown(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }

// groupsOf reads a claim: a list of texts, or one.
func groupsOf(raw json.RawMessage) (groups []string) {
	if json.Unmarshal(raw, &groups) == nil {
		return groups
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	return nil
}

func (i *Issuer) principal(c claims, tenant string) (tracker.Principal, error) {
	who := prefix + c.token.Subject
	p := tracker.Principal{Tenant: tenant, Who: who, Person: who, Name: c.name()}
	for _, r := range i.o.Roles {
		if !slices.Contains(c.groups, r.Group) {
			continue
		}
		if !slices.Contains(p.Tenants, r.Tenant) {
			p.Tenants = append(p.Tenants, r.Tenant)
		}
		if p.Tenant != "" && p.Tenant != r.Tenant {
			continue
		}
		p.Tenant = r.Tenant
		if g := (tracker.Grant{Role: r.Role}); !slices.ContainsFunc(p.Grants, func(o tracker.Grant) bool { return o.Role == g.Role }) {
			p.Grants = append(p.Grants, g)
		}
	}
	switch {
	case len(p.Grants) > 0:
		return p, nil
	case tenant != "":
		return p, tracker.Errorf(tracker.CodeForbidden, "you belong to no group that has a role in the tenant %s", tenant)
	}
	return p, tracker.Errorf(tracker.CodeForbidden, "you belong to no group that has a role here")
}

// name is what people read.
func (c claims) name() string {
	name := strings.Map(func(r rune) rune {
		if notShown(r) {
			return -1
		}
		return r
	}, cmp.Or(c.Email, c.Preferred, c.FullName))
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	return name
}
