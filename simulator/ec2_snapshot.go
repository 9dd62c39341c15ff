package simulator

import (
	"slices"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// snapshotSource is the volume or the image that a snapshot was taken for.
type snapshotSource struct {
	image  int // -1: none is made of it
	volume int // -1: the volume is gone
}

// sourceOf returns what a snapshot was taken for. A region's first snapshots
// belong to its images, one each. Of the others, every fourth is of a volume
// that is gone.
func (e *estate) sourceOf(n int) snapshotSource {
	region := e.regionOf(snapshots, n)
	slo, _ := e.span(snapshots, region)
	ilo, ihi := e.span(images, region)
	vlo, vhi := e.span(volumes, region)
	j := n - slo
	switch {
	case j < ihi-ilo:
		return snapshotSource{ilo + j, -1}
	case n%4 == 3 || vhi == vlo:
		return snapshotSource{-1, -1}
	}
	return snapshotSource{-1, vlo + j%(vhi-vlo)}
}

func describeSnapshots(r *request, in *ec2.DescribeSnapshotsInput) (*ec2.DescribeSnapshotsOutput, error) {
	if !r.ours(in.OwnerIds) {
		return &ec2.DescribeSnapshotsOutput{}, nil
	}
	made := madeIn(r, &r.estate.snapshots, func(s madeSnapshot) (types.Snapshot, string) { return s.Snapshot, s.region })
	list, next, err := ec2PageWith(r, selection{snapshots, in.SnapshotIds, in.Filters, in.MaxResults, in.NextToken}, made, r.snapshot, snapshotField,
		func(v *types.Snapshot) string { return *v.SnapshotId })
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeSnapshotsOutput{Snapshots: list, NextToken: next}, nil
}

// ours reports whether the account is among owners. No owners stand for all; the
// simulator has only the account's own resources.
func (r *request) ours(owners []string) bool {
	return len(owners) == 0 || slices.Contains(owners, "self") || slices.Contains(owners, r.estate.account)
}

func (r *request) snapshot(n int) (types.Snapshot, bool) {
	e := r.estate
	state, ok := e.visible(snapshots, n, r.now)
	if !ok {
		return types.Snapshot{}, false
	}
	d := e.dice(snapshots, n, forDetail)
	source := e.sourceOf(n)
	v := types.Snapshot{
		SnapshotId:  new(hex17("snap-", e.id(snapshots, n))),
		OwnerId:     &e.account,
		StartTime:   new(e.created(snapshots, n)),
		State:       types.SnapshotState(state),
		StorageTier: types.StorageTierStandard,
		Encrypted:   new(d.below(3) > 0),
		Progress:    new("100%"),
		VolumeSize:  new([]int32{8, 16, 30, 50, 100, 500}[d.below(6)]),
		VolumeId:    new(hex17("vol-", mix(e.id(snapshots, n)))),
		Description: new("before " + e.name(snapshots, n)),
		Tags:        e.ec2Tags(snapshots, n),
	}
	if source.volume >= 0 {
		v.VolumeId = new(hex17("vol-", e.id(volumes, source.volume)))
	}
	if source.image >= 0 {
		v.Description = new("Created by CreateImage for " + hex17("ami-", e.id(images, source.image)))
	}
	return v, true
}

func snapshotField(v *types.Snapshot, name string) ([]string, bool) {
	switch name {
	case "snapshot-id":
		return text(v.SnapshotId), true
	case "volume-id":
		return text(v.VolumeId), true
	case "status":
		return []string{string(v.State)}, true
	}
	return tagField(v.Tags, name)
}

func deleteSnapshot(r *request, in *ec2.DeleteSnapshotInput) (*ec2.DeleteSnapshotOutput, error) {
	n, err := r.locate(snapshots, *in.SnapshotId)
	if err != nil {
		return nil, err
	}
	if source := r.estate.sourceOf(n); source.image >= 0 {
		if _, there := r.estate.alive(images, source.image, r.now); there {
			return nil, r.refuse(400, "InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", *in.SnapshotId, hex17("ami-", r.estate.id(images, source.image)))
		}
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	r.estate.change(snapshots, n, *in.SnapshotId, vanish(r.now))
	return &ec2.DeleteSnapshotOutput{}, nil
}
