package actions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/sns"
	"github.com/consolesensei/resource-tracker/internal/aws/sns/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var snsTopic = kind{
	Type:        "SNS_Topic",
	permissions: []string{"sns:GetTopicAttributes", "sns:ListTagsForResource"},
	watch:       []string{"subscriptions"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		client := sns.NewFromConfig(t.Config)
		out, err := client.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &id})
		if err != nil {
			return missing(err, "NotFound", "NotFoundException")
		}
		listed, err := client.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: &id})
		if err != nil {
			return missing(err, "ResourceNotFound", "ResourceNotFoundException")
		}
		return tracker.Resource{
			Name: tracker.Named(id[strings.LastIndex(id, ":")+1:]), ARN: id, State: stateActive,
			Tags: sdk.Tags(listed.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
			Metadata: tracker.Metadata{
				"subscriptions":         attribute(out.Attributes, "SubscriptionsConfirmed"),
				"pending_subscriptions": attribute(out.Attributes, "SubscriptionsPending"),
			},
		}, nil
	},
}

var snsTopicDelete = Action{
	kind:     snsTopic,
	Verb:     "delete",
	Summary:  "Deletes the topic with its subscriptions.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{stateActive},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: "has_subscriptions", liftable: true, how: "remove its subscriptions",
		refuse: when(func(l look) string {
			n, unknown := l.count("subscriptions")
			if n == 0 {
				return unknown
			}
			return fmt.Sprintf("it has %d subscriptions", n)
		}),
	}},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "sns:DeleteTopic",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(sns.NewFromConfig(c.Config).DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: c.id()}))
		},
	}},
}
