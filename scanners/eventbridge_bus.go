package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// eventsPageSize is the largest that EventBridge takes.
const eventsPageSize = 100

var eventBridgeBus = Scanner{
	Type:        "EventBridge_Bus",
	Service:     serviceEventBridge,
	ARNs:        []string{"events:event-bus/"},
	Permissions: []string{"events:ListEventBuses", "tag:GetResources"},
	Tagged:      "events",
	Metadata:    []string{"default", "last_modified"},
	Scan:        listBuses,
}

func listBuses(ctx context.Context, t Target, emit Emit) error {
	in := &eventbridge.ListEventBusesInput{Limit: aws.Int32(eventsPageSize)}
	cursor := func(in *eventbridge.ListEventBusesInput, out *eventbridge.ListEventBusesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return listPages(ctx, emit, eventbridge.NewFromConfig(t.Config).ListEventBuses, in, cursor, func(page *eventbridge.ListEventBusesOutput) []tracker.Resource {
		return collect(page.EventBuses, bus)
	})
}

func bus(b types.EventBus) tracker.Resource {
	name := aws.ToString(b.Name)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(b.Arn),
		State:   stateActive,
		Created: tracker.At(b.CreationTime),
		Metadata: tracker.Metadata{
			// Every region has one, which cannot be deleted.
			"default":       name == "default",
			"description":   sdk.Str(b.Description),
			"has_policy":    aws.ToString(b.Policy) != "",
			"last_modified": sdk.Stamp(b.LastModifiedTime),
		},
	}
}
