package metrics_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/tracker"
)

var now = time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)

// cloudWatch answers 1 for every metric, except for those of instances that it
// is given.
type cloudWatch struct {
	denied    string // the call that asks for this instance is refused
	forbidden string // the metric of this instance is
	paged     bool   // every answer comes in two pages

	mu    sync.Mutex
	calls []cbor.Map
}

func (c *cloudWatch) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	v, err := cbor.Decode(body)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	in := v.(cbor.Map)
	c.calls = append(c.calls, in)
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: req}
	res.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	res.Header.Set("Content-Type", "application/cbor")
	answer := c.answer(in)
	if answer == nil {
		res.StatusCode = http.StatusBadRequest
		answer = cbor.Map{"__type": cbor.String("com.amazonaws.cloudwatch#AccessDenied"), "message": cbor.String("not yours")}
	}
	res.Body = io.NopCloser(bytes.NewReader(cbor.Encode(answer)))
	return res, nil
}

func (c *cloudWatch) answer(in cbor.Map) cbor.Map {
	var results cbor.List
	for _, q := range in["MetricDataQueries"].(cbor.List) {
		q := q.(cbor.Map)
		metric := q["MetricStat"].(cbor.Map)["Metric"].(cbor.Map)
		id := string(metric["Dimensions"].(cbor.List)[0].(cbor.Map)["Value"].(cbor.String))
		switch id {
		case c.denied:
			return nil
		case c.forbidden:
			results = append(results, cbor.Map{
				"Id": q["Id"], "StatusCode": cbor.String("Forbidden"),
				"Messages": cbor.List{cbor.Map{"Code": cbor.String("Forbidden"), "Value": cbor.String("another account's")}},
			})
		default:
			results = append(results, cbor.Map{"Id": q["Id"], "StatusCode": cbor.String("Complete"), "Values": cbor.List{cbor.Float64(1)}})
		}
	}
	out := cbor.Map{"MetricDataResults": results}
	if _, second := in["NextToken"]; c.paged && !second {
		out["NextToken"] = cbor.String("more")
	}
	return out
}

func (c *cloudWatch) config() aws.Config {
	return aws.Config{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), HTTPClient: c,
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func queries(n, days int, period time.Duration) []tracker.MetricQuery {
	qs := make([]tracker.MetricQuery, n)
	for i := range qs {
		qs[i] = tracker.MetricQuery{
			Namespace: "AWS/EC2", Name: "CPUUtilization", Stat: "p99", Period: period, Days: days,
			Dimensions: []tracker.MetricDimension{{Name: "InstanceId", Value: fmt.Sprintf("i-%d", i)}},
		}
	}
	return qs
}

// TestBatches: no call asks for more than 500 metrics or is answered by more than
// 100,800 values, and each query is asked once.
func TestBatches(t *testing.T) {
	const day = 24 * time.Hour
	for _, tc := range []struct {
		name    string
		queries []tracker.MetricQuery
		want    []int
	}{
		{"none", nil, nil},
		{"one", queries(1, 14, day), []int{1}},
		{"as many as a call takes", queries(500, 14, day), []int{500}},
		{"one more", queries(501, 14, day), []int{1, 500}},
		{"twice the same", append(queries(10, 14, day), queries(10, 14, day)...), []int{10}},
		{"of different days", append(queries(10, 14, day), queries(10, 7, day)...), []int{10, 10}},
		{"of 2,160 values each", queries(100, 90, time.Hour), []int{8, 46, 46}},
	} {
		c := &cloudWatch{}
		values, err := metrics.Fetch(t.Context(), c.config(), now, tc.queries)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, call := range c.calls {
			got = append(got, len(call["MetricDataQueries"].(cbor.List)))
		}
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: queries of each call (-want +got):\n%s", tc.name, diff)
		}
		if n := metrics.Calls(tc.queries); n != len(tc.want) {
			t.Errorf("%s: %d calls are told of, want %d", tc.name, n, len(tc.want))
		}
		for _, q := range tc.queries {
			if s := values[q.ID()]; !slices.Equal(s.Values, []float64{1}) || s.Failure != "" {
				t.Errorf("%s: %s is %+v", tc.name, q.ID(), s)
			}
		}
	}
}

func TestRequest(t *testing.T) {
	c := &cloudWatch{}
	if _, err := metrics.Fetch(t.Context(), c.config(), now, queries(1, 14, 24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := cbor.Map{
		"StartTime": &cbor.Tag{ID: 1, Value: cbor.Float64(now.Truncate(24*time.Hour).AddDate(0, 0, -14).Unix())},
		"EndTime":   &cbor.Tag{ID: 1, Value: cbor.Float64(now.Truncate(24 * time.Hour).Unix())},
		"ScanBy":    cbor.String("TimestampDescending"),
		"MetricDataQueries": cbor.List{cbor.Map{"Id": cbor.String("m0"), "MetricStat": cbor.Map{
			"Stat": cbor.String("p99"), "Period": cbor.Uint(86400),
			"Metric": cbor.Map{
				"Namespace": cbor.String("AWS/EC2"), "MetricName": cbor.String("CPUUtilization"),
				"Dimensions": cbor.List{cbor.Map{"Name": cbor.String("InstanceId"), "Value": cbor.String("i-0")}},
			},
		}}},
	}
	if diff := cmp.Diff(want, c.calls[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPages(t *testing.T) {
	c := &cloudWatch{paged: true}
	qs := queries(1, 14, 24*time.Hour)
	values, err := metrics.Fetch(t.Context(), c.config(), now, qs)
	if err != nil || !slices.Equal(values[qs[0].ID()].Values, []float64{1, 1}) {
		t.Errorf("%v, %v", values, err)
	}
}

// TestNotRead: a metric that could not be read says why, and fails no other
// metric than those of its call.
func TestNotRead(t *testing.T) {
	c := &cloudWatch{denied: "i-0", forbidden: "i-700"}
	qs := queries(1000, 14, 24*time.Hour)
	values, err := metrics.Fetch(t.Context(), c.config(), now, qs)
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "AccessDenied" || !strings.HasPrefix(err.Error(), "metrics in eu-west-1: ") {
		t.Errorf("error %v", err)
	}
	for i, want := range map[int]tracker.MetricSeries{
		0:   {Failure: "cloudwatch:GetMetricData: AccessDenied: not yours"},
		499: {Failure: "cloudwatch:GetMetricData: AccessDenied: not yours"},
		700: {Failure: "cloudwatch.GetMetricData answers another account's"},
		999: {Values: []float64{1}},
	} {
		if diff := cmp.Diff(want, values[qs[i].ID()]); diff != "" {
			t.Errorf("metric %d (-want +got):\n%s", i, diff)
		}
	}
}
