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

// reservedInstance lists reservations in force; AWS keeps those that ended for
// ever.
var reservedInstance = Scanner{
	Type:        "Reserved_Instance",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:reserved-instances/"},
	Permissions: []string{"ec2:DescribeReservedInstances"},
	Metadata:    []string{"instance_type", "count", "offering_class", "payment_option", "end"},
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
			hourly = sdk.Opt(c.Amount)
		}
	}
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"]),
		ARN:   t.arn("ec2", "reserved-instances/"+id),
		State: cmp.Or(string(r.State), stateUnknown),
		Tags:  tags,
		Metadata: tracker.Metadata{
			"instance_type":     sdk.Text(r.InstanceType),
			"count":             sdk.Num(r.InstanceCount),
			"scope":             sdk.Text(r.Scope),
			"availability_zone": sdk.Str(r.AvailabilityZone),
			"product":           sdk.Text(r.ProductDescription),
			"tenancy":           sdk.Text(r.InstanceTenancy),
			"offering_class":    sdk.Text(r.OfferingClass),
			"payment_option":    sdk.Text(r.OfferingType),
			"start":             sdk.Stamp(r.Start),
			"end":               sdk.Stamp(r.End),
			"duration_sec":      sdk.Num(r.Duration),
			"upfront_price":     sdk.Decimal(r.FixedPrice),
			"usage_price":       sdk.Decimal(r.UsagePrice),
			"hourly_price":      hourly,
			"currency":          sdk.Text(r.CurrencyCode),
		},
	}
}
