package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// startDemo starts the demo as its users do, and answers its address and its key.
func startDemo(t *testing.T, settings ...string) (address, key string) {
	t.Helper()
	port, data := freePort(), t.TempDir()
	env := append([]string{"PORT=" + strconv.Itoa(port), "DATA_DIR=" + data, "LOG_LEVEL=error", unbounded}, settings...)
	server := start(t, env, t.TempDir(), filepath.Join(bin, "api"), "-demo")
	if err := server.answers(localURL(port)+"/ready", time.Minute); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(data, "api-key"))
	if err != nil {
		t.Fatal(err)
	}
	return localURL(port), strings.TrimSpace(string(kept))
}

// TestPythonClient runs the tests of clients/python against the demo, each class by
// itself: they wait for AWS most of the time. The oldest Python that the client is for
// runs those that need no server, where this machine has it.
func TestPythonClient(t *testing.T) {
	address, key := startDemo(t, "ALLOW_SERVER_CREDENTIALS=true")
	runs := [][2]string{{"python3", "RealServer"}, {"python3", "OlderClient"}, {"python3", "FailingServer"}}
	if exec.Command("python3.9", "--version").Run() == nil {
		runs = append(runs, [2]string{"python3.9", "FailingServer"})
	}
	for _, run := range runs {
		t.Run(run[0]+" "+run[1], func(t *testing.T) {
			t.Parallel()
			tests := exec.Command(run[0], "-B", "-W", "error", "-m", "unittest", "test_tracker."+run[1])
			tests.Dir = "../clients/python"
			tests.Env = append(os.Environ(), "TRACKER_URL="+address, "TRACKER_API_KEY="+key)
			if out, err := tests.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
