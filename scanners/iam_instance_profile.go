package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// iamInstanceProfile asks for a list of its own: the account's authorization details
// name only the profiles that have a role.
var iamInstanceProfile = Scanner{
	Type:        "IAM_InstanceProfile",
	Service:     serviceIAM,
	Global:      true,
	ARNs:        []string{"iam:instance-profile/"},
	Permissions: []string{"iam:ListInstanceProfiles", "tag:GetResources"},
	Tagged:      "iam:instance-profile",
	TaggedIn:    tracker.Partition.Home,
	Metadata:    []string{"role_arns"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &iam.ListInstanceProfilesInput{MaxItems: aws.Int32(1000)}
		cursor := func(in *iam.ListInstanceProfilesInput, out *iam.ListInstanceProfilesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		return listPages(ctx, emit, iam.NewFromConfig(t.Config).ListInstanceProfiles, in, cursor, func(out *iam.ListInstanceProfilesOutput) []tracker.Resource {
			return collect(out.InstanceProfiles, instanceProfile)
		})
	},
}

func instanceProfile(p types.InstanceProfile) tracker.Resource {
	name := aws.ToString(p.InstanceProfileName)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(p.Arn),
		State:   stateActive,
		Created: tracker.At(p.CreateDate),
		Metadata: tracker.Metadata{
			"path":       sdk.Str(p.Path),
			"profile_id": sdk.Str(p.InstanceProfileId),
			"role_arns":  sdk.List(p.Roles, func(r types.Role) *string { return r.Arn }),
		},
	}
}
