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

var subnet = Scanner{
	Type:        "Subnet",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:subnet/"},
	Permissions: []string{"ec2:DescribeSubnets"},
	Metadata:    []string{"vpc_id", "available_ip_count"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeSubnets, in, cursor, func(page *ec2.DescribeSubnetsOutput) []tracker.Resource {
			own := owned(t, page.Subnets, func(s types.Subnet) *string { return s.OwnerId })
			return collect(own, func(s types.Subnet) tracker.Resource { return subnetOf(t, s) })
		})
	},
}

func subnetOf(t Target, s types.Subnet) tracker.Resource {
	id, tags := aws.ToString(s.SubnetId), ec2Tags(s.Tags)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   cmp.Or(aws.ToString(s.SubnetArn), t.arn("ec2", "subnet/"+id)),
		State: cmp.Or(string(s.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"vpc_id":               sdk.Str(s.VpcId),
			"cidr_block":           sdk.Str(s.CidrBlock),
			"ipv6_cidr_blocks":     sdk.List(s.Ipv6CidrBlockAssociationSet, func(a types.SubnetIpv6CidrBlockAssociation) *string { return a.Ipv6CidrBlock }),
			"availability_zone":    sdk.Str(s.AvailabilityZone),
			"available_ip_count":   sdk.Num(s.AvailableIpAddressCount),
			"public_ip_on_launch":  sdk.Opt(s.MapPublicIpOnLaunch),
			"is_default":           sdk.Opt(s.DefaultForAz),
			"availability_zone_id": sdk.Str(s.AvailabilityZoneId),
			"outpost_arn":          sdk.Str(s.OutpostArn),
		},
	}
}
