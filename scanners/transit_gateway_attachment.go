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

// transitGatewayAttachment lists the attachments of what the account owns: the owner
// of what is attached pays, and the owner of the gateway may be another account.
var transitGatewayAttachment = Scanner{
	Type:        "Transit_Gateway_Attachment",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:transit-gateway-attachment/"},
	Permissions: []string{"ec2:DescribeTransitGatewayAttachments"},
	Metadata:    []string{"transit_gateway_id", "resource_type", "resource_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeTransitGatewayAttachmentsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeTransitGatewayAttachmentsInput, out *ec2.DescribeTransitGatewayAttachmentsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeTransitGatewayAttachments, in, cursor, func(page *ec2.DescribeTransitGatewayAttachmentsOutput) []tracker.Resource {
			kept := slices.DeleteFunc(page.TransitGatewayAttachments, func(a types.TransitGatewayAttachment) bool {
				return a.State == types.TransitGatewayAttachmentStateDeleted || !t.attached(a)
			})
			return collect(kept, func(a types.TransitGatewayAttachment) tracker.Resource { return transitGatewayAttachmentOf(t, a) })
		})
	},
}

// attached reports whether an attachment is the account's. Of two gateways that are
// attached to each other, AWS names the other's owner, and each owner has its half.
func (t Target) attached(a types.TransitGatewayAttachment) bool {
	if a.ResourceType == types.TransitGatewayAttachmentResourceTypePeering {
		return t.owns(a.TransitGatewayOwnerId)
	}
	return t.owns(a.ResourceOwnerId)
}

func transitGatewayAttachmentOf(t Target, a types.TransitGatewayAttachment) tracker.Resource {
	id, tags := aws.ToString(a.TransitGatewayAttachmentId), ec2Tags(a.Tags)
	association := cmp.Or(a.Association, &types.TransitGatewayAttachmentAssociation{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     t.arn("ec2", "transit-gateway-attachment/"+id),
		State:   cmp.Or(string(a.State), stateUnknown),
		Created: tracker.At(a.CreationTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"transit_gateway_id":       sdk.Str(a.TransitGatewayId),
			"transit_gateway_owner_id": sdk.Str(a.TransitGatewayOwnerId),
			"resource_type":            sdk.Text(a.ResourceType),
			"resource_id":              sdk.Str(a.ResourceId),
			"resource_owner_id":        sdk.Str(a.ResourceOwnerId),
			"route_table_id":           sdk.Str(association.TransitGatewayRouteTableId),
		},
	}
}
