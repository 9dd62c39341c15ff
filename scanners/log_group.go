package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var logGroup = Scanner{
	Type:        "CloudWatch_LogGroup",
	Service:     Service{ID: cloudwatchlogs.ServiceID, Prefix: "logs", Protocol: JSON},
	ARNs:        []string{"logs:log-group:"},
	Permissions: []string{"logs:DescribeLogGroups", "tag:GetResources"},
	Tagged:      "logs",
	Metadata:    []string{"stored_bytes", "retention_days"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(50)}
		cursor := func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		for page, err := range sdk.Pages(ctx, cloudwatchlogs.NewFromConfig(t.Config).DescribeLogGroups, in, cursor) {
			if err != nil {
				return err
			}
			rs := collect(page.LogGroups, func(g types.LogGroup) tracker.Resource { return logs(t, g) })
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return nil
	},
}

func logs(t Target, g types.LogGroup) tracker.Resource {
	name := aws.ToString(g.LogGroupName)
	// Arn ends in ":*", for use in policies; tags are kept under the ARN without.
	arn := cmp.Or(aws.ToString(g.LogGroupArn), strings.TrimSuffix(aws.ToString(g.Arn), ":*"), t.arn("logs", "log-group:"+name))
	retention := sdk.Num(g.RetentionInDays)
	if retention == nil {
		retention = "Never expire"
	}
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     arn,
		State:   stateActive,
		Created: tracker.AtMillis(g.CreationTime),
		Metadata: tracker.Metadata{
			"stored_bytes":   sdk.Num(g.StoredBytes),
			"retention_days": retention,

			"class":               sdk.Text(g.LogGroupClass),
			"kms_key_id":          sdk.Str(g.KmsKeyId),
			"metric_filter_count": sdk.Num(g.MetricFilterCount),
			"deletion_protection": sdk.Opt(g.DeletionProtectionEnabled),
		},
	}
}
