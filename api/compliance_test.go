package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestCompliance(t *testing.T) {
	d := open(t, finished(tracker.JobSucceeded))
	for _, tc := range []struct {
		name, method, query, body     string
		resources, compliant, missing int
	}{
		{"any value", "GET", "?required=env", "", 2, 2, 0},
		{"some values", "GET", "?required=env=prod|stage", "", 2, 1, 0},
		{"two keys", "GET", "?required=owner,env=*", "", 2, 0, 2},
		{"an exempt type", "GET", "?required=owner&exempt_types=S3_Bucket", "", 1, 0, 1},
		{"in a body", "POST", "", `{"required":[{"key":"env","values":["dev"],"resource_types":["S3_Bucket"]}]}`, 1, 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := d.call(tc.method, "/api/v1/jobs/job-1/compliance"+tc.query, tc.body)
			var got struct{ Report reports.Report }
			if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.code != 200 {
				t.Fatal(a.code, a.body)
			}
			r := got.Report
			if diff := cmp.Diff([]int{tc.resources, tc.compliant, tc.missing}, []int{r.Resources, r.Compliant, r.Keys[0].Missing}); diff != "" {
				t.Errorf("resources, compliant, missing (-want +got):\n%s", diff)
			}
		})
	}
	for _, tc := range []struct{ method, query, body string }{
		{"GET", "", ""},
		{"GET", "?required=env,env", ""},
		{"GET", "?required==x", ""},
		{"GET", "?required=env&exempt_types=Nothing", ""},
		{"POST", "", `{"required":[{"key":"env","resource_types":["Nothing"]}]}`},
		{"POST", "", `{"required":[]}`},
	} {
		if a := d.call(tc.method, "/api/v1/jobs/job-1/compliance"+tc.query, tc.body); a.code != 422 {
			t.Errorf("%s %s %s: %d %s", tc.method, tc.query, tc.body, a.code, a.body)
		}
	}
}
