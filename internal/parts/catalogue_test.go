package parts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestTypesHaveTheirVerbs(t *testing.T) {
	types := []tracker.TypeInfo{{Type: "EBS_Volume", Verbs: []string{}}, {Type: "EC2_Instance", Verbs: []string{}}}
	got := withVerbs(types, []tracker.ActionInfo{{Type: "EC2_Instance", Verb: "stop"}, {Type: "EC2_Instance", Verb: "delete"}})
	want := []tracker.TypeInfo{{Type: "EBS_Volume", Verbs: []string{}}, {Type: "EC2_Instance", Verbs: []string{"delete", "stop"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
