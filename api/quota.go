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
	// Usage leaves out the quotas of principals where who is empty.
	Usage(ctx context.Context, tenant, who string) ([]tracker.QuotaUse, error)
	// OwnQuotas are the limits that a tenant has of its own, and PutQuotas replaces them.
	OwnQuotas(ctx context.Context, tenant string) (tracker.Limits, error)
	PutQuotas(ctx context.Context, by tracker.Principal, tenant string, own tracker.Limits) error
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
	register(s, huma.Operation{
		OperationID: "get-tenant-quota", Method: http.MethodGet, Path: tenantQuotaPath, Tags: []string{"people"},
		Summary: "Read what a tenant may use, and what it has used", Errors: []int{http.StatusNotFound},
	}, func(ctx context.Context, in *tenantInput) (*tenantQuotaOutput, error) {
		return s.quotaOf(ctx, in.Tenant)
	})
	register(s, huma.Operation{
		OperationID: "put-tenant-quota", Method: http.MethodPut, Path: tenantQuotaPath, Tags: []string{"people"},
		Summary:     "Give a tenant limits of its own",
		Description: "They replace those that it had. A quota that is not named has the server's limit. Requests have the new limit within five seconds.",
		Errors:      []int{http.StatusNotFound},
	}, s.putQuota)
}

const tenantQuotaPath = tenantsPath + "/{tenant}/quota"

type tenantInput struct {
	Tenant string `path:"tenant" maxLength:"63" doc:"The tenant's name"`
}

// QuotaBody is the limits that a tenant has of its own.
type QuotaBody struct {
	_      struct{}         `additionalProperties:"false"`
	Limits map[string]limit `json:"limits" maxProperties:"50" doc:"Limits by the name of the quota; 0 is no limit"`
}

// limit is a limit of a request.
type limit int64

// Schema implements huma.SchemaProvider.
func (limit) Schema(huma.Registry) *huma.Schema {
	least, most := 0.0, float64(tracker.MaxLimit)
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &least, Maximum: &most}
}

type tenantQuotaAnswer struct {
	Success bool               `json:"success" doc:"Always true"`
	Tenant  string             `json:"tenant"`
	Limits  tracker.Limits     `json:"limits" doc:"Those that it has of its own"`
	Quotas  []tracker.QuotaUse `json:"quotas"`
}

type tenantQuotaOutput struct{ Body tenantQuotaAnswer }

func (s *Server) quotaOf(ctx context.Context, tenant string) (*tenantQuotaOutput, error) {
	if s.Tenants == nil || s.Quotas == nil {
		return nil, errNotKept
	}
	if _, err := s.Tenants.Tenant(ctx, tenant); err != nil {
		return nil, err
	}
	own, err := s.Quotas.OwnQuotas(ctx, tenant)
	if err != nil {
		return nil, err
	}
	uses, err := s.Quotas.Usage(ctx, tenant, "")
	if err != nil {
		return nil, err
	}
	return &tenantQuotaOutput{tenantQuotaAnswer{true, tenant, own, uses}}, nil
}

func (s *Server) putQuota(ctx context.Context, in *struct {
	Tenant string `path:"tenant" maxLength:"63" doc:"The tenant's name"`
	Body   QuotaBody
},
) (*tenantQuotaOutput, error) {
	if s.Tenants == nil || s.Quotas == nil {
		return nil, errNotKept
	}
	if _, err := s.Tenants.Tenant(ctx, in.Tenant); err != nil {
		return nil, err
	}
	own := tracker.Limits{}
	for name, n := range in.Body.Limits {
		q := tracker.Quota(name)
		if _, ok := q.Info(); !ok || q.OfAddress() {
			return nil, invalid(FieldError{Location: "body.limits", Message: "a name is not that of a quota of tenants: GET " + quotaPath + " lists them"})
		}
		own[q] = int64(n)
	}
	if err := s.Quotas.PutQuotas(ctx, caller(ctx), in.Tenant, own); err != nil {
		return nil, err
	}
	return s.quotaOf(ctx, in.Tenant)
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
	uses, err := s.Quotas.Usage(ctx, owner(ctx), caller(ctx).CountedAs())
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
	who := caller(ctx.Context())
	if p := s.countRequest(ctx.Context(), who.Tenant, who.CountedAs(), humaecho4.Writer(ctx).Header()); p != nil {
		writeProblem(ctx, p)
		return
	}
	next(ctx)
}

// countOperator is limitRate for pages, which administrators of the tenant default see.
func (s *Server) countOperator(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		if p := s.countRequest(ctx, tracker.DefaultTenant, "operators", c.Response().Header()); p != nil {
			p.RequestID = requestID(ctx)
			p.write(c.Response())
			return nil
		}
		return next(c)
	}
}

// countRequest counts a request, and answers the problem of one too many.
func (s *Server) countRequest(ctx context.Context, tenant, who string, h http.Header) *Problem {
	if s.Quotas == nil {
		return nil
	}
	uses, err := s.Quotas.Request(ctx, tenant, who)
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
