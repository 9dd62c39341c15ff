package scanners

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var spotRequest = Scanner{
	Type:        "Spot_Request",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:spot-instances-request/"},
	Permissions: []string{"ec2:DescribeSpotInstanceRequests"},
	Metadata:    []string{"instance_id", "instance_type", "max_price"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeSpotInstanceRequestsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeSpotInstanceRequestsInput, out *ec2.DescribeSpotInstanceRequestsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeSpotInstanceRequests, in, cursor, func(page *ec2.DescribeSpotInstanceRequestsOutput) []tracker.Resource {
			kept := slices.DeleteFunc(page.SpotInstanceRequests, spotEnded)
			return collect(kept, func(r types.SpotInstanceRequest) tracker.Resource { return spotRequestOf(t, r) })
		})
	},
}

// spotEnded reports whether a request will launch nothing any more. AWS shows
// such a request for two days.
func spotEnded(r types.SpotInstanceRequest) bool {
	switch r.State {
	case types.SpotInstanceStateClosed, types.SpotInstanceStateCancelled, types.SpotInstanceStateFailed:
		return true
	default:
		return false
	}
}

func spotRequestOf(t Target, r types.SpotInstanceRequest) tracker.Resource {
	id, tags := aws.ToString(r.SpotInstanceRequestId), ec2Tags(r.Tags)
	launch := cmp.Or(r.LaunchSpecification, &types.LaunchSpecification{})
	status := cmp.Or(r.Status, &types.SpotInstanceStatus{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     t.arn("ec2", "spot-instances-request/"+id),
		State:   cmp.Or(string(r.State), stateUnknown),
		Created: tracker.At(r.CreateTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"type":                  sdk.Text(r.Type),
			"instance_id":           sdk.Str(r.InstanceId),
			"instance_type":         sdk.Text(launch.InstanceType),
			"image_id":              sdk.Str(launch.ImageId),
			"subnet_id":             sdk.Str(launch.SubnetId),
			"security_group_ids":    sdk.List(launch.SecurityGroups, func(g types.GroupIdentifier) *string { return g.GroupId }),
			"max_price":             sdk.Str(r.SpotPrice),
			"product":               sdk.Text(r.ProductDescription),
			"interruption_behavior": sdk.Text(r.InstanceInterruptionBehavior),
			"availability_zone":     sdk.Str(r.LaunchedAvailabilityZone),
			"status_code":           sdk.Str(status.Code),
			"valid_until":           sdk.Stamp(r.ValidUntil),
		},
	}
}
