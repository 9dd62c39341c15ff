package billing_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/cloud/billing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// explorer answers two pages and keeps what it was asked. The second page
// repeats a group of the first.
func explorer(t *testing.T, fail bool) (cfg aws.Config, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		*asked = append(*asked, r.Header.Get("X-Amz-Target")+" "+string(b))
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		key := "EC2"
		if gjson.GetBytes(b, "GroupBy.0.Type").Str == "TAG" {
			key = "env$prod"
		}
		switch {
		case fail:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"AccessDeniedException","message":"not allowed"}`)
		case gjson.GetBytes(b, "NextPageToken").Str == "":
			fmt.Fprintf(w, `{"NextPageToken":"2","ResultsByTime":[{"Estimated":true,"Groups":[{"Keys":[%q],"Metrics":{"UnblendedCost":{"Amount":"1.10","Unit":"USD"}}},
				{"Keys":["S3"],"Metrics":{"UnblendedCost":{"Amount":"5","Unit":"USD"}}}]}]}`, key)
		default:
			fmt.Fprintf(w, `{"ResultsByTime":[{"Groups":[{"Keys":[%q],"Metrics":{"UnblendedCost":{"Amount":"2.2","Unit":"USD"}}}]}]}`, key)
		}
	}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}, asked
}

// purse allows n calls.
func purse(n int) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) {
		n--
		return n >= 0, nil
	}
}

var november = tracker.BilledRequest{Start: "2026-11-01", End: "2026-11-30", MaxPaidCalls: 1}

func TestFetch(t *testing.T) {
	money := func(d float64) *tracker.Money { return new(tracker.Dollars(d)) }
	for _, tc := range []struct {
		name, by string
		calls    int
		fail     bool
		want     tracker.BilledSum
		made     int
	}{
		{"by service", "service", 5, false, tracker.BilledSum{
			GroupBy: "service", Complete: true, Estimated: true, Currency: "USD", Total: money(8.3),
			Groups: []tracker.BilledGroup{{Key: "S3", Amount: *money(5)}, {Key: "EC2", Amount: *money(3.3)}},
		}, 2},
		{"by a tag", "tag:env", 5, false, tracker.BilledSum{
			GroupBy: "tag:env", Complete: true, Estimated: true, Currency: "USD", Total: money(8.3),
			Groups: []tracker.BilledGroup{{Key: "S3", Amount: *money(5)}, {Key: "prod", Amount: *money(3.3)}},
		}, 2},
		{"within the budget", "service", 1, false, tracker.BilledSum{
			GroupBy: "service", Estimated: true, Currency: "USD", Total: money(6.1), Reason: "max_paid_calls, which is 1, were made",
			Groups: []tracker.BilledGroup{{Key: "S3", Amount: *money(5)}, {Key: "EC2", Amount: *money(1.1)}},
		}, 1},
		{"unasked", "service", 0, false, tracker.BilledSum{
			GroupBy: "service", Reason: "max_paid_calls, which is 1, were made", Groups: []tracker.BilledGroup{},
		}, 0},
		{"denied, and not sent again", "service", 5, true, tracker.BilledSum{
			GroupBy: "service", Reason: "ce:GetCostAndUsage: AccessDeniedException: not allowed", Groups: []tracker.BilledGroup{},
		}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cfg, asked := explorer(t, tc.fail)
			got := billing.Fetch(t.Context(), cfg, november, tc.by, purse(tc.calls))
			if diff := cmp.Diff(tc.want, got); diff != "" || len(*asked) != tc.made {
				t.Errorf("%d calls (-want +got):\n%s", len(*asked), diff)
			}
		})
	}
}

// TestTheLastDayCounts: Cost Explorer's own end is the first day that does not
// count.
func TestTheLastDayCounts(t *testing.T) {
	cfg, asked := explorer(t, true)
	billing.Fetch(t.Context(), cfg, november, "service", purse(1))
	_, body, _ := strings.Cut((*asked)[0], " ")
	if got := gjson.Get(body, "TimePeriod"); got.Get("Start").Str != "2026-11-01" || got.Get("End").Str != "2026-12-01" {
		t.Error(got.Raw)
	}
}
