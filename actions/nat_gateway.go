package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var natGateway = kind{
	Type:        "NAT_Gateway",
	permissions: []string{"ec2:DescribeNatGateways"},
	watch:       []string{"subnet_id"},
	rests:       []string{"available", "deleted", "failed"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		n, there, err := natGateways.get(ctx, t, id)
		// AWS shows a deleted gateway for about an hour.
		if err != nil || !there || n.State == types.NatGatewayStateDeleted {
			return gone(), err
		}
		tags := ec2Tags(n.Tags)
		return tracker.Resource{
			Name:    tracker.Named(tags["Name"], "Unnamed"),
			ARN:     t.arn("ec2", "natgateway/"+id),
			State:   cmp.Or(string(n.State), stateUnknown),
			Created: tracker.At(n.CreateTime),
			Tags:    tags,
			Metadata: tracker.Metadata{
				"subnet_id":      sdk.Str(n.SubnetId),
				factReason:       reason(n.FailureCode, n.FailureMessage),
				"vpc_id":         sdk.Str(n.VpcId),
				"allocation_ids": sdk.List(n.NatGatewayAddresses, func(a types.NatGatewayAddress) *string { return a.AllocationId }),
			},
		}, nil
	},
}

// natGateways are described 200 in a call: more than a region has by default, five
// in each zone.
var natGateways = byID(200, "nat-gateway-id", func(n types.NatGateway) *string { return n.NatGatewayId },
	"NatGatewayNotFound", "NatGatewayMalformed", listNATGateways)

func listNATGateways(ctx context.Context, t Target, by choice) ([]types.NatGateway, error) {
	in := &ec2.DescribeNatGatewaysInput{NatGatewayIds: by.ids, Filter: by.filters}
	cursor := func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeNatGateways, in, cursor,
		func(out *ec2.DescribeNatGatewaysOutput) []types.NatGateway { return out.NatGateways })
}

var natGatewayDelete = Action{
	kind:     natGateway,
	Verb:     "delete",
	Summary:  "Deletes the gateway; its Elastic IP addresses stay and cost as before.",
	Destroys: true,
	After:    vanishes,
	Deadline: 20 * time.Minute,
	From:     []string{"pending", "available", "failed"},
	Via:      []string{"deleting"},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: "nat_in_route_table", liftable: true, how: "remove the route",
		permissions: []string{"ec2:DescribeRouteTables"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			tables, there, err := routesByNAT.get(ctx, l.Target, l.ID)
			if err != nil || !there {
				return "", nil, err
			}
			l.depends("the route through it in %s would lead nowhere", tables...)
			return fmt.Sprintf("route table %s sends traffic through it", strings.Join(tables, ", ")), nil, nil
		},
	}},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		for _, id := range l.Metadata.List("allocation_ids") {
			l.note("its address %s stays allocated", id)
		}
		return nil
	}}},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "ec2:DeleteNatGateway",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.DeleteNatGatewayInput{NatGatewayId: c.id(), DryRun: c.dry}
			return none(ec2.NewFromConfig(c.Config).DeleteNatGateway(ctx, in))
		},
	}},
	dryRun: true,
}

// routesByNAT names the route tables that send traffic through a gateway.
var routesByNAT = &bulk[[]string]{
	most: ec2Values,
	ask: func(ctx context.Context, t Target, gateways []string) (map[string][]string, error) {
		in := &ec2.DescribeRouteTablesInput{Filters: where("route.nat-gateway-id", gateways...).filters}
		cursor := func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		tables, err := gathered(ctx, ec2.NewFromConfig(t.Config).DescribeRouteTables, in, cursor,
			func(out *ec2.DescribeRouteTablesOutput) []types.RouteTable { return out.RouteTables })
		through := map[string][]string{}
		for _, table := range tables {
			for _, r := range table.Routes {
				if id := aws.ToString(r.NatGatewayId); id != "" {
					through[id] = sdk.Distinct(append(through[id], aws.ToString(table.RouteTableId)))
				}
			}
		}
		return through, err
	},
}
