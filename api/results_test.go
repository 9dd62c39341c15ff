package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	instanceRow = `{"resource_id":"i-1","resource_name":"web","resource_type":"EC2_Instance","account_id":"123456789012","region":"eu-west-1","arn":"",` +
		`"state":"running","creation_date":null,"tags":{"a=b":"c,d","empty":"","env":"prod"},"estimated_cost_monthly":7,"cost":null,"metadata":{"vpc_id":null}}`
	bucketRow = `{"resource_id":"logs","resource_name":null,"resource_type":"S3_Bucket","account_id":"123456789012","region":"us-east-1","arn":"",` +
		`"state":"active","creation_date":null,"tags":{"env":"dev"},"estimated_cost_monthly":null,"cost":null,"metadata":{}}`
)

func TestResult(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	a := d.call("GET", "/api/v1/jobs/job-1/result", "")
	want := `{"timestamp":"2026-11-21T12:01:00Z","job_id":"job-1","state":"partial","complete":false,"regions_scanned":["eu-west-1"],` +
		`"errors":[{"type":"scan_error","message":"EC2_Instance in us-east-1 of account 123456789012: ec2:DescribeInstances: UnauthorizedOperation: not allowed",` +
		`"outcome":"denied","account_id":"123456789012","region":"us-east-1","resource_type":"EC2_Instance"}],` +
		`"summary":{"total_resources":2,"by_type":{"EC2_Instance":1,"S3_Bucket":1},"by_region":{"eu-west-1":1,"us-east-1":1},"by_state":{"active":1,"running":1}},` +
		`"cost_summary":{"estimated_monthly_total":7,"by_resource_type":{"EC2_Instance":7},` +
		`"by_region":{"eu-west-1":7},"by_account":{"123456789012":7},"by_service":{"ec2":7},` +
		`"resources_with_unknown_cost":1,"resources_with_known_cost":1,"other_region_monthly_total":0,"known_share":0.5,"other_region_share":0,"unknown_share":0.5,"resources_by_basis":{"unknown":2}},` +
		`"resources":[` + instanceRow + ",\n" + bucketRow + "]}\n"
	if diff := cmp.Diff(want, a.body); diff != "" || a.code != 200 {
		t.Errorf("%d (-want +got):\n%s", a.code, diff)
	}

	a = d.call("GET", "/api/v1/jobs/job-1/result", "", "Accept", "application/x-ndjson")
	if diff := cmp.Diff(instanceRow+"\n"+bucketRow+"\n", a.body); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got := []string{a.header.Get("Content-Type"), a.header.Get("X-Job-State"), a.header.Get("X-Scan-Complete")}; !cmp.Equal(got, []string{"application/x-ndjson", "partial", "false"}) {
		t.Error(got)
	}
}

func TestResultOfARunningScan(t *testing.T) {
	f := finished(tracker.JobRunning)
	f.jobs[0].FinishedAt, f.cells["job-1"][0].Outcome = nil, ""
	d := open(t, f)
	a := d.call("GET", "/api/v1/jobs/job-1/result", "")
	if a.code != 409 || a.header.Get("Retry-After") != "1" || a.json(t)["job_id"] != "job-1" {
		t.Error(a.code, a.body)
	}
	a = d.call("GET", "/api/v1/jobs/job-1/result?partial=true", "")
	v := a.json(t)
	if a.code != 200 || v["complete"] != false || v["state"] != "running" || len(v["errors"].([]any)) != 0 || len(v["resources"].([]any)) != 2 {
		t.Error(a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/resources", ""); a.code != 404 {
		t.Error("newest finished scan:", a.code)
	}
}

func TestResultOfAScanThatFoundNothing(t *testing.T) {
	f := &fake{}
	f.add(alice, "job-1", tracker.JobFailed).Reason = "the region list is denied"
	a := open(t, f).call("GET", "/api/v1/jobs/job-1/result", "")
	want := `{"timestamp":"2026-11-21T12:00:00Z","job_id":"job-1","state":"failed","complete":false,"regions_scanned":[],` +
		`"errors":[{"type":"scan_error","message":"the region list is denied"}],"summary":{"total_resources":0,"by_type":{},"by_region":{},"by_state":{}},` +
		`"cost_summary":{"estimated_monthly_total":0,"by_resource_type":{},"by_region":{},"by_account":{},"by_service":{},` +
		`"resources_with_unknown_cost":0,"resources_with_known_cost":0,"other_region_monthly_total":0,"known_share":null,"other_region_share":null,"unknown_share":null,"resources_by_basis":{}},"resources":[]}` + "\n"
	if diff := cmp.Diff(want, a.body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// breaking fails after the first rows.
type breaking struct{ *fake }

func (b breaking) Each(ctx context.Context, id string, f filter.Filter, row func([]byte) error) error {
	return errors.Join(b.fake.Each(ctx, id, f, row), errors.New("page lost"))
}

func TestBrokenResultIsCutOff(t *testing.T) {
	f := finished(tracker.JobSucceeded)
	d := open(t, f, func(o *api.Options) { o.Results = breaking{f} })
	srv := httptest.NewServer(d)
	defer srv.Close()
	for _, accept := range []string{"application/json", "application/x-ndjson", "text/csv"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/v1/jobs/job-1/result", nil)
		r.Header.Set("X-API-Key", key)
		r.Header.Set("Accept", accept)
		res, err := srv.Client().Do(r)
		if err != nil {
			continue // cut off before anything was sent
		}
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err == nil {
			t.Errorf("%s: read to its end", accept)
		}
	}
	srv.Close()
	if !strings.Contains(d.log.String(), "page lost") {
		t.Error("not logged")
	}
}

// endless answers many rows and watches the heap.
type endless struct {
	*fake
	rows int
	peak uint64
}

func (e *endless) Each(_ context.Context, _ string, _ filter.Filter, row func([]byte) error) error {
	b := []byte(`{"resource_id":"` + strings.Repeat("x", 500) + `"}`)
	for i := range e.rows {
		if err := row(b); err != nil {
			return err
		}
		if i%20_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			e.peak = max(e.peak, m.HeapAlloc)
		}
	}
	return nil
}

// sink counts what is written.
type sink struct {
	header http.Header
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { s.bytes += len(b); return len(b), nil }

func TestLargeResultIsNotHeld(t *testing.T) {
	e := &endless{fake: finished(tracker.JobSucceeded), rows: 200_000}
	d := open(t, e.fake, func(o *api.Options) { o.Results = e })
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, target := range []string{"/api/v1/jobs/job-1/result", "/api/v1/resources/filter"} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		if strings.HasSuffix(target, "filter") {
			r = httptest.NewRequest(http.MethodPost, target, strings.NewReader(`{"job_id":"job-1"}`))
		}
		r.Header.Set("X-API-Key", key)
		w := &sink{header: http.Header{}}
		d.ServeHTTP(w, r)
		if w.bytes < 100_000_000 {
			t.Errorf("%s: %d bytes", target, w.bytes)
		}
	}
	if grown := int64(e.peak) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("the heap grew by %d bytes for a result of 104 MB", grown)
	}
}

func TestFiltersOfResources(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for query, want := range map[string]string{
		"":                                       "i-1 logs",
		"resource_type=EC2_Instance":             "i-1",
		"region=us-east-1":                       "logs",
		"region=":                                "i-1 logs",
		"state=running&account_id=123456789012":  "i-1",
		"tag=env%3Dprod":                         "i-1",
		"tag=env=dev&tag=x=y":                    "",
		"tag.env=dev":                            "logs",
		"tag=empty=":                             "i-1",
		"tag.a%3Db=c,d":                          "i-1",
		"tag=env=prod&tag.empty=&region=global":  "",
		"resource_type=S3_Bucket&tag=env%3Dprod": "",
	} {
		for _, path := range []string{"/api/v1/jobs/job-1/resources", "/api/v1/resources"} {
			a := d.call("GET", path+"?"+query, "")
			var v struct {
				Resources []struct {
					ID string `json:"resource_id"`
				}
				Total *int
			}
			if err := json.Unmarshal([]byte(a.body), &v); err != nil || a.code != 200 {
				t.Fatal(a.code, a.body)
			}
			var ids []string
			for _, r := range v.Resources {
				ids = append(ids, r.ID)
			}
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("%s?%s: %q, want %q", path, query, got, want)
			}
			if filtered := query != "" && query != "region="; (v.Total == nil) != filtered {
				t.Errorf("%s?%s: total %v", path, query, v.Total)
			}
		}
	}
}

func TestPagesAreWhole(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for _, path := range []string{"/api/v1/jobs/job-1/resources", "/api/v1/resources"} {
		first := d.call("GET", path+"?limit=1", "")
		v := first.json(t)
		// A newer scan must not change the pages of this one.
		d.fake.add(alice, "newer", tracker.JobSucceeded)
		second := d.call("GET", path+"?limit=1&cursor="+url.QueryEscape(v["next_cursor"].(string)), "")
		d.fake.jobs = d.fake.jobs[:1]
		want := `{"success":true,"job_id":"job-1","state":"partial","complete":false,"finished_at":"2026-11-21T12:01:00Z","total":2,"resources":[` + bucketRow + `]}` + "\n"
		if diff := cmp.Diff(want, second.body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestFilterWhatIsSent(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	odd := `{"resource_type":"EC2_Instance","region":"eu-west-1","state":null,"tags":null,"anything": [1, 2.50]}`
	for filters, want := range map[string]string{
		``:                                      instanceRow + ",\n" + odd,
		`,"filters":{}`:                         instanceRow + ",\n" + odd,
		`,"filters":null`:                       instanceRow + ",\n" + odd,
		`,"filters":{"tags":null,"region":""}`:  instanceRow + ",\n" + odd,
		`,"filters":{"tags":{"env":"prod"}}`:    instanceRow,
		`,"filters":{"region":"us-east-1"}`:     "",
		`,"filters":{"state":"running"}`:        instanceRow,
		`,"filters":{"resource_type":null}`:     instanceRow + ",\n" + odd,
		`,"filters":{"account_id":"000000000"}`: "",
	} {
		for _, path := range []string{"/api/v1/resources/filter", "/filter-resources"} {
			a := d.call("POST", path, `{"resources":[`+instanceRow+`,`+odd+`]`+filters+`}`)
			total := strings.Count(want, "resource_type")
			got, _, _ := strings.Cut(strings.TrimPrefix(a.body, `{"success":true,"resources":[`), `],"total"`)
			if a.code != 200 || got != want || a.json(t)["total"] != float64(total) {
				t.Errorf("%s %s: %d %s", path, filters, a.code, a.body)
			}
		}
	}
	a := d.call("POST", "/api/v1/resources/filter", `{"job_id":"job-1","filters":{"resource_type":"S3_Bucket"}}`)
	if want := `{"success":true,"job_id":"job-1","complete":false,"resources":[` + bucketRow + `],"total":1}` + "\n"; a.body != want {
		t.Error(cmp.Diff(want, a.body))
	}
	large := strings.Repeat(odd+",", 30_000) + odd
	if a := d.call("POST", "/api/v1/resources/filter", `{"resources":[`+large+`],"filters":{"state":"x"}}`); a.code != 200 {
		t.Error("3 MB:", a.code)
	}
	small := open(t, &fake{}, func(o *api.Options) { o.MaxFilterBody = 1000 })
	if a := small.call("POST", "/api/v1/resources/filter", `{"resources":[`+large+`]}`); a.code != 413 {
		t.Error(a.code, a.body)
	}
}

func TestCoverage(t *testing.T) {
	f := finished(tracker.JobRunning)
	f.cells["job-1"] = append(f.cells["job-1"], tracker.CellReport{Cell: tracker.Cell{AccountID: "123456789012", Region: "eu-west-2", Type: "EC2_Instance"}})
	d := open(t, f)
	for query, want := range map[string][]string{
		"": {"eu-west-1", "eu-west-2", "global", "us-east-1"}, "?outcome=denied": {"us-east-1"}, "?outcome=open": {"eu-west-2"}, "?outcome=error": {},
	} {
		var v struct {
			Counts map[string]int
			Cells  []struct{ Region string }
		}
		a := d.call("GET", "/api/v1/jobs/job-1/coverage"+query, "")
		if err := json.Unmarshal([]byte(a.body), &v); err != nil {
			t.Fatal(err, a.body)
		}
		got := []string{}
		for _, c := range v.Cells {
			got = append(got, c.Region)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if diff := cmp.Diff(map[string]int{"ok": 2, "denied": 1, "open": 1}, v.Counts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// TestCoverageNamesWhatNoScanLists: beside the types that the scan is of.
func TestCoverageNamesWhatNoScanLists(t *testing.T) {
	for name, row := range map[string]struct {
		types []tracker.Type
		want  int
	}{
		"all types":       {nil, 1},
		"its type":        {[]tracker.Type{"EC2_Instance", "S3_Bucket"}, 1},
		"another type":    {[]tracker.Type{"EC2_Instance"}, 0},
		"another service": {[]tracker.Type{"IAM_User"}, 0},
	} {
		f := finished(tracker.JobSucceeded)
		f.jobs[0].Request.Types = row.types
		v := open(t, f).call("GET", "/api/v1/jobs/job-1/coverage", "").json(t)
		if kinds, ok := v["not_covered"].([]any); !ok || len(kinds) != row.want {
			t.Errorf("%s: %v", name, v["not_covered"])
		}
	}
}

func TestJob(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	v := d.call("GET", "/api/v1/jobs/job-1", "").json(t)
	want := []any{map[string]any{
		"outcome": "denied", "code": "UnauthorizedOperation", "api": "ec2:DescribeInstances", "message": "not allowed", "cells": 1.0,
		"example": map[string]any{"account_id": "123456789012", "region": "us-east-1", "resource_type": "EC2_Instance"},
	}}
	if diff := cmp.Diff(want, v["errors"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v["success"] != true || v["job_id"] != "job-1" || v["complete"] != false || v["cost_summary"].(map[string]any)["estimated_monthly_total"] != 7.0 {
		t.Error(v)
	}
	if _, shown := v["Owner"]; shown {
		t.Error("shows its owner")
	}
	list := d.call("GET", "/api/v1/jobs", "").json(t)["jobs"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["job_id"] != "job-1" {
		t.Error(list)
	}
}

func TestFreshJobHasNoNulls(t *testing.T) {
	f := &fake{}
	f.add(alice, "job-1", tracker.JobQueued)
	a := open(t, f).call("GET", "/api/v1/jobs/job-1", "")
	for _, member := range []string{"by_outcome", "by_type", "by_region", "by_state", "by_resource_type", "errors"} {
		if strings.Contains(a.body, `"`+member+`":null`) {
			t.Errorf("%s is null: %s", member, a.body)
		}
	}
}

func TestCancel(t *testing.T) {
	f := finished(tracker.JobRunning)
	d := open(t, f)
	if a := d.call("DELETE", "/api/v1/jobs/job-1", ""); a.code != 202 || a.json(t)["state"] != "running" {
		t.Error(a.code, a.body)
	}
	f.jobs[0].State = tracker.JobCancelled
	for range 2 {
		if a := d.call("DELETE", "/api/v1/jobs/job-1", ""); a.code != 200 || a.json(t)["state"] != "cancelled" {
			t.Error(a.code, a.body)
		}
	}
}

func TestTypes(t *testing.T) {
	a := open(t, &fake{}).call("GET", "/api/v1/types", "")
	want := `{"success":true,"types":[{"type":"EC2_Instance","service":"ec2","scope":"regional","permissions":["ec2:DescribeInstances"],"verbs":["stop"]},` +
		`{"type":"IAM_User","service":"iam","scope":"global","permissions":[],"verbs":[]},{"type":"S3_Bucket","service":"s3","scope":"global","permissions":[],"verbs":[]}],` +
		`"not_covered":[{"kind":"S3 table buckets","service":"s3tables","beside":"S3_Bucket","reason":"no scanner"}]}` + "\n"
	if diff := cmp.Diff(want, a.body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
