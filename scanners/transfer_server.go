package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/transfer"
	"github.com/consolesensei/resource-tracker/internal/aws/transfer/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// transferServer asks for each server: what it is charged by, its protocols, is not
// in the list.
var transferServer = Scanner{
	Type:        "Transfer_Server",
	Service:     Service{ID: transfer.ServiceID, Prefix: "transfer", Protocol: JSON},
	ARNs:        []string{"transfer:server/"},
	Permissions: []string{"transfer:DescribeServer", "transfer:ListServers"},
	Metadata:    []string{"protocols", "endpoint_type", "domain"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := transfer.NewFromConfig(t.Config)
		describe := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeServer(ctx, &transfer.DescribeServerInput{ServerId: &r.ID})
			if err != nil || out.Server == nil {
				return err
			}
			r.Tags = sdk.Tags(out.Server.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
			r.Name = tracker.Named(r.Tags["Name"])
			r.Metadata["protocols"] = sdk.Names(out.Server.Protocols)
			r.Metadata["security_policy"] = sdk.Str(out.Server.SecurityPolicyName)
			r.Metadata["certificate_arn"] = sdk.Str(out.Server.Certificate)
			if e := out.Server.EndpointDetails; e != nil {
				r.Metadata["vpc_id"] = sdk.Str(e.VpcId)
				r.Metadata["vpc_endpoint_id"] = sdk.Str(e.VpcEndpointId)
				r.Metadata["subnet_ids"] = sdk.Names(e.SubnetIds)
			}
			return nil
		}
		in := &transfer.ListServersInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *transfer.ListServersInput, out *transfer.ListServersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, describe, func(emit Emit) error {
			return listPages(ctx, emit, client.ListServers, in, cursor, func(out *transfer.ListServersOutput) []tracker.Resource {
				return collect(out.Servers, transferServerOf)
			})
		})
	},
}

func transferServerOf(s types.ListedServer) tracker.Resource {
	return tracker.Resource{
		ID:    aws.ToString(s.ServerId),
		ARN:   aws.ToString(s.Arn),
		State: lower(s.State),
		Metadata: tracker.Metadata{
			"domain":            sdk.Text(s.Domain),
			"endpoint_type":     sdk.Text(s.EndpointType),
			"identity_provider": sdk.Text(s.IdentityProviderType),
			"user_count":        sdk.Num(s.UserCount),
			"role_arn":          sdk.Str(s.LoggingRole),

			"protocols":       nil,
			"security_policy": nil,
			"certificate_arn": nil,
			"vpc_id":          nil,
			"vpc_endpoint_id": nil,
			"subnet_ids":      nil,
		},
	}
}
