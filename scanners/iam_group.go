package scanners

import (
	"context"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// iamGroup lists users as well, for groups do not say who is in them. It holds
// all groups of the account until it has seen every user; there are 500 at most.
var iamGroup = Scanner{
	Type:        "IAM_Group",
	Service:     serviceIAM,
	ARNs:        []string{"iam:group/"},
	Global:      true,
	Permissions: []string{"iam:GetAccountAuthorizationDetails"},
	Untagged:    "groups have no tags",
	Metadata:    []string{"members", "attached_policies"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		var groups []tracker.Resource
		members := map[string][]string{}
		err := scanPrincipals(ctx, t, func(p principals) error {
			groups = append(groups, p.groups...)
			for group, users := range p.members {
				members[group] = append(members[group], users...)
			}
			return nil
		}, types.EntityTypeGroup, types.EntityTypeUser)
		if err == nil {
			for i := range groups {
				// The page may be shared.
				groups[i].Metadata = maps.Clone(groups[i].Metadata)
				groups[i].Metadata["members"] = sdk.Distinct(append([]string{}, members[groups[i].ID]...))
			}
		}
		return errors.Join(err, emit(groups...))
	},
}

func iamGroupOf(g types.GroupDetail) tracker.Resource {
	name := aws.ToString(g.GroupName)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(g.Arn),
		State:   stateActive,
		Created: tracker.At(g.CreateDate),
		Metadata: tracker.Metadata{
			"group_id":          sdk.Str(g.GroupId),
			"path":              sdk.Str(g.Path),
			"attached_policies": attachedPolicies(g.AttachedManagedPolicies),
			"inline_policies":   inlinePolicies(g.GroupPolicyList),
			"members":           nil,
		},
	}
}
