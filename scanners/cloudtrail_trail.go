package scanners

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudtrail"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudtrail/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cloudTrailTrail lists each trail once: in its home region, and in the account that
// owns it. Without shadow trails, DescribeTrails leaves out the copies that a trail of
// several regions has in the others and that an organisation's has in its members.
var cloudTrailTrail = Scanner{
	Type:        "CloudTrail_Trail",
	Service:     Service{ID: cloudtrail.ServiceID, Prefix: "cloudtrail", Protocol: JSON},
	ARNs:        []string{"cloudtrail:trail/"},
	Permissions: []string{"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "tag:GetResources"},
	Tagged:      "cloudtrail:trail",
	Metadata:    []string{"multi_region", "organization", "bucket"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := cloudtrail.NewFromConfig(t.Config)
		status := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: &r.ARN})
			if err != nil {
				return err
			}
			r.State = "stopped"
			if aws.ToBool(out.IsLogging) {
				r.State = "logging"
			}
			r.Metadata["last_delivery"] = sdk.Stamp(out.LatestDeliveryTime)
			r.Metadata["delivery_error"] = sdk.Str(out.LatestDeliveryError)
			return nil
		}
		return withDetails(ctx, emit, status, func(emit Emit) error {
			out, err := client.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(false)})
			if err != nil {
				return err
			}
			return emit(collect(slices.DeleteFunc(out.TrailList, t.shadow), trail)...)
		})
	},
}

// shadow reports whether a trail is of another region or account.
func (t Target) shadow(trail types.Trail) bool {
	id := aws.ToString(trail.TrailARN)
	return id != t.arn("cloudtrail", "trail/"+aws.ToString(trail.Name))
}

func trail(l types.Trail) tracker.Resource {
	name := aws.ToString(l.Name)
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   aws.ToString(l.TrailARN),
		State: stateUnknown,
		Metadata: tracker.Metadata{
			"multi_region":   sdk.Opt(l.IsMultiRegionTrail),
			"organization":   sdk.Opt(l.IsOrganizationTrail),
			"global_events":  sdk.Opt(l.IncludeGlobalServiceEvents),
			"data_events":    sdk.Opt(l.HasCustomEventSelectors),
			"insights":       sdk.Opt(l.HasInsightSelectors),
			"validated":      sdk.Opt(l.LogFileValidationEnabled),
			"bucket":         sdk.Str(l.S3BucketName),
			"prefix":         sdk.Str(l.S3KeyPrefix),
			"topic_arn":      sdk.Str(l.SnsTopicARN),
			"log_group_arn":  sdk.Str(l.CloudWatchLogsLogGroupArn),
			"role_arn":       sdk.Str(l.CloudWatchLogsRoleArn),
			"kms_key_id":     sdk.Str(l.KmsKeyId),
			"last_delivery":  nil,
			"delivery_error": nil,
		},
	}
}
