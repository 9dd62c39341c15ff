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

var internetGateway = Scanner{
	Type:        "Internet_Gateway",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:internet-gateway/"},
	Permissions: []string{"ec2:DescribeInternetGateways"},
	Metadata:    []string{"vpc_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeInternetGatewaysInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeInternetGatewaysInput, out *ec2.DescribeInternetGatewaysOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeInternetGateways, in, cursor, func(page *ec2.DescribeInternetGatewaysOutput) []tracker.Resource {
			own := owned(t, page.InternetGateways, func(g types.InternetGateway) *string { return g.OwnerId })
			return collect(own, func(g types.InternetGateway) tracker.Resource { return internetGatewayOf(t, g) })
		})
	},
}

// internetGatewayOf takes the attachment for the state, as a gateway has at most
// one; AWS says "available" where it means attached.
func internetGatewayOf(t Target, g types.InternetGateway) tracker.Resource {
	id, tags := aws.ToString(g.InternetGatewayId), ec2Tags(g.Tags)
	state := "detached"
	for _, a := range g.Attachments {
		state = cmp.Or(string(a.State), stateUnknown)
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "internet-gateway/"+id),
		State: state,
		Tags:  tags,
		Metadata: tracker.Metadata{
			"vpc_ids": sdk.List(g.Attachments, func(a types.InternetGatewayAttachment) *string { return a.VpcId }),
		},
	}
}
