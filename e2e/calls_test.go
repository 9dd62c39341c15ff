package e2e

import (
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// minimum is the fewest calls that list an account completely: one chain of
// full pages for each API and region, tags from one call a region, and sizes
// in one batch a region that has buckets.
func minimum(a *simulator.Account) map[string]int {
	calls := map[string]int{
		"sts:GetCallerIdentity":              1,
		"ec2:DescribeRegions":                1,
		"s3:ListBuckets":                     1,
		"iam:GetAccountAuthorizationDetails": pagesOf(a.Count("IAM_User", tracker.Global)+a.Count("IAM_Role", tracker.Global), 1000),
	}
	for _, region := range a.Regions() {
		for _, api := range []struct {
			name string
			kind tracker.Type
			page int
		}{
			{"ec2:DescribeInstances", "EC2_Instance", 1000},
			{"ec2:DescribeVolumes", "EBS_Volume", 1000},
			{"ec2:DescribeAddresses", "Elastic_IP", 1 << 30},
			{"ec2:DescribeNatGateways", "NAT_Gateway", 1000},
			{"rds:DescribeDBInstances", "RDS_Instance", 100},
			{"lambda:ListFunctions", "Lambda_Function", 50},
			{"logs:DescribeLogGroups", "CloudWatch_LogGroup", 50},
			{"elasticloadbalancing:DescribeLoadBalancers", "Load_Balancer", 400},
		} {
			calls[api.name] += pagesOf(a.Count(api.kind, region), api.page)
		}
		calls["tag:GetResources"]++
		if n := a.Count("S3_Bucket", region); n > 0 {
			calls["cloudwatch:GetMetricData"] += pagesOf(2*n, 500)
		}
	}
	return calls
}

func pagesOf(n, page int) int { return max(1, (n+page-1)/page) }

// beyond are the calls for what the minimum leaves out: the second generation
// of load balancers only, without listeners and target groups; and no prices, such as
// those of spot instances.
var beyond = []string{
	"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTags",
	"ec2:DescribeSpotPriceHistory",
}

// TestCallsAreFew scans a whole account of 159 resources in 4 regions: no API is
// called more often than its pages need, 47 calls in all.
func TestCallsAreFew(t *testing.T) {
	s := newSystem(t, simulator.Options{Regions: seedRegions, Resources: 159})
	c := s.client(t)
	job := c.scan(with(valid(), "types", seededTypes))
	if job.State != tracker.JobSucceeded {
		t.Fatalf("the job ended %s: %s", job.State, job.Reason)
	}
	total := countOf(s.account)
	if got := len(c.result(job.ID).Resources); got != total {
		t.Errorf("found %d of %d resources", got, total)
	}

	calls, want := s.account.Calls(), minimum(s.account)
	apart := 0
	for _, api := range beyond {
		t.Logf("beyond the minimum: %3d %s", calls[api], api)
		apart += calls[api]
		delete(calls, api)
	}
	// Classic load balancers are listed by an operation of the same name.
	classic := len(s.account.Regions())
	t.Logf("beyond the minimum: %3d elasticloadbalancing:DescribeLoadBalancers, classic", classic)
	apart += classic
	calls["elasticloadbalancing:DescribeLoadBalancers"] -= classic

	made, least := 0, 0
	for _, api := range slices.Sorted(maps.Keys(calls)) {
		t.Logf("%3d of %3d %s", calls[api], want[api], api)
		made += calls[api]
	}
	for _, n := range want {
		least += n
	}
	t.Logf("%d calls for %d resources, at least %d are needed, 47 allowed; %d more for listeners, target groups, classic load balancers and spot prices",
		made, total, least, apart)
	if made > 47 {
		t.Errorf("%d calls, want at most 47", made)
	}
	if d := gocmp.Diff(want, calls); d != "" {
		t.Errorf("calls (-least +made):\n%s", d)
	}
}

// countOf is how many resources of the seeded types the account has.
func countOf(a *simulator.Account) int {
	n := 0
	for _, t := range seededTypes {
		n += a.Count(t, tracker.Any)
	}
	return n
}
