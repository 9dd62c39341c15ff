package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const dashboard = "../examples/react-dashboard"

// leakedKey is in the settings that the page is built with, and must not be in the page.
const leakedKey = "a-key-that-everybody-could-read"

// TestDashboard builds the example page, serves it from another origin than the API's under
// a strict policy, and has its own tests drive it in Chromium.
func TestDashboard(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	builtClient(t)
	install(t, dashboard)
	npm(t, dashboard, nil, "run", "check")

	dist := t.TempDir()
	page := httptest.NewUnstartedServer(nil)
	api := newDemo(t, slowDemo, "VALID_API_KEYS="+apiKey, "CORS_ORIGINS=http://"+page.Listener.Addr().String())
	npm(t, dashboard, []string{"VITE_API_URL=" + api.url(), "VITE_API_KEY=" + leakedKey}, "run", "build", "--", "--outDir", dist, "--emptyOutDir")
	assets, err := filepath.Glob(filepath.Join(dist, "assets", "*.js"))
	if err != nil || len(assets) == 0 {
		t.Fatalf("nothing was built: %v", err)
	}
	for _, file := range assets {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), leakedKey) {
			t.Errorf("%s has the key of the settings in it", file)
		}
	}
	page.Config.Handler = pages(dist, api.url())
	page.Start()
	t.Cleanup(page.Close)
	t.Log(npm(t, dashboard, []string{
		"DASHBOARD_URL=" + page.URL, "TRACKER_API_KEY=" + apiKey, "TRACKER_CONTROL=" + api.control(), "CHROMIUM=" + browser,
	}, "test"))
}

// pages serves a built page, whose every address is the one document, under a policy that
// allows its own files and the API and nothing else.
func pages(dist, api string) http.Handler {
	files := http.FileServer(http.Dir(dist))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "+api+
			"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
		if filepath.Ext(r.URL.Path) == "" {
			r.URL.Path = "/"
		}
		files.ServeHTTP(w, r)
	})
}

// snippet is a block of code of a document whose first line says which file it is from.
var snippet = regexp.MustCompile("(?ms)^```tsx? (\\S+)\n(.*?)^```$")

// TestFrontEndSnippets looks for each block of the document in the file that it names.
func TestFrontEndSnippets(t *testing.T) {
	document, err := os.ReadFile("../docs/frontend-integration.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := snippet.FindAllStringSubmatch(string(document), -1)
	if len(blocks) < 5 {
		t.Fatalf("%d blocks only", len(blocks))
	}
	for _, block := range blocks {
		file, err := os.ReadFile(filepath.Join("..", block[1]))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(file), block[2]) {
			t.Errorf("%s has no such lines:\n%s", block[1], block[2])
		}
	}
}
