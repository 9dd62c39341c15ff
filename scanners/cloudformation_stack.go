package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudformation"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudformation/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cloudFormationStack lists stacks by name: what a stack made carries that name
// in the tag aws:cloudformation:stack-name.
var cloudFormationStack = Scanner{
	Type:        "CloudFormation_Stack",
	Service:     Service{ID: cloudformation.ServiceID, Prefix: "cloudformation", Protocol: Query},
	ARNs:        []string{"cloudformation:stack/"},
	Permissions: []string{"cloudformation:DescribeStacks"},
	Metadata:    []string{"last_updated", "parent_stack", "role_arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		cursor := func(in *cloudformation.DescribeStacksInput, out *cloudformation.DescribeStacksOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, cloudformation.NewFromConfig(t.Config).DescribeStacks, &cloudformation.DescribeStacksInput{}, cursor, func(page *cloudformation.DescribeStacksOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, s := range page.Stacks {
				if s.StackStatus != types.StackStatusDeleteComplete {
					rs = append(rs, stack(s))
				}
			}
			return rs
		})
	},
}

func stack(s types.Stack) tracker.Resource {
	name := aws.ToString(s.StackName)
	drift := cmp.Or(s.DriftInformation, &types.StackDriftInformation{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(s.StackId),
		State:   lower(s.StackStatus),
		Created: tracker.At(s.CreationTime),
		Tags:    sdk.Tags(s.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"status_reason":          sdk.Str(s.StackStatusReason),
			"last_updated":           sdk.Stamp(s.LastUpdatedTime),
			"termination_protection": sdk.Opt(s.EnableTerminationProtection),
			"drift":                  sdk.Text(drift.StackDriftStatus),
			"role_arn":               sdk.Str(s.RoleARN),
			// The stack that this one is nested in, and the outermost of them.
			"parent_stack": sdk.Str(s.ParentId),
			"root_stack":   sdk.Str(s.RootId),
			"description":  sdk.Str(s.Description),
		},
	}
}
