package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var iamUser = Scanner{
	Type:        "IAM_User",
	Service:     serviceIAM,
	Global:      true,
	ARNs:        []string{"iam:user/"},
	Permissions: []string{"iam:GetAccountAuthorizationDetails"},
	Metadata:    []string{"arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		return emitPrincipals(ctx, t, emit, types.EntityTypeUser, func(p principals) []tracker.Resource { return p.users })
	},
}

func iamUserOf(u types.UserDetail) tracker.Resource {
	return tracker.Resource{
		ID:      aws.ToString(u.UserId),
		Name:    tracker.Named(aws.ToString(u.UserName)),
		ARN:     aws.ToString(u.Arn),
		State:   stateActive,
		Created: tracker.At(u.CreateDate),
		Tags:    iamTags(u.Tags),
		Metadata: tracker.Metadata{
			"arn": sdk.Str(u.Arn),

			"path":                 sdk.Str(u.Path),
			"groups":               sdk.Names(u.GroupList),
			"attached_policies":    attachedPolicies(u.AttachedManagedPolicies),
			"inline_policies":      inlinePolicies(u.UserPolicyList),
			"permissions_boundary": boundary(u.PermissionsBoundary),
		},
	}
}
