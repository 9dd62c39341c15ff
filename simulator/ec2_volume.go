package simulator

import (
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

func describeVolumes(r *request, in *ec2.DescribeVolumesInput) (*ec2.DescribeVolumesOutput, error) {
	made := madeIn(r, &r.estate.volumes, func(v madeVolume) (types.Volume, string) { return v.Volume, v.region })
	list, next, err := ec2PageWith(r, selection{volumes, in.VolumeIds, in.Filters, in.MaxResults, in.NextToken}, made, r.volume, volumeField,
		func(v *types.Volume) string { return *v.VolumeId })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVolumesOutput{Volumes: list, NextToken: next}, nil
}

func (r *request) volume(n int) (types.Volume, bool) {
	e := r.estate
	state, where, ok := e.volumeState(n, r.now)
	if !ok {
		return types.Volume{}, false
	}
	d := e.dice(volumes, n, forDetail)
	id := hex17("vol-", e.id(volumes, n))
	created := e.created(volumes, n)
	zone, _, _ := e.places[r.Region].at(&d)
	v := types.Volume{
		VolumeId:           &id,
		AvailabilityZone:   &zone,
		CreateTime:         &created,
		Encrypted:          new(d.below(3) > 0),
		MultiAttachEnabled: new(false),
		SnapshotId:         new(""),
		State:              types.VolumeState(state),
		Tags:               e.ec2Tags(volumes, n),
	}
	size := []int32{8, 16, 30, 50, 100}[d.below(5)]
	if !where.attached || where.device > 0 {
		size *= 10
	}
	v.Size = &size
	switch t := d.below(20); {
	case t < 6:
		v.VolumeType, v.Iops = types.VolumeTypeGp2, new(max(100, min(16000, 3*size)))
	case t < 17 || where.device == 0 && where.attached:
		v.VolumeType, v.Iops, v.Throughput = types.VolumeTypeGp3, new(int32(3000)), new(int32(125))
		if t == 16 {
			v.Iops, v.Throughput = new(int32(6000)), new(int32(250))
		}
	case t < 19:
		v.VolumeType, v.Iops = types.VolumeTypeIo1, new(min(16000, 10*size))
	default:
		v.VolumeType = types.VolumeTypeSt1
	}
	switch t := e.changeOf(volumes, n).volumeType; t {
	case "":
	case string(types.VolumeTypeGp3):
		v.VolumeType, v.Iops, v.Throughput = types.VolumeTypeGp3, new(max(3000, min(16000, 3*size))), new(int32(125))
	default:
		v.VolumeType, v.Throughput = types.VolumeType(t), nil
	}
	if where.attached {
		v.Attachments = []types.VolumeAttachment{{
			AttachTime:          &created,
			DeleteOnTermination: new(where.device == 0),
			Device:              new(deviceName(where.device)),
			InstanceId:          new(hex17("i-", e.id(instances, where.instance))),
			State:               types.VolumeAttachmentStateAttached,
			VolumeId:            &id,
		}}
	}
	return v, true
}

func volumeField(v *types.Volume, name string) ([]string, bool) {
	switch name {
	case "volume-id":
		return text(v.VolumeId), true
	case "status":
		return []string{string(v.State)}, true
	case "volume-type":
		return []string{string(v.VolumeType)}, true
	case "availability-zone":
		return text(v.AvailabilityZone), true
	case "snapshot-id":
		return text(v.SnapshotId), true
	case "attachment.instance-id":
		var ids []string
		for _, a := range v.Attachments {
			ids = append(ids, *a.InstanceId)
		}
		return ids, true
	}
	return tagField(v.Tags, name)
}

func deleteVolume(r *request, in *ec2.DeleteVolumeInput) (*ec2.DeleteVolumeOutput, error) {
	n, err := r.locate(volumes, *in.VolumeId)
	if err != nil {
		return nil, err
	}
	switch state, where, _ := r.estate.volumeState(n, r.now); {
	case where.attached:
		instance := hex17("i-", r.estate.id(instances, where.instance))
		return nil, r.refuse(400, "VolumeInUse", "Volume %s is currently attached to %s", *in.VolumeId, instance)
	case state != "available":
		return nil, r.refuse(400, "IncorrectState", "The volume '%s' is in state '%s'", *in.VolumeId, state)
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	r.estate.change(volumes, n, *in.VolumeId, r.estate.remove(r.now, "deleting", "deleting", 0))
	return &ec2.DeleteVolumeOutput{}, nil
}

func modifyVolume(r *request, in *ec2.ModifyVolumeInput) (*ec2.ModifyVolumeOutput, error) {
	n, err := r.locate(volumes, *in.VolumeId)
	if err != nil {
		return nil, err
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	r.estate.change(volumes, n, *in.VolumeId, func(c *change) { c.volumeType = string(in.VolumeType) })
	return &ec2.ModifyVolumeOutput{VolumeModification: &types.VolumeModification{
		VolumeId: in.VolumeId, TargetVolumeType: in.VolumeType, ModificationState: types.VolumeModificationStateOptimizing,
	}}, nil
}
