package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// unmatched stands for every path that is no route.
const unmatched = "unmatched"

// knownRoute keeps what clients choose out of metrics: each new value would be
// a series of its own.
func (s *Server) knownRoute(route string) string {
	if slices.ContainsFunc(s.echo.Routes(), func(r *echo.Route) bool { return r.Path == route }) {
		return route
	}
	return unmatched
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// knownMethod is knownRoute for methods.
func knownMethod(method string) string {
	if slices.Contains(methods, method) {
		return method
	}
	return "other"
}

// unobserved are the routes whose traces would be noise.
var unobserved = []string{"/health", "/api/v1/health", "/ready", "/metrics"}

// traced starts a span for each request, as far as the process traces at all.
func traced(h http.Handler) http.Handler {
	return otelhttp.NewHandler(h, "request", otelhttp.WithFilter(func(r *http.Request) bool {
		return !slices.Contains(unobserved, r.URL.Path)
	}))
}

// nameTrace calls the request's span by its route, which is known only now. A
// path holds IDs, and makes no name.
func nameTrace(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		span := trace.SpanFromContext(c.Request().Context())
		if span.IsRecording() {
			if route := c.Path(); route != "" {
				span.SetName(c.Request().Method + " " + route)
				span.SetAttributes(attribute.String("http.route", route))
			}
		}
		return next(c)
	}
}
