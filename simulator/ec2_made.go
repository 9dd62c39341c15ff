package simulator

import (
	"slices"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// Resources that calls create are no part of the account's pure function. They
// are kept, and listed on the last page after everything else. A created
// resource is there at once and does not change again.

type madeSnapshot struct {
	types.Snapshot
	region string
}

type madeVolume struct {
	types.Volume
	region string
	token  string // the client token of the call that made it
}

// madeID returns the ID of the i-th resource of a kind that calls have made. It
// is far from every ID that an ordinal gives.
func (e *estate) madeID(k kind, i int) string {
	return hex17(k.words().prefix, mix(^e.keys[k]+uint64(i)))
}

// madeIn returns the resources that calls have made in the called region.
func madeIn[M, T any](r *request, all *[]M, of func(M) (v T, region string)) []T {
	if !r.estate.changed.Load() {
		return nil
	}
	r.estate.mu.RLock()
	defer r.estate.mu.RUnlock()
	var here []T
	for _, m := range *all {
		if v, region := of(m); region == r.Region {
			here = append(here, v)
		}
	}
	return here
}

// ec2PageWith is ec2Page with the resources that calls have made at the end.
func ec2PageWith[T any](
	r *request, s selection, made []T, item func(n int) (T, bool), field func(*T, string) ([]string, bool), id func(*T) string,
) (items []T, next *string, err error) {
	unknown := ""
	asked := len(s.ids) > 0
	made = slices.DeleteFunc(made, func(v T) bool {
		return asked && !slices.Contains(s.ids, id(&v)) || !matches(s.filters, &v, field, &unknown)
	})
	if asked {
		s.ids = slices.DeleteFunc(slices.Clone(s.ids), func(wanted string) bool {
			return slices.ContainsFunc(made, func(v T) bool { return id(&v) == wanted })
		})
		if len(s.ids) == 0 {
			return made, nil, nil
		}
	}
	items, next, err = ec2Page(r, s, item, field)
	if next == nil {
		items = append(items, made...)
	}
	return items, next, err
}

func createSnapshot(r *request, in *ec2.CreateSnapshotInput) (*ec2.CreateSnapshotOutput, error) {
	n, err := r.locate(volumes, *in.VolumeId)
	if err != nil {
		return nil, err
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	of, _ := r.volume(n)
	e := r.estate
	e.mu.Lock()
	defer e.mu.Unlock()
	s := types.Snapshot{
		SnapshotId: new(e.madeID(snapshots, len(e.snapshots))), VolumeId: in.VolumeId, OwnerId: &e.account,
		State: types.SnapshotStateCompleted, Progress: new("100%"), StartTime: new(r.now), VolumeSize: of.Size, Encrypted: of.Encrypted,
		StorageTier: types.StorageTierStandard, Description: in.Description, Tags: tagsGiven(in.TagSpecifications),
	}
	e.snapshots = append(e.snapshots, madeSnapshot{s, r.Region})
	e.mutations[*s.SnapshotId]++
	e.changed.Store(true)
	return &ec2.CreateSnapshotOutput{
		SnapshotId: s.SnapshotId, VolumeId: s.VolumeId, OwnerId: s.OwnerId, State: s.State, StartTime: s.StartTime, Tags: s.Tags, VolumeSize: s.VolumeSize,
	}, nil
}

func createVolume(r *request, in *ec2.CreateVolumeInput) (*ec2.CreateVolumeOutput, error) {
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	e := r.estate
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.volumes, func(v madeVolume) bool { return in.ClientToken != nil && v.token == *in.ClientToken })
	if i < 0 {
		v := madeVolume{region: r.Region, Volume: types.Volume{
			VolumeId: new(e.madeID(volumes, len(e.volumes))), AvailabilityZone: in.AvailabilityZone, CreateTime: new(r.now),
			State: types.VolumeStateAvailable, VolumeType: in.VolumeType, SnapshotId: in.SnapshotId, Iops: in.Iops, Throughput: in.Throughput,
			Size: in.Size, Encrypted: new(false), MultiAttachEnabled: new(false), Tags: tagsGiven(in.TagSpecifications),
		}}
		if in.ClientToken != nil {
			v.token = *in.ClientToken
		}
		if in.SnapshotId != nil {
			from := slices.IndexFunc(e.snapshots, func(s madeSnapshot) bool { return *s.SnapshotId == *in.SnapshotId && s.region == r.Region })
			if from < 0 {
				return nil, r.refuse(400, "InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", *in.SnapshotId)
			}
			v.Size, v.Encrypted = e.snapshots[from].VolumeSize, e.snapshots[from].Encrypted
		}
		i, e.volumes = len(e.volumes), append(e.volumes, v)
		e.mutations[*v.VolumeId]++
		e.changed.Store(true)
	}
	v := e.volumes[i].Volume
	return &ec2.CreateVolumeOutput{VolumeId: v.VolumeId, State: v.State, Size: v.Size, VolumeType: v.VolumeType, SnapshotId: v.SnapshotId, Tags: v.Tags}, nil
}

// tagsGiven returns the tags that a call gives to the resource that it makes.
func tagsGiven(specs []types.TagSpecification) []types.Tag {
	var all []types.Tag
	for _, s := range specs {
		all = append(all, s.Tags...)
	}
	return all
}
