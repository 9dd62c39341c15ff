package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cognitoidentityprovider"
	"github.com/consolesensei/resource-tracker/internal/aws/cognitoidentityprovider/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var cognitoUserPool = Scanner{
	Type:        "Cognito_UserPool",
	Service:     Service{ID: cognitoidentityprovider.ServiceID, Prefix: "cognito-idp", Protocol: JSON},
	ARNs:        []string{"cognito-idp:userpool/"},
	Permissions: []string{"cognito-idp:DescribeUserPool", "cognito-idp:ListUserPools"},
	Metadata:    []string{"users", "tier", "deletion_protection"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := cognitoidentityprovider.NewFromConfig(t.Config)
		// The list has neither tags nor the number of users.
		describe := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: aws.String(r.ID)})
			if err != nil {
				return err
			}
			*r = userPool(t, *out.UserPool)
			r.Metadata["users"] = int64(out.UserPool.EstimatedNumberOfUsers)
			return nil
		}
		in := &cognitoidentityprovider.ListUserPoolsInput{MaxResults: aws.Int32(60)}
		cursor := func(in *cognitoidentityprovider.ListUserPoolsInput, out *cognitoidentityprovider.ListUserPoolsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, describe, func(emit Emit) error {
			return listPages(ctx, emit, client.ListUserPools, in, cursor, func(page *cognitoidentityprovider.ListUserPoolsOutput) []tracker.Resource {
				return collect(page.UserPools, func(p types.UserPoolDescriptionType) tracker.Resource {
					return userPool(t, types.UserPoolType{Id: p.Id, Name: p.Name, CreationDate: p.CreationDate, LastModifiedDate: p.LastModifiedDate})
				})
			})
		})
	},
}

func userPool(t Target, p types.UserPoolType) tracker.Resource {
	id := aws.ToString(p.Id)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(p.Name), id),
		ARN:     cmp.Or(aws.ToString(p.Arn), t.arn("cognito-idp", "userpool/"+id)),
		State:   stateActive,
		Created: tracker.At(p.CreationDate),
		Tags:    p.UserPoolTags,
		Metadata: tracker.Metadata{
			"users":               nil,
			"tier":                sdk.Text(p.UserPoolTier),
			"mfa":                 sdk.Text(p.MfaConfiguration),
			"deletion_protection": sdk.Text(p.DeletionProtection),
			"domain":              sdk.Str(p.Domain),
			"custom_domain":       sdk.Str(p.CustomDomain),
			"last_modified":       sdk.Stamp(p.LastModifiedDate),
		},
	}
}
