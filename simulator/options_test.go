package simulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestFromJSON(t *testing.T) {
	got, err := simulator.FromJSON(strings.NewReader(`{
		"seed": 7, "account_id": "444455556666", "regions": ["eu-west-1"], "resources": 1000, "mix": {"EC2_Instance": 1},
		"members": 2, "external_id": "x", "session": "15m", "epoch": "2026-02-01T00:00:00Z", "transition": "3s",
		"latency": "50ms", "quotas": true, "caps": [{"service": "ec2", "operation": "DescribeVolumes", "per_second": 20, "burst": 2}],
		"faults": [{"service": "logs", "region": "eu-west-1", "kind": "throttled", "for": "60s", "probability": 0.5, "count": 3},
		           {"kind": "slow", "delay": "1s"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := simulator.Options{
		Seed: 7, AccountID: "444455556666", Regions: []string{"eu-west-1"}, Resources: 1000,
		Mix: map[tracker.Type]float64{"EC2_Instance": 1}, Members: 2, ExternalID: "x", Session: 15 * time.Minute,
		Epoch: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), Transition: 3 * time.Second, Latency: 50 * time.Millisecond,
		Quotas: true, Caps: []simulator.Cap{{Service: "ec2", Operation: "DescribeVolumes", PerSecond: 20, Burst: 2}},
		Faults: []simulator.Fault{
			{Service: "logs", Region: "eu-west-1", Kind: simulator.Throttled, For: time.Minute, Probability: 0.5, Count: 3},
			{Kind: simulator.Slow, Delay: time.Second},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	a := simulator.New(got)
	if a.Count("EC2_Instance", "eu-west-1") != 1000 || a.ID() != "444455556666" {
		t.Errorf("%d instances in %s", a.Count("EC2_Instance", "eu-west-1"), a.ID())
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":           `{`,
		"unknown option":     `{"sead": 1}`,
		"unknown fault":      `{"faults": [{"kind": "sulking"}]}`,
		"bad duration":       `{"latency": "quick"}`,
		"not an account":     `{"account_id": "12"}`,
		"number as duration": `{"latency": 5}`,
	} {
		if _, err := simulator.FromJSON(strings.NewReader(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
