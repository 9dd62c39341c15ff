package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// chaosProgram is bench/chaos, built once.
var chaosProgram = sync.OnceValues(func() (string, error) {
	program := filepath.Join(bin, "chaos")
	build := exec.Command("go", "build", "-o", program, "./bench/chaos")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build bench/chaos: %w: %s", err, out)
	}
	return program, nil
})

// chaos runs bench/chaos, which counts what was lost and what was doubled, and fails where
// anything was.
func chaos(t *testing.T, args ...string) {
	t.Helper()
	program, err := chaosProgram()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"-bin", bin, "-workers", "2", "-resources", "300", "-patience", "4m"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends what it has started
	cmd.WaitDelay = 30 * time.Second
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// TestChaos is the short form of `make chaos`: scans and plans while workers, an API and
// Redis are killed with -9, checked against the simulated account.
func TestChaos(t *testing.T) {
	t.Parallel()
	chaos(t, "-jobs", "12", "-plans", "6", "-kill-for", "16s", "-redis-kills", "1")
}
