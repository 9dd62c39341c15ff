package api_test

import (
	"compress/gzip"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"github.com/consolesensei/resource-tracker/api"
)

// built is a console as a build leaves it.
var built = fstest.MapFS{
	"index.html":          {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__"><meta name="sign-in" content="__SIGN_IN__"><script type="module" src="/assets/index-1.js"></script>`)},
	"assets/index-1.js":   {Data: []byte("console")},
	"assets/index-1.css":  {Data: []byte("body{}")},
	"assets/secret.env":   {Data: []byte("MARKER")},
	"assets/deep/more.js": {Data: []byte("more")},
}

func withConsole(o *api.Options) { o.Console = built }

func TestConsoleAnswersItsDocumentToEveryPage(t *testing.T) {
	d := open(t, &fake{}, withConsole)
	nonce := regexp.MustCompile(`style-src 'self' 'nonce-([A-Z2-7]{26})'`)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/sign-in", "/inventory", "/inventory?filter=type:EBS_Volume", "/scans", "/scans/job-1", "/savings", "/plans", "/plans/plan-1/items", "/plans/"} {
		a := d.call("GET", path, "", "X-API-Key", "")
		policy := a.header.Get("Content-Security-Policy")
		m := nonce.FindStringSubmatch(policy)
		if a.code != 200 || m == nil || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Fatalf("%s: %d %v", path, a.code, a.header)
		}
		if seen[m[1]] {
			t.Errorf("%s: the nonce of another answer", path)
		}
		seen[m[1]] = true
		if !strings.Contains(a.body, `content="`+m[1]+`"`) || strings.Contains(a.body, "__") || !strings.Contains(a.body, `name="sign-in" content="key"`) {
			t.Errorf("%s: %s", path, a.body)
		}
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'; script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %s", path, policy)
		}
		if got := a.header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: Cache-Control %s", path, got)
		}
	}
}

func TestConsoleAssets(t *testing.T) {
	d := open(t, &fake{}, withConsole)
	for path, media := range map[string]string{"/assets/index-1.js": "text/javascript; charset=utf-8", "/assets/index-1.css": "text/css; charset=utf-8", "/assets/deep/more.js": "text/javascript; charset=utf-8"} {
		a := d.call("GET", path, "", "X-API-Key", "")
		if a.code != 200 || a.header.Get("Content-Type") != media || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, a.code, a.header)
		}
	}
	unpack := map[string]func(string) (io.ReadCloser, error){
		"":     func(body string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil },
		"gzip": func(body string) (io.ReadCloser, error) { return gzip.NewReader(strings.NewReader(body)) },
		"zstd": func(body string) (io.ReadCloser, error) {
			z, err := zstd.NewReader(strings.NewReader(body))
			if err != nil {
				return nil, err
			}
			return z.IOReadCloser(), nil
		},
	}
	for accepts, packing := range map[string]string{
		"": "", "gzip": "gzip", "gzip, deflate, br, zstd": "zstd", "zstd, gzip;q=0.5": "zstd", "zstd;q=0, gzip;q=0.5": "gzip", "br": "", "gzip;q=0": "", "identity": "",
	} {
		a := d.call("GET", "/assets/index-1.js", "", "X-API-Key", "", "Accept-Encoding", accepts)
		r, err := unpack[packing](a.body)
		if err != nil {
			t.Fatalf("%s: %v", accepts, err)
		}
		body, err := io.ReadAll(r)
		if err != nil || string(body) != "console" || a.header.Get("Content-Encoding") != packing || !strings.Contains(a.header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %q %v: %v", accepts, body, a.header, err)
		}
	}
	for _, path := range []string{"/assets/", "/assets/none.js", "/assets/secret.env", "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/deep", "/assets//index-1.js"} {
		if a := d.call("GET", path, "", "X-API-Key", ""); a.code != 404 || strings.Contains(a.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, a.code, a.header)
		}
	}
}

// TestConsoleLeavesTheAPIAlone: what is no page of the console is answered as without one.
func TestConsoleLeavesTheAPIAlone(t *testing.T) {
	with, without := open(t, &fake{}, withConsole), open(t, &fake{})
	for _, row := range [][2]string{
		{"GET", "/api"},
		{"GET", "/api/"},
		{"GET", "/api/v1/none"},
		{"GET", "/api/v1/scan"},
		{"POST", "/api/v1/whoami"},
		{"GET", "/api/v1/whoami"},
		{"GET", "/favicon.ico"},
		{"GET", "/none"},
		{"GET", "/index.html"},
		{"GET", "/plansandmore"},
		{"DELETE", "/none"},
	} {
		a, b := with.call(row[0], row[1], ""), without.call(row[0], row[1], "")
		if a.code != b.code || a.header.Get("Allow") != b.header.Get("Allow") || a.header.Get("Content-Type") != b.header.Get("Content-Type") || a.header.Get("Content-Security-Policy") != b.header.Get("Content-Security-Policy") {
			t.Errorf("%v: %d %v, and without a console %d %v", row, a.code, a.header, b.code, b.header)
		}
	}
}

func TestConsoleWithoutADocumentDoesNotStart(t *testing.T) {
	_, err := api.New(api.Options{})
	if err == nil {
		t.Fatal("a server of nothing")
	}
	f := &fake{}
	o := api.Options{Jobs: f, Results: f, Plans: f, Audit: f, Accounts: f, Sealer: f, Types: types, Console: fstest.MapFS{}}
	if _, err := api.New(o); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) {
		t.Errorf("%v", err)
	}
}
