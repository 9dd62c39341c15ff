package actions

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// neverExpires is the retention of a log group that keeps everything, as scans
// have it.
const neverExpires = "Never expire"

const paramRetention = "retention_days"

var logGroup = kind{
	Type:        "CloudWatch_LogGroup",
	permissions: []string{"logs:DescribeLogGroups", "logs:ListTagsForResource", "tag:GetResources"},
	watch:       []string{paramRetention},
	// A function whose group is gone makes it anew when it next writes, which it does in
	// batches (Lambda Developer Guide, sending function logs to CloudWatch Logs).
	confirm: time.Minute,
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		g, there, err := logGroups.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		return seeLogGroup(ctx, t, g)
	},
}

// logGroups are described 50 in a call (CloudWatch Logs API Reference,
// DescribeLogGroups, logGroupIdentifiers), as many as a page of the list has. Names
// that no group has are left out of the answer.
var logGroups = &bulk[types.LogGroup]{
	most: 50, missing: []string{"ResourceNotFoundException"}, invalid: []string{"InvalidParameterException"},
	ask: func(ctx context.Context, t Target, names []string) (map[string]types.LogGroup, error) {
		in := &cloudwatchlogs.DescribeLogGroupsInput{LogGroupIdentifiers: names}
		cursor := func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		found, err := gathered(ctx, cloudwatchlogs.NewFromConfig(t.Config).DescribeLogGroups, in, cursor,
			func(out *cloudwatchlogs.DescribeLogGroupsOutput) []types.LogGroup { return out.LogGroups })
		return keyed(found, func(g types.LogGroup) []string { return []string{aws.ToString(g.LogGroupName)} }), err
	},
}

// seeLogGroup reads the tags of a group from the index of tags, of which a call
// answers a hundred, and where it has to be exact from CloudWatch Logs, which
// answers for one at a time.
func seeLogGroup(ctx context.Context, t Target, g types.LogGroup) (tracker.Resource, error) {
	name := aws.ToString(g.LogGroupName)
	retention := sdk.Num(g.RetentionInDays)
	if retention == nil {
		retention = neverExpires
	}
	r := tracker.Resource{
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(g.LogGroupArn), strings.TrimSuffix(aws.ToString(g.Arn), ":*"), t.arn("logs", "log-group:"+name)),
		State:   stateActive,
		Created: tracker.AtMillis(g.CreationTime),
		Metadata: tracker.Metadata{
			"stored_bytes":        sdk.Num(g.StoredBytes),
			paramRetention:        retention,
			"deletion_protection": sdk.Opt(g.DeletionProtectionEnabled),
		},
	}
	if !t.exact {
		var err error
		r.Tags, _, err = tagsByARN.get(ctx, t, r.ARN)
		return r, err
	}
	out, err := cloudwatchlogs.NewFromConfig(t.Config).ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &r.ARN})
	if err != nil {
		return missing(err, "ResourceNotFoundException")
	}
	r.Tags = out.Tags
	return r, nil
}

var logGroupDelete = Action{
	kind:     logGroup,
	Verb:     "delete",
	Summary:  "Deletes the log group with all its events.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{stateActive},
	To:       []string{tracker.Gone},
	guards:   []guard{flagged(ruleDeletionProtection, "deletion_protection", "its deletion protection is on")},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "logs:PutLogGroupDeletionProtection", others: logGroup.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(cloudwatchlogs.NewFromConfig(c.Config).PutLogGroupDeletionProtection(ctx, &cloudwatchlogs.PutLogGroupDeletionProtectionInput{
					LogGroupIdentifier: c.id(), DeletionProtectionEnabled: aws.Bool(false),
				}))
			},
			check: logGroup.off("deletion_protection"),
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "logs:DeleteLogGroup",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(cloudwatchlogs.NewFromConfig(c.Config).DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: c.id()}))
			},
		},
	},
}

var logGroupSetRetention = Action{
	kind:       logGroup,
	Verb:       "set_retention",
	Aliases:    []string{"set-retention"},
	Summary:    "Sets how long events are kept; older ones are deleted, within days.",
	Undo:       "the retention that it had; events that were deleted meanwhile stay deleted",
	Reversible: false,
	Deadline:   5 * time.Minute,
	drifts:     true,
	Params: []tracker.Param{{
		Name: paramRetention, Kind: tracker.ParamInteger, Required: true, Doc: "Days that events are kept; 0 keeps them for ever",
		// The API takes no others (CloudWatch Logs API, PutRetentionPolicy).
		Enum: []string{
			"0", "1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731", "1096",
			"1827", "2192", "2557", "2922", "3288", "3653",
		},
	}},
	From:  []string{stateActive},
	After: retained,
	progress: func(r tracker.Resource, item tracker.ActionItem) tracker.Stage {
		days, err := whole(item, paramRetention)
		switch {
		case err != nil:
			return tracker.StepFailed
		case retentionOf(r.Metadata) == days:
			return tracker.StepDone
		}
		return tracker.StepNotBegun
	},
	steps: []step{{
		// Setting the same value again changes nothing.
		Step: tracker.Step{Name: "set_retention", Repeats: briefly}, action: "logs:PutRetentionPolicy", others: []string{"logs:DeleteRetentionPolicy"},
		send: func(ctx context.Context, c call) (map[string]string, error) {
			client := cloudwatchlogs.NewFromConfig(c.Config)
			days, err := whole(c.Item, paramRetention)
			if err != nil {
				return nil, err
			}
			if days == 0 {
				return none(client.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: c.id()}))
			}
			return none(client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: c.id(), RetentionInDays: aws.Int32(int32(days))}))
		},
	}},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		return backWith(d, "set_retention", tracker.Metadata{paramRetention: retentionOf(d.Seen.Metadata)}), true
	},
}

// retained is the effect of a retention, as if as much was written every day.
func retained(r tracker.Resource, item tracker.ActionItem, now time.Time) tracker.Resource {
	days, err := whole(item, paramRetention)
	if err != nil {
		return changed(r, tracker.Metadata{paramRetention: nil, "stored_bytes": nil})
	}
	span := retentionOf(r.Metadata)
	if r.Created != nil {
		age := int64(now.Sub(*r.Created) / (24 * time.Hour))
		if span == 0 || age < span {
			span = age
		}
	}
	stored, known := r.Metadata.Number("stored_bytes")
	switch {
	case days == 0, span > 0 && span <= days:
		return r
	case span == 0 || !known:
		return changed(r, tracker.Metadata{paramRetention: days, "stored_bytes": nil})
	}
	return changed(r, tracker.Metadata{paramRetention: days, "stored_bytes": stored * float64(days) / float64(span)})
}

// retentionOf returns the days that a log group keeps its events; 0 is for ever.
func retentionOf(m tracker.Metadata) int64 {
	days, _ := tracker.Integer(m[paramRetention])
	return days
}
