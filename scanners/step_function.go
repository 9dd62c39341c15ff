package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/sfn"
	"github.com/consolesensei/resource-tracker/internal/aws/sfn/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var stepFunction = Scanner{
	Type:        "Step_Function",
	Service:     Service{ID: sfn.ServiceID, Prefix: "states", Protocol: JSON},
	ARNs:        []string{"states:stateMachine:"},
	Permissions: []string{"states:ListStateMachines", "tag:GetResources"},
	Tagged:      "states:stateMachine",
	Metadata:    []string{"type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &sfn.ListStateMachinesInput{MaxResults: 1000}
		cursor := func(in *sfn.ListStateMachinesInput, out *sfn.ListStateMachinesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, sfn.NewFromConfig(t.Config).ListStateMachines, in, cursor, func(page *sfn.ListStateMachinesOutput) []tracker.Resource {
			return collect(page.StateMachines, stateMachine)
		})
	},
}

func stateMachine(m types.StateMachineListItem) tracker.Resource {
	return tracker.Resource{
		ID:      aws.ToString(m.StateMachineArn),
		Name:    tracker.Named(aws.ToString(m.Name)),
		ARN:     aws.ToString(m.StateMachineArn),
		State:   stateActive,
		Created: tracker.At(m.CreationDate),
		Metadata: tracker.Metadata{
			// Standard ones are billed by transition, express ones by run and time.
			"type": sdk.Text(m.Type),
		},
	}
}
