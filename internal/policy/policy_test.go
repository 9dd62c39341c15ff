package policy

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestScan(t *testing.T) {
	got := string(JSON(Scan([]tracker.TypeInfo{
		{Permissions: []string{"lambda:ListFunctions", "tag:GetResources"}},
		{Permissions: []string{"ec2:DescribeVolumes"}},
		{Permissions: []string{"logs:DescribeLogGroups", "tag:GetResources"}},
	})...))
	const want = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Scan",
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeRegions",
        "ec2:DescribeVolumes",
        "lambda:ListFunctions",
        "logs:DescribeLogGroups",
        "tag:GetResources"
      ],
      "Resource": "*"
    }
  ]
}
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestScanTooLarge spreads more actions than IAM takes over several documents.
func TestScanTooLarge(t *testing.T) {
	var want []string
	for i := range 500 {
		want = append(want, fmt.Sprintf("service:DescribeThings%04d", i))
	}
	docs := Scan([]tracker.TypeInfo{{Permissions: want}})
	want = append([]string{"ec2:DescribeRegions"}, want...)
	var got []string
	for _, d := range docs {
		if d.Size() > MaxSize {
			t.Errorf("a document of %d characters", d.Size())
		}
		got = append(got, d.Statement[0].Action...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d actions, want %d", len(got), len(want))
	}
	if len(docs) != 3 || docs[0].Size() < MaxSize-100 {
		t.Errorf("%d documents, the first of %d characters", len(docs), docs[0].Size())
	}
	if list := JSON(docs...); list[0] != '[' {
		t.Errorf("several documents are no list: %.20s", list)
	}
}

var someActions = []tracker.ActionInfo{
	{Type: "EC2_Instance", Verb: "stop", Permissions: []string{"ec2:DescribeInstances", "ec2:StopInstances"}},
	{Type: "EBS_Volume", Verb: "delete", Permissions: []string{"ec2:DeleteVolume", "ec2:DescribeVolumes"}},
}

var keyedActions = append(slices.Clone(someActions), tracker.ActionInfo{
	Type: "EC2_Instance", Verb: "start", Permissions: []string{"ec2:StartInstances", "kms:CreateGrant", "kms:DescribeKey"},
})

func TestActions(t *testing.T) {
	want := []Document{document(Statement{
		Sid: "Act", Effect: "Allow", Resource: "*",
		Action: []string{"ec2:DeleteVolume", "ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:StopInstances"},
	})}
	if diff := cmp.Diff(want, Actions(someActions)); diff != "" {
		t.Error(diff)
	}
	if docs := Actions(nil); docs != nil {
		t.Errorf("a policy of no action: %+v", docs)
	}
}

// Keys are used by services only, and granted to services only.
func TestActions_Keys(t *testing.T) {
	want := []Document{document(
		Statement{Sid: "Act", Effect: "Allow", Resource: "*", Action: []string{"ec2:StartInstances", "kms:TagResource"}},
		Statement{
			Sid: "UseKeysThroughServices", Effect: "Allow", Resource: "*", Action: []string{"kms:Decrypt", "kms:DescribeKey"},
			Condition: &Condition{StringLike: map[string]string{"kms:ViaService": "*.amazonaws.com*"}},
		},
		Statement{
			Sid: "GrantKeysToServices", Effect: "Allow", Resource: "*", Action: []string{"kms:CreateGrant"},
			Condition: &Condition{Bool: map[string]string{"kms:GrantIsForAWSResource": "true"}},
		},
	)}
	got := Actions([]tracker.ActionInfo{
		{Permissions: []string{"ec2:StartInstances", "kms:CreateGrant", "kms:DescribeKey"}},
		{Permissions: []string{"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:TagResource"}},
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestJoin puts two policies into one as long as IAM takes it.
func TestJoin(t *testing.T) {
	a, b := allow("A", []string{"a:A"}), allow("B", []string{"b:B"})
	if diff := cmp.Diff([]Document{document(a.Statement[0], b.Statement[0])}, Join(a, b)); diff != "" {
		t.Error(diff)
	}
	var many []string
	for i := range 180 {
		many = append(many, fmt.Sprintf("service:DescribeThings%04d", i))
	}
	large := allow("Large", many)
	if diff := cmp.Diff([]Document{document(a.Statement[0], large.Statement[0]), document(large.Statement[0], b.Statement[0])}, Join(a, large, large, b)); large.Size() > MaxSize || diff != "" {
		t.Errorf("%d characters: %s", large.Size(), diff)
	}
}

var update = flag.Bool("update", false, "write testdata anew")

func TestRoleWithActions(t *testing.T) {
	got := Role(Scan([]tracker.TypeInfo{{Permissions: []string{"ec2:DescribeVolumes"}}}), Actions(keyedActions))
	const file = "testdata/roles.yaml"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-file +template; go test ./policy -update writes it):\n%s", file, diff)
	}
}
