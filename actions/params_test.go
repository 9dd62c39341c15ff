package actions

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestParams(t *testing.T) {
	for _, row := range []struct {
		action, params string
		lift           []string
		want           string // the start of the error; "" for none
	}{
		{"EC2_Instance stop", `{}`, nil, ""},
		{"EC2_Instance stop", `{"force":true}`, nil, "params.force: is no parameter; allowed: none (stop of EC2_Instance)"},
		{"EC2_Instance stop", `{}`, []string{"termination_protection"}, `lift: "termination_protection" is no rule that can be lifted; allowed: auto_scaling_group, protect_tag, stop_protection (stop of EC2_Instance)`},
		{"EC2_Instance terminate", `{}`, []string{"termination_protection", "protect_tag", "cloudformation_stack"}, ""},
		{"EC2_Instance terminate", `{}`, []string{"wrong_state"}, "lift: "},
		{"EBS_Volume delete", `{"skip_snapshot":"true"}`, nil, "params.skip_snapshot: has to be true or false"},
		{"EBS_Volume delete", `{"skip_snapshot":false}`, nil, ""},
		{"EBS_Volume restore", `{"snapshot_id":"snap-1"}`, nil, "params.availability_zone: is required"},
		{"EBS_Volume restore", `{"snapshot_id":"","availability_zone":"z"}`, nil, "params.snapshot_id: has to be a string"},
		{"EBS_Volume restore", `{"snapshot_id":"s","availability_zone":"z","volume_type":"gp9"}`, nil, "params.volume_type: gp9 is not allowed; allowed: gp2, gp3"},
		{"EBS_Volume restore", `{"snapshot_id":"s","availability_zone":"z","iops":1}`, nil, "params.iops: has to be from 100 to"},
		{"CloudWatch_LogGroup set_retention", `{"retention_days":30}`, nil, ""},
		{"CloudWatch_LogGroup set_retention", `{"retention_days":0}`, nil, ""},
		{"CloudWatch_LogGroup set_retention", `{"retention_days":31}`, nil, "params.retention_days: 31 is not allowed; allowed: 0, 1, 3"},
		{"CloudWatch_LogGroup set_retention", `{"retention_days":30.5}`, nil, "params.retention_days: has to be an integer"},
		{"CloudWatch_LogGroup set_retention", `{}`, nil, "params.retention_days: is required"},
		{"Secret delete", `{"recovery_window_days":6}`, nil, "params.recovery_window_days: has to be from 7 to 30"},
		{"Secret delete", `{"recovery_window_days":null}`, nil, "params.recovery_window_days: has to be an integer"},
		{"AMI delete", `{"keep_snapshots":"true"}`, nil, "params.keep_snapshots: has to be true or false"},
		{"AutoScaling_Group scale", `{"desired":3}`, nil, "params.desired: is no parameter; allowed: desired_capacity, min_size, max_size (scale of AutoScaling_Group)\nparams.desired_capacity: is required"},
		{"AutoScaling_Group scale", `{"desired_capacity":"3"}`, nil, "params.desired_capacity: has to be an integer"},
		{"ECS_Service scale", `{"desired_count":0}`, nil, ""},
		{"ECS_Service scale", `{"desired_count":-1}`, nil, "params.desired_count: has to be from 0 to"},
		{"VPC tag", `{"tags":{"team":"web"}}`, nil, ""},
		{"VPC tag", `{"tags":{}}`, nil, "params.tags: has to be an object"},
		{"VPC tag", `{"tags":{"a":1}}`, nil, "params.tags: has to be an object"},
		{"VPC tag", `{"tags":{"aws:x":"y"}}`, nil, `params.tags: key "aws:x" is AWS's own`},
		{"VPC tag", `{"tags":{"":"y"}}`, nil, "params.tags: key"},
		{"VPC tag", `{"tags":{"a":"` + strings.Repeat("ö", 257) + `"}}`, nil, "params.tags: the value"},
		{"VPC untag", `{"keys":["a"]}`, nil, ""},
		{"VPC untag", `{"keys":"a"}`, nil, "params.keys: has to be a list"},
		{"VPC untag", `{"keys":[]}`, nil, "params.keys: has to be a list"},
	} {
		item := tracker.ActionItem{ResourceID: "x", Lift: row.lift}
		if err := json.Unmarshal([]byte(row.params), &item.Params); err != nil {
			t.Fatal(err)
		}
		err := named(t, row.action).refuse(item)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.HasPrefix(err.Error(), row.want)) {
			t.Errorf("%s %s %v: %v, want %q", row.action, row.params, row.lift, err, row.want)
		}
		if err != nil && tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("%s %s: %v is of code %s", row.action, row.params, err, tracker.CodeOf(err))
		}
	}
}

// A required number is read as itself or not at all.
func TestWhole(t *testing.T) {
	for _, v := range []any{nil, "3", 3.5, true, []any{3}} {
		item := tracker.ActionItem{Params: tracker.Metadata{"n": v}}
		if n, err := whole(item, "n"); err == nil {
			t.Errorf("%#v is read as %d", v, n)
		}
		if n, err := wholeOr(item, "n", 30); err == nil {
			t.Errorf("%#v, which may be left out, is read as %d", v, n)
		}
	}
	if n, err := wholeOr(tracker.ActionItem{}, "n", 30); n != 30 || err != nil {
		t.Error("what is left out is", n, err)
	}
}

// Nothing is looked at or sent for an item whose parameters are wrong, also where
// nobody checked them before.
func TestParams_HoldBeforeEveryCall(t *testing.T) {
	for _, row := range []struct{ action, params string }{
		{"AutoScaling_Group scale", `{"desired":3}`},
		{"AutoScaling_Group scale", `{"desired_capacity":-1}`},
		{"CloudWatch_LogGroup set_retention", `{"retention_days":"seven"}`},
		{"AMI delete", `{"keep_snapshots":"true"}`},
	} {
		item := tracker.ActionItem{ResourceID: "x"}
		if err := json.Unmarshal([]byte(row.params), &item.Params); err != nil {
			t.Fatal(err)
		}
		a := named(t, row.action)
		if _, err := a.Look(t.Context(), Target{}, item); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("look for %s %s: %v", row.action, row.params, err)
		}
		for _, s := range a.steps {
			if _, err := a.Send(t.Context(), Target{}, s.Name, tracker.Doing{Item: item}); tracker.CodeOf(err) != tracker.CodeInvalid {
				t.Errorf("send %s of %s %s: %v", s.Name, row.action, row.params, err)
			}
		}
	}
}
