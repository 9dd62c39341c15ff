package e2e

import (
	"strings"
	"testing"
	"time"
)

// TestCLIFindings lists what is found over scans, and says of one why it stays.
func TestCLIFindings(t *testing.T) {
	t.Parallel()
	c := newCommandLine(t, newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey))
	c.ends(0, "scan", "--types", "EBS_Volume", "--regions", "us-east-1,eu-west-1")
	live := func(args ...string) string {
		return c.ends(0, append([]string{"findings", "live", "--rule", "unattached_volume", "-o", "csv"}, args...)...).out
	}
	// A scan comes into the history after its end.
	eventually(t, time.Minute, "there are findings", func() bool { return strings.Count(live(), "\n") >= 2 })
	rows := strings.Split(live("--columns", "finding_id,state,since,tags"), "\n")
	id, _, _ := strings.Cut(rows[1], ",")
	if !strings.HasPrefix(id, "unattached_volume/") || !strings.Contains(rows[1], ",open,20") {
		t.Fatalf("the findings are %q", rows)
	}
	if got := c.ends(0, "findings", "live", "--by", "rule", "--limit", "100"); !strings.Contains(got.out, "unattached_volume") || !strings.Contains(got.err, "a month") {
		t.Errorf("by rule: %s%s", got.out, got.err)
	}
	if got := c.ends(0, "findings", "ack", id, "--reason", "kept for a restore", "--until", "90d"); !strings.Contains(got.out, id+" stays as it is until 20") {
		t.Error(got.out)
	}
	if got := live("--columns", "finding_id"); strings.Contains(got, id) {
		t.Errorf("it is among the open: %s", got)
	}
	if got := live("--acknowledged", "--columns", "finding_id,why"); !strings.Contains(got, id+",kept for a restore") {
		t.Errorf("it is not among the acknowledged: %s", got)
	}
	if got := c.ends(2, "findings", "ack", id, "--reason", "x", "--until", "soon"); !strings.Contains(got.err, "--until") {
		t.Error(got.err)
	}
	c.ends(0, "findings", "unack", id)
	if got := live("--columns", "finding_id"); !strings.Contains(got, id) {
		t.Errorf("it is not open again: %s", got)
	}
	if got := c.ends(1, "findings", "unack", "nothing"); !strings.Contains(got.err, "no such finding") {
		t.Error(got.err)
	}
	if got := c.ends(0, "trend", "--measure", "saving", "--by", "rule"); !strings.Contains(got.out, "unattached_volume") {
		t.Error(got.out)
	}
	if got := c.ends(0, "trend", "--measure", "saving", "--by", "rule", "--only", "unattached_volume", "-o", "csv"); !strings.Contains(got.out, ",unattached_volume,") ||
		!strings.Contains(got.out, ",(other),") || strings.Contains(got.out, ",idle_") {
		t.Error(got.out)
	}
	for _, verb := range []string{"forecast", "anomalies"} {
		c.ends(0, "trend", verb, "--by", "type", "--only", "EBS_Volume")
		if got := c.ends(2, "trend", verb, "--by", "none", "--only", "EBS_Volume"); !strings.Contains(got.err, "--only: expected by as well") {
			t.Error(got.err)
		}
	}
}
