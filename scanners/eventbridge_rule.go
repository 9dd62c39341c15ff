package scanners

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// eventBridgeRule lists the rules of every bus: ListRules answers for one bus.
var eventBridgeRule = Scanner{
	Type:        "EventBridge_Rule",
	Service:     serviceEventBridge,
	ARNs:        []string{"events:rule/"},
	Permissions: []string{"events:ListEventBuses", "events:ListRules", "tag:GetResources"},
	Tagged:      "events",
	Metadata:    []string{"event_bus", "schedule", "managed_by", "role_arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		var missed failures
		err := listBuses(ctx, t, func(buses ...tracker.Resource) error {
			for _, b := range buses {
				err := listRules(ctx, t, b.ID, emit)
				if emitted, ok := errors.AsType[emitError](err); ok {
					return emitted.error
				}
				// A bus that refuses does not hide the others.
				missed.add(err)
			}
			return nil
		})
		return errors.Join(err, missed.err())
	},
}

// emitError is a failure of emit, after which nothing more may be emitted.
type emitError struct{ error }

func listRules(ctx context.Context, t Target, bus string, emit Emit) error {
	in := &eventbridge.ListRulesInput{EventBusName: &bus, Limit: aws.Int32(eventsPageSize)}
	cursor := func(in *eventbridge.ListRulesInput, out *eventbridge.ListRulesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	for page, err := range sdk.Pages(ctx, eventbridge.NewFromConfig(t.Config).ListRules, in, cursor) {
		if gone(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("rules of bus %s: %w", bus, err)
		}
		if err := emit(collect(page.Rules, rule)...); err != nil {
			return emitError{err}
		}
	}
	return nil
}

func rule(r types.Rule) tracker.Resource {
	arn := aws.ToString(r.Arn)
	_, id, _ := strings.Cut(arn, ":rule/")
	return tracker.Resource{
		// The name, or bus/name on a bus other than the default one.
		ID:    id,
		Name:  tracker.Named(aws.ToString(r.Name)),
		ARN:   arn,
		State: lower(r.State),
		Metadata: tracker.Metadata{
			"event_bus":   sdk.Str(r.EventBusName),
			"schedule":    sdk.Str(r.ScheduleExpression),
			"has_pattern": aws.ToString(r.EventPattern) != "",
			"role_arn":    sdk.Str(r.RoleArn),
			"description": sdk.Str(r.Description),
			// The AWS service that made the rule and alone should delete it.
			"managed_by": sdk.Str(r.ManagedBy),
		},
	}
}
