package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Sessions keeps who is signed in.
type Sessions interface {
	// OpenSession answers the session with its ID and times, and its token, which is not
	// kept.
	OpenSession(ctx context.Context, sn tracker.Session) (_ tracker.Session, token string, err error)
	// Session answers the session of a token, or CodeNotFound.
	Session(ctx context.Context, token string) (tracker.Session, error)
	// SessionsOf lists sessions of a tenant, newest first: a person's, or all.
	SessionsOf(ctx context.Context, tenant, person, cursor string, limit int) (_ []tracker.Session, next string, err error)
	// EndSession ends a session of the caller, or one of their tenant if they may
	// administrate it; another is CodeNotFound.
	EndSession(ctx context.Context, by tracker.Principal, id string) error
	// BeginLogin keeps a log-in that an address begins, and TakeLogin answers it once.
	BeginLogin(ctx context.Context, from, state string, l tracker.Login) error
	TakeLogin(ctx context.Context, state string) (tracker.Login, error)
}

const (
	tokenPath    = "/api/v1/auth/token"
	signOutPath  = "/api/v1/auth/session"
	sessionsPath = "/api/v1/sessions"
	// sessionPrefix is how the token of a session begins.
	sessionPrefix = "trs_"
	maxAgent      = 200
)

// TokenBody is what a session is asked for with: a key, or a code or an ID token of the
// issuer.
type TokenBody struct {
	_           struct{} `additionalProperties:"false"`
	APIKey      string   `json:"api_key,omitempty" maxLength:"512" doc:"An API key, where X-API-Key is not sent"`
	Code        string   `json:"code,omitempty" maxLength:"4096" doc:"The code that the issuer sent your client"`
	Verifier    string   `json:"code_verifier,omitempty" maxLength:"128" doc:"The verifier whose S256 challenge the code was asked for with"`
	Nonce       string   `json:"nonce,omitempty" maxLength:"256" doc:"The nonce that the code was asked for with"`
	RedirectURI string   `json:"redirect_uri,omitempty" maxLength:"512" doc:"Where the issuer sent the code, on http and the loopback address; none is the address that the server is set up with"`
	IDToken     string   `json:"id_token,omitempty" maxLength:"32768" format:"password" writeOnly:"true" doc:"The ID token that the issuer gave your program by the device flow, in the last ten minutes"`
	Tenant      string   `json:"tenant,omitempty" maxLength:"63" doc:"With a code or an ID token: the tenant, for members of several; none is the first in the order of the settings"`
	Cookie      *bool    `json:"cookie,omitempty" doc:"false answers the token instead of setting a cookie"`
}

type tokenInput struct {
	Body *TokenBody
}

type tokenAnswer struct {
	Success   bool            `json:"success" doc:"Always true"`
	Session   tracker.Session `json:"session"`
	Token     string          `json:"access_token,omitempty" doc:"What goes into Authorization: Bearer, where no cookie is set. It is not kept, and not shown again"`
	TokenType string          `json:"token_type,omitempty" doc:"Bearer, with access_token"`
	ExpiresIn int             `json:"expires_in" doc:"Seconds until the session ends at the latest; after two hours without use it ends too"`
}

type tokenOutput struct {
	SetCookie string `header:"Set-Cookie" doc:"The session"`
	Body      tokenAnswer
}

type sessionsInput struct {
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"The most sessions of a page"`
}

type sessionsAnswer struct {
	Success  bool              `json:"success" doc:"Always true"`
	Sessions []tracker.Session `json:"sessions" doc:"Newest first"`
	Next     string            `json:"next_cursor,omitempty" doc:"The cursor of the next page; absent on the last"`
}

func (s *Server) registerSessions() {
	operation := func(id, method, path, summary string, errors ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"people"}, Summary: summary, Errors: errors}
	}
	token := operation("sign-in", http.MethodPost, tokenPath, "Exchange an API key, or a code or an ID token of the issuer, for a session",
		http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	token.Description = `The session is an HttpOnly cookie, which pages and EventSource send by themselves, or with cookie: false a token for
Authorization: Bearer. A session of a key may what the key may, and ends with it. GET ` + loginPath + ` does the same in a browser.`
	device := operation("read-device-login", http.MethodGet, "/api/v1/auth/device", "Read how a program signs people in", http.StatusNotFound)
	device.Description = `What the device flow of RFC 8628 takes: the issuer, the client and the scopes. The ID token that the issuer answers is exchanged for a
session with POST ` + tokenPath + `. 404 where nobody can sign in so.`
	device.Security = anonymous
	register(s, device, s.deviceLogin)
	token.Security = []map[string][]string{{"apiKey": {}}, {}}
	register(s, token, s.signIn)

	out := operation("sign-out", http.MethodDelete, signOutPath, "End the session that the request comes with", http.StatusConflict)
	out.DefaultStatus = http.StatusNoContent
	register(s, out, s.signOut)

	list := operation("list-sessions", http.MethodGet, sessionsPath, "List your sessions; as an admin, those of your tenant", http.StatusBadRequest)
	register(s, list, func(ctx context.Context, in *sessionsInput) (*struct{ Body sessionsAnswer }, error) {
		if s.Sessions == nil {
			return nil, errNotKept
		}
		who := caller(ctx)
		person := who.Person
		if who.May(tracker.PermitManage) {
			person = ""
		}
		page, next, err := s.Sessions.SessionsOf(ctx, who.Tenant, person, in.Cursor, in.Limit)
		if err != nil {
			return nil, located("query.", err)
		}
		for i := range page {
			page[i].Current = page[i].ID == who.Session
		}
		return &struct{ Body sessionsAnswer }{sessionsAnswer{true, page, next}}, nil
	})

	end := operation("end-session", http.MethodDelete, sessionsPath+"/{id}", "End a session of yours; as an admin, one of your tenant", http.StatusNotFound)
	end.DefaultStatus = http.StatusNoContent
	register(s, end, func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"64" doc:"The session's ID"`
	},
	) (*struct{}, error) {
		if s.Sessions == nil {
			return nil, errNotKept
		}
		return nil, s.Sessions.EndSession(ctx, caller(ctx), in.ID)
	})
}

type deviceAnswer struct {
	Success  bool     `json:"success" doc:"Always true"`
	Issuer   string   `json:"issuer" doc:"Its URL: /.well-known/openid-configuration below it says where a device code is asked for" example:"https://login.example.com"`
	ClientID string   `json:"client_id" doc:"A public client: it has no secret"`
	Scopes   []string `json:"scopes" doc:"What to ask for"`
}

func (s *Server) deviceLogin(context.Context, *struct{}) (*struct{ Body deviceAnswer }, error) {
	d := s.Device
	if s.Issuer == nil || d.ClientID == "" {
		return nil, tracker.Errorf(tracker.CodeNotFound, "nobody can sign in from a program here: the server has no issuer, or no public client of it (OIDC_DEVICE_CLIENT_ID)")
	}
	return &struct{ Body deviceAnswer }{deviceAnswer{true, d.Issuer, d.ClientID, append([]string{}, d.Scopes...)}}, nil
}

func (s *Server) signIn(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
	if s.Sessions == nil {
		return nil, errNotKept
	}
	var b TokenBody
	if in.Body != nil {
		b = *in.Body
	}
	r := incoming(ctx)
	cookie := b.Cookie == nil || *b.Cookie
	// A page of another site must not sign a browser in as somebody else.
	if cookie && crossOrigin.Check(r) != nil {
		return nil, errOtherSite()
	}
	if b.APIKey == "" {
		b.APIKey = r.Header.Get("X-API-Key")
	}
	sn, err := s.knownBy(ctx, b)
	if err != nil {
		return nil, s.unknown(ctx, err)
	}
	sn, token, err := s.signedIn(ctx, sn)
	if err != nil {
		return nil, err
	}
	life := time.Until(sn.ExpiresAt).Round(time.Second)
	out := &tokenOutput{Body: tokenAnswer{Success: true, Session: sn, ExpiresIn: int(life.Seconds())}}
	if cookie {
		out.SetCookie = newCookie(r, "", token, life, http.SameSiteStrictMode).String()
	} else {
		out.Body.Token, out.Body.TokenType = token, "Bearer"
	}
	return out, nil
}

// knownBy is the session of who asks for one. Its error is a refusedCaller where that is
// nobody.
func (s *Server) knownBy(ctx context.Context, b TokenBody) (tracker.Session, error) {
	switch {
	case b.Code != "" && b.APIKey != "":
		return tracker.Session{}, invalid(FieldError{"body.code", "comes with a key: send one of them"})
	case b.IDToken != "" && b.APIKey+b.Code != "":
		return tracker.Session{}, invalid(FieldError{"body.id_token", "comes with a key or a code: send one of them"})
	case b.IDToken != "":
		if s.Issuer == nil {
			return tracker.Session{}, invalid(FieldError{"body.id_token", "this server has no issuer"})
		}
		who, err := s.auth.exchanged(ctx, b)
		return sessionOf(who), err
	case b.Code != "":
		return s.redeem(ctx, b)
	case b.APIKey == "":
		return tracker.Session{}, refusedCaller("Missing authentication")
	}
	who, err := s.auth.principal(ctx, "", b.APIKey)
	if err != nil {
		return tracker.Session{}, err
	}
	sum := sha256.Sum256([]byte(b.APIKey))
	sn := sessionOf(who)
	sn.KeySum, sn.Grants = hex.EncodeToString(sum[:]), nil
	if _, listed := s.auth.listed.find(sum[:]); !listed {
		sn.KeyID = strings.TrimPrefix(who.Who, "key:")
	}
	return sn, nil
}

// redeem is the session of who signed in with the issuer.
func (s *Server) redeem(ctx context.Context, b TokenBody) (tracker.Session, error) {
	switch {
	case s.Issuer == nil:
		return tracker.Session{}, invalid(FieldError{"body.code", "this server has no issuer"})
	case b.Verifier == "":
		return tracker.Session{}, invalid(FieldError{"body.code_verifier", "is needed with a code"})
	case b.Nonce == "":
		return tracker.Session{}, invalid(FieldError{"body.nonce", "is needed with a code"})
	case b.RedirectURI != "" && !ownRedirect(b.RedirectURI):
		return tracker.Session{}, invalid(FieldError{"body.redirect_uri", "is not http on the loopback address"})
	}
	who, err := s.auth.redeemed(ctx, b)
	return sessionOf(who), err
}

// ownRedirect reports whether a code was sent to a program on its user's machine: codes
// of other clients are not redeemed here.
func ownRedirect(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Scheme == "http" && u.User == nil && isLoopback(u.Host)
}

func sessionOf(p tracker.Principal) tracker.Session {
	return tracker.Session{Tenant: p.Tenant, Who: p.Who, Person: p.Person, Name: p.Name, Tenants: p.Tenants, Grants: p.Grants}
}

// signedIn signs somebody in who is known.
func (s *Server) signedIn(ctx context.Context, sn tracker.Session) (tracker.Session, string, error) {
	sn.From, sn.Agent = origin(ctx), incoming(ctx).UserAgent()
	if len(sn.Agent) > maxAgent {
		sn.Agent = strings.ToValidUTF8(sn.Agent[:maxAgent], "")
	}
	return s.Sessions.OpenSession(ctx, sn)
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*struct {
	SetCookie string `header:"Set-Cookie" doc:"The session"`
}, error,
) {
	who := caller(ctx)
	if who.Session == "" {
		return nil, tracker.Errorf(tracker.CodeConflict, "this request comes with no session")
	}
	if err := s.Sessions.EndSession(ctx, who, who.Session); err != nil {
		return nil, err
	}
	return &struct {
		SetCookie string `header:"Set-Cookie" doc:"The session"`
	}{newCookie(incoming(ctx), "", "", 0, http.SameSiteStrictMode).String()}, nil
}
