package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// reservedInstance lists reservations in force; AWS keeps those that ended for
// ever.
var reservedInstance = Scanner{
	Type:        "Reserved_Instance",
	Service:     "ec2",
	ARNs:        []string{"ec2:reserved-instances/"},
	Permissions: []string{"ec2:DescribeReservedInstances"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeReservedInstances has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeReservedInstances(ctx, &ec2.DescribeReservedInstancesInput{
			Filters: []types.Filter{{Name: aws.String("state"), Values: []string{string(types.ReservedInstanceStateActive)}}},
		})
		if err != nil {
			return err
		}
		return emit(collect(out.ReservedInstances, func(r types.ReservedInstances) tracker.Resource { return reservedInstanceOf(t, r) })...)
	},
}

func reservedInstanceOf(t Target, r types.ReservedInstances) tracker.Resource {
	id, tags := aws.ToString(r.ReservedInstancesId), ec2Tags(r.Tags)
	var hourly any
	for _, c := range r.RecurringCharges {
		if c.Frequency == types.RecurringChargeFrequencyHourly {
			hourly = opt(c.Amount)
		}
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "reserved-instances/"+id),
		State: cmp.Or(string(r.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"instance_type":     text(r.InstanceType),
			"count":             num(r.InstanceCount),
			"scope":             text(r.Scope),
			"availability_zone": str(r.AvailabilityZone),
			"product":           text(r.ProductDescription),
			"tenancy":           text(r.InstanceTenancy),
			"offering_class":    text(r.OfferingClass),
			"payment_option":    text(r.OfferingType),
			"start":             stamp(r.Start),
			"end":               stamp(r.End),
			"duration_sec":      num(r.Duration),
			"upfront_price":     decimal(r.FixedPrice),
			"usage_price":       decimal(r.UsagePrice),
			"hourly_price":      hourly,
			"currency":          text(r.CurrencyCode),
		},
	}
}
