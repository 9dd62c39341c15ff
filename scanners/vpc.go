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

var vpc = Scanner{
	Type:        "VPC",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:vpc/"},
	Permissions: []string{"ec2:DescribeVpcs"},
	Metadata:    []string{"cidr_block", "is_default"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeVpcsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeVpcsInput, out *ec2.DescribeVpcsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeVpcs, in, cursor, func(page *ec2.DescribeVpcsOutput) []tracker.Resource {
			own := owned(t, page.Vpcs, func(v types.Vpc) *string { return v.OwnerId })
			return collect(own, func(v types.Vpc) tracker.Resource { return vpcOf(t, v) })
		})
	},
}

func vpcOf(t Target, v types.Vpc) tracker.Resource {
	id, tags := aws.ToString(v.VpcId), ec2Tags(v.Tags)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "vpc/"+id),
		State: cmp.Or(string(v.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"cidr_block":       sdk.Str(v.CidrBlock),
			"cidr_blocks":      sdk.List(v.CidrBlockAssociationSet, func(a types.VpcCidrBlockAssociation) *string { return a.CidrBlock }),
			"ipv6_cidr_blocks": sdk.List(v.Ipv6CidrBlockAssociationSet, func(a types.VpcIpv6CidrBlockAssociation) *string { return a.Ipv6CidrBlock }),
			"is_default":       sdk.Opt(v.IsDefault),
			"tenancy":          sdk.Text(v.InstanceTenancy),
			"dhcp_options_id":  sdk.Str(v.DhcpOptionsId),
		},
	}
}
