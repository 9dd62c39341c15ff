package compliance_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/compliance"
	"github.com/consolesensei/resource-tracker/tracker"
)

type tags = map[string]string

func resource(typ tracker.Type, id string, cost float64, t tags) tracker.Resource {
	r := tracker.Resource{ID: id, Type: typ, AccountID: "1", Region: "us-east-1", Tags: t}
	if cost >= 0 {
		r.MonthlyCost = new(tracker.Dollars(cost))
	}
	return r
}

func TestReport(t *testing.T) {
	s, err := compliance.New(compliance.Policy{
		Required: []compliance.Requirement{
			{Key: "Team"},
			{Key: "Environment", Values: []string{"prod", "dev-*"}, Types: []tracker.Type{"EC2_Instance"}},
		},
		ExemptTypes: []tracker.Type{"Other"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []tracker.Resource{
		resource("EC2_Instance", "good", 1, tags{"Team": "a", "Environment": "dev-7"}),
		resource("EC2_Instance", "wrong", 10, tags{"Team": "a", "Environment": "live"}),
		resource("EC2_Instance", "bare", -1, nil),
		resource("EBS_Volume", "empty", 100, tags{"Team": ""}),
		resource("EBS_Volume", "fine", 1000, tags{"Team": "b"}),
		resource("Other", "exempt", 1, nil),
	} {
		s.Add(r)
	}
	sample := func(typ tracker.Type, id, value string) compliance.Sample {
		return compliance.Sample{ResourceKey: "1/us-east-1/" + string(typ) + "/" + id, Type: typ, Value: value}
	}
	places := func(name string, resources, compliant, cost int) []compliance.Place {
		known := compliance.CostReport{Known: tracker.Money(cost) * tracker.Dollar, Unknown: 1}
		return []compliance.Place{{Name: name, Resources: resources, Compliant: compliant, Cost: known}}
	}
	all := compliance.Place{Resources: 5, Compliant: 2, Cost: compliance.CostReport{Known: 110 * tracker.Dollar, Unknown: 1}}
	account, region := all, all
	account.Name, region.Name = "1", "us-east-1"
	want := compliance.Report{
		Resources: 5, Compliant: 2, Exempt: 1, Cost: all.Cost,
		Keys: []compliance.Key{
			{
				Key: "Team", Compliant: 3, Missing: 1, Invalid: 1, Cost: compliance.CostReport{Known: 100 * tracker.Dollar, Unknown: 1},
				MissingSamples: []compliance.Sample{sample("EC2_Instance", "bare", "")},
				InvalidSamples: []compliance.Sample{sample("EBS_Volume", "empty", "")},
				Breakdown: compliance.Breakdown{
					ByType: []compliance.Place{
						{Name: "EBS_Volume", Resources: 2, Compliant: 1, Cost: compliance.CostReport{Known: 100 * tracker.Dollar}},
						{Name: "EC2_Instance", Resources: 3, Compliant: 2, Cost: compliance.CostReport{Unknown: 1}},
					},
					ByAccount: places("1", 5, 3, 100), ByRegion: places("us-east-1", 5, 3, 100),
				},
			},
			{
				Key: "Environment", Compliant: 1, Missing: 1, Invalid: 1, Cost: compliance.CostReport{Known: 10 * tracker.Dollar, Unknown: 1},
				MissingSamples: []compliance.Sample{sample("EC2_Instance", "bare", "")},
				InvalidSamples: []compliance.Sample{sample("EC2_Instance", "wrong", "live")},
				Breakdown: compliance.Breakdown{
					ByType: places("EC2_Instance", 3, 1, 10), ByAccount: places("1", 3, 1, 10), ByRegion: places("us-east-1", 3, 1, 10),
				},
			},
		},
		Breakdown: compliance.Breakdown{
			ByType: []compliance.Place{
				{Name: "EC2_Instance", Resources: 3, Compliant: 1, Cost: compliance.CostReport{Known: 10 * tracker.Dollar, Unknown: 1}},
				{Name: "EBS_Volume", Resources: 2, Compliant: 1, Cost: compliance.CostReport{Known: 100 * tracker.Dollar}},
			},
			ByAccount: []compliance.Place{account},
			ByRegion:  []compliance.Place{region},
		},
	}
	if diff := cmp.Diff(want, s.Report()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSamples: however many resources there are, a report names ten.
func TestSamples(t *testing.T) {
	s, err := compliance.New(compliance.Policy{Required: []compliance.Requirement{{Key: "Team"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		s.Add(resource("SQS_Queue", fmt.Sprint(i), 0, nil))
	}
	if k := s.Report().Keys[0]; k.Missing != 1000 || len(k.MissingSamples) != 10 {
		t.Errorf("%d are missing and %d named", k.Missing, len(k.MissingSamples))
	}
}

func TestValues(t *testing.T) {
	for _, tc := range []struct {
		pattern, value string
		want           bool
	}{
		{"prod", "prod", true},
		{"prod", "production", false},
		{"prod*", "production", true},
		{"*-prod", "eu-prod", true},
		{"*-prod", "eu-prod-1", false},
		{"cc-????", "cc-1070", true},
		{"cc-????", "cc-107", false},
		{"*a*b", "xaxxb", true},
		{"*", "", true},
		{"équip?", "équipé", true},
	} {
		p := compliance.Policy{Required: []compliance.Requirement{{Key: "k", Values: []string{tc.pattern}}}}
		if got := len(p.Untagged(resource("VPC", "v", 0, tags{"k": tc.value}))) == 0; got != tc.want {
			t.Errorf("%q matches %q: %t", tc.pattern, tc.value, got)
		}
	}
}

func TestPolicyIsChecked(t *testing.T) {
	for _, tc := range []struct {
		name   string
		policy compliance.Policy
		want   string
	}{
		{"nothing required", compliance.Policy{}, "required has to name at least one key"},
		{"no key", compliance.Policy{Required: []compliance.Requirement{{}}}, "required[0].key has to have from 1 to 128 characters"},
		{"twice", compliance.Policy{Required: []compliance.Requirement{{Key: "a"}, {Key: "a"}}}, `required[1].key: "a" is required twice`},
	} {
		if _, err := compliance.New(tc.policy); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}
