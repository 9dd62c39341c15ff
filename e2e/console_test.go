package e2e

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// consoleDir is the folder of the console's sources.
const consoleDir = "../web"

// TestConsole holds the committed console to its sources, byte for byte, and drives it in Chromium
// against a demo: every page in both colour schemes, and the ways that people go.
func TestConsole(t *testing.T) {
	browser := chromium(t)
	install(t, consoleDir)
	built := t.TempDir()
	npm(t, consoleDir, nil, "run", "build", "--", "--outDir", built, "--emptyOutDir")
	if diff := cmp.Diff(filesOf(t, built), filesOf(t, filepath.Join(consoleDir, "dist"))); diff != "" {
		t.Fatalf("web/dist is not what is built of its sources (-), which `npm ci && npm run build` in web makes it:\n%.2000s", diff)
	}

	// As many as this machine drives at once. A receiver of webhooks listens on it. Workers that look for work
	// seldom leave the processor to the pages.
	env := []string{"VALID_API_KEYS=" + apiKey, "OPERATOR_API_KEYS=" + operatorKey, "QUEUE_POLL_MS=100"}
	var urls, viewers []string
	for range 2 {
		d := newDemo(t, "", append(env, "WEBHOOK_ALLOW=127.0.0.0/8")...)
		a := (&client{t: t, url: d.url(), key: operatorKey}).do(http.MethodPost, "/api/v1/keys", map[string]any{"name": "viewer", "grants": []map[string]any{{"role": "viewer"}}})
		var viewer struct {
			Key string `json:"api_key"`
		}
		if err := json.Unmarshal(a.body, &viewer); err != nil || viewer.Key == "" {
			t.Fatalf("%d %s: %v", a.status, a.body, err)
		}
		urls, viewers = append(urls, d.url()), append(viewers, viewer.Key)
	}
	// Where a second person has to approve.
	approving := newDemo(t, "", append(env, "ACTIONS_REQUIRE_APPROVAL=true")...)
	t.Log(npm(t, consoleDir, []string{
		"CONSOLE_URL=" + strings.Join(urls, ","), "CONSOLE_VIEWER_KEY=" + strings.Join(viewers, ","), "CONSOLE_KEY=" + apiKey, "CONSOLE_ADMIN_KEY=" + operatorKey,
		"CONSOLE_APPROVAL_URL=" + approving.url(), "CHROMIUM=" + browser, "CONSOLE_OUT=" + screenshots(t, "console"),
	}, "run", "e2e"))
}

// screenshots is where the screenshots of a run stay: bin is not committed.
func screenshots(t *testing.T, run string) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "bin", run))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// filesOf are the files of a folder, by their paths in it.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		found[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
