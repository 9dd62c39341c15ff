package simulator_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// IAM knows the faults that deny calls, and no others.
func TestPoliciesAreSimulated(t *testing.T) {
	account := simulator.New(simulator.Options{Faults: []simulator.Fault{
		{Kind: simulator.Denied, Service: "ec2", Operation: "DescribeVolumes", Region: "eu-west-1"},
		{Kind: simulator.DeniedSCP, Service: "s3", Operation: "ListBuckets"},
		{Kind: simulator.Denied, Service: "iam", Region: tracker.Global, Operation: "ListUsers"},
		{Kind: simulator.Throttled, Service: "rds"},
	}})
	actions := []string{"ec2:DescribeVolumes", "iam:ListUsers", "rds:DescribeDBInstances", "s3:ListAllMyBuckets"}
	for region, want := range map[string][]types.PolicyEvaluationDecisionType{
		"eu-west-1": {"implicitDeny", "implicitDeny", "allowed", "explicitDeny"},
		"us-east-1": {"allowed", "implicitDeny", "allowed", "explicitDeny"},
	} {
		out, err := iam.NewFromConfig(account.Config("us-east-1")).SimulatePrincipalPolicy(t.Context(), &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String("arn:aws:iam::" + account.ID() + ":user/simulator"), ActionNames: actions,
			ContextEntries: []types.ContextEntry{{
				ContextKeyName: aws.String("aws:RequestedRegion"), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{region},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []types.PolicyEvaluationDecisionType
		for i, r := range out.EvaluationResults {
			got = append(got, r.EvalDecision)
			if *r.EvalActionName != actions[i] {
				t.Errorf("answers %s, want %s", *r.EvalActionName, actions[i])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in %s: %s", region, diff)
		}
	}
}
