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

// Sending MaxResults moves an EC2 call from a bucket of 50 calls, 10 a second,
// to one of 100, 20 a second (EC2 API throttling, developer guide).
const ec2PageSize = 1000

var ec2Instance = Scanner{
	Type:        "EC2_Instance",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:instance/"},
	Permissions: []string{"ec2:DescribeInstances"},
	Optional:    []string{"ec2:DescribeSpotPriceHistory"},
	Metadata:    []string{"instance_type", "vpc_id", "subnet_id", "public_ip", "private_ip"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeInstancesInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		spot, missed := newSpotPrices(ec2.NewFromConfig(t.Config)), failures{}
		for page, err := range sdk.Pages(ctx, ec2.NewFromConfig(t.Config, lean("DescribeInstances", instancesShape)).DescribeInstances, in, cursor) {
			if err != nil {
				return err
			}
			var rs []tracker.Resource
			for _, reservation := range owned(t, page.Reservations, func(r types.Reservation) *string { return r.OwnerId }) {
				for _, i := range reservation.Instances {
					// AWS shows a terminated instance for about an hour.
					if i.State == nil || i.State.Name != types.InstanceStateNameTerminated {
						rs = append(rs, instance(t, i))
					}
				}
			}
			missed.add(spot.price(ctx, rs))
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return missed.err()
	},
}

func instance(t Target, i types.Instance) tracker.Resource {
	id, tags := aws.ToString(i.InstanceId), ec2Tags(i.Tags)
	state := cmp.Or(i.State, &types.InstanceState{})
	placement := cmp.Or(i.Placement, &types.Placement{})
	profile := cmp.Or(i.IamInstanceProfile, &types.IamInstanceProfile{})
	monitoring := cmp.Or(i.Monitoring, &types.Monitoring{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(tags["Name"], "Unnamed"),
		ARN:   t.arn("ec2", "instance/"+id),
		State: cmp.Or(string(state.Name), stateUnknown),
		// The last start: AWS does not keep when an instance was made.
		Created: tracker.At(i.LaunchTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"instance_type": sdk.Text(i.InstanceType),
			"vpc_id":        sdk.Str(i.VpcId),
			"subnet_id":     sdk.Str(i.SubnetId),
			"public_ip":     sdk.Str(i.PublicIpAddress),
			"private_ip":    sdk.Str(i.PrivateIpAddress),

			"launch_time":             sdk.Stamp(i.LaunchTime),
			"state_transition_reason": sdk.Str(i.StateTransitionReason),
			"availability_zone":       sdk.Str(placement.AvailabilityZone),
			"tenancy":                 sdk.Text(placement.Tenancy),
			// AWS leaves it out for an instance on demand.
			"lifecycle":           cmp.Or(string(i.InstanceLifecycle), "on-demand"),
			"platform":            sdk.Str(i.PlatformDetails),
			"usage_operation":     sdk.Str(i.UsageOperation),
			"architecture":        sdk.Text(i.Architecture),
			"image_id":            sdk.Str(i.ImageId),
			"key_name":            sdk.Str(i.KeyName),
			"private_dns_name":    sdk.Str(i.PrivateDnsName),
			"iam_profile_arn":     sdk.Str(profile.Arn),
			"detailed_monitoring": monitoring.State == types.MonitoringStateEnabled,
			"root_device_type":    sdk.Text(i.RootDeviceType),
			"security_groups":     sdk.List(i.SecurityGroups, func(g types.GroupIdentifier) *string { return g.GroupId }),
			"volumes":             sdk.List(i.BlockDeviceMappings, volumeID),
			"auto_scaling_group":  sdk.Text(tags["aws:autoscaling:groupName"]),
		},
	}
}

func volumeID(m types.InstanceBlockDeviceMapping) *string {
	if m.Ebs == nil {
		return nil
	}
	return m.Ebs.VolumeId
}

func ec2Tags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}
