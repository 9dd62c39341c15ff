package e2e

import "testing"

// TestClusterFailsOver runs scans and plans on a cluster of three masters with a replica
// each, two APIs and two workers, while a master is killed with -9 and its replica takes
// its place, slots move to another master, and workers and an API are killed.
func TestClusterFailsOver(t *testing.T) {
	t.Parallel()
	chaos(t, "-redis", "cluster", "-jobs", "12", "-plans", "6", "-kill-for", "12s", "-redis-kills", "1", "-reshards", "1")
}
