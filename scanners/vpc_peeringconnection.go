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

// vpcPeeringConnection lists a connection once at each of its ends that is in
// the account.
var vpcPeeringConnection = Scanner{
	Type:        "VPC_PeeringConnection",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:vpc-peering-connection/"},
	Permissions: []string{"ec2:DescribeVpcPeeringConnections"},
	Metadata:    []string{"requester_vpc_id", "accepter_vpc_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeVpcPeeringConnectionsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeVpcPeeringConnectionsInput, out *ec2.DescribeVpcPeeringConnectionsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeVpcPeeringConnections, in, cursor, func(page *ec2.DescribeVpcPeeringConnectionsOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, c := range page.VpcPeeringConnections {
				if r, ok := peering(t, c); ok {
					rs = append(rs, r)
				}
			}
			return rs
		})
	},
}

// peering returns false for a connection that is over: AWS shows it for hours or days.
func peering(t Target, c types.VpcPeeringConnection) (tracker.Resource, bool) {
	status := cmp.Or(c.Status, &types.VpcPeeringConnectionStateReason{})
	switch status.Code {
	case types.VpcPeeringConnectionStateReasonCodeDeleted, types.VpcPeeringConnectionStateReasonCodeRejected,
		types.VpcPeeringConnectionStateReasonCodeExpired, types.VpcPeeringConnectionStateReasonCodeFailed:
		return tracker.Resource{}, false
	}
	id, tags := aws.ToString(c.VpcPeeringConnectionId), ec2Tags(c.Tags)
	requester := cmp.Or(c.RequesterVpcInfo, &types.VpcPeeringConnectionVpcInfo{})
	accepter := cmp.Or(c.AccepterVpcInfo, &types.VpcPeeringConnectionVpcInfo{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "vpc-peering-connection/"+id),
		State: cmp.Or(string(status.Code), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"requester_vpc_id":  sdk.Str(requester.VpcId),
			"requester_account": sdk.Str(requester.OwnerId),
			"requester_region":  sdk.Str(requester.Region),
			"accepter_vpc_id":   sdk.Str(accepter.VpcId),
			"accepter_account":  sdk.Str(accepter.OwnerId),
			"accepter_region":   sdk.Str(accepter.Region),
			"expires":           sdk.Stamp(c.ExpirationTime),
		},
	}, true
}
