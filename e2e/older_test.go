package e2e

import (
	"regexp"
	"testing"
	"time"
)

// slowRegion is a demo of which one region answers after a first look at a scan is over.
const slowRegion = `{"transition":"200ms","faults":[{"service":"ec2","region":"eu-west-1","kind":"slow","delay":"23s"}]}`

// TestOlderClients runs the clients of the earlier service, written anew after what they
// sent and expected, against a server with COMPATIBILITY=v1: the Python client with its five
// examples, and the service class, the hook and the dashboard of the front end. A scan that
// takes longer than proxies wait for a first byte is among them.
func TestOlderClients(t *testing.T) {
	t.Parallel() // it waits most of the time
	url, slow := startOlder(t, deniedRegion), startOlder(t, slowRegion)

	t.Run("front end", func(t *testing.T) {
		t.Parallel()
		install(t, "older/web")
		npm(t, "older/web", []string{"VITE_API_URL=" + url + "/api/v1", "VITE_SLOW_API_URL=" + slow + "/api/v1", "VITE_API_KEY=" + olderKey}, "test")
	})
	t.Run("Python", func(t *testing.T) {
		t.Parallel()
		printed := python(t, "older/python", []string{"API_BASE_URL=" + url, "API_KEY=" + olderKey}, "python3", "examples.py")
		for _, want := range []string{
			"API status: healthy", `Regions scanned: \d\d\b`, `  EC2_Instance: \d+`, "error scan_error: EC2_Instance in eu-west-2 .* is not authorized",
			`Filter .*running.*: [1-9]\d* of \d+`, "Refused: 400 failed: ", "Stop: True verified: ", "Bulk: 2/3 successful, 1 failed", "  vol-00000000000000000: False ",
			`Estimated monthly total: \$\d{4,}`, `Dearest: \S+ \$\d`, `Documented endpoints: \d+`,
		} {
			if !regexp.MustCompile(want).MatchString(printed) {
				t.Errorf("the examples did not print %q:\n%s", want, printed)
			}
		}
	})
	t.Run("Python, slow", func(t *testing.T) {
		t.Parallel()
		begun := time.Now()
		printed := python(t, "older/python", []string{"API_BASE_URL=" + slow, "API_KEY=key2"}, "python3", "examples.py", "1")
		if took := time.Since(begun); took < 21*time.Second || !regexp.MustCompile(`Total resources: [1-9]`).MatchString(printed) {
			t.Errorf("after %v:\n%s", took, printed)
		}
	})
}
