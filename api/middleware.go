package api

import (
	"context"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
)

// policy lets a page that is opened from the API do nothing.
const policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// anyOrigin lets pages of every origin call. They send no cookies, and need a key.
const anyOrigin = "*"

// newEcho returns the router with what every request goes through, also those
// that no operation takes.
func (s *Server) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.IPExtractor = s.addressOf()
	e.HTTPErrorHandler = s.handleError
	e.Use(
		identify,
		nameTrace,
		s.logRequests(),
		middleware.RecoverWithConfig(middleware.RecoverConfig{DisableStackAll: true, LogErrorFunc: s.logPanic}),
		middleware.SecureWithConfig(middleware.SecureConfig{
			ContentTypeNosniff: "nosniff", XFrameOptions: "DENY", ReferrerPolicy: "no-referrer",
			HSTSMaxAge: int((365 * 24 * time.Hour).Seconds()), ContentSecurityPolicy: policy,
		}),
		noStore,
		s.guardAddress,
	)
	if len(s.CORSOrigins) > 0 {
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOriginFunc: func(origin string) (bool, error) {
				return slices.Contains(s.CORSOrigins, origin) || slices.Contains(s.CORSOrigins, anyOrigin), nil
			},
			AllowMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
			AllowHeaders: []string{
				"Authorization", "Content-Type", "X-API-Key", "X-Request-ID", "Last-Event-ID", "Idempotency-Key", "Prefer",
				"X-AWS-Access-Key", "X-AWS-Secret-Key", "X-AWS-Session-Token",
			},
			ExposeHeaders: []string{"X-Request-ID", "Location", "Retry-After", headerRateLimit, headerRatePolicy, "Preference-Applied", headerState, headerComplete, headerPending, "Content-Disposition"},
			MaxAge:        600,
		}))
	}
	return e
}

// addressOf tells from where a request comes: from the address that connected, or,
// where that is a trusted proxy, from the last address before the proxies.
func (s *Server) addressOf() echo.IPExtractor {
	if len(s.TrustedProxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

type requestIDKey struct{}

// requestID names the request in logs and answers.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

var inboundID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type incomingKey struct{}

// incoming is the request as it came. Nil outside of one.
func incoming(ctx context.Context) *http.Request {
	r, _ := ctx.Value(incomingKey{}).(*http.Request)
	return r
}

// identify takes the caller's request ID where it is harmless, or makes one.
func identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		id := r.Header.Get(echo.HeaderXRequestID)
		if !inboundID.MatchString(id) {
			id = uuid.NewString()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		ctx = context.WithValue(ctx, incomingKey{}, r)
		c.SetRequest(r.WithContext(context.WithValue(ctx, originKey{}, c.RealIP())))
		return next(c)
	}
}

// logRequests writes one line a request, without its query and headers.
func (s *Server) logRequests() echo.MiddlewareFunc {
	return middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		HandleError: true, LogMethod: true, LogURIPath: true, LogRoutePath: true, LogStatus: true, LogLatency: true,
		LogRemoteIP: true, LogResponseSize: true,
		LogValuesFunc: func(c echo.Context, v middleware.RequestLoggerValues) error {
			ctx := c.Request().Context()
			s.Log.InfoContext(ctx, "request",
				"method", v.Method, "path", v.URIPath, "route", v.RoutePath, "status", v.Status,
				"duration_ms", v.Latency.Milliseconds(), "bytes", v.ResponseSize, "remote_ip", v.RemoteIP,
				"owner", owner(ctx), "request_id", requestID(ctx))
			s.Observe(ctx, knownMethod(v.Method), s.knownRoute(v.RoutePath), v.Status, v.Latency)
			return nil
		},
	})
}

// logPanic leaves the answer to handleError. An answer that has begun is cut
// off, so that nobody takes its first half for the whole.
func (s *Server) logPanic(c echo.Context, err error, stack []byte) error {
	ctx := c.Request().Context()
	s.Log.ErrorContext(ctx, "panic", "request_id", requestID(ctx), "err", err, "stack", string(stack))
	if c.Response().Committed {
		panic(http.ErrAbortHandler)
	}
	return err
}

// noStore keeps inventories out of caches; handlers of files say otherwise.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// strictQuery refuses query parameters that the operation does not have, that
// are given twice or cannot be decoded: an ignored filter answers too much, and
// a secret does not belong in a URL.
func strictQuery(ctx huma.Context, next func(huma.Context)) {
	u := ctx.URL()
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		writeProblem(ctx, invalid(FieldError{Location: "query", Message: "the query string is malformed"}))
		return
	}
	var fields []FieldError
	for name, values := range query {
		p := parameter(ctx.Operation(), name)
		switch {
		case p == nil:
			fields = append(fields, FieldError{Location: "query." + name, Message: "unknown query parameter"})
		case len(values) > 1 && (p.Explode == nil || !*p.Explode):
			fields = append(fields, FieldError{Location: "query." + name, Message: "given more than once"})
		}
	}
	if len(fields) > 0 {
		slices.SortFunc(fields, func(a, b FieldError) int { return strings.Compare(a.Location, b.Location) })
		writeProblem(ctx, invalid(fields...))
		return
	}
	next(ctx)
}

// parameter finds the query parameter called name; tag.KEY is one of tag.
func parameter(op *huma.Operation, name string) *huma.Param {
	if strings.HasPrefix(name, tagPrefix) {
		name = "tag"
	}
	for _, p := range op.Parameters {
		if p.In == "query" && p.Name == name {
			return p
		}
	}
	return nil
}

// jsonOnly refuses bodies of another content type. None given is JSON.
func jsonOnly(ctx huma.Context, next func(huma.Context)) {
	ct := ctx.Header("Content-Type")
	if ctx.Operation().RequestBody == nil || ct == "" {
		next(ctx)
		return
	}
	media, _, err := mime.ParseMediaType(ct)
	if err != nil || media != "application/json" {
		writeProblem(ctx, newProblem(http.StatusUnsupportedMediaType, "the body must be application/json"))
		return
	}
	next(ctx)
}

// writeProblem answers from a middleware.
func writeProblem(ctx huma.Context, p *Problem) {
	p.RequestID = requestID(ctx.Context())
	noteRefusal(ctx.Context(), p)
	p.write(humaecho4.Writer(ctx))
}
