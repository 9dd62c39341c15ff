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

var ebsVolume = Scanner{
	Type:        "EBS_Volume",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:volume/"},
	Permissions: []string{"ec2:DescribeVolumes"},
	Metadata:    []string{"size_gb", "volume_type", "iops", "attached_to"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeVolumesInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeVolumesInput, out *ec2.DescribeVolumesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		for page, err := range sdk.Pages(ctx, ec2.NewFromConfig(t.Config, lean("DescribeVolumes", volumesShape)).DescribeVolumes, in, cursor) {
			if err != nil {
				return err
			}
			rs := collect(owned(t, page.Volumes, func(v types.Volume) *string { return v.OwnerId }), func(v types.Volume) tracker.Resource { return volume(t, v) })
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return nil
	},
}

func volume(t Target, v types.Volume) tracker.Resource {
	id, tags := aws.ToString(v.VolumeId), ec2Tags(v.Tags)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"], "Unnamed"),
		ARN:     t.arn("ec2", "volume/"+id),
		State:   cmp.Or(string(v.State), stateUnknown),
		Created: tracker.At(v.CreateTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"size_gb":     sdk.Num(v.Size),
			"volume_type": sdk.Text(v.VolumeType),
			"iops":        sdk.Num(v.Iops),
			"attached_to": sdk.List(v.Attachments, func(a types.VolumeAttachment) *string { return a.InstanceId }),

			// The instances whose termination deletes it too.
			"deleted_with": sdk.List(v.Attachments, func(a types.VolumeAttachment) *string {
				if !aws.ToBool(a.DeleteOnTermination) {
					return nil
				}
				return a.InstanceId
			}),
			"throughput_mbps":   sdk.Num(v.Throughput),
			"encrypted":         sdk.Opt(v.Encrypted),
			"snapshot_id":       sdk.Str(v.SnapshotId),
			"availability_zone": sdk.Str(v.AvailabilityZone),
			"multi_attach":      sdk.Opt(v.MultiAttachEnabled),
		},
	}
}
