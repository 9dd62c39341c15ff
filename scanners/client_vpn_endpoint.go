package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var clientVPNEndpoint = Scanner{
	Type:        "ClientVPN_Endpoint",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:client-vpn-endpoint/"},
	Permissions: []string{"ec2:DescribeClientVpnEndpoints"},
	Metadata:    []string{"vpc_id", "client_cidr_block", "split_tunnel"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeClientVpnEndpointsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeClientVpnEndpointsInput, out *ec2.DescribeClientVpnEndpointsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeClientVpnEndpoints, in, cursor, func(page *ec2.DescribeClientVpnEndpointsOutput) []tracker.Resource {
			return collect(page.ClientVpnEndpoints, func(e types.ClientVpnEndpoint) tracker.Resource { return clientVPN(t, e) })
		})
	},
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
		},
	}
}
