package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
)

func TestIAMPolicy(t *testing.T) {
	const volumes = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Scan",
      "Effect": "Allow",
      "Action": [
        "ec2:DescribeRegions",
        "ec2:DescribeVolumes",
        "lambda:ListLayers"
      ],
      "Resource": "*"
    }
  ]
}
`
	for name, row := range map[string]struct{ args, stdout, err string }{
		"two types":     {args: "--types=EBS_Volume,Lambda_Layer", stdout: volumes},
		"misspelt type": {args: "--types=ebs_volumes", err: `unknown resource type "ebs_volumes"; did you mean EBS_Volume?`},
		"no such type":  {args: "--types=Nothing_Of_This_Kind", err: `unknown resource type "Nothing_Of_This_Kind"`},
		"no flag":       {args: "EBS_Volume", err: "wrong number of arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout strings.Builder
			err := run(t.Context(), []string{"iam-policy", row.args}, nil, &stdout, &stdout)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != row.err || stdout.String() != row.stdout {
				t.Errorf("error %q, want %q; output:\n%s", got, row.err, stdout.String())
			}
		})
	}
}

func TestOpenAPIIsPrintedWhole(t *testing.T) {
	var stdout strings.Builder
	if err := run(t.Context(), []string{"openapi"}, nil, &stdout, &stdout); err != nil {
		t.Fatal(err)
	}
	want, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), stdout.String()); diff != "" {
		t.Errorf("the document that is served (-) and the one that is printed (+):\n%s", diff)
	}
}
