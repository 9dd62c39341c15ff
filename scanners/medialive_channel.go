package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/medialive"
	"github.com/consolesensei/resource-tracker/internal/aws/medialive/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var mediaLiveChannel = Scanner{
	Type:        "MediaLive_Channel",
	Service:     Service{ID: medialive.ServiceID, Prefix: "medialive", Protocol: JSON},
	ARNs:        []string{"medialive:channel:"},
	Permissions: []string{"medialive:ListChannels"},
	Metadata:    []string{"class", "pipelines_running"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &medialive.ListChannelsInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *medialive.ListChannelsInput, out *medialive.ListChannelsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, medialive.NewFromConfig(t.Config).ListChannels, in, cursor, func(out *medialive.ListChannelsOutput) []tracker.Resource {
			return collect(out.Channels, channel)
		})
	},
}

func channel(c types.ChannelSummary) tracker.Resource {
	input := types.InputSpecification{}
	if c.InputSpecification != nil {
		input = *c.InputSpecification
	}
	return tracker.Resource{
		ID:    aws.ToString(c.Id),
		Name:  tracker.Named(aws.ToString(c.Name)),
		ARN:   aws.ToString(c.Arn),
		State: lower(c.State),
		Tags:  c.Tags,
		Metadata: tracker.Metadata{
			// What a channel is charged by: how many pipelines, and of what.
			"class":             sdk.Text(c.ChannelClass),
			"pipelines_running": sdk.Num(c.PipelinesRunningCount),
			"codec":             sdk.Text(input.Codec),
			"resolution":        sdk.Text(input.Resolution),
			"bitrate":           sdk.Text(input.MaximumBitrate),
			"input_ids":         sdk.List(c.InputAttachments, func(a types.InputAttachment) *string { return a.InputId }),
			"log_level":         sdk.Text(c.LogLevel),
			"role_arn":          sdk.Str(c.RoleArn),
		},
	}
}
