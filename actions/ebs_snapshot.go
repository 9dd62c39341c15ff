package actions

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var ebsSnapshot = kind{
	Type:        "EBS_Snapshot",
	permissions: []string{"ec2:DescribeSnapshots"},
	rests:       []string{"completed", "error", "recoverable"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		s, err := describeSnapshot(ctx, t, id)
		if err != nil || s == nil {
			return gone(), err
		}
		return snapshotOf(t, *s), nil
	},
}

func snapshotOf(t Target, s types.Snapshot) tracker.Resource {
	id, tags := aws.ToString(s.SnapshotId), ec2Tags(s.Tags)
	return tracker.Resource{
		ID:      id,
		Type:    "EBS_Snapshot",
		Name:    tracker.Named(tags["Name"]),
		ARN:     t.publicARN("snapshot/" + id),
		State:   cmp.Or(string(s.State), stateUnknown),
		Created: tracker.At(s.StartTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"size_gb":             sdk.Num(s.VolumeSize),
			"full_snapshot_bytes": sdk.Num(s.FullSnapshotSizeInBytes),
			"volume_id":           sdk.Str(s.VolumeId),
			"storage_tier":        sdk.Text(s.StorageTier),
			"outpost_arn":         sdk.Str(s.OutpostArn),
			"copied_from":         sdk.CopiedFrom(aws.ToString(s.VolumeId), aws.ToString(s.Description)),
			"owner_id":            sdk.Str(s.OwnerId),
		},
	}
}

// publicARN returns the ARN of an EC2 resource of a kind that can be given to
// all: it names no account (service authorization reference of EC2).
func (t Target) publicARN(resource string) string {
	return t.partition().ARN("ec2", t.Config.Region, "", resource)
}

// describeSnapshot returns nil for a snapshot that is not there, or not ours.
func describeSnapshot(ctx context.Context, t Target, id string) (*types.Snapshot, error) {
	s, there, err := snapshotsByID.get(ctx, t, id)
	if err != nil || !there {
		return nil, err
	}
	return &s, nil
}

var snapshotsByID = byID(ec2IDs, "snapshot-id", func(s types.Snapshot) *string { return s.SnapshotId },
	"InvalidSnapshot.NotFound", "InvalidSnapshotID.Malformed", listSnapshots)

var ebsSnapshotDelete = Action{
	kind:     ebsSnapshot,
	Verb:     "delete",
	Summary:  "Deletes the snapshot.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{"pending", "completed", "error", "recoverable"},
	To:       []string{tracker.Gone},
	guards:   []guard{snapshotOfAMI},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "ec2:DeleteSnapshot",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.DeleteSnapshotInput{SnapshotId: c.id(), DryRun: c.dry}
			return none(ec2.NewFromConfig(c.Config).DeleteSnapshot(ctx, in))
		},
	}},
	dryRun: true,
}

var snapshotOfAMI = guard{
	rule: "snapshot_of_ami", how: "delete the image",
	permissions: []string{"ec2:DescribeImages"},
	refuse: by("AMI", "it belongs to image %s", func(ctx context.Context, l look) ([]string, error) {
		return imagesOf(ctx, l.Target, l.ID)
	}),
}

// imagesOf returns the account's images that need a snapshot.
func imagesOf(ctx context.Context, t Target, snapshot string) ([]string, error) {
	needing, _, err := imagesBySnapshot.get(ctx, t, snapshot)
	return needing, err
}

var imagesBySnapshot = &bulk[[]string]{
	most: ec2Values,
	ask: func(ctx context.Context, t Target, snapshots []string) (map[string][]string, error) {
		images, err := listImages(ctx, t, where("block-device-mapping.snapshot-id", snapshots...))
		needing := map[string][]string{}
		for _, i := range images {
			for _, id := range snapshotsOf(i) {
				needing[id] = append(needing[id], aws.ToString(i.ImageId))
			}
		}
		return needing, err
	},
}
