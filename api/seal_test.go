package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestSeal_ForOneThing has every request that brings credentials: they are sealed for the
// caller's tenant, and for what the request makes or changes.
func TestSeal_ForOneThing(t *testing.T) {
	const change = `,"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]`
	f := finished(tracker.JobPartial)
	d := acting(t, f, lends, func(o *api.Options) { o.Wait = 0 })
	for _, tc := range []struct {
		name, method, path, body string
		want                     tracker.SealedFor
	}{
		{"a scan", "POST", "/api/v1/scan", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "new-1"}},
		{"an access check", "POST", "/api/v1/access-check", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "new-2"}},
		{"a retry", "POST", "/api/v1/jobs/job-1/retry", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "job-1"}},
		{"a plan", "POST", "/api/v1/plans", credentials(change), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"applying", "POST", "/api/v1/plans/plan-1/apply", credentials(`,"digest":"sha256:1"`), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"resuming", "POST", "/api/v1/plans/plan-1/resume", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"a schedule", "POST", "/api/v1/schedules", nightly(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealSchedule, ID: "sc-1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f.sealedFor = nil
			if a := d.call(tc.method, tc.path, tc.body); a.code >= 300 {
				t.Fatal(a.code, a.body)
			}
			if diff := cmp.Diff([]tracker.SealedFor{tc.want}, f.sealedFor); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
