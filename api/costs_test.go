package api_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestCosts(t *testing.T) {
	const head = `{"success":true,"job_id":"job-1","state":"partial","complete":false,`
	const sums = `"currency":"USD","estimated_monthly_total":7,"resources_with_known_cost":1,"resources_with_unknown_cost":1,"other_region_monthly_total":0,"known_share":0.5,"other_region_share":0,"unknown_share":0.5,"groups":[`
	const priced = `"estimated_monthly_total":7,"resources_with_known_cost":1,"resources_with_unknown_cost":0,"other_region_monthly_total":0,"known_share":1,"other_region_share":0,"unknown_share":0}`
	const open1 = `"estimated_monthly_total":0,"resources_with_known_cost":0,"resources_with_unknown_cost":1,"other_region_monthly_total":0,"known_share":0,"other_region_share":0,"unknown_share":1}`
	d := open(t, finished(tracker.JobPartial))
	for _, tc := range []struct{ name, query, want string }{
		{"by type", "", `"group_by":"type",` + sums + `{"key":"EC2_Instance",` + priced + `,{"key":"S3_Bucket",` + open1},
		{"by region", "?group_by=region", `"group_by":"region",` + sums + `{"key":"eu-west-1",` + priced + `,{"key":"us-east-1",` + open1},
		{"by service", "?group_by=service", `"group_by":"service",` + sums + `{"key":"ec2",` + priced + `,{"key":"s3",` + open1},
		{"by state", "?group_by=state", `"group_by":"state",` + sums + `{"key":"running",` + priced + `,{"key":"active",` + open1},
		{"by a tag", "?group_by=tag:env", `"group_by":"tag:env",` + sums + `{"key":"prod",` + priced + `,{"key":"dev",` + open1},
		{"by a tag that some lack", "?group_by=tag:empty", `"group_by":"tag:empty",` + sums + `{"key":"",` + priced + `,{"key":null,` + open1},
		{
			"by account", "?group_by=account", `"group_by":"account",` + sums +
				`{"key":"123456789012","estimated_monthly_total":7,"resources_with_known_cost":1,"resources_with_unknown_cost":1,"other_region_monthly_total":0,"known_share":0.5,"other_region_share":0,"unknown_share":0.5}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := d.call("GET", "/api/v1/jobs/job-1/costs"+tc.query, "")
			if diff := cmp.Diff(head+tc.want+"]}\n", a.body); diff != "" || a.code != 200 {
				t.Errorf("%d (-want +got):\n%s", a.code, diff)
			}
		})
	}
	for query, code := range map[string]int{"?group_by=owner": 422, "?group_by=tag:": 422} {
		if a := d.call("GET", "/api/v1/jobs/job-1/costs"+query, ""); a.code != code {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	if a := d.call("GET", "/api/v1/jobs/job-2/costs", ""); a.code != 404 {
		t.Errorf("no such job: %d", a.code)
	}
}

// TestCostsOfManyGroups has more values of a tag than a sum holds.
func TestCostsOfManyGroups(t *testing.T) {
	f := finished(tracker.JobSucceeded)
	f.found["job-1"] = nil
	dollar := tracker.Dollar
	for i := range 10_002 {
		f.found["job-1"] = append(f.found["job-1"], tracker.Resource{
			ID: "i", Type: "EC2_Instance", Region: "eu-west-1", AccountID: "123456789012", MonthlyCost: &dollar,
			Tags: map[string]string{"n": strconv.Itoa(i)},
		})
	}
	got := open(t, f).call("GET", "/api/v1/jobs/job-1/costs?group_by=tag:n", "").json(t)
	if n := len(got["groups"].([]any)); n != 10_000 || got["estimated_monthly_total"] != 10_002.0 {
		t.Errorf("%d groups, %v in all", n, got["estimated_monthly_total"])
	}
	want := map[string]any{
		"key": nil, "estimated_monthly_total": 2.0, "resources_with_known_cost": 2.0, "resources_with_unknown_cost": 0.0, "known_share": 1.0,
		"other_region_monthly_total": 0.0, "other_region_share": 0.0, "unknown_share": 0.0,
	}
	if diff := cmp.Diff(any(want), got["other"]); diff != "" {
		t.Errorf("other (-want +got):\n%s", diff)
	}
}
