package scanners

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// classicTagBatch is the most names that DescribeTags takes.
const classicTagBatch = 20

// scanClassic lists classic load balancers.
func scanClassic(ctx context.Context, t Target, emit Emit) error {
	client := elasticloadbalancing.NewFromConfig(t.Config)
	in := &elasticloadbalancing.DescribeLoadBalancersInput{PageSize: aws.Int32(elbPageSize)}
	cursor := func(in *elasticloadbalancing.DescribeLoadBalancersInput, out *elasticloadbalancing.DescribeLoadBalancersOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}
	var tagErr error
	for page, err := range sdk.Pages(ctx, client.DescribeLoadBalancers, in, cursor) {
		if err != nil {
			return errors.Join(fmt.Errorf("classic: %w", err), tagErr)
		}
		rs := collect(page.LoadBalancerDescriptions, func(l types.LoadBalancerDescription) tracker.Resource {
			return classicBalancer(t, l)
		})
		if tagErr == nil {
			tagErr = fillClassicTags(ctx, t, client, rs)
		}
		if err := emit(rs...); err != nil {
			return err
		}
	}
	return tagErr
}

// fillClassicTags asks load balancing itself: the tagging API's type filter for
// classic load balancers is not the same everywhere, and they are few.
func fillClassicTags(ctx context.Context, t Target, client *elasticloadbalancing.Client, rs []tracker.Resource) error {
	byName := make(map[string]*tracker.Resource, len(rs))
	for i := range rs {
		byName[aws.ToString(rs[i].Name)] = &rs[i]
	}
	ask := func(ctx context.Context, names []string) ([]types.TagDescription, error) {
		out, err := client.DescribeTags(ctx, &elasticloadbalancing.DescribeTagsInput{LoadBalancerNames: names})
		if err != nil {
			return nil, fmt.Errorf("classic tags: %w", err)
		}
		return out.TagDescriptions, nil
	}
	var missed failures
	for names := range slices.Chunk(slices.Sorted(maps.Keys(byName)), classicTagBatch) {
		found, err := halving(ctx, t.refused, names, ask)
		for _, d := range found {
			if r := byName[aws.ToString(d.LoadBalancerName)]; r != nil {
				r.Tags = sdk.Tags(d.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
			}
		}
		if missed.add(err); err != nil && !refusesItem(err) {
			break
		}
	}
	return missed.err()
}

func classicBalancer(t Target, l types.LoadBalancerDescription) tracker.Resource {
	name := aws.ToString(l.LoadBalancerName)
	arn := t.arn("elasticloadbalancing", "loadbalancer/"+name)
	return tracker.Resource{
		ID:      arn,
		Name:    tracker.Named(name),
		ARN:     arn,
		State:   stateActive,
		Created: tracker.At(l.CreatedTime),
		Tags:    map[string]string{}, // which fillClassicTags fills
		Metadata: tracker.Metadata{
			"type":     "classic",
			"scheme":   sdk.Str(l.Scheme),
			"dns_name": sdk.Str(l.DNSName),
			"vpc_id":   sdk.Str(l.VPCId),

			"availability_zones": sdk.Names(l.AvailabilityZones),
			"security_groups":    sdk.Names(l.SecurityGroups),
			"instances":          sdk.List(l.Instances, func(i types.Instance) *string { return i.InstanceId }),
			"listeners":          classicListeners(l.ListenerDescriptions),
			"target_groups":      []map[string]any{},
		},
	}
}

func classicListeners(items []types.ListenerDescription) []map[string]any {
	all := []map[string]any{}
	for _, d := range items {
		if l := d.Listener; l != nil {
			all = append(all, map[string]any{
				"protocol":          sdk.Str(l.Protocol),
				"port":              int64(l.LoadBalancerPort),
				"instance_protocol": sdk.Str(l.InstanceProtocol),
				"instance_port":     sdk.Num(l.InstancePort),
			})
		}
	}
	return all
}
