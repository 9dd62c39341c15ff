package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	elbPageSize = 400
	// elbConcurrency bounds how many calls wait for the 10 a second that all of
	// load balancing shares (ELB API throttling).
	elbConcurrency = 8
)

// loadBalancer lists the load balancers of two APIs that know nothing of each
// other: application, network and gateway ones, which this file lists, and
// classic ones, which load_balancer_classic.go lists.
var loadBalancer = Scanner{
	Type:    "Load_Balancer",
	Service: serviceELB,
	ARNs:    []string{"elasticloadbalancing:loadbalancer/"},
	Permissions: []string{
		"elasticloadbalancing:DescribeListeners",
		"elasticloadbalancing:DescribeLoadBalancers",
		"elasticloadbalancing:DescribeTags",
		"elasticloadbalancing:DescribeTargetGroups",
		"tag:GetResources",
	},
	Also:     []Service{serviceClassicELB},
	Tagged:   "elasticloadbalancing:loadbalancer",
	Metadata: []string{"type", "scheme", "dns_name", "vpc_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		var mu sync.Mutex
		emitOne := func(rs ...tracker.Resource) error {
			mu.Lock()
			defer mu.Unlock()
			return emit(rs...)
		}
		var wg sync.WaitGroup
		var err, classicErr error
		wg.Go(func() { err = newBalancers(t).scan(ctx, emitOne) })
		wg.Go(func() { classicErr = scanClassic(ctx, t, emitOne) })
		wg.Wait()
		return errors.Join(err, classicErr)
	},
}

// balancers lists load balancers and what belongs to them. Each kind of look-up
// is given up once it has failed.
type balancers struct {
	t      Target
	client *elasticloadbalancingv2.Client
	groups map[string][]map[string]any // target groups by load balancer; nil: not asked for yet

	tagErr, groupErr, listenerErr error
}

func newBalancers(t Target) *balancers {
	return &balancers{t: t, client: elasticloadbalancingv2.NewFromConfig(t.Config)}
}

func (b *balancers) scan(ctx context.Context, emit Emit) error {
	in := &elasticloadbalancingv2.DescribeLoadBalancersInput{PageSize: aws.Int32(elbPageSize)}
	cursor := func(in *elasticloadbalancingv2.DescribeLoadBalancersInput, out *elasticloadbalancingv2.DescribeLoadBalancersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}
	for page, err := range sdk.Pages(ctx, b.client.DescribeLoadBalancers, in, cursor) {
		if err != nil {
			return errors.Join(err, b.missed())
		}
		rs := collect(page.LoadBalancers, balancer)
		b.complete(ctx, rs)
		if err := emit(rs...); err != nil {
			return err
		}
	}
	return b.missed()
}

// missed returns why something that belongs to a load balancer is unknown.
func (b *balancers) missed() error { return errors.Join(b.tagErr, b.groupErr, b.listenerErr) }

// complete adds tags, listeners and target groups to a page of load balancers.
func (b *balancers) complete(ctx context.Context, rs []tracker.Resource) {
	if len(rs) == 0 {
		return
	}
	var wg sync.WaitGroup
	if b.tagErr == nil {
		wg.Go(func() { b.tagErr = fillTags(ctx, b.t, refs(rs)) })
	}
	if b.groups == nil && b.groupErr == nil {
		wg.Go(func() { b.groups, b.groupErr = b.targetGroups(ctx) })
	}
	listeners := make([]any, len(rs))
	if b.listenerErr == nil && !b.t.NoListeners {
		wg.Go(func() { b.listenerErr = b.listeners(ctx, rs, listeners) })
	}
	wg.Wait()
	for i, r := range rs {
		if r.Tags == nil { // tagErr says why they are not known
			rs[i].Tags = map[string]string{}
		}
		r.Metadata["listeners"] = listeners[i]
		if b.groups != nil {
			r.Metadata["target_groups"] = append([]map[string]any{}, b.groups[r.ARN]...)
		}
	}
}

// targetGroups returns all target groups of the region by the load balancers
// that they serve.
func (b *balancers) targetGroups(ctx context.Context) (map[string][]map[string]any, error) {
	groups := map[string][]map[string]any{}
	in := &elasticloadbalancingv2.DescribeTargetGroupsInput{PageSize: aws.Int32(elbPageSize)}
	cursor := func(in *elasticloadbalancingv2.DescribeTargetGroupsInput, out *elasticloadbalancingv2.DescribeTargetGroupsOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}
	for page, err := range sdk.Pages(ctx, b.client.DescribeTargetGroups, in, cursor) {
		if err != nil {
			return nil, fmt.Errorf("target groups: %w", err)
		}
		for _, g := range page.TargetGroups {
			group := map[string]any{
				"name":        sdk.Str(g.TargetGroupName),
				"arn":         sdk.Str(g.TargetGroupArn),
				"protocol":    sdk.Text(g.Protocol),
				"port":        sdk.Num(g.Port),
				"target_type": sdk.Text(g.TargetType),
			}
			for _, arn := range g.LoadBalancerArns {
				groups[arn] = append(groups[arn], group)
			}
		}
	}
	return groups, nil
}

// listeners puts the listeners of rs[i] into found[i]; there is no call that
// answers for several load balancers.
func (b *balancers) listeners(ctx context.Context, rs []tracker.Resource, found []any) error {
	cursor := func(in *elasticloadbalancingv2.DescribeListenersInput, out *elasticloadbalancingv2.DescribeListenersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(elbConcurrency)
	for i := range rs {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err() // one has failed
			}
			in := &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: &rs[i].ARN, PageSize: aws.Int32(elbPageSize)}
			all := []map[string]any{}
			for page, err := range sdk.Pages(ctx, b.client.DescribeListeners, in, cursor) {
				if gone(err) {
					return nil // deleted since it was listed
				}
				if err != nil {
					return fmt.Errorf("listeners: %w", err)
				}
				for _, l := range page.Listeners {
					all = append(all, listener(l))
				}
			}
			found[i] = all
			return nil
		})
	}
	return g.Wait()
}

func balancer(l types.LoadBalancer) tracker.Resource {
	arn := aws.ToString(l.LoadBalancerArn)
	state := cmp.Or(l.State, &types.LoadBalancerState{})
	return tracker.Resource{
		ID:      arn,
		Name:    tracker.Named(aws.ToString(l.LoadBalancerName)),
		ARN:     arn,
		State:   cmp.Or(string(state.Code), stateUnknown),
		Created: tracker.At(l.CreatedTime),
		Metadata: tracker.Metadata{
			"type":     sdk.Text(l.Type),
			"scheme":   sdk.Text(l.Scheme),
			"dns_name": sdk.Str(l.DNSName),
			"vpc_id":   sdk.Str(l.VpcId),

			"ip_address_type":    sdk.Text(l.IpAddressType),
			"availability_zones": sdk.List(l.AvailabilityZones, func(z types.AvailabilityZone) *string { return z.ZoneName }),
			"security_groups":    sdk.Names(l.SecurityGroups),
			"listeners":          nil,
			"target_groups":      nil,
		},
	}
}

// listener names the target groups of the default actions; those of rules are
// among the load balancer's.
func listener(l types.Listener) map[string]any {
	groups := []string{}
	for _, a := range l.DefaultActions {
		if arn := aws.ToString(a.TargetGroupArn); arn != "" {
			groups = append(groups, arn)
		}
		if a.ForwardConfig != nil {
			groups = append(groups, sdk.List(a.ForwardConfig.TargetGroups, func(g types.TargetGroupTuple) *string { return g.TargetGroupArn })...)
		}
	}
	slices.Sort(groups)
	return map[string]any{
		"protocol":      sdk.Text(l.Protocol),
		"port":          sdk.Num(l.Port),
		"target_groups": slices.Compact(groups),
	}
}
