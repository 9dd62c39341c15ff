package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var autoScalingGroup = Scanner{
	Type:        "AutoScaling_Group",
	Service:     Service{ID: autoscaling.ServiceID, Prefix: "autoscaling", Protocol: Query},
	ARNs:        []string{"autoscaling:autoScalingGroup:"},
	Permissions: []string{"autoscaling:DescribeAutoScalingGroups"},
	Metadata:    []string{"min_size", "max_size", "desired_capacity", "instance_ids", "launch_template_id", "target_group_arns", "subnet_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(100)}
		cursor := func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		client := autoscaling.NewFromConfig(t.Config)
		return listPages(ctx, emit, client.DescribeAutoScalingGroups, in, cursor, func(page *autoscaling.DescribeAutoScalingGroupsOutput) []tracker.Resource {
			return collect(page.AutoScalingGroups, func(g types.AutoScalingGroup) tracker.Resource { return autoScalingGroupOf(t, g) })
		})
	},
}

func autoScalingGroupOf(t Target, g types.AutoScalingGroup) tracker.Resource {
	name := aws.ToString(g.AutoScalingGroupName)
	template, spread := launchOf(g)
	var healthy int64
	for _, i := range g.Instances {
		if strings.EqualFold(aws.ToString(i.HealthStatus), "healthy") {
			healthy++
		}
	}
	return tracker.Resource{
		ID:   name,
		Name: tracker.Named(name),
		ARN:  cmp.Or(aws.ToString(g.AutoScalingGroupARN), t.arn("autoscaling", "autoScalingGroup::autoScalingGroupName/"+name)),
		// Only a group that is being deleted has a status: "Delete in progress".
		State:   cmp.Or(strings.ToLower(aws.ToString(g.Status)), stateActive),
		Created: tracker.At(g.CreatedTime),
		Tags:    sdk.Tags(g.Tags, func(t types.TagDescription) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"min_size":                sdk.Num(g.MinSize),
			"max_size":                sdk.Num(g.MaxSize),
			"desired_capacity":        sdk.Num(g.DesiredCapacity),
			"instance_ids":            sdk.List(g.Instances, func(i types.Instance) *string { return i.InstanceId }),
			"healthy_instances":       healthy,
			"launch_template_id":      sdk.Str(template.LaunchTemplateId),
			"launch_template_name":    sdk.Str(template.LaunchTemplateName),
			"launch_template_version": sdk.Str(template.Version),
			"launch_configuration":    sdk.Str(g.LaunchConfigurationName),
			"instance_types":          sdk.Distinct(sdk.List(g.Instances, func(i types.Instance) *string { return i.InstanceType })),
			"on_demand_base":          sdk.Num(spread.OnDemandBaseCapacity),
			"on_demand_percentage":    sdk.Num(spread.OnDemandPercentageAboveBaseCapacity),
			"target_group_arns":       sdk.Names(g.TargetGroupARNs),
			"load_balancer_names":     sdk.Names(g.LoadBalancerNames),
			"availability_zones":      sdk.Names(g.AvailabilityZones),
			"subnet_ids":              sdk.Names(strings.Split(aws.ToString(g.VPCZoneIdentifier), ",")),
			"suspended_processes":     sdk.List(g.SuspendedProcesses, func(p types.SuspendedProcess) *string { return p.ProcessName }),
			"service_role_arn":        sdk.Str(g.ServiceLinkedRoleARN),
		},
	}
}

// launchOf returns what a group launches, and how it divides what it launches
// between on demand and spot.
func launchOf(g types.AutoScalingGroup) (types.LaunchTemplateSpecification, types.InstancesDistribution) {
	template, spread := g.LaunchTemplate, &types.InstancesDistribution{}
	if mixed := g.MixedInstancesPolicy; mixed != nil {
		spread = cmp.Or(mixed.InstancesDistribution, spread)
		if mixed.LaunchTemplate != nil {
			template = cmp.Or(template, mixed.LaunchTemplate.LaunchTemplateSpecification)
		}
	}
	return *cmp.Or(template, &types.LaunchTemplateSpecification{}), *spread
}
