package api

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/consolesensei/resource-tracker/tracker"
)

// claims are those of a token. Without a tenant it is of the tenant default, without
// roles it has the usual ones.
type claims struct {
	jwt.RegisteredClaims
	Tenant string          `json:"tenant,omitempty"`
	Roles  *[]tracker.Role `json:"roles,omitempty"`
}

// namelessSubject is what tokens without a subject are known by. All of them are one
// person, so that nobody approves with one what they have planned with another.
const namelessSubject = "unnamed"

const invalidToken = refusedCaller("Invalid token")

// bearer says whom a token stands for: a session's, one of the issuer, or one that was
// signed with the secret key. Which, its form and its algorithm say, and each has one
// way to be verified.
func (a *authenticator) bearer(ctx context.Context, token string) (tracker.Principal, error) {
	if strings.HasPrefix(token, sessionPrefix) {
		return a.session(ctx, token)
	}
	if alg := algorithmOf(token); a.issuer != nil && alg != jwt.SigningMethodHS256.Alg() {
		return a.issued(ctx, token)
	}
	return a.signed(ctx, token)
}

// algorithmOf is what the header of a JWT says, before anything of it is believed.
func algorithmOf(token string) string {
	head, _, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	var h struct {
		Algorithm string `json:"alg"`
	}
	if err != nil || json.Unmarshal(b, &h) != nil {
		return ""
	}
	return h.Algorithm
}

// issued says whom an ID token of the issuer stands for.
func (a *authenticator) issued(ctx context.Context, token string) (tracker.Principal, error) {
	who, err := a.issuer.Verify(ctx, token)
	return who, a.settled(ctx, who, err)
}

// settled is the error of what the issuer says about somebody.
func (a *authenticator) settled(ctx context.Context, who tracker.Principal, err error) error {
	if err == nil {
		_, err = a.tenant(ctx, who.Tenant)
	}
	if e, ok := errors.AsType[*tracker.Error](err); ok && e.Code == tracker.CodeNotFound {
		return notIssued{refusedCaller(e.Message), e.Err}
	}
	return err
}

// notIssued is the refusal of somebody whom the issuer does not know. Its cause is for
// the log.
type notIssued struct {
	refusedCaller
	cause error
}

// Unwrap lets the refusal be found.
func (n notIssued) Unwrap() error { return n.refusedCaller }

// signed says whom a token stands for that the secret key signed.
func (a *authenticator) signed(ctx context.Context, token string) (who tracker.Principal, err error) {
	if len(a.secrets.Keys) == 0 {
		return who, invalidToken
	}
	var c claims
	_, err = a.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return a.secrets, nil })
	if c.Subject == "" && a.nameless {
		c.Subject = namelessSubject
	}
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

// tenant checks that there is the tenant that a token or a session names.
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
