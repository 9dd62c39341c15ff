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

var vpnConnection = Scanner{
	Type:        "VPN_Connection",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:vpn-connection/"},
	Permissions: []string{"ec2:DescribeVpnConnections"},
	Metadata:    []string{"vpn_gateway_id", "transit_gateway_id", "customer_gateway_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeVpnConnections has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeVpnConnections(ctx, &ec2.DescribeVpnConnectionsInput{})
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(out.VpnConnections, func(v types.VpnConnection) bool { return v.State == types.VpnStateDeleted })
		return emit(collect(kept, func(v types.VpnConnection) tracker.Resource { return vpnConnectionOf(t, v) })...)
	},
}

// vpnConnectionOf leaves out the configuration for the customer's gateway: it
// holds the pre-shared keys.
func vpnConnectionOf(t Target, v types.VpnConnection) tracker.Resource {
	id, tags := aws.ToString(v.VpnConnectionId), ec2Tags(v.Tags)
	options := cmp.Or(v.Options, &types.VpnConnectionOptions{})
	var up int64
	for _, tunnel := range v.VgwTelemetry {
		if tunnel.Status == types.TelemetryStatusUp {
			up++
		}
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "vpn-connection/"+id),
		State: cmp.Or(string(v.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"type":                sdk.Text(v.Type),
			"customer_gateway_id": sdk.Str(v.CustomerGatewayId),
			"vpn_gateway_id":      sdk.Str(v.VpnGatewayId),
			"transit_gateway_id":  sdk.Str(v.TransitGatewayId),
			"core_network_arn":    sdk.Str(v.CoreNetworkArn),
			"static_routes_only":  sdk.Opt(options.StaticRoutesOnly),
			"acceleration":        sdk.Opt(options.EnableAcceleration),
			"tunnel_bandwidth":    sdk.Text(options.TunnelBandwidth),
			"tunnels":             int64(len(v.VgwTelemetry)),
			"tunnels_up":          up,
		},
	}
}
