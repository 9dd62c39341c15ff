package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// ecsTaskDefinition lists families, each as its newest active revision: the others are
// its past.
var ecsTaskDefinition = Scanner{
	Type:        "ECS_TaskDefinition",
	Service:     serviceECS,
	ARNs:        []string{"ecs:task-definition/"},
	Permissions: []string{"ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitionFamilies"},
	Metadata:    []string{"revision", "cpu", "memory", "images"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := ecs.NewFromConfig(t.Config)
		describe := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
				TaskDefinition: &r.ID,
				Include:        []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
			})
			if err != nil {
				return err
			}
			*r = taskDefinitionOf(t, *cmp.Or(out.TaskDefinition, &types.TaskDefinition{Family: &r.ID}))
			r.Tags = ecsTags(out.Tags)
			return nil
		}
		in := &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive, MaxResults: aws.Int32(ecsPageSize)}
		cursor := func(in *ecs.ListTaskDefinitionFamiliesInput, out *ecs.ListTaskDefinitionFamiliesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, describe, func(emit Emit) error {
			return listPages(ctx, emit, client.ListTaskDefinitionFamilies, in, cursor, func(out *ecs.ListTaskDefinitionFamiliesOutput) []tracker.Resource {
				return collect(out.Families, func(family string) tracker.Resource {
					return undescribed(taskDefinitionOf(t, types.TaskDefinition{Family: &family}))
				})
			})
		})
	},
}

func taskDefinitionOf(t Target, d types.TaskDefinition) tracker.Resource {
	family := aws.ToString(d.Family)
	platform := cmp.Or(d.RuntimePlatform, &types.RuntimePlatform{})
	return tracker.Resource{
		ID:      family,
		Name:    tracker.Named(family),
		ARN:     cmp.Or(aws.ToString(d.TaskDefinitionArn), t.arn("ecs", "task-definition/"+family)),
		State:   lower(d.Status),
		Created: tracker.At(d.RegisteredAt),
		Metadata: tracker.Metadata{
			"revision": int64(d.Revision),
			// Of the whole task, as they were written: "1024" or "1 GB".
			"cpu":                sdk.Str(d.Cpu),
			"memory":             sdk.Str(d.Memory),
			"images":             sdk.List(d.ContainerDefinitions, func(c types.ContainerDefinition) *string { return c.Image }),
			"compatibilities":    sdk.Names(d.RequiresCompatibilities),
			"network_mode":       sdk.Text(d.NetworkMode),
			"architecture":       sdk.Text(platform.CpuArchitecture),
			"registered_by":      sdk.Str(d.RegisteredBy),
			"role_arn":           sdk.Str(d.TaskRoleArn),
			"execution_role_arn": sdk.Str(d.ExecutionRoleArn),
		},
	}
}
