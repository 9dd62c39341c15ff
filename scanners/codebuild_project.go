package scanners

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/codebuild"
	"github.com/consolesensei/resource-tracker/internal/aws/codebuild/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// codeBuildProject lists names, a hundred a page, which BatchGetProjects takes at once.
var codeBuildProject = Scanner{
	Type:        "CodeBuild_Project",
	Service:     Service{ID: codebuild.ServiceID, Prefix: "codebuild", Protocol: JSON},
	ARNs:        []string{"codebuild:project/"},
	Permissions: []string{"codebuild:BatchGetProjects", "codebuild:ListProjects"},
	Metadata:    []string{"compute_type", "environment_type", "image", "source_type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := codebuild.NewFromConfig(t.Config)
		in := &codebuild.ListProjectsInput{}
		cursor := func(in *codebuild.ListProjectsInput, out *codebuild.ListProjectsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		var missed failures
		err := listPages(ctx, emit, client.ListProjects, in, cursor, func(out *codebuild.ListProjectsOutput) []tracker.Resource {
			if len(out.Projects) == 0 {
				return nil
			}
			rs, err := halving(ctx, t.refused, out.Projects, func(ctx context.Context, names []string) ([]tracker.Resource, error) {
				// A project that was deleted meanwhile is among those that are not found.
				found, err := client.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: names})
				if err != nil {
					return collect(names, func(name string) tracker.Resource {
						return undescribed(buildProject(t, types.Project{Name: &name}))
					}), err
				}
				return collect(found.Projects, func(p types.Project) tracker.Resource { return buildProject(t, p) }), nil
			})
			missed.add(err)
			return rs
		})
		return errors.Join(err, missed.err())
	},
}

func buildProject(t Target, p types.Project) tracker.Resource {
	name := aws.ToString(p.Name)
	environment := cmp.Or(p.Environment, &types.ProjectEnvironment{})
	source := cmp.Or(p.Source, &types.ProjectSource{})
	network := cmp.Or(p.VpcConfig, &types.VpcConfig{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(p.Arn), t.arn("codebuild", "project/"+name)),
		State:   stateActive,
		Created: tracker.At(p.Created),
		Tags:    sdk.Tags(p.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"description":        sdk.Str(p.Description),
			"compute_type":       sdk.Text(environment.ComputeType),
			"environment_type":   sdk.Text(environment.Type),
			"image":              sdk.Str(environment.Image),
			"privileged":         sdk.Opt(environment.PrivilegedMode),
			"source_type":        sdk.Text(source.Type),
			"source":             sdk.Str(source.Location),
			"concurrent_builds":  sdk.Num(p.ConcurrentBuildLimit),
			"timeout_min":        sdk.Num(p.TimeoutInMinutes),
			"visibility":         sdk.Text(p.ProjectVisibility),
			"last_modified":      sdk.Stamp(p.LastModified),
			"role_arn":           sdk.Str(p.ServiceRole),
			"kms_key_id":         sdk.Str(p.EncryptionKey),
			"vpc_id":             sdk.Str(network.VpcId),
			"subnet_ids":         sdk.Names(network.Subnets),
			"security_group_ids": sdk.Names(network.SecurityGroupIds),
		},
	}
}
