package simulator

import (
	"slices"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// describeAddresses answers all addresses at once: the API has no pages.
func describeAddresses(r *request, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
	lo, hi := r.estate.span(addresses, r.Region)
	wanted := make([]int, 0, hi-lo)
	if len(in.AllocationIds) > 0 {
		found, err := r.locateAll(addresses, in.AllocationIds)
		if err != nil {
			return nil, err
		}
		wanted = found
	} else {
		for n := lo; n < hi; n++ {
			wanted = append(wanted, n)
		}
	}
	unknown := ""
	list, _ := page(0, len(wanted), len(wanted), func(i int) (types.Address, bool) {
		v, ok := r.address(wanted[i])
		return v, ok && (len(in.PublicIps) == 0 || slices.Contains(in.PublicIps, *v.PublicIp)) &&
			matches(in.Filters, &v, addressField, &unknown)
	})
	if unknown != "" {
		return nil, r.unknownFilter(unknown)
	}
	return &ec2.DescribeAddressesOutput{Addresses: list}, nil
}

func (r *request) address(n int) (types.Address, bool) {
	e := r.estate
	_, with, ok := e.addressState(n, r.now)
	if !ok {
		return types.Address{}, false
	}
	id := e.id(addresses, n)
	v := types.Address{
		AllocationId:       new(hex17("eipalloc-", id)),
		Domain:             types.DomainTypeVpc,
		NetworkBorderGroup: &r.Region,
		PublicIp:           new(publicIP(id)),
		PublicIpv4Pool:     new("amazon"),
		Tags:               e.ec2Tags(addresses, n),
	}
	if with.associated {
		v.AssociationId = new(hex17("eipassoc-", mix(id)))
		v.NetworkInterfaceId = new(hex17("eni-", mix(e.id(with.kind, with.n))))
		v.NetworkInterfaceOwnerId = &e.account
		v.PrivateIpAddress = new(privateIP(e.id(with.kind, with.n)))
		if with.kind == instances {
			v.InstanceId = new(hex17("i-", e.id(instances, with.n)))
		}
	}
	return v, true
}

func addressField(v *types.Address, name string) ([]string, bool) {
	switch name {
	case "allocation-id":
		return text(v.AllocationId), true
	case "association-id":
		return text(v.AssociationId), true
	case "instance-id":
		return text(v.InstanceId), true
	case "public-ip":
		return text(v.PublicIp), true
	case "domain":
		return []string{string(v.Domain)}, true
	}
	return tagField(v.Tags, name)
}

func releaseAddress(r *request, in *ec2.ReleaseAddressInput) (*ec2.ReleaseAddressOutput, error) {
	if in.AllocationId == nil {
		return nil, r.refuse(400, "MissingParameter", "Either 'publicIp' or 'allocationId' must be provided.")
	}
	n, err := r.locate(addresses, *in.AllocationId)
	if err != nil {
		return nil, err
	}
	if _, with, _ := r.estate.addressState(n, r.now); with.associated {
		return nil, r.refuse(400, "InvalidIPAddress.InUse", "Address %s is in use.", publicIP(r.estate.id(addresses, n)))
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	r.estate.change(addresses, n, *in.AllocationId, vanish(r.now))
	return &ec2.ReleaseAddressOutput{}, nil
}
