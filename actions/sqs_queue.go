package actions

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var sqsQueue = kind{
	Type:        "SQS_Queue",
	permissions: []string{"sqs:GetQueueAttributes", "sqs:ListQueueTags"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		client := sqs.NewFromConfig(t.Config)
		out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: &id, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
		})
		if err != nil {
			return missing(err, noQueue...)
		}
		listed, err := client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &id})
		if err != nil {
			return missing(err, noQueue...)
		}
		name := id[strings.LastIndex(id, "/")+1:]
		r := tracker.Resource{
			Name: tracker.Named(name), ARN: t.arn("sqs", name), State: stateActive, Tags: listed.Tags,
			Metadata: tracker.Metadata{
				"messages":           attribute(out.Attributes, "ApproximateNumberOfMessages"),
				"messages_in_flight": attribute(out.Attributes, "ApproximateNumberOfMessagesNotVisible"),
				"messages_delayed":   attribute(out.Attributes, "ApproximateNumberOfMessagesDelayed"),
			},
		}
		// Not everything that speaks this API gives whole seconds.
		if seconds, err := strconv.ParseFloat(out.Attributes["CreatedTimestamp"], 64); err == nil {
			at := time.Unix(int64(seconds), 0)
			r.Created = tracker.At(&at)
		}
		return r, nil
	},
}

var noQueue = []string{"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}

// attribute returns the number that an attribute spells; unknown is nil.
func attribute(attributes map[string]string, name string) any {
	n, err := strconv.ParseInt(attributes[name], 10, 64)
	if err != nil {
		return nil
	}
	return n
}

var sqsQueueDelete = Action{
	kind:     sqsQueue,
	Verb:     "delete",
	Summary:  "Deletes the queue with its messages. Its name can be taken again after a minute.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{stateActive},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: "queue_not_empty", liftable: true, how: "let its messages be consumed",
		refuse: when(func(l look) string {
			var n int64
			for _, k := range []string{"messages", "messages_in_flight", "messages_delayed"} {
				some, unknown := l.count(k)
				if unknown != "" {
					return unknown
				}
				n += some
			}
			if n == 0 {
				return ""
			}
			return fmt.Sprintf("it holds about %d messages", n)
		}),
	}},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "sqs:DeleteQueue",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(sqs.NewFromConfig(c.Config).DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: c.id()}))
		},
	}},
}
