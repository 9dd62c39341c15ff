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

// ebsSnapshot lists the account's own snapshots: without an owner AWS lists all
// public ones too.
var ebsSnapshot = Scanner{
	Type:        "EBS_Snapshot",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:snapshot/"},
	Permissions: []string{"ec2:DescribeSnapshots"},
	Metadata:    []string{"size_gb", "volume_id", "storage_tier", "encrypted"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeSnapshotsInput, out *ec2.DescribeSnapshotsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		chains := newChains(volumeChain)
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeSnapshots, in, cursor, func(page *ec2.DescribeSnapshotsOutput) []tracker.Resource {
			own := owned(t, page.Snapshots, func(s types.Snapshot) *string { return s.OwnerId })
			return chains.mark(collect(own, func(s types.Snapshot) tracker.Resource { return ebsSnapshotOf(t, s) }))
		})
	},
}

func ebsSnapshotOf(t Target, s types.Snapshot) tracker.Resource {
	id, tags := aws.ToString(s.SnapshotId), ec2Tags(s.Tags)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     t.publicARN("snapshot/" + id),
		State:   cmp.Or(string(s.State), stateUnknown),
		Created: tracker.At(s.StartTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			// The size of the volume; what is billed is the blocks that changed.
			"size_gb":             sdk.Num(s.VolumeSize),
			"full_snapshot_bytes": sdk.Num(s.FullSnapshotSizeInBytes),
			// Of a copy, it names no volume.
			"volume_id":      sdk.Str(s.VolumeId),
			"copied_from":    sdk.CopiedFrom(aws.ToString(s.VolumeId), aws.ToString(s.Description)),
			"storage_tier":   sdk.Text(s.StorageTier),
			"encrypted":      sdk.Opt(s.Encrypted),
			"kms_key_id":     sdk.Str(s.KmsKeyId),
			"description":    sdk.Str(s.Description),
			"progress":       sdk.Str(s.Progress),
			"state_message":  sdk.Str(s.StateMessage),
			"restore_expiry": sdk.Stamp(s.RestoreExpiryTime),
			"outpost_arn":    sdk.Str(s.OutpostArn),
			"incremental":    nil,
		},
	}
}

// volumeChain names the chain of a volume's snapshots. A copy names no volume, and
// an archived snapshot holds all blocks itself.
func volumeChain(r tracker.Resource) string {
	volume := r.Metadata.Text("volume_id")
	if volume == "vol-ffffffff" || r.Metadata.Text("storage_tier") == string(types.StorageTierArchive) {
		return ""
	}
	return volume
}
