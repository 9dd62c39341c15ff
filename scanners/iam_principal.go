package scanners

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// GetAccountAuthorizationDetails is the one call that lists users, groups, roles
// and policies together with their tags, attachments and last use, a thousand to
// a page. Where all of them fit into one page, every IAM type shares it; where
// they do not, each type reads the pages of its own kind.

// principals is what one page holds.
type principals struct {
	users, groups, roles, policies []tracker.Resource

	members map[string][]string // names of users by name of group
	whole   bool                // the account has no others
}

// scanPrincipals hands every page of principals that are of the given kinds, and
// possibly of others, to page.
func scanPrincipals(ctx context.Context, t Target, page func(principals) error, kinds ...types.EntityType) error {
	client := iam.NewFromConfig(t.Config)
	all, err := t.Share.principals.get(ctx, func() (principals, error) {
		out, err := client.GetAccountAuthorizationDetails(ctx, detailsOf(
			types.EntityTypeUser, types.EntityTypeGroup, types.EntityTypeRole, types.EntityTypeLocalManagedPolicy))
		if err != nil || out.IsTruncated {
			return principals{}, err
		}
		return principalsOf(out), nil
	})
	if err != nil {
		return err
	}
	if all.whole {
		return page(all)
	}

	cursor := func(in *iam.GetAccountAuthorizationDetailsInput, out *iam.GetAccountAuthorizationDetailsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	}
	for out, err := range sdk.Pages(ctx, client.GetAccountAuthorizationDetails, detailsOf(kinds...), cursor) {
		if err != nil {
			return err
		}
		if err := page(principalsOf(out)); err != nil {
			return err
		}
	}
	return nil
}

// emitPrincipals is scanPrincipals for what pick takes out of a page as it is.
func emitPrincipals(ctx context.Context, t Target, emit Emit, kind types.EntityType, pick func(principals) []tracker.Resource) error {
	// The page may be shared, and who is emitted to may change resources.
	page := func(p principals) error { return emit(slices.Clone(pick(p))...) }
	return scanPrincipals(ctx, t, page, kind)
}

func principalsOf(out *iam.GetAccountAuthorizationDetailsOutput) principals {
	members := map[string][]string{}
	for _, u := range out.UserDetailList {
		for _, group := range u.GroupList {
			members[group] = append(members[group], aws.ToString(u.UserName))
		}
	}
	return principals{
		users:    collect(out.UserDetailList, iamUserOf),
		groups:   collect(out.GroupDetailList, iamGroupOf),
		roles:    collect(out.RoleDetailList, iamRoleOf),
		policies: collect(out.Policies, iamPolicyOf),
		members:  members,
		whole:    !out.IsTruncated,
	}
}

func detailsOf(kinds ...types.EntityType) *iam.GetAccountAuthorizationDetailsInput {
	return &iam.GetAccountAuthorizationDetailsInput{Filter: kinds, MaxItems: aws.Int32(1000)}
}

func iamTags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func attachedPolicies(items []types.AttachedPolicy) []string {
	return sdk.List(items, func(p types.AttachedPolicy) *string { return p.PolicyArn })
}

func inlinePolicies(items []types.PolicyDetail) []string {
	return sdk.List(items, func(p types.PolicyDetail) *string { return p.PolicyName })
}

func boundary(b *types.AttachedPermissionsBoundary) any {
	if b == nil {
		return nil
	}
	return sdk.Str(b.PermissionsBoundaryArn)
}
