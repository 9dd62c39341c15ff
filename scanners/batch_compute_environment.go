package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/batch"
	"github.com/consolesensei/resource-tracker/internal/aws/batch/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var batchComputeEnvironment = Scanner{
	Type:        "Batch_ComputeEnvironment",
	Service:     Service{ID: batch.ServiceID, Prefix: "batch", Protocol: JSON},
	ARNs:        []string{"batch:compute-environment/"},
	Permissions: []string{"batch:DescribeComputeEnvironments"},
	Metadata:    []string{"type", "compute_type", "min_vcpus", "max_vcpus", "desired_vcpus"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &batch.DescribeComputeEnvironmentsInput{MaxResults: aws.Int32(100)}
		cursor := func(in *batch.DescribeComputeEnvironmentsInput, out *batch.DescribeComputeEnvironmentsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, batch.NewFromConfig(t.Config).DescribeComputeEnvironments, in, cursor, func(out *batch.DescribeComputeEnvironmentsOutput) []tracker.Resource {
			return collect(out.ComputeEnvironments, computeEnvironment)
		})
	},
}

func computeEnvironment(e types.ComputeEnvironmentDetail) tracker.Resource {
	name := aws.ToString(e.ComputeEnvironmentName)
	// What is not managed by Batch has no resources.
	r := cmp.Or(e.ComputeResources, &types.ComputeResource{})
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   aws.ToString(e.ComputeEnvironmentArn),
		State: lower(e.Status),
		Tags:  e.Tags,
		Metadata: tracker.Metadata{
			"type":               sdk.Text(e.Type),
			"enabled":            e.State == types.CEStateEnabled,
			"status_reason":      sdk.Str(e.StatusReason),
			"orchestration":      sdk.Text(e.ContainerOrchestrationType),
			"ecs_cluster_arn":    sdk.Str(e.EcsClusterArn),
			"role_arn":           sdk.Str(e.ServiceRole),
			"compute_type":       sdk.Text(r.Type),
			"min_vcpus":          sdk.Num(r.MinvCpus),
			"max_vcpus":          sdk.Num(r.MaxvCpus),
			"desired_vcpus":      sdk.Num(r.DesiredvCpus),
			"instance_types":     sdk.Names(r.InstanceTypes),
			"instance_role":      sdk.Str(r.InstanceRole),
			"subnet_ids":         sdk.Names(r.Subnets),
			"security_group_ids": sdk.Names(r.SecurityGroupIds),
		},
	}
}
