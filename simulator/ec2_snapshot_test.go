package simulator_test

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestImageHoldsItsSnapshot: a snapshot can be deleted once no image is made of it.
func TestImageHoldsItsSnapshot(t *testing.T) {
	l := &lab{t: t, now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	l.Account = simulator.New(simulator.Options{Resources: 1000, Mix: evenly(), Clock: func() time.Time { return l.now }})
	image := l.find("AMI", "available", nil)
	out, err := l.ec2().DescribeImages(t.Context(), &ec2.DescribeImagesInput{ImageIds: []string{image}})
	if err != nil {
		t.Fatal(err)
	}
	snapshot := *out.Images[0].BlockDeviceMappings[0].Ebs.SnapshotId
	remove := func() string {
		_, err := l.ec2().DeleteSnapshot(t.Context(), &ec2.DeleteSnapshotInput{SnapshotId: &snapshot})
		return code(err)
	}
	l.want("while the image is there", remove(), "InvalidSnapshot.InUse")
	if _, err := l.ec2().DeregisterImage(t.Context(), &ec2.DeregisterImageInput{ImageId: &image}); err != nil {
		t.Fatal(err)
	}
	l.want("the image", l.state("AMI", image), "")
	l.want("afterwards", remove(), "")
	l.want("the snapshot", l.state("EBS_Snapshot", snapshot), "")
	l.want("once more", remove(), "InvalidSnapshot.NotFound")
	if n := l.Mutations(snapshot); n != 1 {
		t.Errorf("%d changes were counted, want 1", n)
	}
}

// TestSnapshotsOfVolumes: some are of volumes that exist, some are not.
func TestSnapshotsOfVolumes(t *testing.T) {
	a := simulator.New(simulator.Options{
		Resources: 1000, Mix: map[tracker.Type]float64{"EBS_Snapshot": 5, "AMI": 1, "EBS_Volume": 4},
	})
	exists := map[string]bool{}
	for r := range a.Each("EBS_Volume", tracker.Any) {
		exists[r.ID] = true
	}
	out, err := ec2.NewFromConfig(a.Config(home)).DescribeSnapshots(t.Context(), &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}})
	if err != nil {
		t.Fatal(err)
	}
	count := map[bool]int{}
	for _, s := range out.Snapshots {
		count[exists[*s.VolumeId]]++
	}
	if count[true] == 0 || count[false] == 0 {
		t.Errorf("%d snapshots are of volumes that exist and %d are not", count[true], count[false])
	}
	if out, err := ec2.NewFromConfig(a.Config(home)).DescribeSnapshots(t.Context(), &ec2.DescribeSnapshotsInput{OwnerIds: []string{"amazon"}}); err != nil || len(out.Snapshots) > 0 {
		t.Errorf("%d snapshots of others, %v", len(out.Snapshots), err)
	}
}
