package scanners

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// networkInterface lists every interface, those included that other services
// made: together they carry all public IPv4 addresses that are billed.
var networkInterface = Scanner{
	Type:        "Network_Interface",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:network-interface/"},
	Permissions: []string{"ec2:DescribeNetworkInterfaces"},
	Metadata:    []string{"public_ip", "public_ips", "requester_id", "instance_id", "attachment_id", "vpc_id", "subnet_id", "security_group_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeNetworkInterfacesInput{IncludeManagedResources: aws.Bool(true), MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeNetworkInterfacesInput, out *ec2.DescribeNetworkInterfacesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeNetworkInterfaces, in, cursor, func(page *ec2.DescribeNetworkInterfacesOutput) []tracker.Resource {
			own := owned(t, page.NetworkInterfaces, func(i types.NetworkInterface) *string { return i.OwnerId })
			return collect(own, func(i types.NetworkInterface) tracker.Resource { return networkInterfaceOf(t, i) })
		})
	},
}

func networkInterfaceOf(t Target, i types.NetworkInterface) tracker.Resource {
	id, tags := aws.ToString(i.NetworkInterfaceId), ec2Tags(i.TagSet)
	association := cmp.Or(i.Association, &types.NetworkInterfaceAssociation{})
	attachment := cmp.Or(i.Attachment, &types.NetworkInterfaceAttachment{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "network-interface/"+id),
		State: cmp.Or(string(i.Status), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"public_ip":             sdk.Str(association.PublicIp),
			"public_ips":            publicIPs(i.PrivateIpAddresses, association),
			"allocation_id":         sdk.Str(association.AllocationId),
			"allocation_ids":        elasticIPs(i.PrivateIpAddresses, association),
			"private_ip":            sdk.Str(i.PrivateIpAddress),
			"interface_type":        sdk.Text(i.InterfaceType),
			"description":           sdk.Str(i.Description),
			"requester_id":          sdk.Str(i.RequesterId),
			"requester_managed":     sdk.Opt(i.RequesterManaged),
			"operator":              operatorOf(i.Operator),
			"vpc_id":                sdk.Str(i.VpcId),
			"subnet_id":             sdk.Str(i.SubnetId),
			"availability_zone":     sdk.Str(i.AvailabilityZone),
			"security_group_ids":    sdk.List(i.Groups, func(g types.GroupIdentifier) *string { return g.GroupId }),
			"attachment_id":         sdk.Str(attachment.AttachmentId),
			"instance_id":           sdk.Str(attachment.InstanceId),
			"attachment_status":     sdk.Text(attachment.Status),
			"attached_at":           sdk.Stamp(attachment.AttachTime),
			"device_index":          sdk.Num(attachment.DeviceIndex),
			"delete_on_termination": sdk.Opt(attachment.DeleteOnTermination),
		},
	}
}

// publicIPs returns the public address of every private one.
func publicIPs(private []types.NetworkInterfacePrivateIpAddress, primary *types.NetworkInterfaceAssociation) []string {
	return associated(private, primary, func(a *types.NetworkInterfaceAssociation) *string { return a.PublicIp })
}

// elasticIPs returns which of the public addresses are Elastic IPs, that are
// there without the interface.
func elasticIPs(private []types.NetworkInterfacePrivateIpAddress, primary *types.NetworkInterfaceAssociation) []string {
	return associated(private, primary, func(a *types.NetworkInterfaceAssociation) *string { return a.AllocationId })
}

// associated returns one string of each association of an interface.
func associated(private []types.NetworkInterfacePrivateIpAddress, primary *types.NetworkInterfaceAssociation, of func(*types.NetworkInterfaceAssociation) *string) []string {
	all := sdk.List(private, func(p types.NetworkInterfacePrivateIpAddress) *string {
		if p.Association == nil {
			return nil
		}
		return of(p.Association)
	})

	if s := aws.ToString(of(primary)); s != "" && !slices.Contains(all, s) {
		all = append(all, s)
	}
	return all
}

// operatorOf names the AWS service that manages a resource and alone may change it.
func operatorOf(o *types.OperatorResponse) any {
	if o == nil {
		return nil
	}
	return sdk.Str(o.Principal)
}
