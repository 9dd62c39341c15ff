package api

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"
)

// consolePages are the first parts of the addresses of the console's pages. Each answers
// the console's one document, which shows the page that the address names.
var consolePages = []string{
	"sign-in", "connect", "inventory", "scans", "costs", "savings", "plans", "schedules", "diff", "budgets", "audit", "webhooks", "access", "operations", "developers",
}

const (
	consoleIndex = "index.html"
	// noncePlace is where the document wants what its styles are known by.
	noncePlace = "__CSP_NONCE__"
	// signInPlace is where it wants how people sign in: with a key, or also at the issuer.
	signInPlace = "__SIGN_IN__"
	// consolePolicy lets the console load what this server serves. Nothing inline runs, and
	// of styles only those that carry the answer's nonce.
	consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; img-src 'self' data:; connect-src 'self'; " +
		"font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

// consoleMedia are what assets of a suffix are.
var consoleMedia = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
}

// registerConsole serves the console at /. Without one, / leads to the documents.
func (s *Server) registerConsole() error {
	if s.Console == nil {
		s.echo.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, docsPath) })
		return nil
	}
	index, err := fs.ReadFile(s.Console, consoleIndex)
	if err != nil {
		return fmt.Errorf("the console: %w", err)
	}
	signIn := "key"
	if s.Issuer != nil {
		signIn = "issuer"
	}
	index = bytes.ReplaceAll(index, []byte(signInPlace), []byte(signIn))
	document := func(c echo.Context) error {
		nonce := rand.Text()
		h := c.Response().Header()
		h.Set("Content-Security-Policy", fmt.Sprintf(consolePolicy, nonce))
		h.Set("Cache-Control", "no-cache")
		return c.HTMLBlob(http.StatusOK, bytes.ReplaceAll(index, []byte(noncePlace), []byte(nonce)))
	}
	s.echo.GET("/", document)
	for _, page := range consolePages {
		s.echo.GET("/"+page, document)
		s.echo.GET("/"+page+"/*", document)
	}
	assets, err := assetsOf(s.Console)
	if err != nil {
		return fmt.Errorf("the console: %w", err)
	}
	s.echo.GET("/assets/*", func(c echo.Context) error {
		a, ok := assets[strings.TrimPrefix(c.Request().URL.Path, "/")]
		if !ok {
			return echo.ErrNotFound
		}
		return a.serve(c)
	})
	return nil
}

// packings are how assets are compressed, the smallest first: an asset is asked for once by each browser.
var packings = []struct {
	name string
	pack func([]byte) []byte
}{
	{"zstd", func(b []byte) []byte {
		w, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1)) // the options are valid ones
		return w.EncodeAll(b, nil)
	}},
	{"gzip", func(b []byte) []byte {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a valid one
		_, _ = w.Write(b)                                       // to memory
		_ = w.Close()
		return out.Bytes()
	}},
}

// takes reports whether a request lets its answer be compressed so.
func takes(r *http.Request, packing string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if name == packing {
			q, err := strconv.ParseFloat(strings.TrimPrefix(quality, "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// asset is a file that the document names. Its name changes with its content, so that it
// is kept for good.
type asset struct {
	media string
	whole []byte
	small []func() []byte // the same in each of packings, compressed once
}

// assetsOf reads the assets of a console, by their paths.
func assetsOf(console fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	err := fs.WalkDir(console, "assets", func(name string, entry fs.DirEntry, err error) error {
		media, ok := consoleMedia[path.Ext(name)]
		if err != nil || entry.IsDir() || !ok {
			return err
		}
		b, err := fs.ReadFile(console, name)
		a := asset{media: media, whole: b}
		for _, p := range packings {
			a.small = append(a.small, sync.OnceValue(func() []byte { return p.pack(b) }))
		}
		assets[name] = a
		return err
	})
	return assets, err
}

func (a asset) serve(c echo.Context) error {
	h, b := c.Response().Header(), a.whole
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	for i, p := range packings {
		if takes(c.Request(), p.name) {
			h.Set("Content-Encoding", p.name)
			b = a.small[i]()
			break
		}
	}
	return c.Blob(http.StatusOK, a.media, b)
}
