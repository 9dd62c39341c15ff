package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestInventory_OneTypeHidesNothing scans all of the demo, then one type of it: what there is stays.
func TestInventory_OneTypeHidesNothing(t *testing.T) {
	t.Parallel()
	d := newDemo(t, "", "VALID_API_KEYS="+policyKey)
	c := &client{t: t, url: d.url(), key: policyKey}
	type listing struct {
		JobID     string             `json:"job_id"`
		Complete  bool               `json:"complete"`
		Total     int                `json:"total"`
		Resources []tracker.Resource `json:"resources"`
	}
	ids := func(path string) []string {
		var all []string
		for _, r := range get[listing](c, path+"?limit=1000").Resources {
			all = append(all, r.Key())
		}
		slices.Sort(all)
		return all
	}
	// in waits until no ended scan is still to be taken in.
	in := func() {
		eventually(t, time.Minute, "the scans are in the inventory", func() bool {
			pending := get[struct {
				Scans []string `json:"pending_scans"`
			}](c, "/api/v1/inventory?limit=1").Scans
			return len(pending) == 0
		})
	}
	c.scan(valid())
	in()
	all := ids("/api/v1/resources")
	if known := ids("/api/v1/inventory"); len(all) < 400 || !slices.Equal(all, known) {
		t.Fatalf("%d resources, and in the inventory %d", len(all), len(known))
	}
	nat := c.scan(with(valid(), "types", []string{"NAT_Gateway"}))
	in()
	for _, path := range []string{"/api/v1/resources", "/api/v1/inventory"} {
		if got := ids(path); !slices.Equal(all, got) {
			t.Errorf("%s: %d resources, want %d", path, len(got), len(all))
		}
	}
	if got := get[listing](c, "/api/v1/resources?limit=1"); got.JobID != nat.ID || got.Total != len(all) || !got.Complete {
		t.Errorf("job %s, %d resources, complete is %t; want %s, %d", got.JobID, got.Total, got.Complete, nat.ID, len(all))
	}
	if n := len(get[listing](c, "/api/v1/jobs/"+nat.ID+"/resources").Resources); n == 0 || n >= len(all) {
		t.Errorf("the scan of one type found %d", n)
	}
}
