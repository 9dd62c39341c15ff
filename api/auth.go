package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/golang-jwt/jwt/v5"
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

// authenticator tells who is calling.
type authenticator struct {
	keys   [][sha256.Size]byte
	secret []byte
	parser *jwt.Parser
}

func newAuthenticator(keys []string, secret string) *authenticator {
	a := &authenticator{
		secret: []byte(secret),
		parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithExpirationRequired()),
	}
	for _, k := range keys {
		a.keys = append(a.keys, sha256.Sum256([]byte(k)))
	}
	return a
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
	sum, found := sha256.Sum256([]byte(apiKey)), 0
	for i := range a.keys {
		found |= subtle.ConstantTimeCompare(sum[:], a.keys[i][:])
	}
	if found != 1 {
		return "", "Invalid API key"
	}
	return "key:" + hex.EncodeToString(sum[:4]), ""
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

// authenticate is the middleware of every operation that is not anonymous.
func (s *Server) authenticate(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security) == 1 && len(ctx.Operation().Security[0]) == 0 {
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

// protect is authenticate for handlers that are no operations.
func (s *Server) protect(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, refusal := s.auth.principal(r.Header.Get("Authorization"), r.Header.Get("X-API-Key"))
		if refusal != "" {
			unauthorized(refusal).write(w)
			return
		}
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ownerKey{}, who)))
	})
}
