package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// clientVPNEndpoint asks for the networks of each endpoint: it is charged by them,
// and they are not in the list.
var clientVPNEndpoint = Scanner{
	Type:        "ClientVPN_Endpoint",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:client-vpn-endpoint/"},
	Permissions: []string{"ec2:DescribeClientVpnEndpoints", "ec2:DescribeClientVpnTargetNetworks"},
	Metadata:    []string{"vpc_id", "client_cidr_block", "split_tunnel"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := ec2.NewFromConfig(t.Config)
		in := &ec2.DescribeClientVpnEndpointsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeClientVpnEndpointsInput, out *ec2.DescribeClientVpnEndpointsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		networks := func(ctx context.Context, r *tracker.Resource) error { return clientVPNNetworks(ctx, client, r) }
		return withDetails(ctx, emit, networks, func(emit Emit) error {
			return listPages(ctx, emit, client.DescribeClientVpnEndpoints, in, cursor, func(page *ec2.DescribeClientVpnEndpointsOutput) []tracker.Resource {
				return collect(page.ClientVpnEndpoints, func(e types.ClientVpnEndpoint) tracker.Resource { return clientVPN(t, e) })
			})
		})
	},
}

// clientVPNNetworks notes the subnets that an endpoint is associated with.
func clientVPNNetworks(ctx context.Context, client *ec2.Client, r *tracker.Resource) error {
	subnets := []string{}
	if r.State != string(types.ClientVpnEndpointStatusCodePendingAssociate) {
		in := &ec2.DescribeClientVpnTargetNetworksInput{ClientVpnEndpointId: &r.ID, MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeClientVpnTargetNetworksInput, out *ec2.DescribeClientVpnTargetNetworksOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		for page, err := range sdk.Pages(ctx, client.DescribeClientVpnTargetNetworks, in, cursor) {
			if err != nil {
				return err
			}
			for _, n := range page.ClientVpnTargetNetworks {
				if n.Status != nil && n.Status.Code == types.AssociationStatusCodeAssociated {
					subnets = append(subnets, aws.ToString(n.TargetNetworkId))
				}
			}
		}
	}
	r.Metadata["subnet_ids"] = subnets
	return nil
}

func clientVPN(t Target, e types.ClientVpnEndpoint) tracker.Resource {
	id, tags := aws.ToString(e.ClientVpnEndpointId), ec2Tags(e.Tags)
	created := strings.TrimSuffix(aws.ToString(e.CreationTime), "Z") + "Z" // AWS leaves the zone out
	status := cmp.Or(e.Status, &types.ClientVpnEndpointStatus{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     t.arn("ec2", "client-vpn-endpoint/"+id),
		State:   cmp.Or(string(status.Code), stateUnknown),
		Created: sdk.Moment(&created),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"description":        sdk.Str(e.Description),
			"status_reason":      sdk.Str(status.Message),
			"dns_name":           sdk.Str(e.DnsName),
			"client_cidr_block":  sdk.Str(e.ClientCidrBlock),
			"split_tunnel":       sdk.Opt(e.SplitTunnel),
			"protocol":           sdk.Text(e.TransportProtocol),
			"port":               sdk.Num(e.VpnPort),
			"authentication":     sdk.List(e.AuthenticationOptions, func(a types.ClientVpnAuthentication) *string { return aws.String(string(a.Type)) }),
			"certificate_arn":    sdk.Str(e.ServerCertificateArn),
			"vpc_id":             sdk.Str(e.VpcId),
			"security_group_ids": sdk.Names(e.SecurityGroupIds),

			"subnet_ids": nil,
		},
	}
}
