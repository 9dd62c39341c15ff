package actions

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	nodesLeast   = "min_size"
	nodesDesired = "desired_size"
)

var eksNodegroup = kind{
	Type:        "EKS_Nodegroup",
	permissions: []string{"eks:DescribeNodegroup"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		cluster, name, ok := strings.Cut(id, "/")
		if !ok {
			return tracker.Resource{}, tracker.Invalid("resource_id", "has to be the names of cluster and node group, as in web/workers")
		}
		var out *eks.DescribeNodegroupOutput
		err := t.Looks.alone(ctx, func() (err error) {
			out, err = eks.NewFromConfig(t.Config).DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
			return err
		})
		if err != nil {
			return missing(err, "ResourceNotFoundException")
		}
		g := out.Nodegroup
		size := cmp.Or(g.ScalingConfig, &types.NodegroupScalingConfig{})
		return tracker.Resource{
			Name:    tracker.Named(name),
			ARN:     aws.ToString(g.NodegroupArn),
			State:   strings.ToLower(string(g.Status)),
			Created: tracker.At(g.CreatedAt),
			Tags:    g.Tags,
			Metadata: tracker.Metadata{
				"cluster":    cluster,
				nodesLeast:   sdk.Num(size.MinSize),
				nodesDesired: sdk.Num(size.DesiredSize),
				sizeMax:      sdk.Num(size.MaxSize),
			},
		}, nil
	},
}

// parkedNodes keep their most, which EKS wants to be 1 at least.
var parkedNodes = parking{
	kind:  eksNodegroup,
	names: []string{nodesDesired, nodesLeast},
	// EKS does not say how many nodes there are; it is updating until they are as wanted.
	present:  nodesDesired,
	api:      byEKS,
	deadline: time.Hour,
	unpriced: autoScalingGroupScale.Unpriced,
	asides:   []aside{note("an autoscaler in the cluster may bring nodes back: the most stays as it is")},
	resize: []resizing{{
		name: "resize", action: "eks:UpdateNodegroupConfig", names: []string{nodesDesired, nodesLeast},
		send: func(ctx context.Context, c call, want measures) error {
			cluster, name, _ := strings.Cut(c.Item.ResourceID, "/")
			_, err := eks.NewFromConfig(c.Config).UpdateNodegroupConfig(ctx, &eks.UpdateNodegroupConfigInput{
				ClusterName: &cluster, NodegroupName: &name,
				ScalingConfig: &types.NodegroupScalingConfig{MinSize: int32p(want[nodesLeast]), DesiredSize: int32p(want[nodesDesired])},
			})
			return err
		},
	}},
}

// byEKS tags by ARN, as the look found it.
var byEKS = tagAPI{
	tagAction: "eks:TagResource", untagAction: "eks:UntagResource",
	tag: func(ctx context.Context, c call, with map[string]string) error {
		_, err := eks.NewFromConfig(c.Config).TagResource(ctx, &eks.TagResourceInput{ResourceArn: &c.Seen.ARN, Tags: with})
		return err
	},
	untag: func(ctx context.Context, c call, keys []string) error {
		_, err := eks.NewFromConfig(c.Config).UntagResource(ctx, &eks.UntagResourceInput{ResourceArn: &c.Seen.ARN, TagKeys: keys})
		return err
	},
}
