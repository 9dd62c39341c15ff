package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestBilledCostIsAskedFor(t *testing.T) {
	d := open(t, &fake{})
	today := time.Now().UTC()
	day := func(ago int) string { return today.AddDate(0, 0, -ago).Format(time.DateOnly) }
	for _, tc := range []struct {
		body string
		want *tracker.BilledRequest
		at   string
	}{
		{`{"group_by":["service","region","service"]}`, &tracker.BilledRequest{GroupBy: []string{"region", "service"}, Start: day(30), End: day(1), Days: 30}, ""},
		{`{"group_by":["tag:env"],"days":1,"max_paid_calls":3}`, &tracker.BilledRequest{GroupBy: []string{"tag:env"}, Start: day(1), End: day(1), Days: 1, MaxPaidCalls: 3}, ""},
		{
			`{"group_by":["service"],"start":"2026-10-01","end":"2026-10-31"}`,
			&tracker.BilledRequest{GroupBy: []string{"service"}, Start: "2026-10-01", End: "2026-10-31"}, "",
		},
		{`{"group_by":["owner"]}`, nil, "body.billed_cost.group_by"},
		{`{"group_by":["resource"],"days":30}`, nil, "body.billed_cost.group_by"},
		{`{"group_by":["service"],"start":"2026-10-31","end":"2026-10-01"}`, nil, "body.billed_cost.end"},
		{`{"group_by":["service"],"start":"2026-10-01"}`, nil, "body.billed_cost.end"},
		{`{"group_by":["service"],"days":3,"start":"2026-10-01","end":"2026-10-02"}`, nil, "body.billed_cost.days"},
	} {
		before := len(d.fake.submissions)
		a := d.call("POST", "/api/v1/scan", credentials(`,"billed_cost":`+tc.body))
		if tc.at != "" {
			if a.code != 422 || !strings.Contains(a.body, tc.at) {
				t.Errorf("%s: %d %s", tc.body, a.code, a.body)
			}
			continue
		}
		if len(d.fake.submissions) == before {
			t.Errorf("%s: %d %s", tc.body, a.code, a.body)
			continue
		}
		if diff := cmp.Diff(tc.want, d.fake.submissions[before].Request.Billed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.body, diff)
		}
	}
}

func TestBilledCostIsBesideTheEstimate(t *testing.T) {
	f := finished(tracker.JobSucceeded)
	d := open(t, f)
	if got := d.call("GET", "/api/v1/jobs/job-1/costs", "").json(t); got["billed"] != nil {
		t.Errorf("unasked: %v", got["billed"])
	}
	f.jobs[0].Request.Billed = &tracker.BilledRequest{Start: "2026-10-01", End: "2026-10-31"}
	billed := d.call("GET", "/api/v1/jobs/job-1/costs", "").json(t)["billed"].(map[string]any)
	if billed["complete"] != false || billed["reason"] != "the scan ended before Cost Explorer was asked" {
		t.Errorf("not there: %v", billed)
	}
	f.findings.billed = map[string]tracker.BilledReport{"job-1": {Start: "2026-10-01", End: "2026-10-31", Complete: true, PaidCalls: 2, Sums: []tracker.BilledSum{}}}
	billed = d.call("GET", "/api/v1/jobs/job-1/costs", "").json(t)["billed"].(map[string]any)
	if billed["complete"] != true || billed["paid_calls"] != 2.0 {
		t.Errorf("%v", billed)
	}
}
