package simulator

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// describeSpotPriceHistory answers what each type that was asked for costs in each
// zone now. The prices are made up, and stay the same.
func describeSpotPriceHistory(r *request, in *ec2.DescribeSpotPriceHistoryInput) (*ec2.DescribeSpotPriceHistoryOutput, error) {
	out := &ec2.DescribeSpotPriceHistoryOutput{}
	for _, kind := range slices.Compact(slices.Sorted(slices.Values(in.InstanceTypes))) {
		for _, zone := range r.estate.places[r.Region].zones {
			for _, system := range []types.RIProductDescription{types.RIProductDescriptionLinuxUnix, types.RIProductDescriptionWindows} {
				h := fnv.New32a()
				_, _ = fmt.Fprint(h, kind, zone, system) // never fails
				out.SpotPriceHistory = append(out.SpotPriceHistory, types.SpotPrice{
					AvailabilityZone: &zone, InstanceType: kind, ProductDescription: system, Timestamp: &r.now,
					SpotPrice: new(fmt.Sprintf("0.%04d00", 100+h.Sum32()%900)),
				})
			}
		}
	}
	return out, nil
}
