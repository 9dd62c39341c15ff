package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/athena"
	"github.com/consolesensei/resource-tracker/internal/aws/athena/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var athenaWorkGroup = Scanner{
	Type:        "Athena_WorkGroup",
	Service:     Service{ID: athena.ServiceID, Prefix: "athena", Protocol: JSON},
	ARNs:        []string{"athena:workgroup/"},
	Permissions: []string{"athena:ListWorkGroups", "tag:GetResources"},
	Tagged:      "athena",
	Metadata:    []string{"engine_version"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &athena.ListWorkGroupsInput{MaxResults: aws.Int32(50)}
		cursor := func(in *athena.ListWorkGroupsInput, out *athena.ListWorkGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, athena.NewFromConfig(t.Config).ListWorkGroups, in, cursor, func(out *athena.ListWorkGroupsOutput) []tracker.Resource {
			return collect(out.WorkGroups, func(g types.WorkGroupSummary) tracker.Resource { return workGroup(t, g) })
		})
	},
}

func workGroup(t Target, g types.WorkGroupSummary) tracker.Resource {
	name := aws.ToString(g.Name)
	engine := cmp.Or(g.EngineVersion, &types.EngineVersion{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     t.arn("athena", "workgroup/"+name),
		State:   lower(g.State),
		Created: tracker.At(g.CreationTime),
		Metadata: tracker.Metadata{
			"description": sdk.Str(g.Description),
			// The one in force where the one that was chosen says AUTO.
			"engine_version":  sdk.Str(engine.EffectiveEngineVersion),
			"engine_selected": sdk.Str(engine.SelectedEngineVersion),

			"identity_center_application_arn": sdk.Str(g.IdentityCenterApplicationArn),
		},
	}
}
