package api

import (
	"container/list"
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A guard bounds what an address may do before anybody is known, in this process. Each
// request counts in the address's rate. After a number of failed log-ins each further one
// doubles the time for which the address has to wait, up to a minute. Meanwhile no
// credentials are looked at but those that were good from there before: whoever shares
// the address with an attacker goes on, and guesses are not even tried.
type guard struct {
	requests int64 // a second; 0 is no limit
	failures int64 // that are not slowed down; 0 is no limit
	now      func() time.Time

	mu    sync.Mutex
	known map[netip.Prefix]*list.Element
	seen  *list.List // of *visitor, the last first
}

const (
	// maxVisitors is of how many addresses a guard knows something. The one that came
	// longest ago is forgotten first.
	maxVisitors = 20_000
	// maxGood is how many good credentials of an address are known.
	maxGood = 64
	// longestWait is how long an address waits at most after a failed log-in.
	longestWait = time.Minute
	// forgiven is the time after which one failed log-in less counts.
	forgiven = 5 * time.Minute
)

// visitor is what is known of an address.
type visitor struct {
	at     netip.Prefix
	rate   *rate.Limiter
	failed float64   // log-ins that failed, less those that are forgiven
	since  time.Time // when that was counted
	until  time.Time // until when it has to wait
	good   map[[sha256.Size]byte]struct{}
}

func newGuard(limits tracker.Limits) *guard {
	return &guard{
		requests: limits[tracker.QuotaAddressRequests], failures: limits[tracker.QuotaAddressFailures],
		now: time.Now, known: map[netip.Prefix]*list.Element{}, seen: list.New(),
	}
}

// network is what counts as one address: an address of IPv4, or a /64 of IPv6, which one
// host has for itself. What is no address is all one.
func network(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return netip.PrefixFrom(a, 32)
	}
	return netip.PrefixFrom(a, 64).Masked()
}

// visitor finds or adds what is known of an address. The guard is locked.
func (g *guard) visitor(address string) *visitor {
	at := network(address)
	if e, ok := g.known[at]; ok {
		g.seen.MoveToFront(e)
		return e.Value.(*visitor)
	}
	v := &visitor{at: at, rate: rate.NewLimiter(rate.Limit(g.requests), int(g.requests))}
	g.known[at] = g.seen.PushFront(v)
	if g.seen.Len() > maxVisitors {
		delete(g.known, g.seen.Remove(g.seen.Back()).(*visitor).at)
	}
	return v
}

// comes counts a request of an address, and reports whether it may go on.
func (g *guard) comes(address string) bool {
	if g.requests == 0 {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.visitor(address).rate.AllowN(g.now(), 1)
}

// waits is how long an address has to wait with credentials; 0 where they are looked at.
func (g *guard) waits(address string, credentials [sha256.Size]byte) time.Duration {
	if g.failures == 0 {
		return 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.visitor(address)
	if _, good := v.good[credentials]; good {
		return 0
	}
	return max(0, v.until.Sub(g.now()))
}

// failed counts a log-in that failed.
func (g *guard) failed(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v, now := g.visitor(address), g.now()
	v.failed = max(0, v.failed-now.Sub(v.since).Minutes()/forgiven.Minutes()) + 1
	v.since = now
	over := v.failed - float64(g.failures)
	if g.failures == 0 || over <= 0 {
		return
	}
	v.until = now.Add(min(longestWait, time.Duration(math.Exp2(min(over, 10))*float64(time.Second))))
}

// passed notes that credentials are good.
func (g *guard) passed(address string, credentials [sha256.Size]byte) {
	if g.failures == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.visitor(address)
	if _, ok := v.good[credentials]; ok {
		return
	}
	if v.good == nil {
		v.good = map[[sha256.Size]byte]struct{}{}
	}
	for old := range v.good {
		if len(v.good) < maxGood {
			break
		}
		delete(v.good, old)
	}
	v.good[credentials] = struct{}{}
}

// credentialsOf names what a request shows to say who it is of. Nothing is kept of it but
// this.
func credentialsOf(header func(string) string) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q", header("Authorization"), header("X-API-Key"), header("Cookie")))
}

// showsCredentials reports whether a request says who it is of. One that does not is no
// log-in: a browser sends such before it asks for a password.
func showsCredentials(header func(string) string) bool {
	return header("Authorization") != "" || header("X-API-Key") != "" || header("Cookie") != ""
}

func tooMany(text string, wait time.Duration) *Problem {
	return newProblem(http.StatusTooManyRequests, text).with("Retry-After", strconv.Itoa(seconds(wait)))
}

// guardAddress is the middleware that bounds the requests of an address.
func (s *Server) guardAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		if s.guard.comes(origin(ctx)) {
			return next(c)
		}
		p := tooMany(fmt.Sprintf("your address makes more than %d requests a second", s.guard.requests), time.Second)
		p.RequestID = requestID(ctx)
		p.write(c.Response())
		return nil
	}
}

// guardLogin is the middleware around authentication, which slows down those who fail.
func (s *Server) guardLogin(ctx huma.Context, next func(huma.Context)) {
	if len(ctx.Operation().Security[0]) == 0 {
		next(ctx)
		return
	}
	if p := s.mustWait(ctx.Context(), ctx.Header); p != nil {
		writeProblem(ctx, p)
		return
	}
	next(ctx)
	if r, ok := humaecho4.Writer(ctx).(*echo.Response); ok && r.Status == http.StatusUnauthorized && (isAnonymous(ctx.Operation()) || showsCredentials(ctx.Header)) {
		s.loginFailed(ctx.Context(), ctx.Header)
	}
}

// guardOperators is guardLogin for what only operators may see.
func (s *Server) guardOperators(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, header := c.Request().Context(), c.Request().Header.Get
		if p := s.mustWait(ctx, header); p != nil {
			p.RequestID = requestID(ctx)
			p.write(c.Response())
			return nil
		}
		err := next(c)
		switch {
		case c.Response().Status == http.StatusUnauthorized && showsCredentials(header):
			s.loginFailed(ctx, header)
		case c.Response().Status < http.StatusBadRequest:
			s.loginPassed(ctx, header)
		}
		return err
	}
}

func (s *Server) mustWait(ctx context.Context, header func(string) string) *Problem {
	wait := s.guard.waits(origin(ctx), credentialsOf(header))
	if wait <= 0 {
		return nil
	}
	return tooMany("too many log-ins from your address have failed: wait before the next", wait)
}

// loginPassed notes that credentials are good.
func (s *Server) loginPassed(ctx context.Context, header func(string) string) {
	s.guard.passed(origin(ctx), credentialsOf(header))
}

// loginFailed notes a failed log-in, and tells the audit of it.
func (s *Server) loginFailed(ctx context.Context, header func(string) string) {
	s.guard.failed(origin(ctx))
	what := "no credentials"
	switch {
	case header("Authorization") != "":
		what = "an Authorization header that is not accepted"
	case header("X-API-Key") != "":
		what = "an API key that is not accepted"
	}
	free, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	if err := s.Audit.FailedLogin(free, origin(ctx), what); err != nil {
		s.Log.WarnContext(free, "a failed log-in is not in the audit", "request_id", requestID(free), "err", err)
	}
}
