package e2e

import (
	"os/exec"
	"testing"
)

// TestChaos is the short form of `make chaos`: scans while workers, the API and
// Redis are killed with -9, checked against the simulated account.
func TestChaos(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "run", "../bench/chaos", "-bin", bin, "-jobs", "12", "-submit-for", "8s",
		"-kill-for", "16s", "-redis-kills", "1", "-api-kills", "1", "-latency", "200ms", "-patience", "3m")
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}
