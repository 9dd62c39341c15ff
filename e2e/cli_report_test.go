package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCLIReport writes the report that a manager is told.
func TestCLIReport(t *testing.T) {
	t.Parallel()
	c := newCommandLine(t, newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey))
	c.ends(0, "scan", "--types", "EC2_Instance", "--regions", "us-east-1,eu-west-1")
	eventually(t, time.Minute, "there are resources in the report", func() bool {
		return strings.Contains(c.ends(0, "report", "--format", "csv", "--filter", "type:EC2_Instance").out, "EC2_Instance")
	})
	if got := c.ends(0, "report"); !strings.Contains(got.out, "## Cost now") || !strings.Contains(got.out, "## What the report stands on") {
		t.Error(got.out)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	c.ends(0, "report", "--days", "30", "--format", "html", "--file", file)
	if b, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(b), "<!DOCTYPE html>") || !strings.Contains(string(b), "<svg") {
		t.Errorf("%v: %.300s", err, b)
	}
	for _, args := range [][]string{{"report", "--format", "docx"}, {"report", "--days", "3", "--from", "3d"}, {"report", "--days", "400"}, {"report", "--from", "soon"}} {
		if got := c.ends(2, args...); got.err == "" || got.out != "" {
			t.Errorf("%q: %s%s", args, got.out, got.err)
		}
	}
}
