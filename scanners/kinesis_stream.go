package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var kinesisStream = Scanner{
	Type:        "Kinesis_Stream",
	Service:     Service{ID: kinesis.ServiceID, Prefix: "kinesis", Protocol: JSON},
	ARNs:        []string{"kinesis:stream/"},
	Permissions: []string{"kinesis:DescribeStreamSummary", "kinesis:ListStreams", "tag:GetResources"},
	Tagged:      "kinesis:stream",
	Metadata:    []string{"mode", "shard_count", "retention_hours"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := kinesis.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: &r.ID})
			if err != nil {
				return err
			}
			d := cmp.Or(out.StreamDescriptionSummary, &types.StreamDescriptionSummary{})
			r.Metadata["shard_count"] = sdk.Num(d.OpenShardCount)
			r.Metadata["retention_hours"] = sdk.Num(d.RetentionPeriodHours)
			r.Metadata["consumer_count"] = sdk.Num(d.ConsumerCount)
			r.Metadata["encryption"] = sdk.Text(d.EncryptionType)
			r.Metadata["kms_key_id"] = sdk.Str(d.KeyId)
			return nil
		}, func(emit Emit) error {
			in := &kinesis.ListStreamsInput{Limit: aws.Int32(100)}
			cursor := func(in *kinesis.ListStreamsInput, out *kinesis.ListStreamsOutput) (**string, *string) {
				return &in.NextToken, out.NextToken
			}
			return listPages(ctx, emit, client.ListStreams, in, cursor, func(out *kinesis.ListStreamsOutput) []tracker.Resource {
				return collect(out.StreamSummaries, func(s types.StreamSummary) tracker.Resource { return stream(t, s) })
			})
		})
	},
}

func stream(t Target, s types.StreamSummary) tracker.Resource {
	name := aws.ToString(s.StreamName)
	mode := cmp.Or(s.StreamModeDetails, &types.StreamModeDetails{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(s.StreamARN), t.arn("kinesis", "stream/"+name)),
		State:   lower(s.StreamStatus),
		Created: tracker.At(s.StreamCreationTimestamp),
		Metadata: tracker.Metadata{
			"mode": sdk.Text(mode.StreamMode),

			"shard_count":     nil,
			"retention_hours": nil,
			"consumer_count":  nil,
			"encryption":      nil,
			"kms_key_id":      nil,
		},
	}
}
