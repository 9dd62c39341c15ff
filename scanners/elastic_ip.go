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

var elasticIP = Scanner{
	Type:        "Elastic_IP",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:elastic-ip/"},
	Permissions: []string{"ec2:DescribeAddresses"},
	Metadata:    []string{"public_ip", "associated_instance", "associated_eni"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeAddresses has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
		if err != nil {
			return err
		}
		return emit(collect(out.Addresses, func(a types.Address) tracker.Resource { return address(t, a) })...)
	},
}

func address(t Target, a types.Address) tracker.Resource {
	ip := cmp.Or(aws.ToString(a.PublicIp), aws.ToString(a.CarrierIp), aws.ToString(a.CustomerOwnedIp))
	// An address outside a VPC has no allocation.
	id := cmp.Or(aws.ToString(a.AllocationId), ip)
	state := "unassociated"
	if cmp.Or(aws.ToString(a.AssociationId), aws.ToString(a.InstanceId), aws.ToString(a.NetworkInterfaceId)) != "" {
		state = "associated"
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(ip),
		ARN:   t.arn("ec2", "elastic-ip/"+id),
		State: state,
		Tags:  ec2Tags(a.Tags),
		Metadata: tracker.Metadata{
			"public_ip":           sdk.Str(a.PublicIp),
			"associated_instance": sdk.Str(a.InstanceId),
			"associated_eni":      sdk.Str(a.NetworkInterfaceId),

			"association_id":       sdk.Str(a.AssociationId),
			"private_ip":           sdk.Str(a.PrivateIpAddress),
			"domain":               sdk.Text(a.Domain),
			"network_border_group": sdk.Str(a.NetworkBorderGroup),
			"public_ipv4_pool":     sdk.Str(a.PublicIpv4Pool),
			// The AWS service that made the address and alone may release it.
			"service_managed": sdk.Text(a.ServiceManaged),
		},
	}
}
