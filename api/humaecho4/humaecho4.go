// Package humaecho4 mounts huma on Echo v4, because huma's own adapter is for
// Echo v5. It is the only place where the two meet.
package humaecho4

import (
	"context"
	"crypto/tls"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// maxFormMemory is what a multipart form may hold in memory.
const maxFormMemory = 8 << 10

// New returns a huma API whose operations are routes of e.
func New(e *echo.Echo, cfg huma.Config) huma.API {
	return huma.NewAPI(cfg, &adapter{e})
}

type adapter struct{ *echo.Echo }

var parameters = strings.NewReplacer("{", ":", "}", "")

// Handle adds the route of op, with {name} written in Echo's way.
func (a *adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	a.Add(op.Method, parameters.Replace(op.Path), func(c echo.Context) error {
		handler(&humaContext{op: op, c: c, status: new(int)})
		return nil
	})
}

// humaContext is a huma.Context of one Echo request. The status is shared with
// the contexts that WithContext derives.
type humaContext struct {
	op     *huma.Operation
	c      echo.Context
	status *int
}

func (h *humaContext) Operation() *huma.Operation      { return h.op }
func (h *humaContext) Context() context.Context        { return h.c.Request().Context() }
func (h *humaContext) TLS() *tls.ConnectionState       { return h.c.Request().TLS }
func (h *humaContext) Method() string                  { return h.c.Request().Method }
func (h *humaContext) Host() string                    { return h.c.Request().Host }
func (h *humaContext) RemoteAddr() string              { return h.c.RealIP() }
func (h *humaContext) URL() url.URL                    { return *h.c.Request().URL }
func (h *humaContext) Query(name string) string        { return h.c.QueryParam(name) }
func (h *humaContext) Header(name string) string       { return h.c.Request().Header.Get(name) }
func (h *humaContext) BodyReader() io.Reader           { return h.c.Request().Body }
func (h *humaContext) BodyWriter() io.Writer           { return h.c.Response() }
func (h *humaContext) Status() int                     { return *h.status }
func (h *humaContext) SetHeader(name, value string)    { h.c.Response().Header().Set(name, value) }
func (h *humaContext) AppendHeader(name, value string) { h.c.Response().Header().Add(name, value) }

func (h *humaContext) SetReadDeadline(t time.Time) error {
	return huma.SetReadDeadline(h.c.Response(), t)
}

// Param returns a path parameter. Echo matches the path as it was escaped where
// that differs, so that a parameter can hold slashes, and leaves it so.
func (h *humaContext) Param(name string) string {
	v := h.c.Param(name)
	if h.c.Request().URL.RawPath == "" {
		return v
	}
	if text, err := url.PathUnescape(v); err == nil {
		return text
	}
	return v
}

// SetStatus writes the header. A second call only records the status: huma
// makes one when the client has gone.
func (h *humaContext) SetStatus(code int) {
	*h.status = code
	if !h.c.Response().Committed {
		h.c.Response().WriteHeader(code)
	}
}

func (h *humaContext) EachHeader(each func(name, value string)) {
	for name, values := range h.c.Request().Header {
		for _, v := range values {
			each(name, v)
		}
	}
}

func (h *humaContext) GetMultipartForm() (*multipart.Form, error) {
	err := h.c.Request().ParseMultipartForm(maxFormMemory)
	return h.c.Request().MultipartForm, err
}

func (h *humaContext) Version() huma.ProtoVersion {
	r := h.c.Request()
	return huma.ProtoVersion{Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor}
}

// WithContext gives the request itself the context, so that Echo's middlewares
// see it too.
func (h *humaContext) WithContext(ctx context.Context) huma.Context {
	h.c.SetRequest(h.c.Request().WithContext(ctx))
	return &humaContext{op: h.op, c: h.c, status: h.status}
}

// Writer returns the response writer behind a context of this adapter, for
// answers that are streamed.
func Writer(ctx huma.Context) http.ResponseWriter { return of(ctx).c.Response() }

// Request returns the request behind a context of this adapter.
func Request(ctx huma.Context) *http.Request { return of(ctx).c.Request() }

// ContentLength returns the length of the request's body; -1 when it is not told.
func ContentLength(ctx huma.Context) int64 { return of(ctx).c.Request().ContentLength }

// of returns the context of this adapter behind ctx.
func of(ctx huma.Context) *humaContext {
	for {
		switch c := ctx.(type) {
		case *humaContext:
			return c
		case interface{ Unwrap() huma.Context }:
			ctx = c.Unwrap()
		default:
			panic("humaecho4: a context of another adapter")
		}
	}
}
