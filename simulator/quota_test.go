package simulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/simulator"
)

func TestQuotas(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name  string
		call  []list // in turn
		size  int32
		burst int // calls that a rested API takes
		rate  int // and a second later
	}{
		{"ec2 paginated", []list{listVolumes}, 100, 100, 20},
		{"ec2 unpaginated", []list{listVolumes}, 0, 50, 10},
		{"ec2 actions apart", []list{listVolumes, listInstances}, 100, 200, 40},
		{"elb generations together", []list{listLoadBalancers, listClassic}, 0, 40, 10},
		{"logs", []list{listLogGroups}, 0, 10, 10},
		{"lambda", []list{listFunctions}, 0, 15, 15},
		{"tagging", []list{listTagged}, 0, 10, 10},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := simulator.New(simulator.Options{Quotas: true, Clock: func() time.Time { return now }})
			cfg := patient(a.Config(home))
			served := func() (n int) {
				for range 300 / len(row.call) {
					for _, call := range row.call {
						if _, _, err := call(t.Context(), cfg, row.size, ""); err == nil {
							n++
						}
					}
				}
				return n
			}
			if got := served(); got != row.burst {
				t.Errorf("a rested API serves %d, want %d", got, row.burst)
			}
			now = now.Add(time.Second)
			if got := served(); got != row.rate {
				t.Errorf("a second later it serves %d, want %d", got, row.rate)
			}
		})
	}
}

func TestQuotaOf(t *testing.T) {
	for api, want := range map[[2]string]string{
		{"ec2", "DescribeVolumes"}:                    "ec2:DescribeVolumes 20/100",
		{"elasticloadbalancing", "DescribeListeners"}: "elasticloadbalancing 10/40",
		{"s3", "ListBuckets"}:                         "none",
	} {
		got := "none"
		if bucket, perSecond, burst, ok := simulator.Quota(api[0], api[1]); ok {
			got = fmt.Sprintf("%s %g/%d", bucket, perSecond, burst)
		}
		if got != want {
			t.Errorf("Quota(%s) = %s, want %s", api, got, want)
		}
	}
}

func TestCap(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Clock: func() time.Time { return now }})
	a.Cap("rds", "DescribeDBInstances", 2, 3)
	a.Cap("logs", "", 1, 0)
	cfg := patient(a.Config(home))
	count := func(service string) (n int) {
		for range 10 {
			if probe(t.Context(), cfg, service) == nil {
				n++
			}
		}
		return n
	}
	if n := count("rds"); n != 3 {
		t.Errorf("burst of 3 served %d", n)
	}
	if n := count("logs"); n != 1 {
		t.Errorf("service cap served %d", n)
	}
	if n := count("lambda"); n != 10 {
		t.Errorf("uncapped served %d", n)
	}
	if err := probe(t.Context(), patient(a.Config("us-east-2")), "rds"); err != nil {
		t.Errorf("another region shares the cap: %v", err)
	}
	if got := a.Throttled()["rds:DescribeDBInstances"]; got != 7 {
		t.Errorf("%d throttles counted", got)
	}
}

func TestPeakIsPerSecond(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Clock: func() time.Time { return now }})
	cfg := a.Config(home)
	for range 100 {
		if err := probe(t.Context(), cfg, "rds"); err != nil {
			t.Fatal(err)
		}
		now = now.Add(50 * time.Millisecond)
	}
	if got := a.Peak("rds", "DescribeDBInstances"); got != 20 {
		t.Errorf("Peak = %d at a call every 50 ms", got)
	}
}
