package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/glue"
	"github.com/consolesensei/resource-tracker/internal/aws/glue/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var glueJob = Scanner{
	Type:        "Glue_Job",
	Service:     Service{ID: glue.ServiceID, Prefix: "glue", Protocol: JSON},
	ARNs:        []string{"glue:job/"},
	Permissions: []string{"glue:GetJobs", "tag:GetResources"},
	Tagged:      "glue:job",
	Metadata:    []string{"worker_type", "worker_count", "max_dpus"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &glue.GetJobsInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *glue.GetJobsInput, out *glue.GetJobsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, glue.NewFromConfig(t.Config).GetJobs, in, cursor, func(out *glue.GetJobsOutput) []tracker.Resource {
			return collect(out.Jobs, func(j types.Job) tracker.Resource { return job(t, j) })
		})
	},
}

func job(t Target, j types.Job) tracker.Resource {
	name := aws.ToString(j.Name)
	command := cmp.Or(j.Command, &types.JobCommand{})
	connections := cmp.Or(j.Connections, &types.ConnectionsList{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     t.arn("glue", "job/"+name),
		State:   stateActive,
		Created: tracker.At(j.CreatedOn),
		Metadata: tracker.Metadata{
			"command":       sdk.Str(command.Name),
			"script":        sdk.Str(command.ScriptLocation),
			"glue_version":  sdk.Str(j.GlueVersion),
			"worker_type":   sdk.Text(j.WorkerType),
			"worker_count":  sdk.Num(j.NumberOfWorkers),
			"max_dpus":      sdk.Opt(j.MaxCapacity),
			"flex":          j.ExecutionClass == types.ExecutionClassFlex,
			"timeout_min":   sdk.Num(j.Timeout),
			"max_retries":   int64(j.MaxRetries),
			"description":   sdk.Str(j.Description),
			"last_modified": sdk.Stamp(j.LastModifiedOn),
			// A role's name or its ARN, as it was given.
			"role":        sdk.Str(j.Role),
			"connections": sdk.Names(connections.Connections),
		},
	}
}
