package actions

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
)

// parkedGroup has a most of 0 too: neither a policy nor a scheduled action of the group
// then brings an instance back.
var parkedGroup = parking{
	kind:     unwatched(autoScalingGroup),
	names:    []string{sizeDesired, sizeMin, sizeMax},
	present:  "instance_ids",
	api:      byAutoScaling,
	deadline: time.Hour,
	unpriced: autoScalingGroupScale.Unpriced,
	guards: []guard{{
		rule: "eks_nodegroup", how: "park the node group",
		refuse: when(func(l look) string {
			if group := l.Tags["eks:nodegroup-name"]; group != "" {
				return "it belongs to the EKS node group " + group + ", which gives it its sizes"
			}
			return ""
		}),
	}},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		if n := len(l.Metadata.List("instance_ids")); n > 0 {
			l.note("the group terminates its %d instances", n)
		}
		return nil
	}}},
	resize: []resizing{{
		name: "resize", action: "autoscaling:UpdateAutoScalingGroup", names: []string{sizeDesired, sizeMin, sizeMax},
		send: func(ctx context.Context, c call, want measures) error {
			_, err := autoscaling.NewFromConfig(c.Config).UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
				AutoScalingGroupName: c.id(),
				MinSize:              int32p(want[sizeMin]), DesiredCapacity: int32p(want[sizeDesired]), MaxSize: int32p(want[sizeMax]),
			})
			return err
		},
	}},
}

// unwatched is k whose facts may change between a plan and its applying: whatever its
// sizes are then is remembered.
func unwatched(k kind) kind {
	k.watch = nil
	return k
}
