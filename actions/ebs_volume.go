package actions

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var ebsVolume = kind{
	Type:        "EBS_Volume",
	permissions: []string{"ec2:DescribeVolumes"},
	watch:       []string{"attached_to", "volume_type", "size_gb"},
	rests:       []string{"available", "error", "in-use"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		v, there, err := volumes.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		return volumeOf(t, v), nil
	},
}

func volumeOf(t Target, v types.Volume) tracker.Resource {
	id, tags := aws.ToString(v.VolumeId), ec2Tags(v.Tags)
	return tracker.Resource{
		ID:      id,
		Type:    "EBS_Volume",
		Name:    tracker.Named(tags["Name"], "Unnamed"),
		ARN:     t.arn("ec2", "volume/"+id),
		State:   cmp.Or(string(v.State), stateUnknown),
		Created: tracker.At(v.CreateTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"size_gb":           sdk.Num(v.Size),
			"volume_type":       sdk.Text(v.VolumeType),
			"iops":              sdk.Num(v.Iops),
			"throughput_mbps":   sdk.Num(v.Throughput),
			"attached_to":       sdk.List(v.Attachments, func(a types.VolumeAttachment) *string { return a.InstanceId }),
			"encrypted":         sdk.Opt(v.Encrypted),
			"kms_key_id":        sdk.Str(v.KmsKeyId),
			"availability_zone": sdk.Str(v.AvailabilityZone),
			"multi_attach":      sdk.Opt(v.MultiAttachEnabled),
			"owner_id":          sdk.Str(v.OwnerId),
		},
	}
}

// volumes are described 500 in a call, which is the most that EC2 answers on a page
// of them (EC2 API Reference 2016-11-15, DescribeVolumes).
var volumes = byID(500, "volume-id", func(v types.Volume) *string { return v.VolumeId },
	"InvalidVolume.NotFound", "InvalidVolumeID.Malformed", listVolumes)

var ebsVolumeDelete = Action{
	kind:     ebsVolume,
	Verb:     "delete",
	Summary:  "Takes a snapshot of the volume, then deletes it. Without a completed snapshot it is not deleted.",
	Undo:     "restore from the snapshot: a new volume with another ID",
	Destroys: true,
	After:    vanishes,
	Deadline: 12 * time.Hour, // the first snapshot of a large volume
	Params: []tracker.Param{{
		Name: "skip_snapshot", Kind: tracker.ParamBoolean, Doc: "Delete it without a snapshot; its data cannot be brought back",
	}},
	From:   []string{"available", "in-use", "error"},
	Via:    []string{"deleting"},
	To:     []string{tracker.Gone},
	guards: []guard{volumeAttached, protectedInstance("attached_to")},
	steps: []step{
		{
			Step: tracker.Step{Name: "snapshot"}, when: unless("skip_snapshot"),
			action: "ec2:CreateSnapshot", others: []string{"ec2:DescribeSnapshots"}, implied: []string{"ec2:CreateTags"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				out, err := ec2.NewFromConfig(c.Config).CreateSnapshot(ctx, &ec2.CreateSnapshotInput{
					VolumeId:          c.id(),
					Description:       aws.String("Before volume " + c.Item.ResourceID + " was deleted"),
					TagSpecifications: copied(types.ResourceTypeSnapshot, c.Seen.Tags, c.Token),
					DryRun:            c.dry,
				})
				if err != nil {
					return nil, err
				}
				return map[string]string{"snapshot_id": aws.ToString(out.SnapshotId)}, nil
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				s, there, err := snapshotsMade.get(ctx, c.Target, c.Token)
				if err != nil || !there {
					return tracker.StepProgress{Stage: tracker.StepNotBegun}, err
				}
				p := tracker.StepProgress{
					Stage: tracker.StepUnderWay, State: string(s.State), Message: strings.TrimSpace("snapshot " + aws.ToString(s.Progress)),
					Left: map[string]string{"snapshot_id": aws.ToString(s.SnapshotId)},
				}
				switch s.State {
				case types.SnapshotStateCompleted:
					p.Stage = tracker.StepDone
				case types.SnapshotStateError:
					p.Stage, p.Message = tracker.StepFailed, "the snapshot failed: "+aws.ToString(s.StateMessage)
				default:
				}
				return p, nil
			},
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "ec2:DeleteVolume",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				if !c.Item.Params.Flag("skip_snapshot") && c.Left["snapshot_id"] == "" && c.dry == nil {
					return nil, tracker.Errorf(tracker.CodeConflict, "there is no snapshot of it")
				}
				in := &ec2.DeleteVolumeInput{VolumeId: c.id(), DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).DeleteVolume(ctx, in))
			},
		},
	},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		if d.Left["snapshot_id"] == "" {
			return tracker.ActionItem{}, false
		}
		params := given(d.Seen.Metadata, "availability_zone", "volume_type", "multi_attach")
		params["snapshot_id"] = d.Left["snapshot_id"]
		// AWS takes throughput for gp3 only, and IOPS where they can be chosen.
		switch types.VolumeType(d.Seen.Metadata.Text("volume_type")) {
		case types.VolumeTypeGp3:
			maps.Copy(params, given(d.Seen.Metadata, "iops", "throughput_mbps"))
		case types.VolumeTypeIo1, types.VolumeTypeIo2:
			maps.Copy(params, given(d.Seen.Metadata, "iops"))
		default:
		}
		if kept := ownTags(d.Seen.Tags); len(kept) > 0 {
			params["tags"] = kept
		}
		return backWith(d, "restore", params), true
	},
	dryRun: true,
}

var volumeAttached = guard{
	rule: "volume_attached", how: "detach it or delete its instance",
	facts: []string{"state", "attached_to"},
	refuse: by("EC2_Instance", "it is attached to %s", func(_ context.Context, l look) ([]string, error) {
		return l.Metadata.List("attached_to"), nil
	}),
}

// protectedInstance makes a protect tag of an instance hold for what is attached
// to it. It is the rule of protectTag, asked of the instances that key names.
func protectedInstance(key string) guard {
	return guard{
		rule: ruleProtectTag, liftable: true, how: "remove the instance's tag",
		permissions: []string{"ec2:DescribeInstances"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			ids := l.Metadata.List(key)
			if id := l.Metadata.Text(key); id != "" {
				ids = []string{id}
			}
			if len(l.ProtectTags) == 0 {
				return "", nil, nil
			}
			for _, id := range ids {
				i, err := describeInstance(ctx, l.Target, id)
				if err != nil {
					return "", nil, err
				}
				if i == nil {
					continue
				}
				if tag := l.protecting(ec2Tags(i.Tags)); tag != "" {
					return fmt.Sprintf("tag %s of instance %s protects it", tag, id), nil, nil
				}
			}
			return "", nil, nil
		},
	}
}

var ebsVolumeRestore = Action{
	kind:     ebsVolume,
	Verb:     "restore",
	Summary:  "Makes a new volume of a snapshot, as the deleted one was.",
	Unpriced: unpricedCopy,
	Deadline: time.Hour,
	Params: []tracker.Param{
		{Name: "snapshot_id", Kind: tracker.ParamString, Required: true, Doc: "The snapshot that holds its data"},
		{Name: "availability_zone", Kind: tracker.ParamString, Required: true, Doc: "The zone of the new volume"},
		{Name: "volume_type", Kind: tracker.ParamString, Doc: "Its type", Enum: []string{"gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"}},
		// From the least of io1 to the most of io2; throughput is gp3's (EC2 API Reference,
		// CreateVolume).
		{Name: "iops", Kind: tracker.ParamInteger, Min: 100, Max: 256_000, Doc: "IOPS, for gp3, io1 and io2"},
		{Name: "throughput_mbps", Kind: tracker.ParamInteger, Min: 125, Max: 2000, Doc: "Throughput in MiB/s, for gp3"},
		{Name: "multi_attach", Kind: tracker.ParamBoolean, Doc: "Whether several instances can attach it"},
		{Name: "tags", Kind: tracker.ParamMap, Tags: true, Doc: "Its tags"},
	},
	From: []string{tracker.Gone},
	guards: []guard{{
		rule: "snapshot_not_ready", how: "wait for the snapshot or name another",
		permissions: []string{"ec2:DescribeSnapshots"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			id := l.item.Params.Text("snapshot_id")
			s, err := describeSnapshot(ctx, l.Target, id)
			if err != nil {
				return "", nil, err
			}
			if s == nil {
				return "snapshot " + id + " does not exist", nil, nil
			}
			if s.State != types.SnapshotStateCompleted {
				return fmt.Sprintf("snapshot %s is %s", id, s.State), nil, nil
			}
			return "", nil, nil
		},
	}},
	steps: []step{{
		Step: tracker.Step{Name: "restore"}, tokened: true,
		action: "ec2:CreateVolume", others: []string{"ec2:DescribeVolumes"}, implied: []string{"ec2:CreateTags"}, keys: ebsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			p := c.Item.Params
			kept, _ := tracker.Pairs(p["tags"])
			volumeType := p.Text("volume_type")
			out, err := ec2.NewFromConfig(c.Config).CreateVolume(ctx, &ec2.CreateVolumeInput{
				SnapshotId:         stringp(p["snapshot_id"]),
				AvailabilityZone:   stringp(p["availability_zone"]),
				VolumeType:         types.VolumeType(volumeType),
				Iops:               int32p(p["iops"]),
				Throughput:         int32p(p["throughput_mbps"]),
				MultiAttachEnabled: boolp(p["multi_attach"]),
				TagSpecifications:  copied(types.ResourceTypeVolume, kept, c.Token),
				ClientToken:        clientToken(c.Token),
				DryRun:             c.dry,
			})
			if err != nil {
				return nil, err
			}
			return map[string]string{"volume_id": aws.ToString(out.VolumeId)}, nil
		},
		check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
			v, there, err := volumesMade.get(ctx, c.Target, c.Token)
			if err != nil || !there {
				return tracker.StepProgress{Stage: tracker.StepNotBegun}, err
			}
			p := tracker.StepProgress{
				Stage: tracker.StepDone, State: string(v.State),
				Left: map[string]string{"volume_id": aws.ToString(v.VolumeId)},
			}
			switch v.State {
			case types.VolumeStateCreating:
				p.Stage = tracker.StepUnderWay
			case types.VolumeStateError:
				p.Stage, p.Message = tracker.StepFailed, "the new volume is in error: AWS may not be let use the key of the snapshot"
			default:
			}
			return p, nil
		},
	}},
	dryRun: true,
}

var ebsVolumeToGP3 = Action{
	kind:       ebsVolume,
	Verb:       "to_gp3",
	Summary:    "Turns a gp2 volume into gp3 of at least its IOPS and throughput, while it is in use.",
	Undo:       "to_gp2, once AWS lets the volume be modified again",
	Reversible: true,
	Deadline:   24 * time.Hour,
	From:       []string{"available", "in-use"},
	drifts:     true,
	After: func(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource {
		iops, throughput := likeGP2(r)
		return changed(r, tracker.Metadata{"volume_type": string(types.VolumeTypeGp3), "iops": iops, "throughput_mbps": throughput})
	},
	progress: isOfType(types.VolumeTypeGp3),
	guards:   []guard{notOfType(types.VolumeTypeGp2), modifying, sizeKnown},
	asides:   []aside{cooldown},
	steps: []step{retype(types.VolumeTypeGp3, func(r tracker.Resource) *ec2.ModifyVolumeInput {
		iops, throughput := likeGP2(r)
		return &ec2.ModifyVolumeInput{Iops: aws.Int32(int32(iops)), Throughput: aws.Int32(int32(throughput))}
	})},
	Opposite: "to_gp2",
	dryRun:   true,
}

// likeGP2 returns what a gp3 volume has to have to be no slower than gp2 of its
// size. gp2 gives 3 IOPS a GiB up to 16,000, and 250 MiB/s above 170 GiB; gp3
// begins at 3,000 and 125 (EBS User Guide, volume types).
func likeGP2(r tracker.Resource) (iops, throughput int64) {
	size, _ := tracker.Integer(r.Metadata["size_gb"])
	iops, throughput = min(max(3000, 3*size), 16_000), 125
	if size > 170 {
		throughput = 250
	}
	return iops, throughput
}

var ebsVolumeToGP2 = Action{
	kind:       ebsVolume,
	Verb:       "to_gp2",
	Summary:    "Turns a gp3 volume back into gp2.",
	Undo:       "to_gp3, once AWS lets the volume be modified again",
	Reversible: true,
	Deadline:   24 * time.Hour,
	From:       []string{"available", "in-use"},
	drifts:     true,
	After: func(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource {
		// AWS chooses the IOPS of gp2 by its size, and charges for none.
		return changed(r, tracker.Metadata{"volume_type": string(types.VolumeTypeGp2), "iops": nil, "throughput_mbps": nil})
	},
	progress: isOfType(types.VolumeTypeGp2),
	guards:   []guard{notOfType(types.VolumeTypeGp3), modifying},
	asides:   []aside{cooldown},
	steps: []step{retype(types.VolumeTypeGp2, func(tracker.Resource) *ec2.ModifyVolumeInput {
		return &ec2.ModifyVolumeInput{}
	})},
	Opposite: "to_gp3",
	dryRun:   true,
}
