package actions

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestValidate(t *testing.T) {
	for _, row := range []struct {
		action, params string
		lift           []string
		want           string // the start of the error; "" for none
	}{
		{"EC2_Instance stop", `{}`, nil, ""},
		{"EC2_Instance stop", `{"force":true}`, nil, "params.force: stop of EC2_Instance has no such parameter; allowed: none"},
		{"EC2_Instance stop", `{}`, []string{"termination_protection"}, `lift: "termination_protection" is no rule of stop on EC2_Instance that can be lifted; allowed: auto_scaling_group, protect_tag, stop_protection`},
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
		err := named(t, row.action).Validate(item)
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.HasPrefix(err.Error(), row.want)) {
			t.Errorf("%s %s %v: %v, want %q", row.action, row.params, row.lift, err, row.want)
		}
		if err != nil && tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("%s %s: %v is of code %s", row.action, row.params, err, tracker.CodeOf(err))
		}
	}
	if err := named(t, "VPC untag").Validate(tracker.ActionItem{}); err == nil {
		t.Error("an item without a resource is valid")
	}
}
