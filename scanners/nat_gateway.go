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

var natGateway = Scanner{
	Type:        "NAT_Gateway",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:natgateway/"},
	Permissions: []string{"ec2:DescribeNatGateways"},
	Metadata:    []string{"subnet_id", "allocation_id", "public_ip"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeNatGatewaysInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		for page, err := range sdk.Pages(ctx, ec2.NewFromConfig(t.Config).DescribeNatGateways, in, cursor) {
			if err != nil {
				return err
			}
			var rs []tracker.Resource
			for _, n := range page.NatGateways {
				// AWS shows a deleted gateway for about an hour.
				if n.State != types.NatGatewayStateDeleted {
					rs = append(rs, gateway(t, n))
				}
			}
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return nil
	},
}

func gateway(t Target, n types.NatGateway) tracker.Resource {
	id := aws.ToString(n.NatGatewayId)
	primary := primaryAddress(n.NatGatewayAddresses)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     t.arn("ec2", "natgateway/"+id),
		State:   cmp.Or(string(n.State), stateUnknown),
		Created: tracker.At(n.CreateTime),
		Tags:    ec2Tags(n.Tags),
		Metadata: tracker.Metadata{
			"subnet_id":     sdk.Str(n.SubnetId),
			"allocation_id": sdk.Str(primary.AllocationId),
			"public_ip":     sdk.Str(primary.PublicIp),

			"vpc_id":               sdk.Str(n.VpcId),
			"connectivity_type":    sdk.Text(n.ConnectivityType),
			"availability_mode":    sdk.Text(n.AvailabilityMode),
			"availability_zones":   gatewayZones(n.NatGatewayAddresses),
			"private_ip":           sdk.Str(primary.PrivateIp),
			"network_interface_id": sdk.Str(primary.NetworkInterfaceId),
			"allocation_ids": sdk.List(n.NatGatewayAddresses, func(a types.NatGatewayAddress) *string {
				return a.AllocationId
			}),

			"failure_message": sdk.Str(n.FailureMessage),
		},
	}
}

// gatewayZones returns the zones that a regional gateway is in, each once: it is
// billed for each. AWS names no zone in the addresses of other gateways.
func gatewayZones(addresses []types.NatGatewayAddress) []string {
	zones := sdk.List(addresses, func(a types.NatGatewayAddress) *string { return cmp.Or(a.AvailabilityZone, a.AvailabilityZoneId) })
	slices.Sort(zones)
	return slices.Compact(zones)
}

// primaryAddress returns the address that a gateway was made with. A gateway has
// none while it is pending or when making it failed.
func primaryAddress(addresses []types.NatGatewayAddress) types.NatGatewayAddress {
	for _, a := range addresses {
		if aws.ToBool(a.IsPrimary) {
			return a
		}
	}
	if len(addresses) > 0 {
		return addresses[0]
	}
	return types.NatGatewayAddress{}
}
