package scanners

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/sns"
	"github.com/consolesensei/resource-tracker/internal/aws/sns/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// snsTopic asks for each topic's attributes: ListSubscriptions would answer for
// many topics, but leaves out the subscriptions of other accounts, and a topic
// that only those use would look unused.
var snsTopic = Scanner{
	Type:        "SNS_Topic",
	Service:     Service{ID: sns.ServiceID, Prefix: "sns", Protocol: Query},
	ARNs:        []string{"sns:"},
	Permissions: []string{"sns:GetTopicAttributes", "sns:ListTopics", "tag:GetResources"},
	Tagged:      "sns",
	Metadata:    []string{"subscriptions", "fifo", "kms_key_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := sns.NewFromConfig(t.Config)
		attributes := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: aws.String(r.ARN)})
			if err != nil {
				return err
			}
			*r = topic(r.ARN, out.Attributes)
			return nil
		}
		cursor := func(in *sns.ListTopicsInput, out *sns.ListTopicsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, attributes, func(emit Emit) error {
			return listPages(ctx, emit, client.ListTopics, &sns.ListTopicsInput{}, cursor, func(page *sns.ListTopicsOutput) []tracker.Resource {
				return collect(page.Topics, func(p types.Topic) tracker.Resource { return topic(aws.ToString(p.TopicArn), nil) })
			})
		})
	},
}

// topic returns the topic of an ARN; attributes are nil while they are unknown.
func topic(arn string, attributes map[string]string) tracker.Resource {
	name := last(arn, ":")
	return tracker.Resource{
		ID:    arn,
		Name:  tracker.Named(name),
		ARN:   arn,
		State: stateActive,
		Metadata: tracker.Metadata{
			"subscriptions":         whole(attributes["SubscriptionsConfirmed"]),
			"pending_subscriptions": whole(attributes["SubscriptionsPending"]),
			"display_name":          sdk.Text(attributes["DisplayName"]),
			"fifo":                  strings.HasSuffix(name, ".fifo"),
			"kms_key_id":            sdk.Text(attributes["KmsMasterKeyId"]),
		},
	}
}
