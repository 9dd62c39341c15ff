package scanners

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// Lists of ECS give a hundred ARNs a page; DescribeClusters takes as many.
	ecsPageSize = 100
	// ecsDeleted is the status of what was deleted; ECS shows it for some time.
	ecsDeleted = "INACTIVE"
)

var ecsCluster = Scanner{
	Type:        "ECS_Cluster",
	Service:     serviceECS,
	ARNs:        []string{"ecs:cluster/"},
	Permissions: []string{"ecs:DescribeClusters", "ecs:ListClusters"},
	Metadata:    []string{"active_services", "running_tasks"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := ecs.NewFromConfig(t.Config)
		in := &ecs.ListClustersInput{MaxResults: aws.Int32(ecsPageSize)}
		var missed failures
		err := listPages(ctx, emit, client.ListClusters, in, clusterCursor, func(page *ecs.ListClustersOutput) []tracker.Resource {
			rs, err := halving(ctx, t.refused, page.ClusterArns, func(ctx context.Context, arns []string) ([]tracker.Resource, error) {
				return describeClusters(ctx, client, arns)
			})
			missed.add(err)
			return rs
		})
		return errors.Join(err, missed.err())
	},
}

func clusterCursor(in *ecs.ListClustersInput, out *ecs.ListClustersOutput) (**string, *string) {
	return &in.NextToken, out.NextToken
}

func describeClusters(ctx context.Context, client *ecs.Client, arns []string) ([]tracker.Resource, error) {
	if len(arns) == 0 {
		return nil, nil
	}
	out, err := client.DescribeClusters(ctx, &ecs.DescribeClustersInput{
		Clusters: arns,
		Include:  []types.ClusterField{types.ClusterFieldSettings, types.ClusterFieldTags},
	})
	if err != nil {
		return collect(arns, func(arn string) tracker.Resource {
			return undescribed(ecsClusterOf(types.Cluster{ClusterArn: &arn, ClusterName: aws.String(last(arn, "/"))}))
		}), err
	}
	var rs []tracker.Resource
	for _, c := range out.Clusters {
		if aws.ToString(c.Status) != ecsDeleted {
			rs = append(rs, ecsClusterOf(c))
		}
	}
	return rs, ecsFailure(out.Failures)
}

func ecsClusterOf(c types.Cluster) tracker.Resource {
	name := aws.ToString(c.ClusterName)
	var insights any
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			insights = sdk.Str(s.Value)
		}
	}
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   aws.ToString(c.ClusterArn),
		State: lower(aws.ToString(c.Status)),
		Tags:  ecsTags(c.Tags),
		Metadata: tracker.Metadata{
			"active_services":     int64(c.ActiveServicesCount),
			"running_tasks":       int64(c.RunningTasksCount),
			"pending_tasks":       int64(c.PendingTasksCount),
			"container_instances": int64(c.RegisteredContainerInstancesCount),
			"capacity_providers":  sdk.Names(c.CapacityProviders),
			"container_insights":  insights,
		},
	}
}

// ecsFailure returns why ECS left out what it was asked for. What is missing was
// deleted after it was listed.
func ecsFailure(failures []types.Failure) error {
	var errs []error
	for _, f := range failures {
		if reason := aws.ToString(f.Reason); reason != "MISSING" {
			errs = append(errs, fmt.Errorf("ecs answers %s for %s", reason, aws.ToString(f.Arn)))
		}
	}
	return errors.Join(errs...)
}

func ecsTags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}
