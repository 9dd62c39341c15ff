package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var ecsCluster = kind{
	Type:        "ECS_Cluster",
	permissions: []string{"ecs:DescribeClusters"},
	rests:       []string{stateActive, "failed", "inactive"},
	watch:       []string{"active_services", "running_tasks", "container_instances"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		c, there, err := clusters.get(ctx, t, id)
		if err = cmp.Or(err, c.failure); err != nil || !there || aws.ToString(c.Status) == ecsDeleted {
			return gone(), err
		}
		return tracker.Resource{
			Name:  tracker.Named(aws.ToString(c.ClusterName)),
			ARN:   aws.ToString(c.ClusterArn),
			State: strings.ToLower(aws.ToString(c.Status)),
			Tags:  ecsTags(c.Tags),
			Metadata: tracker.Metadata{
				"active_services":     int64(c.ActiveServicesCount),
				"running_tasks":       int64(c.RunningTasksCount),
				"container_instances": int64(c.RegisteredContainerInstancesCount),
			},
		}, nil
	},
}

// clusterSeen is a cluster as ECS answers it, or why it does not.
type clusterSeen struct {
	types.Cluster
	failure error
}

// clusters are described 100 in a call, by name or by ARN (ECS API Reference,
// DescribeClusters).
var clusters = &bulk[clusterSeen]{
	most: 100, invalid: []string{"InvalidParameterException"},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]clusterSeen, error) {
		out, err := ecs.NewFromConfig(t.Config).DescribeClusters(ctx, &ecs.DescribeClustersInput{
			Clusters: ids, Include: []types.ClusterField{types.ClusterFieldTags},
		})
		if err != nil {
			return nil, err
		}
		seen := map[string]clusterSeen{}
		for id, err := range ecsFailures(out.Failures, ids) {
			seen[id] = clusterSeen{failure: err}
		}
		for _, c := range out.Clusters {
			seen[aws.ToString(c.ClusterName)] = clusterSeen{Cluster: c}
			seen[aws.ToString(c.ClusterArn)] = clusterSeen{Cluster: c}
		}
		return seen, nil
	},
}

var ecsClusterDelete = Action{
	kind:     ecsCluster,
	Verb:     "delete",
	Summary:  "Deletes an empty cluster.",
	Destroys: true,
	After:    vanishes,
	Deadline: 20 * time.Minute,
	From:     []string{stateActive, "failed"},
	Via:      []string{"deprovisioning"},
	To:       []string{tracker.Gone},
	guards: []guard{
		{
			rule: "cluster_not_empty", how: "delete its services",
			permissions: []string{"ecs:ListServices"},
			facts:       []string{"active_services", "running_tasks"},
			refuse:      by("ECS_Service", "it has the services %s", servicesOf),
		},
		{
			rule: "cluster_in_use", how: "stop its tasks and deregister its instances",
			refuse: when(func(l look) string {
				tasks, no := l.count("running_tasks")
				services, not := l.count("active_services")
				instances, nor := l.count("container_instances")
				if unknown := cmp.Or(no, not, nor); unknown != "" {
					return unknown
				}
				if instances > 0 || tasks > 0 && services == 0 {
					return fmt.Sprintf("it has %d container instances and %d running tasks of no service", instances, tasks)
				}
				return ""
			}),
		},
	},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "ecs:DeleteCluster",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(ecs.NewFromConfig(c.Config).DeleteCluster(ctx, &ecs.DeleteClusterInput{Cluster: c.id()}))
		},
	}},
}

// servicesOf returns the services of a cluster by the IDs that scans give them.
func servicesOf(ctx context.Context, l look) ([]string, error) {
	in := &ecs.ListServicesInput{Cluster: &l.ID, MaxResults: aws.Int32(100)}
	cursor := func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	var ids []string
	for page, err := range sdk.Pages(ctx, ecs.NewFromConfig(l.Config).ListServices, in, cursor) {
		if err != nil {
			return nil, err
		}
		for _, arn := range page.ServiceArns {
			ids = append(ids, l.ID+"/"+arn[strings.LastIndex(arn, "/")+1:])
		}
	}
	return ids, nil
}
