package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// inEC2 notes a resource of EC2, whose ARN is made of its kind and ID.
func (s *seeder) inEC2(t tracker.Type, kind, id string, r tracker.Resource) {
	r.Type, r.ID, r.ARN = t, id, s.arn("ec2", kind+"/"+id)
	s.add(r)
}

func ec2Known(tags []types.Tag) map[string]string {
	all := map[string]string{}
	for _, t := range tags {
		all[*t.Key] = *t.Value
	}
	return all
}

// unnamed is the name of what has no tag "Name" in the types that say so.
func unnamed(tags map[string]string) *string { return tracker.Named(tags["Name"], "Unnamed") }

// network makes a VPC and what stands in one. What AWS adds to it by itself is
// noted by surroundings.
func (s *seeder) network() error {
	client := ec2.NewFromConfig(s.cfg)
	tags := func(kind types.ResourceType) []types.TagSpecification {
		_, spec := ec2Tags(kind, "shop", labels)
		return spec
	}
	all, _ := ec2Tags("", "shop", labels)
	name := aws.String("shop")

	vpc, err := client.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16"), TagSpecifications: tags(types.ResourceTypeVpc)})
	if err != nil {
		return err
	}
	vpcID := vpc.Vpc.VpcId
	s.inEC2("VPC", "vpc", *vpcID, tracker.Resource{
		Name: name, State: "available", Tags: all, Metadata: tracker.Metadata{"cidr_block": "10.1.0.0/16", "is_default": false},
	})

	subnet, err := client.CreateSubnet(s.ctx, &ec2.CreateSubnetInput{
		VpcId: vpcID, CidrBlock: aws.String("10.1.1.0/24"), AvailabilityZone: aws.String(s.region + "a"), TagSpecifications: tags(types.ResourceTypeSubnet),
	})
	if err != nil {
		return err
	}
	subnetID := subnet.Subnet.SubnetId

	group, err := client.CreateSecurityGroup(s.ctx, &ec2.CreateSecurityGroupInput{
		VpcId: vpcID, GroupName: aws.String("web"), Description: aws.String("from everywhere"), TagSpecifications: tags(types.ResourceTypeSecurityGroup),
	})
	if err != nil {
		return err
	}
	_, err = client.AuthorizeSecurityGroupIngress(s.ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: group.GroupId, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443), CidrIp: aws.String("0.0.0.0/0"),
	})
	if err != nil {
		return err
	}
	s.inEC2("Security_Group", "security-group", *group.GroupId, tracker.Resource{
		Name: aws.String("web"), State: "active", Tags: all,
		Metadata: tracker.Metadata{"vpc_id": *vpcID, "description": "from everywhere", "is_default": false, "rules_in": 1, "open_to_all": []string{"tcp 443"}},
	})

	gateway, err := client.CreateInternetGateway(s.ctx, &ec2.CreateInternetGatewayInput{TagSpecifications: tags(types.ResourceTypeInternetGateway)})
	if err != nil {
		return err
	}
	gatewayID := gateway.InternetGateway.InternetGatewayId
	if _, err := client.AttachInternetGateway(s.ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: gatewayID, VpcId: vpcID}); err != nil {
		return err
	}
	s.inEC2("Internet_Gateway", "internet-gateway", *gatewayID, tracker.Resource{
		Name: name, State: "available", Tags: all, Metadata: tracker.Metadata{"vpc_ids": []string{*vpcID}},
	})

	table, err := client.CreateRouteTable(s.ctx, &ec2.CreateRouteTableInput{VpcId: vpcID, TagSpecifications: tags(types.ResourceTypeRouteTable)})
	if err != nil {
		return err
	}
	tableID := table.RouteTable.RouteTableId
	if _, err := client.AssociateRouteTable(s.ctx, &ec2.AssociateRouteTableInput{RouteTableId: tableID, SubnetId: subnetID}); err != nil {
		return err
	}
	route := &ec2.CreateRouteInput{RouteTableId: tableID, GatewayId: gatewayID, DestinationCidrBlock: aws.String("0.0.0.0/0")}
	if _, err := client.CreateRoute(s.ctx, route); err != nil {
		return err
	}
	s.inEC2("Route_Table", "route-table", *tableID, tracker.Resource{
		Name: name, State: "active", Tags: all,
		Metadata: tracker.Metadata{"vpc_id": *vpcID, "main": false, "subnet_ids": []string{*subnetID}, "routes": []any{
			map[string]any{"destination": "10.1.0.0/16", "target": "local", "state": "active"},
			map[string]any{"destination": "0.0.0.0/0", "target": *gatewayID, "state": "active"},
		}},
	})

	acl, err := client.CreateNetworkAcl(s.ctx, &ec2.CreateNetworkAclInput{VpcId: vpcID, TagSpecifications: tags(types.ResourceTypeNetworkAcl)})
	if err != nil {
		return err
	}
	s.inEC2("Network_ACL", "network-acl", *acl.NetworkAcl.NetworkAclId, tracker.Resource{
		Name: name, State: "active", Tags: all, Metadata: tracker.Metadata{"vpc_id": *vpcID, "default": false, "subnet_ids": []string{}},
	})

	card, err := client.CreateNetworkInterface(s.ctx, &ec2.CreateNetworkInterfaceInput{
		SubnetId: subnetID, Description: aws.String("spare"), Groups: []string{*group.GroupId}, TagSpecifications: tags(types.ResourceTypeNetworkInterface),
	})
	if err != nil {
		return err
	}
	s.inEC2("Network_Interface", "network-interface", *card.NetworkInterface.NetworkInterfaceId, tracker.Resource{
		Name: name, State: "available", Tags: all,
		Metadata: tracker.Metadata{
			"vpc_id": *vpcID, "subnet_id": *subnetID, "description": "spare", "security_group_ids": []string{*group.GroupId},
			"instance_id": nil, "public_ip": nil, "private_ip": *card.NetworkInterface.PrivateIpAddress,
		},
	})

	endpoint, err := client.CreateVpcEndpoint(s.ctx, &ec2.CreateVpcEndpointInput{
		VpcId: vpcID, ServiceName: aws.String("com.amazonaws." + s.region + ".s3"), VpcEndpointType: types.VpcEndpointTypeGateway,
		TagSpecifications: tags(types.ResourceTypeVpcEndpoint),
	})
	if err != nil {
		return err
	}
	s.inEC2("VPC_Endpoint", "vpc-endpoint", *endpoint.VpcEndpoint.VpcEndpointId, tracker.Resource{
		Name: name, State: "available", Tags: all,
		Metadata: tracker.Metadata{"vpc_id": *vpcID, "type": "Gateway", "service_name": "com.amazonaws." + s.region + ".s3", "route_table_ids": []string{}},
	})

	return s.connections(client, *vpcID, *subnetID)
}

// connections makes what joins a VPC to other networks.
func (s *seeder) connections(client *ec2.Client, vpcID, subnetID string) error {
	tags := func(kind types.ResourceType) []types.TagSpecification {
		_, spec := ec2Tags(kind, "shop", labels)
		return spec
	}
	all, _ := ec2Tags("", "shop", labels)
	name := aws.String("shop")

	other, err := client.CreateVpc(s.ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.2.0.0/16")})
	if err != nil {
		return err
	}
	peering, err := client.CreateVpcPeeringConnection(s.ctx, &ec2.CreateVpcPeeringConnectionInput{
		VpcId: &vpcID, PeerVpcId: other.Vpc.VpcId, TagSpecifications: tags(types.ResourceTypeVpcPeeringConnection),
	})
	if err != nil {
		return err
	}
	s.inEC2("VPC_PeeringConnection", "vpc-peering-connection", *peering.VpcPeeringConnection.VpcPeeringConnectionId, tracker.Resource{
		Name: name, State: "pending-acceptance", Tags: all,
		Metadata: tracker.Metadata{"requester_vpc_id": vpcID, "accepter_vpc_id": *other.Vpc.VpcId, "requester_account": motoAccount, "accepter_account": motoAccount},
	})

	customer, err := client.CreateCustomerGateway(s.ctx, &ec2.CreateCustomerGatewayInput{
		Type: types.GatewayTypeIpsec1, BgpAsn: aws.Int32(65001), IpAddress: aws.String("192.0.2.1"), TagSpecifications: tags(types.ResourceTypeCustomerGateway),
	})
	if err != nil {
		return err
	}
	customerID := customer.CustomerGateway.CustomerGatewayId
	s.inEC2("Customer_Gateway", "customer-gateway", *customerID, tracker.Resource{
		Name: name, State: "available", Tags: all, Metadata: tracker.Metadata{"ip_address": "192.0.2.1", "bgp_asn": "65001", "type": "ipsec.1"},
	})

	private, err := client.CreateVpnGateway(s.ctx, &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1, TagSpecifications: tags(types.ResourceTypeVpnGateway)})
	if err != nil {
		return err
	}
	privateID := private.VpnGateway.VpnGatewayId
	if _, err := client.AttachVpnGateway(s.ctx, &ec2.AttachVpnGatewayInput{VpcId: &vpcID, VpnGatewayId: privateID}); err != nil {
		return err
	}
	s.inEC2("VPN_Gateway", "vpn-gateway", *privateID, tracker.Resource{
		Name: name, State: "available", Tags: all, Metadata: tracker.Metadata{"type": "ipsec.1", "vpc_ids": []string{vpcID}},
	})

	vpn, err := client.CreateVpnConnection(s.ctx, &ec2.CreateVpnConnectionInput{
		Type: aws.String("ipsec.1"), CustomerGatewayId: customerID, VpnGatewayId: privateID, TagSpecifications: tags(types.ResourceTypeVpnConnection),
	})
	if err != nil {
		return err
	}
	s.inEC2("VPN_Connection", "vpn-connection", *vpn.VpnConnection.VpnConnectionId, tracker.Resource{
		Name: name, State: "available", Tags: all,
		Metadata: tracker.Metadata{"type": "ipsec.1", "customer_gateway_id": *customerID, "vpn_gateway_id": *privateID},
	})

	transit, err := client.CreateTransitGateway(s.ctx, &ec2.CreateTransitGatewayInput{
		Description: aws.String("hub"), TagSpecifications: tags(types.ResourceTypeTransitGateway),
	})
	if err != nil {
		return err
	}
	transitID := transit.TransitGateway.TransitGatewayId
	s.inEC2("Transit_Gateway", "transit-gateway", *transitID, tracker.Resource{
		Name: name, State: "available", Tags: all, Metadata: tracker.Metadata{"description": "hub"},
	})
	attachment, err := client.CreateTransitGatewayVpcAttachment(s.ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{
		TransitGatewayId: transitID, VpcId: &vpcID, SubnetIds: []string{subnetID},
	})
	if err != nil {
		return err
	}
	attachmentID := *attachment.TransitGatewayVpcAttachment.TransitGatewayAttachmentId
	_, list := tagged("shop", labels, ec2Tag) // moto forgets those of the creation
	if _, err := client.CreateTags(s.ctx, &ec2.CreateTagsInput{Resources: []string{attachmentID}, Tags: list}); err != nil {
		return err
	}
	s.inEC2("Transit_Gateway_Attachment", "transit-gateway-attachment", attachmentID, tracker.Resource{
		Name: name, State: "available", Tags: all,
		Metadata: tracker.Metadata{"transit_gateway_id": *transitID, "resource_type": "vpc", "resource_id": vpcID},
	})
	return nil
}

// homes are the region's default subnets, each in a zone of its own.
func (s *seeder) homes() ([]types.Subnet, error) {
	out, err := ec2.NewFromConfig(s.cfg).DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{
		Filters: []types.Filter{{Name: aws.String("default-for-az"), Values: []string{"true"}}},
	})
	if err != nil {
		return nil, err
	}
	return out.Subnets, nil
}

// surroundings notes what came into the region's networks without being asked
// for: the default VPC, and what AWS makes for each VPC, instance, gateway and
// load balancer. Nobody answered it, so it is read once through the seeder's
// client; what was noted when it was made stays as it was noted.
func (s *seeder) surroundings() error {
	client := ec2.NewFromConfig(s.cfg)
	vpcs, err := client.DescribeVpcs(s.ctx, &ec2.DescribeVpcsInput{})
	if err != nil {
		return err
	}
	for _, v := range vpcs.Vpcs {
		tags := ec2Known(v.Tags)
		s.came("VPC", "vpc", *v.VpcId, tracker.Resource{
			Name: tracker.Named(tags["Name"]), State: string(v.State), Tags: tags, Metadata: tracker.Metadata{"cidr_block": *v.CidrBlock, "is_default": *v.IsDefault},
		})
	}
	subnets, err := client.DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{})
	if err != nil {
		return err
	}
	for _, n := range subnets.Subnets {
		tags := ec2Known(n.Tags)
		s.came("Subnet", "subnet", *n.SubnetId, tracker.Resource{
			Name: tracker.Named(tags["Name"]), State: string(n.State), Tags: tags,
			Metadata: tracker.Metadata{
				"vpc_id": *n.VpcId, "cidr_block": *n.CidrBlock, "availability_zone": *n.AvailabilityZone, "is_default": *n.DefaultForAz,
				"available_ip_count": *n.AvailableIpAddressCount,
			},
		})
	}
	groups, err := client.DescribeSecurityGroups(s.ctx, &ec2.DescribeSecurityGroupsInput{})
	if err != nil {
		return err
	}
	for _, g := range groups.SecurityGroups {
		s.came("Security_Group", "security-group", *g.GroupId, tracker.Resource{
			Name: g.GroupName, State: "active", Tags: ec2Known(g.Tags),
			Metadata: tracker.Metadata{"vpc_id": *g.VpcId, "is_default": *g.GroupName == "default", "rules_in": len(g.IpPermissions), "rules_out": len(g.IpPermissionsEgress)},
		})
	}
	tables, err := client.DescribeRouteTables(s.ctx, &ec2.DescribeRouteTablesInput{})
	if err != nil {
		return err
	}
	for _, r := range tables.RouteTables {
		tags := ec2Known(r.Tags)
		s.came("Route_Table", "route-table", *r.RouteTableId, tracker.Resource{
			Name: unnamed(tags), State: "active", Tags: tags, Metadata: tracker.Metadata{"vpc_id": *r.VpcId, "main": true},
		})
	}
	acls, err := client.DescribeNetworkAcls(s.ctx, &ec2.DescribeNetworkAclsInput{})
	if err != nil {
		return err
	}
	for _, a := range acls.NetworkAcls {
		tags := ec2Known(a.Tags)
		s.came("Network_ACL", "network-acl", *a.NetworkAclId, tracker.Resource{
			Name: unnamed(tags), State: "active", Tags: tags,
			Metadata: tracker.Metadata{"vpc_id": *a.VpcId, "default": *a.IsDefault, "entry_count": len(a.Entries)},
		})
	}
	gateways, err := client.DescribeInternetGateways(s.ctx, &ec2.DescribeInternetGatewaysInput{})
	if err != nil {
		return err
	}
	for _, g := range gateways.InternetGateways {
		tags := ec2Known(g.Tags)
		s.came("Internet_Gateway", "internet-gateway", *g.InternetGatewayId, tracker.Resource{
			Name: tracker.Named(tags["Name"]), State: "available", Tags: tags, Metadata: tracker.Metadata{"vpc_ids": []string{*g.Attachments[0].VpcId}},
		})
	}
	cards, err := client.DescribeNetworkInterfaces(s.ctx, &ec2.DescribeNetworkInterfacesInput{})
	if err != nil {
		return err
	}
	for _, i := range cards.NetworkInterfaces {
		tags := ec2Known(i.TagSet)
		s.came("Network_Interface", "network-interface", *i.NetworkInterfaceId, tracker.Resource{
			Name: tracker.Named(tags["Name"]), State: string(i.Status), Tags: tags,
			Metadata: tracker.Metadata{"vpc_id": *i.VpcId, "subnet_id": *i.SubnetId, "private_ip": *i.PrivateIpAddress},
		})
	}
	return nil
}

// came notes a resource of EC2 that was not noted yet.
func (s *seeder) came(t tracker.Type, kind, id string, r tracker.Resource) {
	if !s.noted(t, id) {
		s.inEC2(t, kind, id, r)
	}
}
