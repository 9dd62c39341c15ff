package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var vpnGateway = Scanner{
	Type:        "VPN_Gateway",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:vpn-gateway/"},
	Permissions: []string{"ec2:DescribeVpnGateways"},
	Metadata:    []string{"vpc_ids", "type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeVpnGateways has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{})
		if err != nil {
			return err
		}
		var rs []tracker.Resource
		for _, g := range out.VpnGateways {
			if g.State != types.VpnStateDeleted {
				rs = append(rs, privateGateway(t, g))
			}
		}
		return emit(rs...)
	},
}

func privateGateway(t Target, g types.VpnGateway) tracker.Resource {
	id, tags := aws.ToString(g.VpnGatewayId), ec2Tags(g.Tags)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "vpn-gateway/"+id),
		State: cmp.Or(string(g.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			// Former attachments stay in the answer as detached.
			"vpc_ids": sdk.List(g.VpcAttachments, func(a types.VpcAttachment) *string {
				if a.State == types.AttachmentStatusDetached {
					return nil
				}
				return a.VpcId
			}),

			"type":            sdk.Text(g.Type),
			"amazon_side_asn": sdk.Num(g.AmazonSideAsn),
		},
	}
}
