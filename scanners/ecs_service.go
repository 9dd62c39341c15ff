package scanners

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// ecsService asks each cluster for its services; no call lists those of several.
// What a task on Fargate takes is in its definition, which is asked for once.
var ecsService = Scanner{
	Type:        "ECS_Service",
	Service:     serviceECS,
	ARNs:        []string{"ecs:service/"},
	Permissions: []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListServices"},
	Metadata:    []string{"cluster", "launch_type", "desired_count", "running_count", "task_definition", "target_group_arns"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := ecs.NewFromConfig(t.Config)
		tasks := taskSizes{}
		in := &ecs.ListClustersInput{MaxResults: aws.Int32(ecsPageSize)}
		var missed failures
		for page, err := range sdk.Pages(ctx, client.ListClusters, in, clusterCursor) {
			if err != nil {
				return errors.Join(err, missed.err())
			}
			batches := each(ctx, page.ClusterArns, &missed, func(ctx context.Context, cluster string) ([]serviceBatch, error) {
				return listServices(ctx, client, cluster)
			})
			for some := range slices.Chunk(batches, ecsPageSize) {
				rs := each(ctx, some, &missed, func(ctx context.Context, b serviceBatch) ([]tracker.Resource, error) {
					return halving(ctx, t.refused, b.services, func(ctx context.Context, arns []string) ([]tracker.Resource, error) {
						return describeServices(ctx, client, serviceBatch{b.cluster, arns})
					})
				})
				tasks.fill(ctx, client, rs, &missed)
				if err := emit(rs...); err != nil {
					return err
				}
			}
		}
		return missed.err()
	},
}

// serviceBatch is what DescribeServices takes: ten services of one cluster.
type serviceBatch struct {
	cluster  string
	services []string
}

func listServices(ctx context.Context, client *ecs.Client, cluster string) ([]serviceBatch, error) {
	// Without MaxResults a page has ten.
	in := &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(ecsPageSize)}
	cursor := func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	var batches []serviceBatch
	for page, err := range sdk.Pages(ctx, client.ListServices, in, cursor) {
		if gone(err) {
			return nil, nil
		}
		if err != nil {
			return batches, err
		}
		for services := range slices.Chunk(page.ServiceArns, 10) {
			batches = append(batches, serviceBatch{cluster, services})
		}
	}
	return batches, nil
}

func describeServices(ctx context.Context, client *ecs.Client, b serviceBatch) ([]tracker.Resource, error) {
	out, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster:  &b.cluster,
		Services: b.services,
		Include:  []types.ServiceField{types.ServiceFieldTags},
	})
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return collect(b.services, func(arn string) tracker.Resource {
			return undescribed(ecsServiceOf(types.Service{
				ServiceArn: &arn, ServiceName: aws.String(last(arn, "/")), ClusterArn: &b.cluster,
			}), "cluster")
		}), err
	}
	var rs []tracker.Resource
	for _, s := range out.Services {
		if aws.ToString(s.Status) != ecsDeleted {
			rs = append(rs, ecsServiceOf(s))
		}
	}
	return rs, ecsFailure(out.Failures)
}

// ecsServiceOf names the cluster in the ID: services of two clusters may have
// the same name.
func ecsServiceOf(s types.Service) tracker.Resource {
	name, cluster := aws.ToString(s.ServiceName), last(aws.ToString(s.ClusterArn), "/")
	network := types.AwsVpcConfiguration{}
	if n := s.NetworkConfiguration; n != nil && n.AwsvpcConfiguration != nil {
		network = *n.AwsvpcConfiguration
	}
	return tracker.Resource{
		ID:      cluster + "/" + name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(s.ServiceArn),
		State:   lower(aws.ToString(s.Status)),
		Created: tracker.At(s.CreatedAt),
		Tags:    ecsTags(s.Tags),
		Metadata: tracker.Metadata{
			"cluster":             sdk.Text(cluster),
			"launch_type":         sdk.Text(s.LaunchType),
			"capacity_providers":  sdk.List(s.CapacityProviderStrategy, func(c types.CapacityProviderStrategyItem) *string { return c.CapacityProvider }),
			"scheduling_strategy": sdk.Text(s.SchedulingStrategy),
			"desired_count":       int64(s.DesiredCount),
			"running_count":       int64(s.RunningCount),
			"pending_count":       int64(s.PendingCount),
			"task_definition":     sdk.Str(s.TaskDefinition),
			// Of a service on Fargate, which is charged by them.
			"task_cpu_units":     nil,
			"task_memory_mb":     nil,
			"task_architecture":  nil,
			"platform_version":   sdk.Str(s.PlatformVersion),
			"platform_family":    sdk.Str(s.PlatformFamily),
			"role_arn":           sdk.Str(s.RoleArn),
			"subnet_ids":         sdk.Names(network.Subnets),
			"security_group_ids": sdk.Names(network.SecurityGroups),
			"public_ip":          network.AssignPublicIp == types.AssignPublicIpEnabled,
			"target_group_arns":  sdk.List(s.LoadBalancers, func(l types.LoadBalancer) *string { return l.TargetGroupArn }),
			"created_by":         sdk.Str(s.CreatedBy),
		},
	}
}

// taskSizes is what tasks take, by task definition; nil where it could not be read.
type taskSizes map[string]*taskSize

type taskSize struct {
	cpuUnits, memoryMB, architecture any
}

// fill adds what their tasks take to services on Fargate.
func (sizes taskSizes) fill(ctx context.Context, client *ecs.Client, services []tracker.Resource, missed *failures) {
	var fresh []string
	for _, s := range services {
		if _, asked := sizes[taskDefinition(s)]; !asked && onFargate(s) {
			sizes[taskDefinition(s)] = nil
			fresh = append(fresh, taskDefinition(s))
		}
	}
	type answer struct {
		arn  string
		size taskSize
	}
	for _, a := range each(ctx, fresh, missed, func(ctx context.Context, arn string) ([]answer, error) {
		out, err := client.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
		if err != nil {
			return nil, err
		}
		return []answer{{arn, taskSizeOf(cmp.Or(out.TaskDefinition, &types.TaskDefinition{}))}}, nil
	}) {
		sizes[a.arn] = &a.size
	}
	for _, s := range services {
		if size := sizes[taskDefinition(s)]; size != nil && onFargate(s) {
			s.Metadata["task_cpu_units"], s.Metadata["task_memory_mb"] = size.cpuUnits, size.memoryMB
			s.Metadata["task_architecture"] = size.architecture
		}
	}
}

func taskSizeOf(d *types.TaskDefinition) taskSize {
	platform := cmp.Or(d.RuntimePlatform, &types.RuntimePlatform{})
	return taskSize{wholeNumber(d.Cpu), wholeNumber(d.Memory), cmp.Or(string(platform.CpuArchitecture), string(types.CPUArchitectureX8664))}
}

// wholeNumber reads a number that AWS answers as a string; nil when it is none.
func wholeNumber(p *string) any {
	n, err := strconv.ParseInt(aws.ToString(p), 10, 64)
	if err != nil {
		return nil
	}
	return n
}

func taskDefinition(service tracker.Resource) string {
	arn := service.Metadata.Text("task_definition")
	return arn
}

// onFargate reports whether tasks of a service run on Fargate.
func onFargate(service tracker.Resource) bool {
	providers := service.Metadata.List("capacity_providers")
	return taskDefinition(service) != "" && (service.Metadata["launch_type"] == string(types.LaunchTypeFargate) ||
		slices.ContainsFunc(providers, func(p string) bool { return strings.HasPrefix(p, "FARGATE") }))
}
