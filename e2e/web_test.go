package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// typescriptClient is the folder of the client that pages and examples use.
const typescriptClient = "../clients/typescript"

// npm runs one command of npm in a folder, and says how long it took. More settings,
// "KEY=value", go to it.
func npm(t testing.TB, dir string, settings []string, args ...string) string {
	t.Helper()
	begun := time.Now()
	cmd := exec.CommandContext(t.Context(), "npm", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(settings, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1", "NO_COLOR=1", "npm_config_update_notifier=false")...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: npm %s: %v\n%s", dir, strings.Join(args, " "), err, out)
	}
	t.Logf("%s: npm %s: %.1f s", dir, strings.Join(args, " "), time.Since(begun).Seconds())
	return string(out)
}

// chromium is the browser that drives pages: the one without a window where it is installed, which takes a third less of
// the processor.
func chromium(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("chromium-headless-shell"); err == nil {
		return path
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("this test needs chromium on PATH (`make deps` says how to get it): %v", err)
	}
	return path
}

// install installs what a folder's lock names, unless that is there already.
func install(t testing.TB, dir string) {
	t.Helper()
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && done.ModTime().After(lock.ModTime()) {
		return
	}
	npm(t, dir, nil, "ci", "--no-audit", "--no-fund", "--prefer-offline")
}

var buildClient sync.Once

// builtClient installs, checks and builds the TypeScript client, once for all tests.
func builtClient(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatalf("this test needs Node 20 and npm on PATH (`make deps` says how to get them): %v", err)
	}
	buildClient.Do(func() {
		install(t, typescriptClient)
		npm(t, typescriptClient, nil, "run", "build")
	})
}

// slowDemo are the options of an account whose scans take long enough to be interrupted.
const slowDemo = `{"latency":"200ms","transition":"200ms"}`

// control is the address of a server by which tests in other languages kill the demo (POST
// /kill), start it again (POST /start), or both (POST /restart). A demo that does not start
// has failed the test, and nothing is answered.
func (d *demo) control() string {
	var mu sync.Mutex
	mux := http.NewServeMux()
	handle := func(path string, steps ...func()) {
		mux.HandleFunc("POST "+path, func(http.ResponseWriter, *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			for _, step := range steps {
				step()
			}
		})
	}
	kill := func() { d.api.kill() }
	handle("/kill", kill)
	handle("/start", d.start)
	handle("/restart", kill, d.start)
	s := httptest.NewServer(mux)
	d.t.Cleanup(s.Close)
	return s.URL
}
