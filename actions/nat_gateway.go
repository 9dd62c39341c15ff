package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var natGateway = kind{
	Type:        "NAT_Gateway",
	permissions: []string{"ec2:DescribeNatGateways"},
	watch:       []string{"subnet_id"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		out, err := ec2.NewFromConfig(t.Config).DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}})
		if err != nil {
			return missing(err, "NatGatewayNotFound")
		}
		// AWS shows a deleted gateway for about an hour.
		if len(out.NatGateways) == 0 || out.NatGateways[0].State == types.NatGatewayStateDeleted {
			return gone(), nil
		}
		n := out.NatGateways[0]
		tags := ec2Tags(n.Tags)
		return tracker.Resource{
			Name:    tracker.Named(tags["Name"], "Unnamed"),
			ARN:     t.arn("ec2", "natgateway/"+id),
			State:   cmp.Or(string(n.State), stateUnknown),
			Created: tracker.At(n.CreateTime),
			Tags:    tags,
			Metadata: tracker.Metadata{
				"subnet_id":      sdk.Str(n.SubnetId),
				"vpc_id":         sdk.Str(n.VpcId),
				"allocation_ids": sdk.List(n.NatGatewayAddresses, func(a types.NatGatewayAddress) *string { return a.AllocationId }),
			},
		}, nil
	},
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
			out, err := ec2.NewFromConfig(l.Config).DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
				Filters: []types.Filter{{Name: aws.String("route.nat-gateway-id"), Values: []string{l.ID}}},
			})
			if err != nil || len(out.RouteTables) == 0 {
				return "", nil, err
			}
			tables := sdk.List(out.RouteTables, func(t types.RouteTable) *string { return t.RouteTableId })
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
		Step: Step{Name: "delete"}, action: "ec2:DeleteNatGateway",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.DeleteNatGatewayInput{NatGatewayId: c.id(), DryRun: c.dry}
			return none(ec2.NewFromConfig(c.Config).DeleteNatGateway(ctx, in))
		},
	}},
	dryRun: true,
}
