package parts

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestSetUp(t *testing.T) {
	const principal = "arn:aws:iam::999999999999:role/server"
	account := tracker.RegisteredAccount{RoleARN: "arn:aws:iam::111122223333:role/ops/tracker", ExternalID: "rt-made"}
	made, err := SetUp(api.SetupWanted{Account: account, Principal: principal, Types: []string{"EC2_Instance"}, Actions: []string{"stop"}, Metrics: true})
	if err != nil {
		t.Fatal(err)
	}
	var trust policy.Document
	if err := json.Unmarshal(made.Trust, &trust); err != nil || !cmp.Equal(trust, policy.Trust(principal, "rt-made")) {
		t.Errorf("%s, %v", made.Trust, err)
	}
	var granted []string
	for _, p := range made.Policies {
		var d policy.Document
		if err := json.Unmarshal(p, &d); err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Statement {
			granted = append(granted, s.Action...)
		}
	}
	for _, want := range []string{"ec2:DescribeInstances", "ec2:StopInstances", "cloudwatch:GetMetricData"} {
		if !slices.Contains(granted, want) || !strings.Contains(made.Template, "- "+want+"\n") {
			t.Errorf("%s is not granted", want)
		}
	}
	if slices.Contains(granted, "ec2:TerminateInstances") || slices.Contains(granted, "s3:ListAllMyBuckets") {
		t.Error("more is granted than is asked for:", granted)
	}
	for _, want := range []string{"Default: " + principal, "Default: rt-made", "Default: tracker\n", "Path: /ops/\n", "changes some of them"} {
		if !strings.Contains(made.Template, want) {
			t.Errorf("the template lacks %q:\n%s", want, made.Template)
		}
	}
	if _, err := SetUp(api.SetupWanted{Account: account, Principal: principal, Types: []string{"EC2_Instances"}}); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Error(err)
	}
}
