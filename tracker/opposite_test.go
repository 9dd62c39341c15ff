package tracker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestOpposite(t *testing.T) {
	catalogue := []tracker.ActionInfo{
		{Type: "AutoScaling_Group", Verb: "park", Opposite: "unpark"},
		{Type: "AutoScaling_Group", Verb: "unpark", Opposite: "park"},
		{Type: "EC2_Instance", Verb: "start", Opposite: "stop", Liftable: []string{"protect_tag"}},
		{Type: "EC2_Instance", Verb: "stop", Opposite: "start", Liftable: []string{"protect_tag", "stop_protection"}},
		{Type: "EC2_Instance", Verb: "terminate", Aliases: []string{"delete"}},
		{Type: "Redshift_Cluster", Verb: "pause", Aliases: []string{"stop"}, Opposite: "resume"},
		{Type: "Redshift_Cluster", Verb: "resume", Aliases: []string{"start"}, Opposite: "pause", Liftable: []string{"protect_tag"}},
	}
	for _, tc := range []struct{ name, query, verb, want, fault string }{
		{"all types that stop", "tag:hours=office", "stop", "start", ""},
		{"one of them", "type:EC2_Instance", "stop", "start", ""},
		{"by its own word", "type:Redshift_Cluster", "pause", "resume", ""},
		{"by another's word", "type:Redshift_Cluster", "stop", "resume", ""},
		{"another pair", "type:AutoScaling_Group", "park", "unpark", ""},
		{"none", "type:EC2_Instance", "delete", "", "action: has no opposite for EC2_Instance: off-hours take pairs such as stop and start"},
		{"of no type", "type:S3_Bucket", "stop", "", "action: has no opposite that all types have which the filter may select"},
		{"by state", "type:EC2_Instance not state:stopped", "stop", "", "filter: asks for the state, which off-hours change: they would not find again what they selected before"},
	} {
		f, err := filter.Parse(tc.query)
		if err != nil {
			t.Fatal(err)
		}
		s := tracker.PlanSelection{Filter: f, Verb: tc.verb, Params: tracker.Metadata{"x": 1}, Lift: []string{"stop_protection", "protect_tag"}}
		back, err := s.Opposite(catalogue)
		if err != nil {
			if err.Error() != tc.fault {
				t.Errorf("%s: %v", tc.name, err)
			}
			continue
		}
		if back.Verb != tc.want || back.Params != nil || !back.Filter.Equal(f) {
			t.Errorf("%s: %+v", tc.name, back)
		}
		if diff := cmp.Diff([]string{"protect_tag"}, back.Lift); diff != "" && tc.want != "unpark" {
			t.Error(tc.name, "(-want +got):", diff)
		}
	}
}
