package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/tracker"
)

// buckets is the type whose sizes moto cannot answer: aws-sdk-go-v2 speaks
// RPCv2 CBOR to CloudWatch, moto JSON and query only.
const buckets tracker.Type = "S3_Bucket"

// TestScanFindsWhatWasSeeded scans everything in the seeded regions. All of it
// is found, though the job is partial: the sizes of the buckets could not be
// read, and the coverage says so.
func TestScanFindsWhatWasSeeded(t *testing.T) {
	a := seededAccount(t)
	c := newStack(t, a.url).client(apiKey)
	job := c.scan(with(with(valid(), "regions", seedRegions), "types", seededTypes))
	if job.State != tracker.JobPartial || job.Complete() {
		t.Errorf("the job ended %s, want partial: %s", job.State, job.Reason)
	}

	var want, got []string
	for _, cell := range c.coverage(job.ID).failed() {
		got = append(got, string(cell.Type)+" "+string(cell.Outcome)+" "+cell.Error.API)
	}
	want = append(want, string(buckets)+" error cloudwatch:GetMetricData")
	if d := gocmp.Diff(want, slices.Compact(got)); d != "" {
		t.Errorf("cells that failed (-want +got):\n%s", d)
	}

	truth := a.selected(seededTypes, seedRegions)
	r := c.result(job.ID)
	a.check(t, truth, r.Resources)
	priced(t, r)
	if r.Summary.TotalResources != len(truth) {
		t.Errorf("the summary counts %d resources, %d were seeded", r.Summary.TotalResources, len(truth))
	}
	if len(r.Errors) == 0 {
		t.Error("the result of a partial job names no error")
	}
	if d := gocmp.Diff(sorted(r.Resources), sorted(c.ndjson(job.ID))); d != "" {
		t.Errorf("the result as JSON and as NDJSON differ:\n%.2000s", d)
	}
	if d := gocmp.Diff(sorted(r.Resources), sorted(c.listed(job.ID, "limit=500"))); d != "" {
		t.Errorf("the result and the listing differ:\n%.2000s", d)
	}
	unicode := c.listed(job.ID, "resource_type=EC2_Instance&region="+seedRegions[1]+"&tag="+url.QueryEscape("Ключ=värde ☃ 値"))
	if len(unicode) != 1 || *unicode[0].Name != "web-"+seedRegions[1] {
		t.Errorf("a tag in Unicode selects %d instances, want the one that has it", len(unicode))
	}
}

// TestScanWithoutBucketsSucceeds is the same account without the one type that
// moto cannot answer in full.
func TestScanWithoutBucketsSucceeds(t *testing.T) {
	a := seededAccount(t)
	c := newStack(t, a.url).client(apiKey)
	types := slices.DeleteFunc(slices.Clone(seededTypes), func(t tracker.Type) bool { return t == buckets })
	job := c.scan(with(with(valid(), "regions", seedRegions), "types", types))
	if job.State != tracker.JobSucceeded {
		t.Errorf("the job ended %s: %s", job.State, job.Reason)
	}
	cov := c.coverage(job.ID)
	if !cov.Complete {
		t.Errorf("the coverage is not complete: %v", cov.failed())
	}
	a.check(t, a.selected(types, seedRegions), c.result(job.ID).Resources)

	t.Run("later reads answer from it", func(t *testing.T) {
		type listing struct {
			Resources []tracker.Resource `json:"resources"`
		}
		got := get[listing](c, "/api/v1/resources?resource_type=NAT_Gateway").Resources
		a.check(t, a.selected([]tracker.Type{"NAT_Gateway"}, nil), got)
	})
	t.Run("other tenants do not see it", func(t *testing.T) {
		other := c.stranger()
		for _, path := range []string{"", "/result", "/resources", "/coverage", "/events"} {
			if a := other.do(http.MethodGet, "/api/v1/jobs/"+job.ID+path, nil); a.status != http.StatusNotFound {
				t.Errorf("GET %s as another tenant: status %d, want 404", path, a.status)
			}
		}
		if a := other.do(http.MethodDelete, "/api/v1/jobs/"+job.ID, nil); a.status != http.StatusNotFound {
			t.Errorf("DELETE as another tenant: status %d, want 404", a.status)
		}
		if a := other.do(http.MethodPost, "/api/v1/jobs/"+job.ID+"/retry", valid()); a.status != http.StatusNotFound {
			t.Errorf("retry as another tenant: status %d, want 404", a.status)
		}
	})
}

// TestScanOfTheAccountsOwnRegions gives no regions: the enabled ones are asked
// of the account.
func TestScanOfTheAccountsOwnRegions(t *testing.T) {
	a := seededAccount(t)
	out, err := ec2.NewFromConfig(a.config(seedRegions[0])).DescribeRegions(t.Context(), &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, r := range out.Regions {
		// moto lists the regions of all partitions; an account is in one.
		elsewhere := strings.HasPrefix(*r.RegionName, "cn-") || strings.HasPrefix(*r.RegionName, "us-gov-")
		if !elsewhere && aws.ToString(r.OptInStatus) != "not-opted-in" {
			want = append(want, *r.RegionName)
		}
	}
	slices.Sort(want)

	c := newStack(t, a.url).client(apiKey)
	types := []tracker.Type{"NAT_Gateway", "Elastic_IP", "IAM_Role"}
	job := c.scan(with(valid(), "types", types))
	if job.State != tracker.JobSucceeded {
		t.Errorf("the job ended %s: %s", job.State, job.Reason)
	}
	var got []string
	for _, cell := range c.coverage(job.ID).Cells {
		if cell.Type == types[0] {
			got = append(got, cell.Region)
		}
	}
	slices.Sort(got)
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("regions (-enabled +scanned):\n%s", d)
	}
	a.check(t, a.selected(types, nil), c.result(job.ID).Resources)
}

func (c *client) as(key string) *client { return &client{t: c.t, url: c.url, key: key} }
