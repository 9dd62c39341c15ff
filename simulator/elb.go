package simulator

import (
	"slices"
	"strings"

	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

var elbOperations = operations{
	"DescribeListeners":     handle(describeListeners),
	"DescribeLoadBalancers": handle(describeLoadBalancers),
	"DescribeTags":          handle(describeELBTags),
	"DescribeTargetGroups":  handle(describeTargetGroups),
}

// variant is one sort of load balancer.
type variant struct {
	class     types.LoadBalancerTypeEnum // empty: classic
	segment   string                     // of the ARN
	listeners []types.Listener
	groups    int // target groups; 0: it balances nothing
}

// variants take turns among the load balancers of an account.
var variants = []variant{
	{types.LoadBalancerTypeEnumApplication, "app", []types.Listener{
		{Port: new(int32(80)), Protocol: types.ProtocolEnumHttp}, {Port: new(int32(443)), Protocol: types.ProtocolEnumHttps},
	}, 2},
	{types.LoadBalancerTypeEnumNetwork, "net", []types.Listener{{Port: new(int32(443)), Protocol: types.ProtocolEnumTls}}, 1},
	{types.LoadBalancerTypeEnumApplication, "app", []types.Listener{{Port: new(int32(443)), Protocol: types.ProtocolEnumHttps}}, 1},
	{types.LoadBalancerTypeEnumGateway, "gwy", []types.Listener{{}}, 1}, // has neither port nor protocol
	{types.LoadBalancerTypeEnumApplication, "app", nil, 0},
	{},
}

// maxGroups is the most target groups of a variant.
const maxGroups = 2

func variantOf(n int) variant { return variants[n%len(variants)] }

func (v variant) classic() bool { return v.class == "" }

func (e *estate) loadBalancerARN(n int) string {
	v, region, name := variantOf(n), e.regionOf(loadBalancers, n), e.name(loadBalancers, n)
	if v.classic() {
		return e.arn("elasticloadbalancing", region, "loadbalancer/"+name)
	}
	return e.arn("elasticloadbalancing", region, hexID("loadbalancer/"+v.segment+"/"+name+"/", e.id(loadBalancers, n), 16))
}

// loadBalancerOf is the inverse of loadBalancerARN.
func (e *estate) loadBalancerOf(arn string) (n int, ok bool) {
	for part := range strings.SplitSeq(arn, "/") {
		if n, ok := e.named(loadBalancers, part); ok {
			return n, e.loadBalancerARN(n) == arn
		}
	}
	return 0, false
}

// balancer finds a load balancer of the called region by its ARN.
func (r *request) balancer(arn string) (n int, err error) {
	n, ok := r.estate.loadBalancerOf(arn)
	if !ok || r.estate.regionOf(loadBalancers, n) != r.Region || variantOf(n).classic() {
		return 0, r.refuse(400, "LoadBalancerNotFound", "One or more load balancers not found")
	}
	return n, nil
}

// maxARNs is how many ARNs a call may have.
const maxARNs = 20

var elbPaging = paging{least: 1, most: 400, standard: 400}

// elbPage reads the parameters that all ELB lists share. A list begins at
// position lo.
func (r *request) elbPage(pageSize *int32, marker *string, lo int) (size, from int, err error) {
	size, ok := elbPaging.size(pageSize)
	if !ok {
		return 0, 0, r.refuse(400, "ValidationError", "Value '%d' at 'pageSize' failed to satisfy constraint: Member must have value between 1 and 400", *pageSize)
	}
	from, ok = r.position(marker, lo)
	if !ok {
		return 0, 0, r.refuse(400, "ValidationError", "Invalid marker")
	}
	return size, from, nil
}

func describeLoadBalancers(r *request, in *elb.DescribeLoadBalancersInput) (*elb.DescribeLoadBalancersOutput, error) {
	out := &elb.DescribeLoadBalancersOutput{}
	if len(in.LoadBalancerArns) > maxARNs {
		return nil, r.refuse(400, "ValidationError", "The number of load balancer ARNs must not exceed %d", maxARNs)
	}
	if len(in.LoadBalancerArns) > 0 {
		for _, arn := range in.LoadBalancerArns {
			n, err := r.balancer(arn)
			if err != nil {
				return nil, err
			}
			out.LoadBalancers = append(out.LoadBalancers, r.loadBalancer(n))
		}
		return out, nil
	}
	lo, hi := r.estate.span(loadBalancers, r.Region)
	size, from, err := r.elbPage(in.PageSize, in.Marker, lo)
	if err != nil {
		return nil, err
	}
	list, next := page(from, hi, size, func(n int) (types.LoadBalancer, bool) {
		if variantOf(n).classic() || len(in.Names) > 0 && !slices.Contains(in.Names, r.estate.name(loadBalancers, n)) {
			return types.LoadBalancer{}, false
		}
		return r.loadBalancer(n), true
	})
	if len(in.Names) > len(list) {
		return nil, r.refuse(400, "LoadBalancerNotFound", "Load balancers '[%s]' not found", strings.Join(in.Names, ", "))
	}
	out.LoadBalancers, out.NextMarker = list, r.token(next, hi)
	return out, nil
}

func (r *request) loadBalancer(n int) types.LoadBalancer {
	e := r.estate
	d := e.dice(loadBalancers, n, forDetail)
	name := e.name(loadBalancers, n)
	place := e.places[r.Region]
	v := types.LoadBalancer{
		LoadBalancerArn:       new(e.loadBalancerARN(n)),
		LoadBalancerName:      &name,
		CanonicalHostedZoneId: new("Z35SXDOTRQ7X7K"),
		CreatedTime:           new(e.created(loadBalancers, n)),
		IpAddressType:         types.IpAddressTypeIpv4,
		Scheme:                types.LoadBalancerSchemeEnumInternetFacing,
		State:                 &types.LoadBalancerState{Code: types.LoadBalancerStateEnumActive},
		Type:                  variantOf(n).class,
		VpcId:                 &place.vpcs[0],
	}
	for i := range 2 {
		v.AvailabilityZones = append(v.AvailabilityZones, types.AvailabilityZone{ZoneName: &place.zones[i], SubnetId: &place.subnets[i]})
	}
	if d.below(3) == 0 {
		v.Scheme = types.LoadBalancerSchemeEnumInternal
	}
	if v.Type == types.LoadBalancerTypeEnumGateway {
		v.Scheme = "" // has neither scheme nor host name
		return v
	}
	v.DNSName = new(hostName(name, e.id(loadBalancers, n), r.Region))
	if v.Type == types.LoadBalancerTypeEnumApplication {
		v.SecurityGroups = []string{hex17("sg-", mix(uint64(d.below(8))))}
	}
	return v
}

func hostName(name string, id uint64, region string) string {
	return string(padded([]byte(name+"-"), int(id%1_000_000_000), 9)) + "." + region + ".elb.amazonaws.com"
}

// listenerARN returns the ARN of a load balancer's i-th listener.
func (e *estate) listenerARN(n, i int) string {
	return hexID(strings.Replace(e.loadBalancerARN(n), ":loadbalancer/", ":listener/", 1)+"/", mix(e.id(loadBalancers, n)+uint64(i)), 16)
}

func describeListeners(r *request, in *elb.DescribeListenersInput) (*elb.DescribeListenersOutput, error) {
	if in.LoadBalancerArn == nil {
		if len(in.ListenerArns) > 0 {
			return nil, r.notSimulated("DescribeListeners by listener")
		}
		return nil, r.refuse(400, "ValidationError", "You must specify either listener ARNs or a load balancer ARN")
	}
	n, err := r.balancer(*in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	size, from, err := r.elbPage(in.PageSize, in.Marker, 0)
	if err != nil {
		return nil, err
	}
	v := variantOf(n)
	list, next := page(from, len(v.listeners), size, func(i int) (types.Listener, bool) {
		l := v.listeners[i]
		l.ListenerArn, l.LoadBalancerArn = new(r.estate.listenerARN(n, i)), in.LoadBalancerArn
		if v.groups > 0 {
			l.DefaultActions = []types.Action{{
				Type: types.ActionTypeEnumForward, TargetGroupArn: new(r.estate.targetGroupARN(n, min(i, v.groups-1))),
			}}
		}
		return l, true
	})
	return &elb.DescribeListenersOutput{Listeners: list, NextMarker: r.token(next, len(v.listeners))}, nil
}

func (e *estate) targetGroupName(n, i int) string {
	return e.name(loadBalancers, n) + []string{"-a", "-b"}[i]
}

func (e *estate) targetGroupARN(n, i int) string {
	region := e.regionOf(loadBalancers, n)
	return e.arn("elasticloadbalancing", region, hexID("targetgroup/"+e.targetGroupName(n, i)+"/", mix(e.id(loadBalancers, n)-uint64(i)-1), 16))
}

func describeTargetGroups(r *request, in *elb.DescribeTargetGroupsInput) (*elb.DescribeTargetGroupsOutput, error) {
	lo, hi := r.estate.span(loadBalancers, r.Region)
	if in.LoadBalancerArn != nil {
		n, err := r.balancer(*in.LoadBalancerArn)
		if err != nil {
			return nil, err
		}
		lo, hi = n, n+1
	}
	size, from, err := r.elbPage(in.PageSize, in.Marker, lo*maxGroups)
	if err != nil {
		return nil, err
	}
	end := hi * maxGroups
	list, next := page(from, end, size, func(at int) (types.TargetGroup, bool) {
		n, i := at/maxGroups, at%maxGroups
		if i >= variantOf(n).groups {
			return types.TargetGroup{}, false
		}
		g := r.targetGroup(n, i)
		return g, (len(in.TargetGroupArns) == 0 || slices.Contains(in.TargetGroupArns, *g.TargetGroupArn)) &&
			(len(in.Names) == 0 || slices.Contains(in.Names, *g.TargetGroupName))
	})
	if len(list) < max(len(in.TargetGroupArns), len(in.Names)) {
		return nil, r.refuse(400, "TargetGroupNotFound", "One or more target groups not found")
	}
	return &elb.DescribeTargetGroupsOutput{TargetGroups: list, NextMarker: r.token(next, end)}, nil
}

func (r *request) targetGroup(n, i int) types.TargetGroup {
	e := r.estate
	g := types.TargetGroup{
		TargetGroupArn:     new(e.targetGroupARN(n, i)),
		TargetGroupName:    new(e.targetGroupName(n, i)),
		LoadBalancerArns:   []string{e.loadBalancerARN(n)},
		HealthCheckEnabled: new(true),
		Port:               new(int32(8080)),
		Protocol:           types.ProtocolEnumHttp,
		TargetType:         types.TargetTypeEnumInstance,
		VpcId:              &e.places[r.Region].vpcs[0],
	}
	switch variantOf(n).class {
	case types.LoadBalancerTypeEnumNetwork:
		g.Protocol = types.ProtocolEnumTcp
	case types.LoadBalancerTypeEnumGateway:
		g.Port, g.Protocol = new(int32(6081)), types.ProtocolEnumGeneve
	}
	return g
}

// maxTagARNs is how many resources one DescribeTags may name.
const maxTagARNs = 20

func describeELBTags(r *request, in *elb.DescribeTagsInput) (*elb.DescribeTagsOutput, error) {
	if len(in.ResourceArns) > maxTagARNs {
		return nil, r.refuse(400, "ValidationError", "The number of resource ARNs is limited to %d", maxTagARNs)
	}
	out := &elb.DescribeTagsOutput{}
	for _, arn := range in.ResourceArns {
		n, err := r.balancer(arn)
		if err != nil {
			return nil, err
		}
		out.TagDescriptions = append(out.TagDescriptions, types.TagDescription{
			ResourceArn: &arn,
			Tags:        tagsAs(r.estate, loadBalancers, n, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} }),
		})
	}
	return out, nil
}
