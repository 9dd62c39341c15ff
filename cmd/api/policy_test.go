package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/tracker"
)

var someActions = []tracker.ActionInfo{
	{Type: "EBS_Volume", Verb: "delete", Permissions: []string{"ec2:DeleteVolume", "ec2:DescribeVolumes"}},
	{Type: "EC2_Instance", Verb: "delete", Aliases: []string{"terminate"}, Permissions: []string{"ec2:DescribeInstances", "ec2:TerminateInstances"}},
	{Type: "EC2_Instance", Verb: "stop", Permissions: []string{"ec2:DescribeInstances", "ec2:StopInstances"}},
}

func TestIAMPolicyOfActions(t *testing.T) {
	for _, row := range []struct {
		name, types, actions string
		act                  string
		err                  string
	}{
		{"none", "EBS_Volume", "", "", ""},
		{"on the only type", "EBS_Volume", "delete", "ec2:DeleteVolume ec2:DescribeVolumes", ""},
		{"on all types that have it", "", "delete", "ec2:DeleteVolume ec2:DescribeInstances ec2:DescribeVolumes ec2:TerminateInstances", ""},
		{"on those of two types that have it", "EBS_Volume,EC2_Instance", "stop", "ec2:DescribeInstances ec2:StopInstances", ""},
		{"of another type", "EBS_Volume", "EC2_Instance:stop", "ec2:DescribeInstances ec2:StopInstances", ""},
		{"two", "EC2_Instance", "stop, EBS_Volume:delete", "ec2:DeleteVolume ec2:DescribeInstances ec2:DescribeVolumes ec2:StopInstances", ""},
		{"by its other name", "EC2_Instance", "terminate", "ec2:DescribeInstances ec2:TerminateInstances", ""},
		{"misspelt", "EC2_Instance", "stopp", "", `unknown action "stopp"; did you mean stop?`},
		{"misspelt of a type", "", "EC2_Instance:stopp", "", `unknown action of EC2_Instance "stopp"; did you mean stop?`},
		{"of a misspelt type", "", "EC2_Instances:stop", "", `unknown resource type "EC2_Instances"; did you mean EC2_Instance?`},
		{"not of this type", "EBS_Volume", "stop", "", `unknown action "stop"`},
		{"no such", "", "hibernate", "", `unknown action "hibernate"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out strings.Builder
			err := printPolicy([]string{"--types", row.types, "--actions", row.actions}, parts.Types(), someActions, &out)
			if err != nil || row.err != "" {
				if err == nil || err.Error() != row.err || out.Len() > 0 {
					t.Errorf("error %v, want %q", err, row.err)
				}
				return
			}
			var doc policy.Document
			if err := json.Unmarshal([]byte(out.String()), &doc); err != nil {
				t.Fatal(err)
			}
			got := ""
			if i := slices.IndexFunc(doc.Statement, func(s policy.Statement) bool { return s.Sid == "Act" }); i >= 0 {
				got = strings.Join(doc.Statement[i].Action, " ")
			}
			if doc.Statement[0].Sid != "Scan" || got != row.act {
				t.Error(cmp.Diff(row.act, got))
			}
		})
	}
}

// TestIAMPolicyOfMetrics: reading metrics costs money, so they are only in when asked for.
func TestIAMPolicyOfMetrics(t *testing.T) {
	for _, row := range []struct {
		args string
		want []string
	}{
		{"--types=EBS_Volume", nil},
		{"--types=EBS_Volume --metrics", []string{"cloudwatch:GetMetricData"}},
		{"--types=EBS_Volume --billed", []string{"ce:GetCostAndUsage", "ce:GetCostAndUsageWithResources"}},
	} {
		var out strings.Builder
		if err := printPolicy(strings.Fields(row.args), parts.Types(), someActions, &out); err != nil {
			t.Fatal(err)
		}
		var doc policy.Document
		if err := json.Unmarshal([]byte(out.String()), &doc); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range doc.Statement {
			if s.Sid == "Read" {
				got = s.Action
			}
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.args, diff)
		}
	}
}
