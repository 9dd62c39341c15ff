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

// ami lists the account's own images, disabled ones too: their snapshots cost
// as before.
var ami = Scanner{
	Type:        "AMI",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:image/"},
	Permissions: []string{"ec2:DescribeImages"},
	Metadata:    []string{"snapshot_ids", "size_gb", "public", "last_launched"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeImagesInput{Owners: []string{"self"}, IncludeDisabled: aws.Bool(true), MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeImages, in, cursor, func(page *ec2.DescribeImagesOutput) []tracker.Resource {
			kept := slices.DeleteFunc(page.Images, func(i types.Image) bool { return !t.owns(i.OwnerId) || i.State == types.ImageStateDeregistered })
			return collect(kept, func(i types.Image) tracker.Resource { return amiOf(t, i) })
		})
	},
}

func amiOf(t Target, i types.Image) tracker.Resource {
	id, tags := aws.ToString(i.ImageId), ec2Tags(i.Tags)
	reason := cmp.Or(i.StateReason, &types.StateReason{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(i.Name), tags["Name"]),
		ARN:     t.publicARN("image/" + id),
		State:   cmp.Or(string(i.State), stateUnknown),
		Created: sdk.Moment(i.CreationDate),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"snapshot_ids": sdk.List(i.BlockDeviceMappings, func(m types.BlockDeviceMapping) *string { return diskOf(m).SnapshotId }),
			"size_gb":      imageSize(i.BlockDeviceMappings),
			"public":       sdk.Opt(i.Public),
			"architecture": sdk.Text(i.Architecture),
			"platform":     sdk.Str(i.PlatformDetails),
			// A day late, and not of launches before April 2017.
			"last_launched":             sdk.Str(i.LastLaunchedTime),
			"deprecation_time":          sdk.Str(i.DeprecationTime),
			"deregistration_protection": sdk.Str(i.DeregistrationProtection),
			"root_device_type":          sdk.Text(i.RootDeviceType),
			"source_image_id":           sdk.Str(i.SourceImageId),
			"source_region":             sdk.Str(i.SourceImageRegion),
			"source_instance_id":        sdk.Str(i.SourceInstanceId),
			"description":               sdk.Str(i.Description),
			"state_reason":              sdk.Str(reason.Message),
		},
	}
}

func diskOf(m types.BlockDeviceMapping) types.EbsBlockDevice {
	if m.Ebs == nil {
		return types.EbsBlockDevice{}
	}
	return *m.Ebs
}

// imageSize returns what a machine made of the image has for disks; nil without
// any of EBS.
func imageSize(disks []types.BlockDeviceMapping) any {
	return sdk.Sum(disks, func(m types.BlockDeviceMapping) *int32 { return diskOf(m).VolumeSize })
}
