package signin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// maxAnswer bounds what is read of an answer of the issuer.
const maxAnswer = 1 << 20

// bounded cuts answers that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = body{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

type body struct {
	io.Reader
	io.Closer
}

const (
	keyBurst = 5
	keyEvery = 5 * time.Second
)

var errSeldom = errors.New("its keys were asked for often enough")

// seldom lets a few requests through and then one every five seconds: the keys are asked
// for whenever a token names one that is not known, and anybody can send such tokens.
type seldom struct {
	http.RoundTripper
	mu   sync.Mutex
	full time.Time // when the whole burst is there again
}

// RoundTrip implements http.RoundTripper.
func (s *seldom) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.allow(time.Now()) {
		return nil, errSeldom
	}
	return s.RoundTripper.RoundTrip(r)
}

func (s *seldom) allow(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	full := now.Add(keyEvery)
	if s.full.After(now) {
		full = s.full.Add(keyEvery)
	}
	if full.Sub(now) > keyBurst*keyEvery {
		return false
	}
	s.full = full
	return true
}

type outageKey struct{}

// keySet tells a token that is bad from keys that could not be had, which the verifier
// answers alike.
type keySet struct{ *oidc.RemoteKeySet }

// VerifySignature implements oidc.KeySet.
func (k keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.RemoteKeySet.VerifySignature(ctx, jwt)
	if outage, ok := ctx.Value(outageKey{}).(*error); ok && err != nil && strings.HasPrefix(err.Error(), "fetching keys") {
		*outage = err
	}
	return payload, err
}
