package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var iamRole = Scanner{
	Type:        "IAM_Role",
	Service:     serviceIAM,
	Global:      true,
	ARNs:        []string{"iam:role/"},
	Permissions: []string{"iam:GetAccountAuthorizationDetails"},
	Metadata:    []string{"arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		return emitPrincipals(ctx, t, emit, types.EntityTypeRole, func(p principals) []tracker.Resource { return p.roles })
	},
}

func iamRoleOf(r types.RoleDetail) tracker.Resource {
	used := cmp.Or(r.RoleLastUsed, &types.RoleLastUsed{})
	return tracker.Resource{
		ID:      aws.ToString(r.RoleId),
		Name:    tracker.Named(aws.ToString(r.RoleName)),
		ARN:     aws.ToString(r.Arn),
		State:   stateActive,
		Created: tracker.At(r.CreateDate),
		Tags:    iamTags(r.Tags),
		Metadata: tracker.Metadata{
			"arn": sdk.Str(r.Arn),

			"path": sdk.Str(r.Path),
			// Unknown means not used in the 400 days that AWS remembers.
			"last_used":            sdk.Stamp(used.LastUsedDate),
			"last_used_region":     sdk.Str(used.Region),
			"attached_policies":    attachedPolicies(r.AttachedManagedPolicies),
			"inline_policies":      inlinePolicies(r.RolePolicyList),
			"permissions_boundary": boundary(r.PermissionsBoundary),
			"instance_profiles":    sdk.List(r.InstanceProfileList, func(p types.InstanceProfile) *string { return p.InstanceProfileName }),
		},
	}
}
