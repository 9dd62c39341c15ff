package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
	"github.com/consolesensei/resource-tracker/tracker"
)

const quotaPath = "/api/v1/quota"

// Quotas counts requests, and tells how far a tenant has used what it may.
type Quotas interface {
	// Request counts a request of a principal of a tenant, and answers the quotas that
	// it counts in.
	Request(ctx context.Context, tenant, who string) ([]tracker.RateUse, error)
	Usage(ctx context.Context, tenant, who string) ([]tracker.QuotaUse, error)
}

// The header fields of draft-ietf-httpapi-ratelimit-headers.
const (
	headerRateLimit  = "RateLimit"
	headerRatePolicy = "RateLimit-Policy"
)

func (s *Server) registerQuota() {
	register(s, huma.Operation{
		OperationID: "read-quota", Method: http.MethodGet, Path: quotaPath, Tags: []string{"service"},
		Summary:     "Read what you may use, and what you have used",
		Description: "Every quota of your tenant, and of yourself. What is over a limit is answered 429.",
	}, s.quota)
}

type quotaAnswer struct {
	Success bool               `json:"success" doc:"Always true"`
	Quotas  []tracker.QuotaUse `json:"quotas"`
}

func (s *Server) quota(ctx context.Context, _ *struct{}) (*struct{ Body quotaAnswer }, error) {
	out := &struct{ Body quotaAnswer }{quotaAnswer{true, []tracker.QuotaUse{}}}
	if s.Quotas == nil {
		return out, nil
	}
	uses, err := s.Quotas.Usage(ctx, owner(ctx), owner(ctx))
	if err != nil {
		return nil, err
	}
	out.Body.Quotas = append(out.Body.Quotas, uses...)
	return out, nil
}

// limitRate is the middleware that counts requests of those who are known. What cannot
// be counted passes: whatever needs the database says that it does not serve.
func (s *Server) limitRate(ctx huma.Context, next func(huma.Context)) {
	if isAnonymous(ctx.Operation()) {
		next(ctx)
		return
	}
	s.loginPassed(ctx.Context(), ctx.Header)
	if p := s.countRequest(ctx.Context(), humaecho4.Writer(ctx).Header()); p != nil {
		writeProblem(ctx, p)
		return
	}
	next(ctx)
}

// countOperator is limitRate for what only operators may see.
func (s *Server) countOperator(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		if p := s.countRequest(ctx, c.Response().Header()); p != nil {
			p.RequestID = requestID(ctx)
			p.write(c.Response())
			return nil
		}
		return next(c)
	}
}

// countRequest counts a request, and answers the problem of one too many.
func (s *Server) countRequest(ctx context.Context, h http.Header) *Problem {
	if s.Quotas == nil || owner(ctx) == "" {
		return nil
	}
	uses, err := s.Quotas.Request(ctx, owner(ctx), owner(ctx))
	if err != nil {
		s.Log.WarnContext(ctx, "requests are not counted", "request_id", requestID(ctx), "err", err)
		return nil
	}
	if len(uses) == 0 {
		return nil
	}
	var policies, left []string
	for _, u := range uses {
		policies = append(policies, fmt.Sprintf("%q;q=%d;w=1", u.Quota, u.Limit))
		left = append(left, fmt.Sprintf("%q;r=%d;t=%d", u.Quota, u.Left, seconds(u.Reset)))
	}
	h.Set(headerRatePolicy, strings.Join(policies, ", "))
	h.Set(headerRateLimit, strings.Join(left, ", "))
	last := uses[len(uses)-1]
	if last.Wait <= 0 {
		return nil
	}
	p := newProblem(http.StatusTooManyRequests, fmt.Sprintf("the quota %s does not allow it: its limit is %d a second", last.Quota, last.Limit))
	u := last.Quota.Use(last.Limit, last.Limit-last.Left, time.Now())
	p.Quota = &u
	return p.with("Retry-After", strconv.Itoa(seconds(last.Wait)))
}

// seconds rounds up to whole seconds, and to one at least.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

// exceeded is the problem of a quota that is used up.
func exceeded(text string, u tracker.QuotaUse, now time.Time) *Problem {
	p := newProblem(http.StatusTooManyRequests, text)
	p.Quota = &u
	policy, wait := fmt.Sprintf("%q;q=%d", u.Name, u.Limit), seconds(u.Wait(now))
	if w := u.Window(); w > 0 {
		policy += fmt.Sprintf(";w=%d", int(w.Seconds()))
	}
	return p.with(headerRatePolicy, policy).
		with(headerRateLimit, fmt.Sprintf("%q;r=%d;t=%d", u.Name, max(0, u.Limit-u.Used), wait)).
		with("Retry-After", strconv.Itoa(wait))
}
