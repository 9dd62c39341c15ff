package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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

// builtClient installs and builds the TypeScript client, once for all tests.
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

// webDemo is an API on a simulated account that tests in other languages may kill and
// start again.
type webDemo struct {
	t    testing.TB
	url  string
	env  []string
	args []string
	dir  string

	mu  sync.Mutex
	api *process
}

// newWebDemo starts an API whose account has options, as JSON.
func newWebDemo(t testing.TB, options string, settings ...string) *webDemo {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "options.json")
	if err := os.WriteFile(file, []byte(options), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort()
	d := &webDemo{
		t: t, url: localURL(port), dir: dir, args: []string{"-demo-options", file},
		env: append([]string{
			"PORT=" + strconv.Itoa(port), "DATA_DIR=" + filepath.Join(dir, "data"), "LOG_LEVEL=error",
			"VALID_API_KEYS=" + apiKey, "OPERATOR_API_KEYS=" + operatorKey, unbounded,
		}, settings...),
	}
	if err := d.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.api.stop()
		if t.Failed() {
			t.Logf("the API printed:\n%s", d.api.tail())
		}
	})
	return d
}

func (d *webDemo) start() error {
	p, err := launch(d.env, d.dir, filepath.Join(bin, "api"), d.args...)
	if err != nil {
		return fmt.Errorf("start the API: %w", err)
	}
	d.api = p
	return p.answers(d.url+"/ready", time.Minute)
}

// control is the address of a server that kills the API (POST /kill), starts it again
// (POST /start), or does both (POST /restart).
func (d *webDemo) control() string {
	mux := http.NewServeMux()
	do := func(path string, kill, start bool) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, _ *http.Request) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if kill {
				d.api.kill()
			}
			if !start {
				return
			}
			if err := d.start(); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	do("/kill", true, false)
	do("/start", false, true)
	do("/restart", true, true)
	s := httptest.NewServer(mux)
	d.t.Cleanup(s.Close)
	return s.URL
}
