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

var ec2DedicatedHost = Scanner{
	Type:        "EC2_DedicatedHost",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:dedicated-host/"},
	Permissions: []string{"ec2:DescribeHosts"},
	Metadata:    []string{"instance_type", "instance_family", "instance_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeHosts refuses pages of more than 500.
		in := &ec2.DescribeHostsInput{MaxResults: aws.Int32(500)}
		cursor := func(in *ec2.DescribeHostsInput, out *ec2.DescribeHostsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeHosts, in, cursor, func(page *ec2.DescribeHostsOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, h := range page.Hosts {
				if t.owns(h.OwnerId) && h.State != types.AllocationStateReleased && h.State != types.AllocationStateReleasedPermanentFailure {
					rs = append(rs, dedicatedHost(t, h))
				}
			}
			return rs
		})
	},
}

func dedicatedHost(t Target, h types.Host) tracker.Resource {
	id, tags := aws.ToString(h.HostId), ec2Tags(h.Tags)
	properties := cmp.Or(h.HostProperties, &types.HostProperties{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"], "Unnamed"),
		ARN:     t.arn("ec2", "dedicated-host/"+id),
		State:   cmp.Or(string(h.State), stateUnknown),
		Created: tracker.At(h.AllocationTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			// A host takes one type, or every size of a family.
			"instance_type":     sdk.Str(properties.InstanceType),
			"instance_family":   sdk.Str(properties.InstanceFamily),
			"vcpus":             sdk.Num(properties.TotalVCpus),
			"sockets":           sdk.Num(properties.Sockets),
			"cores":             sdk.Num(properties.Cores),
			"instance_ids":      sdk.List(h.Instances, func(i types.HostInstance) *string { return i.InstanceId }),
			"availability_zone": sdk.Str(h.AvailabilityZone),
			"auto_placement":    sdk.Text(h.AutoPlacement),
			"reservation_id":    sdk.Str(h.HostReservationId),
			"owner_id":          sdk.Str(h.OwnerId),
		},
	}
}
