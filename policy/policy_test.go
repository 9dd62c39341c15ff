package policy

import (
	"fmt"
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
