package api

import (
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

// keyring is the hashes of API keys.
type keyring [][sha256.Size]byte

func newKeyring(keys []string) keyring {
	var k keyring
	for _, key := range keys {
		k = append(k, sha256.Sum256([]byte(key)))
	}
	return k
}

// has takes as long whatever the key is.
func (k keyring) has(key string) bool {
	sum, found := sha256.Sum256([]byte(key)), 0
	for i := range k {
		found |= subtle.ConstantTimeCompare(sum[:], k[i][:])
	}
	return found == 1
}

// authenticator tells who is calling.
type authenticator struct {
	keys      keyring // operators' among them
	operators keyring
	secret    []byte
	parser    *jwt.Parser
	life      time.Duration // the longest of a token
}

func newAuthenticator(keys, operators []string, secret string, life time.Duration) *authenticator {
	return &authenticator{
		keys: newKeyring(slices.Concat(keys, operators)), operators: newKeyring(operators),
		secret: []byte(secret),
		parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired()),
		life:   life,
	}
}

// principal names the caller, or says why there is none in the words of the
// wire contract. Authorization wins over X-API-Key.
func (a *authenticator) principal(authorization, apiKey string) (owner, refusal string) {
	if authorization != "" {
		scheme, token, ok := strings.Cut(authorization, " ")
		if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
			return "", "Invalid authorization header"
		}
		return a.bearer(token)
	}
	if apiKey == "" {
		return "", "Missing authentication"
	}
	if !a.keys.has(apiKey) {
		return "", "Invalid API key"
	}
	sum := sha256.Sum256([]byte(apiKey))
	return "key:" + hex.EncodeToString(sum[:4]), ""
}

// operator is nil when the request carries an operator's key: as X-API-Key, or
// as the password that a browser asks for.
func (a *authenticator) operator(r *http.Request) *Problem {
	authorization, key := r.Header.Get("Authorization"), r.Header.Get("X-API-Key")
	if _, password, ok := r.BasicAuth(); ok {
		authorization, key = "", password
	}
	if authorization == "" && a.operators.has(key) {
		return nil
	}
	if _, refusal := a.principal(authorization, key); refusal != "" {
		return newProblem(http.StatusUnauthorized, refusal).with("WWW-Authenticate", `Basic realm="operators", charset="UTF-8"`)
	}
	return newProblem(http.StatusForbidden, "only operators may see this")
}

func (a *authenticator) bearer(token string) (owner, refusal string) {
	const invalidToken = "Invalid token"
	if len(a.secret) == 0 {
		return "", invalidToken
	}
	var claims jwt.RegisteredClaims
	_, err := a.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return a.secret, nil })
	if err != nil || claims.Subject == "" || len(claims.Subject) > maxSubject {
		return "", invalidToken
	}
	from := time.Now()
	if claims.IssuedAt != nil && claims.IssuedAt.Before(from) {
		from = claims.IssuedAt.Time
	}
	// Numeric dates are whole seconds.
	if claims.ExpiresAt.After(from.Add(a.life + time.Second)) {
		return "", "The token lives longer than this server allows"
	}
	return "jwt:" + claims.Subject, ""
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

type ownerKey struct{}

// owner is the principal that the request was authenticated as.
func owner(ctx context.Context) string {
	o, _ := ctx.Value(ownerKey{}).(string)
	return o
}

func unauthorized(refusal string) *Problem {
	return newProblem(http.StatusUnauthorized, refusal).with("WWW-Authenticate", `Bearer realm="tracker"`)
}

// isAnonymous reports whether everybody may call an operation.
func isAnonymous(op *huma.Operation) bool { return len(op.Security) == 1 && len(op.Security[0]) == 0 }

// authenticate is the middleware of every operation that is not anonymous.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if isAnonymous(ctx.Operation()) {
		next(ctx)
		return
	}
	who, refusal := s.auth.principal(ctx.Header("Authorization"), ctx.Header("X-API-Key"))
	if refusal != "" {
		writeProblem(ctx, unauthorized(refusal))
		return
	}
	next(huma.WithValue(ctx, ownerKey{}, who))
}

type originKey struct{}

// origin is the address that the request came from.
func origin(ctx context.Context) string {
	o, _ := ctx.Value(originKey{}).(string)
	return o
}

// operate is authenticate for what only operators may see.
func (s *Server) operate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if p := s.auth.operator(c.Request()); p != nil {
			p.RequestID = requestID(c.Request().Context())
			p.write(c.Response())
			return nil
		}
		return next(c)
	}
}
