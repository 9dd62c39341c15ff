package e2e

import "testing"

// TestSentinelFailsOver runs scans and plans on a master with two replicas and three
// sentinels, set up as docs/operations.md has it, while the master is killed with -9 and
// Sentinel puts a replica in its place, and workers and an API are killed.
func TestSentinelFailsOver(t *testing.T) {
	t.Parallel()
	chaos(t, "-redis", "sentinel", "-jobs", "12", "-plans", "6", "-kill-for", "12s", "-redis-kills", "1")
}
