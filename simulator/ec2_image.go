package simulator

import (
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

func describeImages(r *request, in *ec2.DescribeImagesInput) (*ec2.DescribeImagesOutput, error) {
	if !r.ours(in.Owners) {
		return &ec2.DescribeImagesOutput{}, nil
	}
	list, next, err := ec2Page(r, selection{images, in.ImageIds, in.Filters, in.MaxResults, in.NextToken}, r.image, imageField)
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeImagesOutput{Images: list, NextToken: next}, nil
}

// image makes an image of the account's own. No instance runs from an image;
// every other image was launched lately.
func (r *request) image(n int) (types.Image, bool) {
	e := r.estate
	state, ok := e.visible(images, n, r.now)
	if !ok {
		return types.Image{}, false
	}
	name := e.name(images, n)
	v := types.Image{
		ImageId:                  new(hex17("ami-", e.id(images, n))),
		Name:                     &name,
		OwnerId:                  &e.account,
		CreationDate:             new(e.created(images, n).Format(time.RFC3339)),
		State:                    types.ImageState(state),
		Architecture:             types.ArchitectureValuesX8664,
		PlatformDetails:          new("Linux/UNIX"),
		UsageOperation:           new("RunInstances"),
		Public:                   new(false),
		RootDeviceType:           types.DeviceTypeEbs,
		RootDeviceName:           new("/dev/xvda"),
		DeregistrationProtection: new("disabled"),
		Tags:                     e.ec2Tags(images, n),
	}
	if n%2 == 0 {
		v.LastLaunchedTime = new(r.now.AddDate(0, 0, -3).UTC().Format(time.RFC3339))
	}
	if s, ok := r.snapshotOf(n); ok {
		v.BlockDeviceMappings = []types.BlockDeviceMapping{{
			DeviceName: v.RootDeviceName,
			Ebs:        &types.EbsBlockDevice{SnapshotId: s.SnapshotId, VolumeSize: s.VolumeSize, VolumeType: types.VolumeTypeGp3},
		}}
	}
	return v, true
}

// snapshotOf returns the snapshot that an image is made of. In a region with
// fewer snapshots than images, the last images have none.
func (r *request) snapshotOf(image int) (types.Snapshot, bool) {
	ilo, _ := r.estate.span(images, r.Region)
	slo, shi := r.estate.span(snapshots, r.Region)
	n := slo + image - ilo
	if n >= shi {
		return types.Snapshot{}, false
	}
	return r.snapshot(n)
}

func imageField(v *types.Image, name string) ([]string, bool) {
	switch name {
	case "image-id":
		return text(v.ImageId), true
	case "name":
		return text(v.Name), true
	case "state":
		return []string{string(v.State)}, true
	case "block-device-mapping.snapshot-id":
		var ids []string
		for _, d := range v.BlockDeviceMappings {
			ids = append(ids, *d.Ebs.SnapshotId)
		}
		return ids, true
	}
	return tagField(v.Tags, name)
}

// deregisterImage leaves the snapshots, as AWS does by default.
func deregisterImage(r *request, in *ec2.DeregisterImageInput) (*ec2.DeregisterImageOutput, error) {
	if in.DeleteAssociatedSnapshots != nil && *in.DeleteAssociatedSnapshots {
		return nil, r.notSimulated("DeregisterImage with its snapshots")
	}
	n, err := r.locate(images, *in.ImageId)
	if err != nil {
		return nil, err
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	r.estate.change(images, n, *in.ImageId, vanish(r.now))
	return &ec2.DeregisterImageOutput{Return: new(true)}, nil
}
