package pricing

// publicIPv4 is charged for every address, in use or idle, in every region alike
// (AWS News Blog, since 2024-02-01).
var publicIPv4 = Key{"vpc", "public-ipv4", "", ""}

func elasticIP(s *sheet) {
	switch {
	case s.facts.Text("public_ip") == "":
		s.free("it is no public address")
	case s.facts.Text("public_ipv4_pool") != "" && s.facts.Text("public_ipv4_pool") != "amazon":
		s.free("an address of one's own is not charged")
	default:
		s.hours("public IPv4 address", publicIPv4, 1)
	}
}

// networkInterface charges for public addresses other than Elastic IPs, which
// are charged as Elastic_IP.
func networkInterface(s *sheet) {
	public, known := s.facts.Len("public_ips")
	if !known {
		s.miss("public IPv4 addresses", "the addresses are not known")
		return
	}
	elastic, known := s.facts.Len("allocation_ids")
	if !known {
		s.miss("public IPv4 addresses", "which of the addresses are Elastic IPs is not known")
		return
	}
	if public <= elastic {
		s.free("interfaces are charged for public addresses alone, and Elastic IPs as Elastic_IP")
		return
	}
	s.hours("public IPv4 addresses", publicIPv4, float64(public-elastic))
}

// natGateway charges a regional gateway for each zone: “if your regional NAT is
// running across three AZs for one hour, you'll be billed for three NAT
// Gateway-hours” (VPC pricing).
func natGateway(s *sheet) {
	zones := 1
	if s.facts.Text("availability_mode") == "regional" {
		if zones, _ = s.facts.Len("availability_zones"); zones == 0 {
			s.miss("gateway", "the zones that the regional gateway is in are not known")
			return
		}
	}
	s.hours("gateway", Key{"vpc", "nat-gateway", "", ""}, float64(zones))
	s.leave("data processed")
}

// clientVPN charges for each subnet that an endpoint is associated with.
func clientVPN(s *sheet) {
	subnets, ok := s.facts.Len("subnet_ids")
	if !ok {
		s.miss("associations", "the subnets that it is associated with are not known")
		return
	}
	s.hours("associations", Key{"vpc", "client-vpn-endpoint", "", ""}, float64(subnets))
	s.leave("connections", "data out")
}

// loadBalancer charges for hours. Its addresses are charged with its interfaces.
func loadBalancer(s *sheet) {
	kind := s.facts.Text("type")
	if kind == "" {
		s.miss("load balancer", "its type is not known")
		return
	}
	s.hours("load balancer", Key{"elb", "balancer", kind, ""}, 1)
	if kind == "classic" {
		s.leave("data processed")
		return
	}
	s.leave("capacity units")
}

func vpcEndpoint(s *sheet) {
	kind := s.lower("type")
	if kind == "gateway" {
		s.free("gateway endpoints are not charged")
		return
	}
	zones, ok := s.facts.Len("subnet_ids")
	if !ok || kind == "" {
		s.miss("endpoint", "its type or its zones are not known")
		return
	}
	s.hours("endpoint", Key{"vpc", "endpoint", kind, ""}, float64(zones))
	s.leave("data processed")
}

// transitGatewayAttachment is charged to the owner of the attached resource.
func transitGatewayAttachment(s *sheet) {
	switch {
	case s.facts.Text("resource_type") == "connect":
		s.free("a Connect attachment is charged as the one that it runs over")
		return
	case s.facts.Text("resource_owner_id") != "" && s.facts.Text("resource_owner_id") != s.r.AccountID:
		s.free("the owner of the attached resource is charged")
		return
	}
	kind := s.facts.Text("resource_type")
	if kind != "vpn" && kind != "peering" && kind != "direct-connect-gateway" {
		kind = "" // of a VPC
	}
	s.hours("attachment", Key{"vpc", "transit-gateway-attachment", kind, ""}, 1)
	s.leave("data processed")
}

func vpnConnection(s *sheet) {
	if s.lower("tunnel_bandwidth") == "large" {
		s.miss("connection", "the price list lacks tunnels of large bandwidth")
		return
	}
	s.hours("connection", Key{"vpc", "vpn-connection", "", ""}, 1)
	if s.facts.Flag("acceleration") {
		s.part("acceleration", Key{"vpc", "vpn-acceleration", "", ""}, 730)
	}
	s.leave("data out")
}

// zone is at the price of an account's first 25 zones; further ones cost a fifth.
func zone(s *sheet) {
	s.charge("zone", Key{"route53", "zone", "", ""}, 1)
	s.assume("at the price of the first 25 zones of an account")
	s.leave("queries")
}
