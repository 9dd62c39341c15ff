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

var customerGateway = Scanner{
	Type:        "Customer_Gateway",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:customer-gateway/"},
	Permissions: []string{"ec2:DescribeCustomerGateways"},
	Metadata:    []string{"ip_address", "bgp_asn", "type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeCustomerGateways has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeCustomerGateways(ctx, &ec2.DescribeCustomerGatewaysInput{})
		if err != nil {
			return err
		}
		var rs []tracker.Resource
		for _, g := range out.CustomerGateways {
			if aws.ToString(g.State) != "deleted" {
				rs = append(rs, customersGateway(t, g))
			}
		}
		return emit(rs...)
	},
}

func customersGateway(t Target, g types.CustomerGateway) tracker.Resource {
	id, tags := aws.ToString(g.CustomerGatewayId), ec2Tags(g.Tags)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "customer-gateway/"+id),
		State: cmp.Or(aws.ToString(g.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"ip_address":      sdk.Str(g.IpAddress),
			"bgp_asn":         sdk.Text(cmp.Or(aws.ToString(g.BgpAsn), aws.ToString(g.BgpAsnExtended))),
			"type":            sdk.Str(g.Type),
			"device_name":     sdk.Str(g.DeviceName),
			"certificate_arn": sdk.Str(g.CertificateArn),
		},
	}
}
