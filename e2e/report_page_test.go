package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestReportPage looks at the report of a demo in Chromium, and has axe judge it.
func TestReportPage(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	builtClient(t)
	install(t, dashboard) // it has playwright and axe
	d := newDemo(t, "", exampleSettings...)
	withHistory(t, d)
	cmd := exec.CommandContext(t.Context(), "node", "report_page.mjs")
	cmd.Dir = "testdata"
	cmd.Env = append(os.Environ(), "CHROMIUM="+browser, "TRACKER_API_KEY="+authorKey, "REPORT_URL="+d.url()+"/api/v1/reports/summary?format=html&days=30",
		"MODULES="+filepath.Join(got(filepath.Abs(dashboard))(t), "package.json"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
