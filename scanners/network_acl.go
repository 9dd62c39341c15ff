package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var networkACL = Scanner{
	Type:        "Network_ACL",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:network-acl/"},
	Permissions: []string{"ec2:DescribeNetworkAcls"},
	Metadata:    []string{"vpc_id", "default", "subnet_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeNetworkAclsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeNetworkAclsInput, out *ec2.DescribeNetworkAclsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeNetworkAcls, in, cursor, func(page *ec2.DescribeNetworkAclsOutput) []tracker.Resource {
			return collect(owned(t, page.NetworkAcls, func(a types.NetworkAcl) *string { return a.OwnerId }), func(a types.NetworkAcl) tracker.Resource { return acl(t, a) })
		})
	},
}

func acl(t Target, a types.NetworkAcl) tracker.Resource {
	id, tags := aws.ToString(a.NetworkAclId), ec2Tags(a.Tags)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "network-acl/"+id),
		State: stateActive,
		Tags:  tags,
		Metadata: tracker.Metadata{
			"vpc_id": sdk.Str(a.VpcId),
			// A VPC's default list goes with the VPC only.
			"default":     sdk.Opt(a.IsDefault),
			"subnet_ids":  sdk.List(a.Associations, func(a types.NetworkAclAssociation) *string { return a.SubnetId }),
			"entry_count": int64(len(a.Entries)),
		},
	}
}
