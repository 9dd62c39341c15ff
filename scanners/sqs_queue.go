package scanners

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var sqsQueue = Scanner{
	Type:        "SQS_Queue",
	Service:     Service{ID: sqs.ServiceID, Prefix: "sqs", Protocol: JSON},
	ARNs:        []string{"sqs:"},
	Permissions: []string{"sqs:GetQueueAttributes", "sqs:ListQueues", "tag:GetResources"},
	Tagged:      "sqs",
	Metadata:    []string{"messages", "fifo", "redrive_policy", "kms_key_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := sqs.NewFromConfig(t.Config)
		attributes := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
				QueueUrl:       aws.String(r.ID),
				AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
			})
			if err != nil {
				return err
			}
			*r = queue(t, r.ID, out.Attributes)
			return nil
		}
		// Without MaxResults, ListQueues stops at 1,000 queues and gives no token.
		in := &sqs.ListQueuesInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *sqs.ListQueuesInput, out *sqs.ListQueuesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, attributes, func(emit Emit) error {
			return listPages(ctx, emit, client.ListQueues, in, cursor, func(page *sqs.ListQueuesOutput) []tracker.Resource {
				return collect(page.QueueUrls, func(url string) tracker.Resource { return queue(t, url, nil) })
			})
		})
	},
}

// queue returns the queue of a URL; attributes are nil while they are unknown.
func queue(t Target, url string, attributes map[string]string) tracker.Resource {
	name := last(url, "/")
	fifo := any(nil)
	if attributes != nil {
		// Only FIFO queues have the attribute.
		fifo = attributes["FifoQueue"] == "true"
	}
	return tracker.Resource{
		ID:      url,
		Name:    tracker.Named(name),
		ARN:     t.arn("sqs", name),
		State:   stateActive,
		Created: unixSeconds(attributes["CreatedTimestamp"]),
		Metadata: tracker.Metadata{
			"messages":                   whole(attributes["ApproximateNumberOfMessages"]),
			"messages_in_flight":         whole(attributes["ApproximateNumberOfMessagesNotVisible"]),
			"messages_delayed":           whole(attributes["ApproximateNumberOfMessagesDelayed"]),
			"retention_seconds":          whole(attributes["MessageRetentionPeriod"]),
			"visibility_timeout_seconds": whole(attributes["VisibilityTimeout"]),
			"fifo":                       fifo,
			"kms_key_id":                 sdk.Text(attributes["KmsMasterKeyId"]),
			"sqs_managed_encryption":     yes(attributes["SqsManagedSseEnabled"]),
			// JSON that names the dead-letter queue's ARN.
			"redrive_policy": sdk.Text(attributes["RedrivePolicy"]),
			"last_modified":  sdk.Stamp(unixSeconds(attributes["LastModifiedTimestamp"])),
		},
	}
}

// whole returns the integer that s spells; unknown is nil.
func whole(s string) any {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// yes returns the boolean that s spells; unknown is nil.
func yes(s string) any {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return nil
	}
	return b
}

// unixSeconds returns the time that s spells in seconds since 1970, or nil.
func unixSeconds(s string) *time.Time {
	// Not everything that speaks this API gives whole seconds.
	seconds, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return tracker.At(aws.Time(time.Unix(int64(seconds), 0)))
}
