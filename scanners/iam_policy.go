package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// iamPolicy lists the policies that are the account's own. No list of them has
// tags; the tagging API knows those in one region of the partition.
var iamPolicy = Scanner{
	Type:        "IAM_Policy",
	Service:     "iam",
	ARNs:        []string{"iam:policy/"},
	Global:      true,
	Permissions: []string{"iam:GetAccountAuthorizationDetails", "tag:GetResources"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		return withTags(ctx, t.in(iamRegion(t.Config.Region)), emit, func(emit Emit) error {
			return emitPrincipals(ctx, t, emit, types.EntityTypeLocalManagedPolicy, func(p principals) []tracker.Resource { return p.policies })
		})
	},
}

// iamRegion returns the region where the tagging API knows resources of IAM.
func iamRegion(region string) string {
	switch partition(region) {
	case "aws":
		return "us-east-1"
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	default:
		return region
	}
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
			"policy_id":       str(p.PolicyId),
			"path":            str(p.Path),
			"description":     str(p.Description),
			"attached_count":  num(p.AttachmentCount),
			"boundary_count":  num(p.PermissionsBoundaryUsageCount),
			"default_version": str(p.DefaultVersionId),
			"versions":        list(p.PolicyVersionList, func(v types.PolicyVersion) *string { return v.VersionId }),
			"updated":         stamp(p.UpdateDate),
		},
	}
}
