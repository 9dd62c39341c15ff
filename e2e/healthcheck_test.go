package e2e

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestHealthchecks runs the commands by which a container asks its own program, with the
// environment that the program has: while it runs, without its Redis, and when it has ended.
func TestHealthchecks(t *testing.T) {
	s := newIdleStack(t, "http://127.0.0.1:9", "METRICS_ADDR=0.0.0.0:"+strconv.Itoa(freePort()))
	var ofWorker []string
	for _, v := range s.env {
		if !strings.HasPrefix(v, "CREDENTIALS_RECIPIENT=") && !strings.HasPrefix(v, "VALID_API_KEYS=") {
			ofWorker = append(ofWorker, v)
		}
	}
	s.env, ofWorker = append(s.env, "LOG_LEVEL=error"), append(ofWorker, s.identity)
	check := func(env []string, program string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), filepath.Join(bin, program), append([]string{"healthcheck"}, args...)...)
		cmd.Env, cmd.Dir = env, t.TempDir()
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	want := func(says string, env []string, program string, args ...string) {
		t.Helper()
		out, err := check(env, program, args...)
		if (err == nil) != (says == "") || !strings.Contains(out, says) {
			t.Errorf("%s healthcheck %v: %v %q, want %q", program, args, err, out, says)
		}
	}
	want("refused", ofWorker, "worker")
	s.startWorker()
	eventually(t, 30*time.Second, "the worker is healthy", func() bool {
		_, err := check(ofWorker, "worker")
		return err == nil
	})
	want("", ofWorker, "api", "-any")
	want("", s.env, "api")
	want("", s.env, "api", "-any")
	s.redis.stop()
	want("not ready: 503", s.env, "api", "-any")
	want("", ofWorker, "worker")
	s.workers[0].kill()
	want("refused", ofWorker, "worker")
	want("refused", ofWorker, "api", "-any")
}
