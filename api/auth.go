package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/tracker"
)

// minSecret is the size of HS256's hash: RFC 7518 wants no shorter key.
const minSecret = 32

// maxSubject bounds what becomes part of the store's keys.
const maxSubject = 256

// principals and anonymous are what an operation's Security can be: it is what
// the document says and what is enforced.
var (
	principals = []map[string][]string{{"apiKey": {}}, {"jwt": {}}}
	anonymous  = []map[string][]string{{}}
)

// Keys keeps API keys by the sums of their secrets.
type Keys interface {
	// AuthenticateKey answers whom a secret stands for, or CodeNotFound.
	AuthenticateKey(ctx context.Context, secret string) (tracker.Principal, error)
	// AddKey makes a key and answers its secret, which is not kept.
	AddKey(ctx context.Context, by tracker.Principal, k tracker.APIKey) (_ tracker.APIKey, secret string, err error)
	KeysOf(ctx context.Context, tenant string) ([]tracker.APIKey, error)
	// RotateKey answers a new secret of a key of the caller's tenant. The old one is taken
	// for as long as overlap.
	RotateKey(ctx context.Context, by tracker.Principal, id string, overlap time.Duration) (_ tracker.APIKey, secret string, err error)
	DeleteKey(ctx context.Context, by tracker.Principal, id string) error
}

// listedKey is a key of the options: its hash, and whom it stands for.
type listedKey struct {
	sum [sha256.Size]byte
	who tracker.Principal
}

// keyring is the keys of the options.
type keyring []listedKey

func newKeyring(keys, admins []string) keyring {
	var ring keyring
	add := func(key string, roles ...tracker.Role) {
		sum := sha256.Sum256([]byte(key))
		who := "key:" + hex.EncodeToString(sum[:4])
		ring = append(ring, listedKey{sum, tracker.Principal{
			Tenant: tracker.DefaultTenant, Who: who, Person: who, Grants: grantsOf(roles),
		}})
	}
	for _, key := range keys {
		if !slices.Contains(admins, key) {
			add(key, usualRoles...)
		}
	}
	for _, key := range admins {
		add(key, tracker.RoleAdmin)
	}
	return ring
}

// usualRoles are those of whom nobody has given any.
var usualRoles = []tracker.Role{tracker.RoleOperator, tracker.RoleActor}

func grantsOf(roles []tracker.Role) []tracker.Grant {
	var grants []tracker.Grant
	for _, r := range roles {
		grants = append(grants, tracker.Grant{Role: r})
	}
	return grants
}

// find takes as long whatever the key is.
func (k keyring) find(key string) (tracker.Principal, bool) {
	sum, at := sha256.Sum256([]byte(key)), -1
	for i := range k {
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(sum[:], k[i].sum[:]), i, at)
	}
	if at < 0 {
		return tracker.Principal{}, false
	}
	return k[at].who, true
}

// authenticator tells who is calling.
type authenticator struct {
	listed    keyring
	kept      Keys    // nil: none
	tenants   Tenants // nil: only the tenant default
	approvers []string
	secrets   jwt.VerificationKeySet // the newest first; none refuses tokens
	parser    *jwt.Parser
	life      time.Duration // the longest of a token
}

func newAuthenticator(o Options) *authenticator {
	rules := []jwt.ParserOption{jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired()}
	if o.TokenIssuer != "" {
		rules = append(rules, jwt.WithIssuer(o.TokenIssuer))
	}
	if o.TokenAudience != "" {
		rules = append(rules, jwt.WithAudience(o.TokenAudience))
	}
	return &authenticator{
		listed: newKeyring(o.APIKeys, o.OperatorKeys), kept: o.Keys, tenants: o.Tenants, approvers: o.Approvers,
		secrets: secretsOf(o.SecretKey, o.OldSecretKey), parser: jwt.NewParser(rules...), life: o.MaxTokenLife,
	}
}

// secretsOf are the secrets that tokens may be signed with.
func secretsOf(secrets ...string) jwt.VerificationKeySet {
	var set jwt.VerificationKeySet
	for _, s := range secrets {
		if s != "" {
			set.Keys = append(set.Keys, []byte(s))
		}
	}
	return set
}

// refusedCaller says why somebody is not known, in the words of the wire contract.
type refusedCaller string

func (r refusedCaller) Error() string { return string(r) }

// principal says who the caller is. Its error is a refusedCaller where that is nobody.
// Authorization wins over X-API-Key.
func (a *authenticator) principal(ctx context.Context, authorization, apiKey string) (tracker.Principal, error) {
	var who tracker.Principal
	var err error
	switch {
	case authorization != "":
		scheme, token, ok := strings.Cut(authorization, " ")
		if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
			return who, refusedCaller("Invalid authorization header")
		}
		who, err = a.bearer(ctx, token)
	case apiKey != "":
		who, err = a.key(ctx, apiKey)
	default:
		return who, refusedCaller("Missing authentication")
	}
	if err == nil && slices.Contains(a.approvers, who.Who) {
		who.Grants = append(slices.Clip(who.Grants), tracker.Grant{Role: tracker.RoleApprover})
	}
	return who, err
}

func (a *authenticator) key(ctx context.Context, key string) (tracker.Principal, error) {
	who, ok := a.listed.find(key)
	if ok {
		return who, nil
	}
	if a.kept == nil {
		return who, refusedCaller("Invalid API key")
	}
	who, err := a.kept.AuthenticateKey(ctx, key)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return who, refusedCaller("Invalid API key")
	}
	return who, err
}

// claims are those of a token. Without a tenant it is of the tenant default, without
// roles it has the usual ones.
type claims struct {
	jwt.RegisteredClaims
	Tenant string          `json:"tenant,omitempty"`
	Roles  *[]tracker.Role `json:"roles,omitempty"`
}

const invalidToken = refusedCaller("Invalid token")

func (a *authenticator) bearer(ctx context.Context, token string) (who tracker.Principal, err error) {
	if len(a.secrets.Keys) == 0 {
		return who, invalidToken
	}
	var c claims
	_, err = a.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return a.secrets, nil })
	if err != nil || c.Subject == "" || len(c.Subject) > maxSubject {
		return who, invalidToken
	}
	from := time.Now()
	if c.IssuedAt != nil && c.IssuedAt.Before(from) {
		from = c.IssuedAt.Time
	}
	// Numeric dates are whole seconds.
	if c.ExpiresAt.After(from.Add(a.life + time.Second)) {
		return who, refusedCaller("The token lives longer than this server allows")
	}
	roles := usualRoles
	if c.Roles != nil {
		roles = *c.Roles
	}
	for _, r := range roles {
		if !slices.Contains(tracker.Roles(), r) {
			return who, refusedCaller("The token names a role that there is not")
		}
	}
	tenant, err := a.tenant(ctx, cmp.Or(c.Tenant, tracker.DefaultTenant))
	if err != nil {
		return who, err
	}
	name := "jwt:" + c.Subject
	return tracker.Principal{Tenant: tenant, Who: name, Person: name, Grants: grantsOf(roles)}, nil
}

// tenant checks that there is the tenant that a token names.
func (a *authenticator) tenant(ctx context.Context, name string) (string, error) {
	if name == tracker.DefaultTenant {
		return name, nil
	}
	if a.tenants == nil {
		return "", refusedCaller("The token names a tenant that there is not")
	}
	t, err := a.tenants.Tenant(ctx, name)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return "", refusedCaller("The token names a tenant that there is not")
	}
	return t.Name, err
}

// MintToken returns a JWT for sub that a server with the same secret accepts
// for ttl.
func MintToken(secret, sub string, ttl time.Duration) (string, error) {
	switch {
	case len(secret) < minSecret:
		return "", fmt.Errorf("the secret key has %d bytes and needs %d", len(secret), minSecret)
	case sub == "" || len(sub) > maxSubject:
		return "", fmt.Errorf("a token needs a subject of 1 to %d bytes", maxSubject)
	case ttl <= 0:
		return "", errors.New("a token needs a time to live")
	}
	now := time.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   sub,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
	}).SignedString([]byte(secret))
}

type callerKey struct{}

// caller is whom the request was authenticated as.
func caller(ctx context.Context) tracker.Principal {
	p, _ := ctx.Value(callerKey{}).(tracker.Principal)
	return p
}

// owner is the tenant of the caller: whose data the request reads and changes.
func owner(ctx context.Context) string { return caller(ctx).Tenant }

func unauthorized(refusal string) *Problem {
	return newProblem(http.StatusUnauthorized, refusal).with("WWW-Authenticate", `Bearer realm="tracker"`)
}

// isAnonymous reports whether everybody may call an operation.
func isAnonymous(op *huma.Operation) bool { return len(op.Security) == 1 && len(op.Security[0]) == 0 }

// authenticate is the middleware of every operation that is not anonymous: it says who
// is calling, and whether they may.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if isAnonymous(ctx.Operation()) {
		next(ctx)
		return
	}
	who, err := s.auth.principal(ctx.Context(), ctx.Header("Authorization"), ctx.Header("X-API-Key"))
	if err != nil {
		writeProblem(ctx, s.unknown(ctx.Context(), err))
		return
	}
	who.From = origin(ctx.Context())
	ctx = huma.WithValue(ctx, callerKey{}, who)
	if need := permissionOf(ctx.Operation()); !who.May(need) {
		s.audited(ctx, func(ctx huma.Context) { writeProblem(ctx, forbidden(need)) })
		return
	}
	next(ctx)
}

// unknown is the problem of a request that nobody is known by, or that could not be
// looked into.
func (s *Server) unknown(ctx context.Context, err error) *Problem {
	if refused, ok := errors.AsType[refusedCaller](err); ok {
		return unauthorized(refused.Error())
	}
	return s.problem(ctx, err)
}

type originKey struct{}

// origin is the address that the request came from.
func origin(ctx context.Context) string {
	o, _ := ctx.Value(originKey{}).(string)
	return o
}

// operate is authenticate for pages: it wants the administrator's key as X-API-Key, or as
// the password that a browser asks for.
func (s *Server) operate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		authorization, key := r.Header.Get("Authorization"), r.Header.Get("X-API-Key")
		if _, password, ok := r.BasicAuth(); ok {
			authorization, key = "", password
		}
		who, err := s.auth.principal(r.Context(), authorization, key)
		var p *Problem
		switch {
		case err != nil:
			if p = s.unknown(r.Context(), err); p.Status == http.StatusUnauthorized {
				p = p.with("WWW-Authenticate", `Basic realm="operators", charset="UTF-8"`)
			}
		case !who.May(tracker.PermitInstance):
			p = forbidden(tracker.PermitInstance)
		default:
			return next(c)
		}
		p.RequestID = requestID(r.Context())
		p.write(c.Response())
		return nil
	}
}
