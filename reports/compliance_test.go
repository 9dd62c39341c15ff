package reports_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

type tags = map[string]string

func resource(typ tracker.Type, id string, cost float64, t tags) *tracker.Resource {
	r := &tracker.Resource{ID: id, Type: typ, AccountID: "1", Region: "us-east-1", Tags: t}
	if cost >= 0 {
		r.MonthlyCost = new(tracker.Dollars(cost))
	}
	return r
}

func TestReport(t *testing.T) {
	s, err := reports.NewSurvey(reports.Policy{
		Required: []reports.Requirement{
			{Key: "Team"},
			{Key: "Environment", Values: []string{"prod", "dev-*"}, Types: []tracker.Type{"EC2_Instance"}},
		},
		ExemptTypes: []tracker.Type{"Other"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*tracker.Resource{
		resource("EC2_Instance", "good", 1, tags{"Team": "a", "Environment": "dev-7"}),
		resource("EC2_Instance", "wrong", 10, tags{"Team": "a", "Environment": "live"}),
		resource("EC2_Instance", "bare", -1, nil),
		resource("EBS_Volume", "empty", 100, tags{"Team": ""}),
		resource("EBS_Volume", "fine", 1000, tags{"Team": "b"}),
		resource("Other", "exempt", 1, nil),
	} {
		s.Add(r)
	}
	sample := func(typ tracker.Type, id, value string) reports.Sample {
		return reports.Sample{ResourceKey: "1/us-east-1/" + string(typ) + "/" + id, Type: typ, Value: value}
	}
	places := func(name string, resources, compliant, cost int) []reports.Place {
		known := reports.CostReport{Known: tracker.Money(cost) * tracker.Dollar, Unknown: 1}
		return []reports.Place{{Name: name, Resources: resources, Compliant: compliant, Cost: known}}
	}
	all := reports.Place{Resources: 5, Compliant: 2, Cost: reports.CostReport{Known: 110 * tracker.Dollar, Unknown: 1}}
	account, region := all, all
	account.Name, region.Name = "1", "us-east-1"
	want := reports.Report{
		Resources: 5, Compliant: 2, Exempt: 1, Cost: all.Cost,
		Keys: []reports.Key{
			{
				Key: "Team", Compliant: 3, Missing: 1, Invalid: 1, Cost: reports.CostReport{Known: 100 * tracker.Dollar, Unknown: 1},
				MissingSamples: []reports.Sample{sample("EC2_Instance", "bare", "")},
				InvalidSamples: []reports.Sample{sample("EBS_Volume", "empty", "")},
				Breakdown: reports.Breakdown{
					ByType: []reports.Place{
						{Name: "EBS_Volume", Resources: 2, Compliant: 1, Cost: reports.CostReport{Known: 100 * tracker.Dollar}},
						{Name: "EC2_Instance", Resources: 3, Compliant: 2, Cost: reports.CostReport{Unknown: 1}},
					},
					ByAccount: places("1", 5, 3, 100), ByRegion: places("us-east-1", 5, 3, 100),
				},
			},
			{
				Key: "Environment", Compliant: 1, Missing: 1, Invalid: 1, Cost: reports.CostReport{Known: 10 * tracker.Dollar, Unknown: 1},
				MissingSamples: []reports.Sample{sample("EC2_Instance", "bare", "")},
				InvalidSamples: []reports.Sample{sample("EC2_Instance", "wrong", "live")},
				Breakdown: reports.Breakdown{
					ByType: places("EC2_Instance", 3, 1, 10), ByAccount: places("1", 3, 1, 10), ByRegion: places("us-east-1", 3, 1, 10),
				},
			},
		},
		Breakdown: reports.Breakdown{
			ByType: []reports.Place{
				{Name: "EC2_Instance", Resources: 3, Compliant: 1, Cost: reports.CostReport{Known: 10 * tracker.Dollar, Unknown: 1}},
				{Name: "EBS_Volume", Resources: 2, Compliant: 1, Cost: reports.CostReport{Known: 100 * tracker.Dollar}},
			},
			ByAccount: []reports.Place{account},
			ByRegion:  []reports.Place{region},
		},
	}
	if diff := cmp.Diff(want, s.Report()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSamples: however many resources there are, a report names ten.
func TestSamples(t *testing.T) {
	s, err := reports.NewSurvey(reports.Policy{Required: []reports.Requirement{{Key: "Team"}}})
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
		s, err := reports.NewSurvey(reports.Policy{Required: []reports.Requirement{{Key: "k", Values: []string{tc.pattern}}}})
		if err != nil {
			t.Fatal(err)
		}
		s.Add(resource("VPC", "v", 0, tags{"k": tc.value}))
		if got := s.Report().Compliant == 1; got != tc.want {
			t.Errorf("%q matches %q: %t", tc.pattern, tc.value, got)
		}
	}
}

func TestPolicyIsChecked(t *testing.T) {
	for _, tc := range []struct {
		name   string
		policy reports.Policy
		want   string
	}{
		{"nothing required", reports.Policy{}, "required has to name at least one key"},
		{"no key", reports.Policy{Required: []reports.Requirement{{}}}, "required[0].key has to have from 1 to 128 characters"},
		{"twice", reports.Policy{Required: []reports.Requirement{{Key: "a"}, {Key: "a"}}}, `required[1].key: "a" is required twice`},
	} {
		if _, err := reports.NewSurvey(tc.policy); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}
