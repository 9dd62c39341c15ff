package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// iamPolicy lists the policies that are the account's own. No list of them has
// tags; the tagging API knows those in one region of the partition.
var iamPolicy = Scanner{
	Type:        "IAM_Policy",
	Service:     serviceIAM,
	ARNs:        []string{"iam:policy/"},
	Global:      true,
	Permissions: []string{"iam:GetAccountAuthorizationDetails", "tag:GetResources"},
	Tagged:      "iam:policy",
	TaggedIn:    tracker.Partition.Home,
	Metadata:    []string{"attached_count", "default_version"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		return emitPrincipals(ctx, t, emit, types.EntityTypeLocalManagedPolicy, func(p principals) []tracker.Resource { return p.policies })
	},
}

func iamPolicyOf(p types.ManagedPolicyDetail) tracker.Resource {
	arn := aws.ToString(p.Arn)
	return tracker.Resource{
		ID:      arn,
		Name:    tracker.Named(aws.ToString(p.PolicyName), last(arn, "/")),
		ARN:     arn,
		State:   stateActive,
		Created: tracker.At(p.CreateDate),
		Metadata: tracker.Metadata{
			"policy_id":       sdk.Str(p.PolicyId),
			"path":            sdk.Str(p.Path),
			"description":     sdk.Str(p.Description),
			"attached_count":  sdk.Num(p.AttachmentCount),
			"boundary_count":  sdk.Num(p.PermissionsBoundaryUsageCount),
			"default_version": sdk.Str(p.DefaultVersionId),
			"versions":        sdk.List(p.PolicyVersionList, func(v types.PolicyVersion) *string { return v.VersionId }),
			"updated":         sdk.Stamp(p.UpdateDate),
		},
	}
}
