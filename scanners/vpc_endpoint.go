package scanners

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var vpcEndpoint = Scanner{
	Type:        "VPC_Endpoint",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:vpc-endpoint/"},
	Permissions: []string{"ec2:DescribeVpcEndpoints"},
	Metadata:    []string{"type", "service_name", "vpc_id", "subnet_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeVpcEndpointsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeVpcEndpointsInput, out *ec2.DescribeVpcEndpointsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeVpcEndpoints, in, cursor, func(page *ec2.DescribeVpcEndpointsOutput) []tracker.Resource {
			own := slices.DeleteFunc(page.VpcEndpoints, func(e types.VpcEndpoint) bool {
				return !t.owns(e.OwnerId) || strings.EqualFold(string(e.State), string(types.StateDeleted))
			})
			return collect(own, func(e types.VpcEndpoint) tracker.Resource { return vpcEndpointOf(t, e) })
		})
	},
}

func vpcEndpointOf(t Target, e types.VpcEndpoint) tracker.Resource {
	id, tags := aws.ToString(e.VpcEndpointId), ec2Tags(e.Tags)
	failure := cmp.Or(e.LastError, &types.LastError{})
	return tracker.Resource{
		ID:   id,
		Name: tracker.Named(tags["Name"]),
		ARN:  t.arn("ec2", "vpc-endpoint/"+id),
		// The SDK knows states as "Available", AWS answers "available".
		State:   lower(e.State),
		Created: tracker.At(e.CreationTimestamp),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"type":         sdk.Text(e.VpcEndpointType),
			"service_name": sdk.Str(e.ServiceName),
			"vpc_id":       sdk.Str(e.VpcId),
			// An interface endpoint is billed for each zone, which is each subnet.
			"subnet_ids":            sdk.Names(e.SubnetIds),
			"route_table_ids":       sdk.Names(e.RouteTableIds),
			"network_interface_ids": sdk.Names(e.NetworkInterfaceIds),
			"security_group_ids":    sdk.List(e.Groups, func(g types.SecurityGroupIdentifier) *string { return g.GroupId }),
			"private_dns":           sdk.Opt(e.PrivateDnsEnabled),
			"requester_managed":     sdk.Opt(e.RequesterManaged),
			"failure_message":       sdk.Text(cmp.Or(aws.ToString(failure.Message), aws.ToString(e.FailureReason))),
		},
	}
}
