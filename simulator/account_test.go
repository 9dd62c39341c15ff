package simulator_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

const home = "us-east-1"

var everyType = []tracker.Type{
	"EC2_Instance", "EBS_Volume", "Elastic_IP", "NAT_Gateway", "S3_Bucket", "RDS_Instance",
	"Lambda_Function", "Load_Balancer", "CloudWatch_LogGroup", "IAM_User", "IAM_Role",
	"EBS_Snapshot", "AMI",
}

// evenly holds the same number of each type.
func evenly() map[tracker.Type]float64 {
	mixture := map[tracker.Type]float64{}
	for _, typ := range everyType {
		mixture[typ] = 1
	}
	return mixture
}

// patient is a config whose clients do not retry.
func patient(cfg aws.Config) aws.Config {
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	return cfg
}

func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func TestEveryListPages(t *testing.T) {
	o := simulator.Options{Resources: 30_000, Mix: evenly(), Members: 50}
	for name, l := range lists {
		t.Run(name, func(t *testing.T) {
			cfg := simulator.New(o).Config(home)
			whole := slices.Concat(all(t, l.page, cfg, l.most)...)
			if len(whole) == 0 {
				t.Fatal("nothing listed")
			}
			if twice := duplicate(whole); twice != "" {
				t.Errorf("%s is listed twice", twice)
			}

			pages := all(t, l.page, cfg, 0)
			if len(pages) < 2 && len(whole) > l.standard {
				t.Errorf("%d items in one page", len(whole))
			}
			for i, p := range pages[:len(pages)-1] {
				if len(p) != l.standard {
					t.Errorf("page %d without a size holds %d items, want %d", i, len(p), l.standard)
				}
			}
			if diff := cmp.Diff(whole, slices.Concat(pages...)); diff != "" {
				t.Errorf("the page size changes what is listed (-largest +standard):\n%s", diff)
			}

			if _, _, err := l.page(t.Context(), patient(cfg), 0, "made-up"); err == nil {
				t.Error("a made-up token is taken")
			}
			if l.least == 0 {
				return
			}
			ids, _, err := l.page(t.Context(), cfg, l.least, "")
			if err != nil || len(ids) != min(int(l.least), len(whole)) {
				t.Errorf("page of %d holds %d, %v", l.least, len(ids), err)
			}
			// ListFunctions takes more than it gives; the SDK itself checks some.
			if _, _, err := l.page(t.Context(), patient(cfg), 10_001, ""); err == nil {
				t.Errorf("a page of 10001 is allowed")
			}
		})
	}
}

func duplicate(ids []string) string {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			return id
		}
		seen[id] = true
	}
	return ""
}

func TestTokensBelongToOneOperationAndRegion(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 5000})
	_, token, err := listInstances(t.Context(), a.Config(home), 5, "")
	if err != nil || token == "" {
		t.Fatal(token, err)
	}
	for name, use := range map[string]struct {
		page   list
		region string
	}{
		"another operation": {listVolumes, home},
		"another region":    {listInstances, "us-east-2"},
	} {
		if _, _, err := use.page(t.Context(), a.Config(use.region), 5, token); code(err) != "InvalidNextToken" {
			t.Errorf("%s takes the token: %v", name, err)
		}
	}
}

func TestSameOptionsSameAccount(t *testing.T) {
	o := simulator.Options{Seed: 7, Resources: 900, Mix: evenly()}
	one, two := simulator.New(o), simulator.New(o)
	o.Seed = 8
	other := simulator.New(o)
	for _, typ := range everyType {
		a, b, c := truth(one, typ), truth(two, typ), truth(other, typ)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s differs:\n%s", typ, diff)
		}
		if cmp.Equal(a, c) {
			t.Errorf("%s does not depend on the seed", typ)
		}
	}
}

func truth(a *simulator.Account, typ tracker.Type) []tracker.Resource {
	return slices.Collect(a.Each(typ, tracker.Any))
}

func TestTotalIsExact(t *testing.T) {
	for _, n := range []int{-1, 1, 12, 400, 99_999, 1_000_000} {
		a := simulator.New(simulator.Options{Resources: n})
		if got := a.Total(); got != max(0, n) {
			t.Errorf("Resources %d: Total = %d", n, got)
		}
		for _, typ := range everyType {
			sum := a.Count(typ, tracker.Global)
			for _, region := range a.Regions() {
				sum += a.Count(typ, region)
			}
			if want := a.Count(typ, tracker.Any); sum != want {
				t.Errorf("Resources %d: %s: the regions hold %d of %d", n, typ, sum, want)
			}
		}
	}
}

func TestCountAgreesWithEach(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 2000})
	for _, typ := range everyType {
		seen := map[string]bool{}
		for r := range a.Each(typ, tracker.Any) {
			if r.ID == "" || r.ARN == "" || r.State == "" || r.Region == "" || r.Name == nil || r.Type != typ || r.AccountID != a.ID() {
				t.Fatalf("incomplete: %+v", r)
			}
			seen[r.Key()] = true
		}
		if got, want := len(seen), a.Count(typ, tracker.Any); got != want {
			t.Errorf("%s: %d distinct of %d", typ, got, want)
		}
	}
}

// TestDemoHasWaste: the demo account has resources for findings.
func TestDemoHasWaste(t *testing.T) {
	a := simulator.New(simulator.Options{})
	for _, row := range []struct {
		typ   tracker.Type
		state string
		least int
	}{
		{"EC2_Instance", "stopped", 5},
		{"EC2_Instance", "running", 40},
		{"EBS_Volume", "available", 5},
		{"EBS_Volume", "in-use", 50},
		{"Elastic_IP", "unassociated", 1},
		{"Elastic_IP", "associated", 1},
		{"NAT_Gateway", "available", 1},
		{"RDS_Instance", "stopped", 1},
		{"Load_Balancer", "active", 6},
		{"CloudWatch_LogGroup", "active", 80},
		{"S3_Bucket", "active", 8},
		{"IAM_User", "active", 2},
	} {
		got := 0
		for r := range a.Each(row.typ, tracker.Any) {
			if r.State == row.state {
				got++
			}
		}
		if got < row.least {
			t.Errorf("%d %s are %s, want at least %d", got, row.typ, row.state, row.least)
		}
	}
}

func TestUnknownListIsEmpty(t *testing.T) {
	cfg := patient(simulator.New(simulator.Options{}).Config(home))
	out, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil || len(out.QueueUrls) != 0 {
		t.Errorf("unknown service: %v, %v", out, err)
	}
	hosts, err := ec2.NewFromConfig(cfg).DescribeHosts(t.Context(), &ec2.DescribeHostsInput{})
	if err != nil || len(hosts.Hosts) != 0 {
		t.Errorf("unknown operation: %v, %v", hosts, err)
	}
}

func TestUnknownChangeIsNamed(t *testing.T) {
	cfg := patient(simulator.New(simulator.Options{}).Config(home))
	_, err := sqs.NewFromConfig(cfg).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: aws.String("https://q")})
	if code(err) != "NotSimulated" || !strings.Contains(err.Error(), "sqs:DeleteQueue") {
		t.Errorf("unknown change: %v", err)
	}
}

func TestInstallKeepsWhatIsThere(t *testing.T) {
	called := false
	cfg := aws.Config{
		Region: "eu-west-3",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			called = true
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "x"}, nil
		}),
	}
	a := simulator.New(simulator.Options{})
	a.Install(&cfg)
	if _, err := ec2.NewFromConfig(cfg).DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{}); err != nil {
		t.Fatal(err)
	}
	if !called {
		t.Error("the config's credentials are not used")
	}
	want := simulator.API{AccountID: a.ID(), Region: "eu-west-3", Service: "ec2", Operation: "DescribeAddresses"}
	if got := a.Tallies()[want]; got.Calls != 1 {
		t.Errorf("Tallies = %v", a.Tallies())
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com", http.NoBody)
	resp, err := cfg.HTTPClient.Do(req)
	if err == nil {
		resp.Body.Close()
		t.Error("the HTTP client lets calls out")
	}
}

func TestRegions(t *testing.T) {
	a := simulator.New(simulator.Options{Regions: []string{"us-east-1", "eu-west-1", "eu-south-1"}})
	client := ec2.NewFromConfig(a.Config(home))
	names := func(in *ec2.DescribeRegionsInput) map[string]string {
		t.Helper()
		out, err := client.DescribeRegions(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for _, r := range out.Regions {
			m[*r.RegionName] = *r.OptInStatus
		}
		return m
	}
	want := map[string]string{"us-east-1": "opt-in-not-required", "eu-west-1": "opt-in-not-required", "eu-south-1": "opted-in"}
	if diff := cmp.Diff(want, names(&ec2.DescribeRegionsInput{})); diff != "" {
		t.Error(diff)
	}
	every := names(&ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
	if len(every) != 34 || every["me-south-1"] != "not-opted-in" {
		t.Errorf("AllRegions: %d, %v", len(every), every)
	}
	for region, wantCode := range map[string]string{"me-south-1": "AuthFailure", "us-west-2": "OptInRequired", "xx-nowhere-1": ""} {
		_, err := ec2.NewFromConfig(patient(a.Config(region))).DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{})
		if err == nil || code(err) != wantCode {
			t.Errorf("%s: %v", region, err)
		}
	}
}

func TestLatencyEndsWithTheContext(t *testing.T) {
	cfg := simulator.New(simulator.Options{Latency: time.Hour}).Config(home)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := ec2.NewFromConfig(cfg).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

func TestLatencyEndsWithTheClientsTimeout(t *testing.T) {
	cfg := aws.Config{Region: home, HTTPClient: &http.Client{Timeout: 10 * time.Millisecond}}
	simulator.New(simulator.Options{Latency: time.Hour}).Install(&cfg)
	_, err := ec2.NewFromConfig(patient(cfg)).DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{})
	if e, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); !ok || !e.Timeout() {
		t.Errorf("not a timeout: %v", err)
	}
}
