package simulator

import (
	"slices"
	"strings"

	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
)

var classicOperations = operations{
	"DescribeLoadBalancers": handle(describeClassicLoadBalancers),
	"DescribeTags":          handle(describeClassicTags),
}

func describeClassicLoadBalancers(r *request, in *classic.DescribeLoadBalancersInput) (*classic.DescribeLoadBalancersOutput, error) {
	lo, hi := r.estate.span(loadBalancers, r.Region)
	size, from, err := r.elbPage(in.PageSize, in.Marker, lo)
	if err != nil {
		return nil, err
	}
	list, next := page(from, hi, size, func(n int) (types.LoadBalancerDescription, bool) {
		if !variantOf(n).classic() {
			return types.LoadBalancerDescription{}, false
		}
		v := r.classic(n)
		return v, len(in.LoadBalancerNames) == 0 || slices.Contains(in.LoadBalancerNames, *v.LoadBalancerName)
	})
	if len(list) < len(in.LoadBalancerNames) {
		return nil, r.classicNotFound(in.LoadBalancerNames)
	}
	return &classic.DescribeLoadBalancersOutput{LoadBalancerDescriptions: list, NextMarker: r.token(next, hi)}, nil
}

func (r *request) classicNotFound(names []string) error {
	return r.refuse(400, "LoadBalancerNotFound", "There is no ACTIVE Load Balancer named '%s'", strings.Join(names, ", "))
}

// classic makes a classic load balancer. Every second one has no instances.
func (r *request) classic(n int) types.LoadBalancerDescription {
	e := r.estate
	name := e.name(loadBalancers, n)
	place := e.places[r.Region]
	v := types.LoadBalancerDescription{
		LoadBalancerName:  &name,
		AvailabilityZones: place.zones[:2],
		CreatedTime:       new(e.created(loadBalancers, n)),
		DNSName:           new(hostName(name, e.id(loadBalancers, n), r.Region)),
		ListenerDescriptions: []types.ListenerDescription{{Listener: &types.Listener{
			LoadBalancerPort: 80, Protocol: new("HTTP"), InstancePort: new(int32(8080)), InstanceProtocol: new("HTTP"),
		}}},
		Scheme:         new("internet-facing"),
		SecurityGroups: []string{hex17("sg-", mix(uint64(n%8)))},
		Subnets:        place.subnets[:2],
		VPCId:          &place.vpcs[0],
	}
	if lo, hi := e.span(instances, r.Region); n/len(variants)%2 == 1 && hi > lo && e.lives(lo, r.now) {
		v.Instances = []types.Instance{{InstanceId: new(hex17("i-", e.id(instances, lo)))}}
	}
	return v
}

func describeClassicTags(r *request, in *classic.DescribeTagsInput) (*classic.DescribeTagsOutput, error) {
	if len(in.LoadBalancerNames) > maxTagARNs {
		return nil, r.refuse(400, "ValidationError", "The number of load balancers is limited to %d", maxTagARNs)
	}
	out := &classic.DescribeTagsOutput{}
	for _, name := range in.LoadBalancerNames {
		n, ok := r.estate.named(loadBalancers, name)
		if !ok || r.estate.regionOf(loadBalancers, n) != r.Region || !variantOf(n).classic() {
			return nil, r.classicNotFound([]string{name})
		}
		out.TagDescriptions = append(out.TagDescriptions, types.TagDescription{
			LoadBalancerName: &name,
			Tags:             tagsAs(r.estate, loadBalancers, n, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} }),
		})
	}
	return out, nil
}
