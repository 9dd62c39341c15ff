package tracker

import (
	"encoding/json"
	"testing"
)

// TestRequestsAreWrittenAsBefore holds the form of requests that say no more than they
// must. Their digests tell repeated requests apart, also across an upgrade: a new field
// is left out where it says nothing.
func TestRequestsAreWrittenAsBefore(t *testing.T) {
	for _, row := range []struct {
		request any
		want    string
	}{
		{ScanRequest{}, `{}`},
		{ScanRequest{Accounts: []AccountRef{{RoleARN: "arn"}}}, `{"accounts":[{"role_arn":"arn"}]}`},
		{
			ScanRequest{Billed: &BilledRequest{GroupBy: []string{"service"}, Start: "2026-01-01", End: "2026-01-31", MaxPaidCalls: 5}},
			`{"billed_cost":{"group_by":["service"],"start":"2026-01-01","end":"2026-01-31","max_paid_calls":5}}`,
		},
		{
			PlanRequest{Items: []ActionItem{{ResourceID: "i-1", Type: "EC2_Instance", Region: "eu-west-1", Verb: "stop"}}},
			`{"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}],"apply":false}`,
		},
		{PlanRequest{Select: &PlanSelection{Verb: "stop"}}, `{"select":{"filter":{},"action":"stop"},"apply":false}`},
	} {
		b, err := json.Marshal(row.request)
		if err != nil || string(b) != row.want {
			t.Errorf("%v\n got %s\nwant %s", err, b, row.want)
		}
	}
}
