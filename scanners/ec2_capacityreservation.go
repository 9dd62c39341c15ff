package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var ec2CapacityReservation = Scanner{
	Type:        "EC2_CapacityReservation",
	Service:     "ec2",
	ARNs:        []string{"ec2:capacity-reservation/"},
	Permissions: []string{"ec2:DescribeCapacityReservations"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeCapacityReservationsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeCapacityReservationsInput, out *ec2.DescribeCapacityReservationsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeCapacityReservations, in, cursor, func(page *ec2.DescribeCapacityReservationsOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, c := range page.CapacityReservations {
				if reserves(c.State) {
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
			"instance_type": str(c.InstanceType),
			"platform":      text(c.InstancePlatform),
			"tenancy":       text(c.Tenancy),
			"instances":     num(c.TotalInstanceCount),
			// Paid for and not in use.
			"available_instances": num(c.AvailableInstanceCount),
			"availability_zone":   str(c.AvailabilityZone),
			"start":               stamp(c.StartDate),
			"end":                 stamp(c.EndDate),
			"end_type":            text(c.EndDateType),
			"match":               text(c.InstanceMatchCriteria),
			// Capacity blocks are paid for at once.
			"reservation_type": text(c.ReservationType),
			"owner_id":         str(c.OwnerId),
		},
	}
}
