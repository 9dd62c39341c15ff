package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/tracker"
)

// loadBalancers makes one of each modern type, each with a listener and a
// target group.
func (s *seeder) loadBalancers() error {
	subnets, err := ec2.NewFromConfig(s.cfg).DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{})
	if err != nil {
		return err
	}
	vpc := *subnets.Subnets[0].VpcId
	client := elbv2.NewFromConfig(s.cfg)
	rows := []struct {
		name     string
		kind     types.LoadBalancerTypeEnum
		scheme   types.LoadBalancerSchemeEnum // a gateway load balancer has none
		protocol types.ProtocolEnum
		port     int32
		tags     map[string]string
	}{
		{"alb", types.LoadBalancerTypeEnumApplication, types.LoadBalancerSchemeEnumInternetFacing, types.ProtocolEnumHttp, 80, awkward},
		{"nlb", types.LoadBalancerTypeEnumNetwork, types.LoadBalancerSchemeEnumInternal, types.ProtocolEnumTcp, 443, nil},
		{"gwlb", types.LoadBalancerTypeEnumGateway, "", types.ProtocolEnumGeneve, 6081, nil},
	}
	for _, row := range rows {
		all, list := tagged("", row.tags, func(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} })
		in := &elbv2.CreateLoadBalancerInput{
			Name: &row.name, Type: row.kind, Scheme: row.scheme, Subnets: []string{*subnets.Subnets[0].SubnetId, *subnets.Subnets[1].SubnetId},
		}
		if len(list) > 0 {
			in.Tags = list
		}
		out, err := client.CreateLoadBalancer(s.ctx, in)
		if err != nil {
			return err
		}
		lb := out.LoadBalancers[0]
		group, err := client.CreateTargetGroup(s.ctx, &elbv2.CreateTargetGroupInput{
			Name: aws.String(row.name + "-group"), Protocol: row.protocol, Port: &row.port, VpcId: &vpc,
		})
		if err != nil {
			return err
		}
		target := group.TargetGroups[0].TargetGroupArn
		listener := map[string]any{"protocol": row.protocol, "port": row.port, "target_groups": []string{*target}}
		listen := &elbv2.CreateListenerInput{
			LoadBalancerArn: lb.LoadBalancerArn, Protocol: row.protocol, Port: &row.port,
			DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: target}},
		}
		if row.kind == types.LoadBalancerTypeEnumGateway {
			listen.Protocol, listen.Port = "", nil
			listener["protocol"], listener["port"] = nil, nil
		}
		if _, err := client.CreateListener(s.ctx, listen); err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: *target, Name: aws.String(row.name + "-group"), Type: "Target_Group", ARN: *target, State: "active", Tags: map[string]string{},
			Metadata: tracker.Metadata{"protocol": row.protocol, "port": row.port, "vpc_id": vpc, "target_type": "instance", "load_balancer_arns": []string{*lb.LoadBalancerArn}},
		})
		s.add(tracker.Resource{
			ID: *lb.LoadBalancerArn, Name: &row.name, Type: "Load_Balancer", ARN: *lb.LoadBalancerArn,
			State: "active", Created: lb.CreatedTime, Tags: all,
			Metadata: tracker.Metadata{
				"type": string(row.kind), "scheme": known(string(row.scheme)), "dns_name": *lb.DNSName, "vpc_id": vpc,
				"listeners": []any{listener},
				"target_groups": []any{map[string]any{
					"name": row.name + "-group", "arn": *target, "protocol": row.protocol, "port": row.port, "target_type": "instance",
				}},
			},
		})
	}
	return nil
}

// classicLoadBalancers makes one load balancer of the first generation.
func (s *seeder) classicLoadBalancers() error {
	client := elb.NewFromConfig(s.cfg)
	name := "classic"
	all, list := tagged("", awkward, func(k, v string) elbtypes.Tag { return elbtypes.Tag{Key: &k, Value: &v} })
	out, err := client.CreateLoadBalancer(s.ctx, &elb.CreateLoadBalancerInput{
		LoadBalancerName: &name, AvailabilityZones: []string{s.region + "a"}, Tags: list,
		Listeners: []elbtypes.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstanceProtocol: aws.String("HTTP"), InstancePort: aws.Int32(8080)}},
	})
	if err != nil {
		return err
	}
	arn := s.arn("elasticloadbalancing", "loadbalancer/"+name)
	s.add(tracker.Resource{
		ID: arn, Name: &name, Type: "Load_Balancer", ARN: arn, State: "active", Tags: all,
		Metadata: tracker.Metadata{
			"type": "classic", "scheme": "internet-facing", "dns_name": *out.DNSName,
			"listeners":     []any{map[string]any{"protocol": "HTTP", "port": 80, "instance_protocol": "HTTP", "instance_port": 8080}},
			"target_groups": []any{},
		},
	})
	return nil
}

// known is text, or nil for what AWS leaves out.
func known(text string) any {
	if text == "" {
		return nil
	}
	return text
}
