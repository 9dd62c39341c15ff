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

var routeTable = Scanner{
	Type:        "Route_Table",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:route-table/"},
	Permissions: []string{"ec2:DescribeRouteTables"},
	Metadata:    []string{"vpc_id", "main", "subnet_ids", "routes"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeRouteTables takes 100 at most.
		in := &ec2.DescribeRouteTablesInput{MaxResults: aws.Int32(100)}
		cursor := func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeRouteTables, in, cursor, func(page *ec2.DescribeRouteTablesOutput) []tracker.Resource {
			return collect(owned(t, page.RouteTables, func(r types.RouteTable) *string { return r.OwnerId }), func(r types.RouteTable) tracker.Resource { return routes(t, r) })
		})
	},
}

func routes(t Target, r types.RouteTable) tracker.Resource {
	id, tags := aws.ToString(r.RouteTableId), ec2Tags(r.Tags)
	primary := false
	for _, a := range r.Associations {
		primary = primary || aws.ToBool(a.Main)
	}
	table := make([]map[string]any, len(r.Routes))
	for i, route := range r.Routes {
		table[i] = map[string]any{
			"destination": sdk.Text(cmp.Or(aws.ToString(route.DestinationCidrBlock), aws.ToString(route.DestinationIpv6CidrBlock), aws.ToString(route.DestinationPrefixListId))),
			"target":      sdk.Text(routeTarget(route)),
			"state":       sdk.Text(route.State),
		}
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "route-table/"+id),
		State: stateActive,
		Tags:  tags,
		Metadata: tracker.Metadata{
			"vpc_id": sdk.Str(r.VpcId),
			// A VPC's main table goes with the VPC only.
			"main":        primary,
			"subnet_ids":  sdk.List(r.Associations, func(a types.RouteTableAssociation) *string { return a.SubnetId }),
			"gateway_ids": sdk.List(r.Associations, func(a types.RouteTableAssociation) *string { return a.GatewayId }),
			"routes":      table,
		},
	}
}

// routeTarget returns the ID of what a route leads to.
func routeTarget(r types.Route) string {
	return cmp.Or(
		aws.ToString(r.GatewayId), aws.ToString(r.NatGatewayId), aws.ToString(r.TransitGatewayId),
		aws.ToString(r.VpcPeeringConnectionId), aws.ToString(r.EgressOnlyInternetGatewayId),
		// The interface of an instance comes with the instance's ID.
		aws.ToString(r.InstanceId), aws.ToString(r.NetworkInterfaceId),
		aws.ToString(r.LocalGatewayId), aws.ToString(r.CarrierGatewayId),
		aws.ToString(r.CoreNetworkArn), aws.ToString(r.OdbNetworkArn),
	)
}
