package actions

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	bounds "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	boundLeast = "min_capacity"
	boundMost  = "max_capacity"
)

// parkedService puts the bounds of automatic scaling to 0 too, where the service has
// some: Application Auto Scaling would bring it back to its least.
var parkedService = parking{
	kind:     scaledService(),
	names:    []string{paramDesired, boundLeast, boundMost},
	present:  "running_count",
	api:      byECS,
	deadline: 30 * time.Minute,
	guards:   []guard{daemonService},
	resize: []resizing{
		{
			name: "bound", action: "application-autoscaling:RegisterScalableTarget", names: []string{boundLeast, boundMost},
			send: func(ctx context.Context, c call, want measures) error {
				_, err := applicationautoscaling.NewFromConfig(c.Config).RegisterScalableTarget(ctx, &applicationautoscaling.RegisterScalableTargetInput{
					ServiceNamespace: bounds.ServiceNamespaceEcs, ScalableDimension: bounds.ScalableDimensionECSServiceDesiredCount,
					ResourceId: scalableID(c.Item.ResourceID), MinCapacity: int32p(want[boundLeast]), MaxCapacity: int32p(want[boundMost]),
				})
				return err
			},
		},
		{
			name: "resize", action: "ecs:UpdateService", names: []string{paramDesired},
			send: func(ctx context.Context, c call, want measures) error {
				cluster, name, _ := strings.Cut(c.Item.ResourceID, "/")
				_, err := ecs.NewFromConfig(c.Config).UpdateService(ctx, &ecs.UpdateServiceInput{
					Cluster: &cluster, Service: &name, DesiredCount: int32p(want[paramDesired]),
				})
				return err
			},
		},
	},
}

// byECS tags by ARN, as the look found it.
var byECS = tagAPI{
	tagAction: "ecs:TagResource", untagAction: "ecs:UntagResource",
	tag: func(ctx context.Context, c call, with map[string]string) error {
		in := &ecs.TagResourceInput{ResourceArn: &c.Seen.ARN}
		for k, v := range with {
			in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
		}
		_, err := ecs.NewFromConfig(c.Config).TagResource(ctx, in)
		return err
	},
	untag: func(ctx context.Context, c call, keys []string) error {
		_, err := ecs.NewFromConfig(c.Config).UntagResource(ctx, &ecs.UntagResourceInput{ResourceArn: &c.Seen.ARN, TagKeys: keys})
		return err
	},
}

// scaledService is a service, seen together with the bounds of its automatic bounds.
func scaledService() kind {
	k := unwatched(ecsService)
	k.permissions = []string{"application-autoscaling:DescribeScalableTargets", "ecs:DescribeServices"}
	k.see = func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		r, err := ecsService.see(ctx, t, id)
		if err != nil || r.State == tracker.Gone {
			return r, err
		}
		target, there, err := scalableServices.get(ctx, t, id)
		if err == nil && there {
			r.Metadata[boundLeast], r.Metadata[boundMost] = sdk.Num(target.MinCapacity), sdk.Num(target.MaxCapacity)
		}
		return r, err
	}
	return k
}

func scalableID(id string) *string { return aws.String("service/" + id) }

// scalableServices are described 50 in a call (Application Auto Scaling API Reference,
// DescribeScalableTargets). Services without automatic scaling are left out of the
// answer.
var scalableServices = &bulk[bounds.ScalableTarget]{
	most: 50,
	ask: func(ctx context.Context, t Target, ids []string) (map[string]bounds.ScalableTarget, error) {
		in := &applicationautoscaling.DescribeScalableTargetsInput{
			ServiceNamespace: bounds.ServiceNamespaceEcs, ScalableDimension: bounds.ScalableDimensionECSServiceDesiredCount,
		}
		for _, id := range ids {
			in.ResourceIds = append(in.ResourceIds, *scalableID(id))
		}
		cursor := func(in *applicationautoscaling.DescribeScalableTargetsInput, out *applicationautoscaling.DescribeScalableTargetsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		found, err := gathered(ctx, applicationautoscaling.NewFromConfig(t.Config).DescribeScalableTargets, in, cursor,
			func(out *applicationautoscaling.DescribeScalableTargetsOutput) []bounds.ScalableTarget {
				return out.ScalableTargets
			})
		return keyed(found, func(s bounds.ScalableTarget) []string {
			return []string{strings.TrimPrefix(aws.ToString(s.ResourceId), "service/")}
		}), err
	},
}
