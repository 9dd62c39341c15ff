package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// python runs a program of Python in a folder, and answers what it has printed.
func python(t *testing.T, dir string, settings []string, interpreter string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), interpreter, append([]string{"-B"}, args...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), settings...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s %v: %v\n%s", dir, interpreter, args, err, out)
	}
	return string(out)
}

// TestPythonClient runs the tests of clients/python against the demo, each class by
// itself. The oldest Python that the client is for runs those that need no server, where
// this machine has it.
func TestPythonClient(t *testing.T) {
	t.Parallel() // it waits most of the time
	d := newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey, "ALLOW_SERVER_CREDENTIALS=true")
	runs := [][2]string{{"python3", "RealServer"}, {"python3", "OlderClient"}, {"python3", "FailingServer"}}
	if exec.Command("python3.9", "--version").Run() == nil {
		runs = append(runs, [2]string{"python3.9", "FailingServer"})
	}
	for _, run := range runs {
		t.Run(run[0]+" "+run[1], func(t *testing.T) {
			t.Parallel()
			python(t, "../clients/python", []string{"TRACKER_URL=" + d.url(), "TRACKER_API_KEY=" + operatorKey}, run[0], "-W", "error", "-m", "unittest", "test_tracker."+run[1])
		})
	}
}
