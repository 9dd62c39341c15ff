package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var ec2CapacityReservation = Scanner{
	Type:        "EC2_CapacityReservation",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:capacity-reservation/"},
	Permissions: []string{"ec2:DescribeCapacityReservations"},
	Metadata:    []string{"instance_type", "instances", "available_instances", "platform", "tenancy"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeCapacityReservationsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeCapacityReservationsInput, out *ec2.DescribeCapacityReservationsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeCapacityReservations, in, cursor, func(page *ec2.DescribeCapacityReservationsOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, c := range page.CapacityReservations {
				if t.owns(c.OwnerId) && reserves(c.State) {
					rs = append(rs, capacityReservation(t, c))
				}
			}
			return rs
		})
	},
}

// reserves reports whether a reservation in a state is still one, or may become one.
func reserves(s types.CapacityReservationState) bool {
	switch s {
	case types.CapacityReservationStateCancelled, types.CapacityReservationStateExpired, types.CapacityReservationStateFailed,
		types.CapacityReservationStatePaymentFailed, types.CapacityReservationStateUnsupported:
		return false
	}
	return true
}

func capacityReservation(t Target, c types.CapacityReservation) tracker.Resource {
	id, tags := aws.ToString(c.CapacityReservationId), ec2Tags(c.Tags)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"], "Unnamed"),
		ARN:     cmp.Or(aws.ToString(c.CapacityReservationArn), t.arn("ec2", "capacity-reservation/"+id)),
		State:   cmp.Or(string(c.State), stateUnknown),
		Created: tracker.At(c.CreateDate),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"instance_type": sdk.Str(c.InstanceType),
			"platform":      sdk.Text(c.InstancePlatform),
			"tenancy":       sdk.Text(c.Tenancy),
			"instances":     sdk.Num(c.TotalInstanceCount),
			// Paid for and not in use.
			"available_instances": sdk.Num(c.AvailableInstanceCount),
			"availability_zone":   sdk.Str(c.AvailabilityZone),
			"start":               sdk.Stamp(c.StartDate),
			"end":                 sdk.Stamp(c.EndDate),
			"end_type":            sdk.Text(c.EndDateType),
			"match":               sdk.Text(c.InstanceMatchCriteria),
			// Capacity blocks are paid for at once.
			"reservation_type": sdk.Text(c.ReservationType),
			"owner_id":         sdk.Str(c.OwnerId),
		},
	}
}
