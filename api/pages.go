package api

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"net/http"
	"path"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	swaggerui "github.com/swaggest/swgui/v5/static"
)

const (
	docsPath = "/api/v1/docs"
	specPath = "/api/v1/openapi.json"
	// docsPolicy lets the page load what this server serves, and nothing inline
	// but Swagger UI's data: images.
	docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

//go:embed docs/index.html docs/init.js docs/docs.css
var docsFiles embed.FS

// registerPages adds what is no operation: the document of the operations, the
// page that shows it, and the handlers given in the options.
func (s *Server) registerPages() {
	s.echo.GET(specPath, func(c echo.Context) error {
		spec, err := s.spec()
		if err != nil {
			return s.say(c, s.problem(c.Request().Context(), err))
		}
		return c.Blob(http.StatusOK, "application/openapi+json", spec)
	})
	s.echo.GET(docsPath, s.docs)
	s.echo.GET("/documentation", s.docs)
	s.echo.GET(docsPath+"/:file", docsFile)
	s.echo.GET(loginPath, s.login)
	s.echo.GET(linkPath, s.openLink)
	s.echo.GET(callbackPath, s.callback, s.guardOperators)
	if s.Metrics != nil {
		s.echo.GET("/metrics", echo.WrapHandler(s.Metrics), s.guardOperators, s.operate, s.countOperator)
	}
	if s.Monitoring != nil {
		h := echo.WrapHandler(s.Monitoring)
		s.echo.Any("/monitoring", h, s.guardOperators, s.operate, s.countOperator)
		s.echo.Any("/monitoring/*", h, s.guardOperators, s.operate, s.countOperator)
	}
}

// endpoint is an operation as the wire contract's list has it.
type endpoint struct {
	Method       string `json:"method"`
	Path         string `json:"path"`
	Description  string `json:"description"`
	RequiresAuth bool   `json:"requires_auth"`
}

// contractNames are what the wire contract's list calls operations. All others
// are listed by their IDs.
var contractNames = map[string]string{
	"start-scan": "scan", "filter-resources": "filter", "act": "action", "act-in-bulk": "bulk_action",
}

// addEndpoint adds an operation to the list of endpoints.
func (s *Server) addEndpoint(op *huma.Operation) {
	name := cmp.Or(contractNames[op.OperationID], op.OperationID)
	s.endpoints[name] = endpoint{op.Method, op.Path, op.Summary, len(op.Security[0]) > 0}
}

// docs answers people with a page, and clients that do not ask for HTML with
// the wire contract's list.
func (s *Server) docs(c echo.Context) error {
	c.Response().Header().Add("Vary", "Accept")
	if accepts(c.Request().Header.Get("Accept"), "text/html") {
		c.SetParamNames("file")
		c.SetParamValues("index.html")
		return docsFile(c)
	}
	return c.JSON(http.StatusOK, map[string]any{
		"service":   service,
		"version":   s.Version,
		"openapi":   specPath,
		"endpoints": s.endpoints,
		"authentication": map[string]string{
			"api_key": "X-API-Key: KEY",
			"jwt":     "Authorization: Bearer TOKEN",
			"session": "POST " + tokenPath,
		},
	})
}

// docsFile serves a file of the page: ours, or one of Swagger UI's, which are
// embedded compressed.
func docsFile(c echo.Context) error {
	name := path.Base(c.Param("file"))
	media, ok := map[string]string{
		"index.html": "text/html; charset=utf-8", "init.js": "text/javascript; charset=utf-8", "docs.css": "text/css; charset=utf-8",
		"swagger-ui.css": "text/css; charset=utf-8", "swagger-ui-bundle.js": "text/javascript; charset=utf-8", "favicon-32x32.png": "image/png",
	}[name]
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", docsPolicy)
	h.Set("Cache-Control", "public, max-age=3600")
	if b, err := docsFiles.ReadFile("docs/" + name); err == nil {
		return c.Blob(http.StatusOK, media, b)
	}
	if b, err := swaggerui.FS.ReadFile(name); err == nil {
		return c.Blob(http.StatusOK, media, b)
	}
	b, err := swaggerui.FS.ReadFile(name + ".gz")
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	h.Add("Vary", "Accept-Encoding")
	if takes(c.Request(), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return c.Blob(http.StatusOK, media, b)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	if b, err = io.ReadAll(z); err != nil {
		return fmt.Errorf("unpack %s: %w", name, err)
	}
	return c.Blob(http.StatusOK, media, b)
}
