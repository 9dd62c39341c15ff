package scanners

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var transitGateway = Scanner{
	Type:        "Transit_Gateway",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:transit-gateway/"},
	Permissions: []string{"ec2:DescribeTransitGateways"},
	Metadata:    []string{"amazon_side_asn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeTransitGatewaysInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeTransitGatewaysInput, out *ec2.DescribeTransitGatewaysOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeTransitGateways, in, cursor, func(page *ec2.DescribeTransitGatewaysOutput) []tracker.Resource {
			own := slices.DeleteFunc(page.TransitGateways, func(g types.TransitGateway) bool {
				return !t.owns(g.OwnerId) || g.State == types.TransitGatewayStateDeleted
			})
			return collect(own, func(g types.TransitGateway) tracker.Resource { return transitGatewayOf(t, g) })
		})
	},
}

func transitGatewayOf(t Target, g types.TransitGateway) tracker.Resource {
	id, tags := aws.ToString(g.TransitGatewayId), ec2Tags(g.Tags)
	options := cmp.Or(g.Options, &types.TransitGatewayOptions{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     cmp.Or(aws.ToString(g.TransitGatewayArn), t.arn("ec2", "transit-gateway/"+id)),
		State:   cmp.Or(string(g.State), stateUnknown),
		Created: tracker.At(g.CreationTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"description":             sdk.Str(g.Description),
			"amazon_side_asn":         sdk.Num(options.AmazonSideAsn),
			"auto_accept_attachments": sdk.Text(options.AutoAcceptSharedAttachments),
			"cidr_blocks":             sdk.Names(options.TransitGatewayCidrBlocks),
		},
	}
}
