package scanners

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var cloudWatchAlarm = Scanner{
	Type:        "CloudWatch_Alarm",
	Service:     serviceCloudWatch,
	ARNs:        []string{"cloudwatch:alarm:"},
	Permissions: []string{"cloudwatch:DescribeAlarms", "tag:GetResources"},
	Tagged:      "cloudwatch:alarm",
	Metadata:    []string{"kind", "alarm_actions", "actions_enabled"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &cloudwatch.DescribeAlarmsInput{
			MaxRecords: aws.Int32(100),
			// Without it, only metric alarms come.
			AlarmTypes: types.AlarmType("").Values(),
		}
		cursor := func(in *cloudwatch.DescribeAlarmsInput, out *cloudwatch.DescribeAlarmsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, cloudwatch.NewFromConfig(t.Config).DescribeAlarms, in, cursor, func(page *cloudwatch.DescribeAlarmsOutput) []tracker.Resource {
			rs := collect(page.MetricAlarms, metricAlarm)
			rs = append(rs, collect(page.CompositeAlarms, compositeAlarm)...)
			return append(rs, collect(page.LogAlarms, logAlarm)...)
		})
	},
}

// alarm is what every kind of alarm has.
type alarm struct {
	kind              string
	name, arn         *string
	state             types.StateValue
	description       *string
	actionsEnabled    *bool
	actions           []string
	since, configured *time.Time
}

func (a alarm) resource() tracker.Resource {
	return tracker.Resource{
		ID:    aws.ToString(a.name),
		Name:  tracker.Named(aws.ToString(a.name)),
		ARN:   aws.ToString(a.arn),
		State: lower(a.state),
		Metadata: tracker.Metadata{
			"kind":            a.kind,
			"description":     sdk.Str(a.description),
			"actions_enabled": sdk.Opt(a.actionsEnabled),
			"alarm_actions":   sdk.Names(a.actions),
			"state_since":     sdk.Stamp(a.since),
			"last_modified":   sdk.Stamp(a.configured),
		},
	}
}

func metricAlarm(a types.MetricAlarm) tracker.Resource {
	r := alarm{
		"metric", a.AlarmName, a.AlarmArn, a.StateValue, a.AlarmDescription, a.ActionsEnabled, a.AlarmActions,
		a.StateTransitionedTimestamp, a.AlarmConfigurationUpdatedTimestamp,
	}.resource()
	r.Metadata["namespace"] = sdk.Str(a.Namespace)
	r.Metadata["metric"] = sdk.Str(a.MetricName)
	r.Metadata["dimensions"] = dimensions(a.Dimensions)
	// An alarm on an expression is billed by the metrics that it reads, and one
	// with a period under a minute costs three times as much.
	r.Metadata["metric_count"] = max(1, metricsRead(a.Metrics))
	r.Metadata["period_seconds"] = sdk.Num(a.Period)
	r.Metadata["threshold"] = sdk.Opt(a.Threshold)
	r.Metadata["comparison"] = sdk.Text(a.ComparisonOperator)
	return r
}

func compositeAlarm(a types.CompositeAlarm) tracker.Resource {
	r := alarm{
		"composite", a.AlarmName, a.AlarmArn, a.StateValue, a.AlarmDescription, a.ActionsEnabled, a.AlarmActions,
		a.StateTransitionedTimestamp, a.AlarmConfigurationUpdatedTimestamp,
	}.resource()
	r.Metadata["rule"] = sdk.Str(a.AlarmRule)
	return r
}

func logAlarm(a types.LogAlarm) tracker.Resource {
	r := alarm{
		"log", a.AlarmName, a.AlarmArn, a.StateValue, a.AlarmDescription, a.ActionsEnabled, a.AlarmActions,
		a.StateTransitionedTimestamp, a.AlarmConfigurationUpdatedTimestamp,
	}.resource()
	r.Metadata["threshold"] = sdk.Opt(a.Threshold)
	r.Metadata["comparison"] = sdk.Text(a.ComparisonOperator)
	return r
}

// metricsRead counts the metrics among queries, which may be expressions too.
func metricsRead(queries []types.MetricDataQuery) int64 {
	var n int64
	for _, q := range queries {
		if q.MetricStat != nil {
			n++
		}
	}
	return n
}

// dimensions returns what an alarm watches, such as InstanceId.
func dimensions(items []types.Dimension) map[string]any {
	m := make(map[string]any, len(items))
	for _, d := range items {
		m[aws.ToString(d.Name)] = sdk.Str(d.Value)
	}
	return m
}
