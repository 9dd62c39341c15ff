package scanners

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// GetAccountAuthorizationDetails is the one call that lists users and roles
// together with their tags, policies and last use, a thousand to a page. Where
// all of them fit into one page, IAM_User and IAM_Role share it.

// principals is what one page holds.
type principals struct {
	users, roles []tracker.Resource
	whole        bool // the account has no others
}

// scanPrincipals emits what pick takes out of every page of principals that are
// of the given kind.
func scanPrincipals(ctx context.Context, t Target, kind types.EntityType, pick func(principals) []tracker.Resource, emit Emit) error {
	client := iam.NewFromConfig(t.Config)
	both, err := t.Share.principals.get(ctx, func() (principals, error) {
		out, err := client.GetAccountAuthorizationDetails(ctx, detailsOf(types.EntityTypeUser, types.EntityTypeRole))
		if err != nil || out.IsTruncated {
			return principals{}, err
		}
		return principals{users: collect(out.UserDetailList, iamUserOf), roles: collect(out.RoleDetailList, iamRoleOf), whole: true}, nil
	})
	if err != nil {
		return err
	}
	if both.whole {
		return emit(slices.Clone(pick(both))...)
	}

	cursor := func(in *iam.GetAccountAuthorizationDetailsInput, out *iam.GetAccountAuthorizationDetailsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	}
	for page, err := range pages(ctx, client.GetAccountAuthorizationDetails, detailsOf(kind), cursor) {
		if err != nil {
			return err
		}
		rs := pick(principals{users: collect(page.UserDetailList, iamUserOf), roles: collect(page.RoleDetailList, iamRoleOf)})
		if err := emit(rs...); err != nil {
			return err
		}
	}
	return nil
}

func detailsOf(kinds ...types.EntityType) *iam.GetAccountAuthorizationDetailsInput {
	return &iam.GetAccountAuthorizationDetailsInput{Filter: kinds, MaxItems: aws.Int32(1000)}
}

func iamTags(items []types.Tag) map[string]string {
	return tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func attachedPolicies(items []types.AttachedPolicy) []string {
	return list(items, func(p types.AttachedPolicy) *string { return p.PolicyArn })
}

func inlinePolicies(items []types.PolicyDetail) []string {
	return list(items, func(p types.PolicyDetail) *string { return p.PolicyName })
}

func boundary(b *types.AttachedPermissionsBoundary) any {
	if b == nil {
		return nil
	}
	return str(b.PermissionsBoundaryArn)
}
