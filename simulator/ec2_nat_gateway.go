package simulator

import (
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

func describeNatGateways(r *request, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
	list, next, err := ec2Page(r, selection{natGateways, in.NatGatewayIds, in.Filter, in.MaxResults, in.NextToken}, r.natGateway, natGatewayField)
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNatGatewaysOutput{NatGateways: list, NextToken: next}, nil
}

// natGateway makes a NAT gateway. It is private where the region has no address
// for it.
func (r *request) natGateway(n int) (types.NatGateway, bool) {
	e := r.estate
	state, ok := e.state(natGateways, n, "available", r.now)
	if !ok {
		return types.NatGateway{}, false
	}
	d := e.dice(natGateways, n, forDetail)
	id := e.id(natGateways, n)
	created := e.created(natGateways, n)
	_, vpc, subnet := e.places[r.Region].at(&d)
	v := types.NatGateway{
		NatGatewayId:     new(hex17("nat-", id)),
		ConnectivityType: types.ConnectivityTypePrivate,
		CreateTime:       &created,
		State:            types.NatGatewayState(state),
		SubnetId:         &subnet,
		VpcId:            &vpc,
		Tags:             e.ec2Tags(natGateways, n),
	}
	if state == "deleted" {
		return v, true
	}
	address := types.NatGatewayAddress{
		IsPrimary:          new(true),
		NetworkInterfaceId: new(hex17("eni-", mix(id))),
		PrivateIp:          new(privateIP(id)),
		Status:             types.NatGatewayAddressStatusSucceeded,
	}
	if a, ok := e.addressOf(natGateways, n, r.Region, r.now); ok {
		v.ConnectivityType = types.ConnectivityTypePublic
		address.AllocationId = new(hex17("eipalloc-", e.id(addresses, a)))
		address.AssociationId = new(hex17("eipassoc-", mix(e.id(addresses, a))))
		address.PublicIp = new(publicIP(e.id(addresses, a)))
	}
	v.NatGatewayAddresses = []types.NatGatewayAddress{address}
	return v, true
}

func natGatewayField(v *types.NatGateway, name string) ([]string, bool) {
	switch name {
	case "nat-gateway-id":
		return text(v.NatGatewayId), true
	case "state":
		return []string{string(v.State)}, true
	case "subnet-id":
		return text(v.SubnetId), true
	case "vpc-id":
		return text(v.VpcId), true
	}
	return tagField(v.Tags, name)
}

func deleteNatGateway(r *request, in *ec2.DeleteNatGatewayInput) (*ec2.DeleteNatGatewayOutput, error) {
	n, err := r.locate(natGateways, *in.NatGatewayId)
	if err != nil {
		return nil, err
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	apply := r.estate.remove(r.now, "deleting", "deleted", lasting)
	if state, _ := r.estate.state(natGateways, n, "available", r.now); state != "available" {
		apply = unchanged
	}
	r.estate.change(natGateways, n, *in.NatGatewayId, apply)
	return &ec2.DeleteNatGatewayOutput{NatGatewayId: in.NatGatewayId}, nil
}
