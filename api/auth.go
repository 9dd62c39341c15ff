package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
	"github.com/consolesensei/resource-tracker/tracker"
)

// minSecret is the size of HS256's hash: RFC 7518 wants no shorter key.
const minSecret = 32

// maxSubject bounds what becomes part of the store's keys.
const maxSubject = 256

// principals and anonymous are what an operation's Security can be: it is what
// the document says and what is enforced.
var (
	principals = []map[string][]string{{"apiKey": {}}, {"jwt": {}}, {"session": {}}}
	anonymous  = []map[string][]string{{}}
)

// Keys keeps API keys by the sums of their secrets.
type Keys interface {
	// AuthenticateKey answers whom a secret stands for, or CodeNotFound.
	AuthenticateKey(ctx context.Context, secret string) (tracker.Principal, error)
	// KeyOfSum answers whom the key of an ID stands for while it takes the secret that has
	// this SHA-256, or CodeNotFound.
	KeyOfSum(ctx context.Context, id, sum string) (tracker.Principal, error)
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

// find finds the key with a sum. It takes as long whatever the sum is.
func (k keyring) find(sum []byte) (tracker.Principal, bool) {
	at := -1
	for i := range k {
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(sum, k[i].sum[:]), i, at)
	}
	if at < 0 {
		return tracker.Principal{}, false
	}
	return k[at].who, true
}

// authenticator tells who is calling.
type authenticator struct {
	listed    keyring
	kept      Keys     // nil: none
	tenants   Tenants  // nil: only the tenant default
	sessions  Sessions // nil: none
	issuer    Issuer   // nil: none
	approvers []string
	secrets   jwt.VerificationKeySet // the newest first; none refuses tokens
	parser    *jwt.Parser
	life      time.Duration // the longest of a token
	nameless  bool          // takes tokens without a subject
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
		listed: newKeyring(o.APIKeys, o.OperatorKeys), kept: o.Keys, tenants: o.Tenants, sessions: o.Sessions, issuer: o.Issuer, approvers: o.Approvers,
		secrets: secretsOf(o.SecretKey, o.OldSecretKey), parser: jwt.NewParser(rules...), life: o.MaxTokenLife, nameless: o.NamelessTokens,
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

// request says who a request comes from. Its error is a refusedCaller where that is
// nobody. Authorization wins over X-API-Key, and both over a cookie: only that comes
// without the client's doing, so only with it the request has to be of our own pages.
func (a *authenticator) request(ctx context.Context, r *http.Request) (tracker.Principal, error) {
	authorization, key := r.Header.Get("Authorization"), r.Header.Get("X-API-Key")
	if authorization != "" || key != "" {
		return a.principal(ctx, authorization, key)
	}
	token, ok := sessionCookie(r)
	if !ok {
		return tracker.Principal{}, refusedCaller("Missing authentication")
	}
	if err := ownPage(r); err != nil {
		return tracker.Principal{}, err
	}
	return a.approver(a.session(ctx, token))
}

// principal says who sends these headers.
func (a *authenticator) principal(ctx context.Context, authorization, apiKey string) (tracker.Principal, error) {
	if authorization == "" {
		return a.approver(a.key(ctx, apiKey))
	}
	scheme, token, ok := strings.Cut(authorization, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return tracker.Principal{}, refusedCaller("Invalid authorization header")
	}
	return a.approver(a.bearer(ctx, token))
}

// approver adds the role that the options give.
func (a *authenticator) approver(who tracker.Principal, err error) (tracker.Principal, error) {
	if err == nil && slices.Contains(a.approvers, who.Who) {
		who.Grants = append(slices.Clip(who.Grants), tracker.Grant{Role: tracker.RoleApprover})
	}
	return who, err
}

func (a *authenticator) key(ctx context.Context, key string) (tracker.Principal, error) {
	sum := sha256.Sum256([]byte(key))
	who, ok := a.listed.find(sum[:])
	if ok {
		return who, nil
	}
	if a.kept == nil {
		return who, refusedCaller("Invalid API key")
	}
	who, err := a.kept.AuthenticateKey(ctx, key)
	return who, refusedFor(err, "Invalid API key")
}

// refusedFor turns CodeNotFound into the refusal of a caller.
func refusedFor(err error, refusal refusedCaller) error {
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return refusal
	}
	return err
}

const sessionOver = refusedCaller("The session has ended: sign in again")

// session says whom a session's token stands for. One of a key is what the key is now,
// and ends with it.
func (a *authenticator) session(ctx context.Context, token string) (who tracker.Principal, err error) {
	if a.sessions == nil {
		return who, sessionOver
	}
	sn, err := a.sessions.Session(ctx, token)
	if err != nil {
		return who, refusedFor(err, sessionOver)
	}
	if sn.KeySum == "" {
		who = sn.Principal()
		_, err = a.tenant(ctx, sn.Tenant)
	} else {
		who, err = a.keyOf(ctx, sn)
	}
	who.Session = sn.ID
	return who, err
}

// keyOf says whom the key of a session stands for.
func (a *authenticator) keyOf(ctx context.Context, sn tracker.Session) (who tracker.Principal, err error) {
	if sn.KeyID == "" {
		sum, err := hex.DecodeString(sn.KeySum)
		who, ok := a.listed.find(sum)
		if err != nil || !ok {
			return who, sessionOver
		}
		return who, nil
	}
	if a.kept == nil {
		return who, sessionOver
	}
	who, err = a.kept.KeyOfSum(ctx, sn.KeyID, sn.KeySum)
	return who, refusedFor(err, sessionOver)
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
func isAnonymous(op *huma.Operation) bool {
	return slices.ContainsFunc(op.Security, func(way map[string][]string) bool { return len(way) == 0 })
}

// authenticate is the middleware of every operation that is not anonymous: it says who
// is calling, and whether they may.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if isAnonymous(ctx.Operation()) {
		next(ctx)
		return
	}
	who, err := s.auth.request(ctx.Context(), humaecho4.Request(ctx))
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
	if n, ok := errors.AsType[notIssued](err); ok {
		s.Log.InfoContext(ctx, "sign-in refused", "request_id", requestID(ctx), "cause", n.cause)
	}
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

// operator says who asks for a page.
func (s *Server) operator(r *http.Request) (tracker.Principal, error) {
	_, password, ok := r.BasicAuth()
	if !ok {
		return s.auth.request(r.Context(), r)
	}
	// A browser sends the password along with whatever other sites make it send.
	if crossOrigin.Check(r) != nil {
		return tracker.Principal{}, errOtherSite()
	}
	if password == "" {
		return tracker.Principal{}, refusedCaller("Missing authentication")
	}
	return s.auth.principal(r.Context(), "", password)
}

// operate is authenticate for pages: it wants an administrator's session, or their key
// as X-API-Key or as the password that a browser asks for.
func (s *Server) operate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		who, err := s.operator(r)
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
