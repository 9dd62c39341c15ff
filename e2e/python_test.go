package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// clientsDemo starts the demo, which apiKey and operatorKey may call, and answers its
// address.
func clientsDemo(t *testing.T, settings ...string) string {
	t.Helper()
	port := freePort()
	env := append([]string{
		"PORT=" + strconv.Itoa(port), "DATA_DIR=" + t.TempDir(), "LOG_LEVEL=error", unbounded,
		"VALID_API_KEYS=" + apiKey, "OPERATOR_API_KEYS=" + operatorKey,
	}, settings...)
	server := start(t, env, t.TempDir(), filepath.Join(bin, "api"), "-demo")
	if err := server.answers(localURL(port)+"/ready", time.Minute); err != nil {
		t.Fatal(err)
	}
	return localURL(port)
}

// TestPythonClient runs the tests of clients/python against the demo, each class by
// itself: they wait for AWS most of the time. The oldest Python that the client is for
// runs those that need no server, where this machine has it.
func TestPythonClient(t *testing.T) {
	address := clientsDemo(t, "ALLOW_SERVER_CREDENTIALS=true")
	runs := [][2]string{{"python3", "RealServer"}, {"python3", "OlderClient"}, {"python3", "FailingServer"}}
	if exec.Command("python3.9", "--version").Run() == nil {
		runs = append(runs, [2]string{"python3.9", "FailingServer"})
	}
	for _, run := range runs {
		t.Run(run[0]+" "+run[1], func(t *testing.T) {
			t.Parallel()
			tests := exec.Command(run[0], "-B", "-W", "error", "-m", "unittest", "test_tracker."+run[1])
			tests.Dir = "../clients/python"
			tests.Env = append(os.Environ(), "TRACKER_URL="+address, "TRACKER_API_KEY="+operatorKey)
			if out, err := tests.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
