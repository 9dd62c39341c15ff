package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const ruleMountTargets = "mount_targets"

var efsFileSystem = kind{
	Type:        "EFS_FileSystem",
	permissions: []string{"elasticfilesystem:DescribeFileSystems"},
	rests:       []string{"available", "deleted", "error"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		f, there, err := fileSystems.get(ctx, t, id)
		if err != nil || !there || f.LifeCycleState == types.LifeCycleStateDeleted {
			return gone(), err
		}
		size := cmp.Or(f.SizeInBytes, &types.FileSystemSize{})
		var bytes any
		if f.SizeInBytes != nil {
			bytes = size.Value
		}
		return tracker.Resource{
			Name:    tracker.Named(aws.ToString(f.Name)),
			ARN:     cmp.Or(aws.ToString(f.FileSystemArn), t.arn("elasticfilesystem", "file-system/"+id)),
			State:   strings.ToLower(string(f.LifeCycleState)),
			Created: tracker.At(f.CreationTime),
			Tags:    sdk.Tags(f.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
			Metadata: tracker.Metadata{
				"mount_target_count":     int64(f.NumberOfMountTargets),
				"size_bytes":             bytes,
				"size_standard_bytes":    sdk.Num(size.ValueInStandard),
				"size_ia_bytes":          sdk.Num(size.ValueInIA),
				"size_archive_bytes":     sdk.Num(size.ValueInArchive),
				"throughput_mode":        sdk.Text(f.ThroughputMode),
				"provisioned_throughput": sdk.Opt(f.ProvisionedThroughputInMibps),
				"availability_zone":      sdk.Str(f.AvailabilityZoneName),
			},
		}, nil
	},
}

// fileSystems are described one by one or all, 100 on a page (EFS API Reference,
// DescribeFileSystems).
var fileSystems = &bulk[types.FileSystemDescription]{
	most: 100, missing: []string{"FileSystemNotFound"},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]types.FileSystemDescription, error) {
		in := &efs.DescribeFileSystemsInput{MaxItems: aws.Int32(100)}
		if len(ids) == 1 {
			in = &efs.DescribeFileSystemsInput{FileSystemId: &ids[0]}
		}
		cursor := func(in *efs.DescribeFileSystemsInput, out *efs.DescribeFileSystemsOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		found, err := gathered(ctx, efs.NewFromConfig(t.Config).DescribeFileSystems, in, cursor,
			func(out *efs.DescribeFileSystemsOutput) []types.FileSystemDescription { return out.FileSystems })
		return keyed(found, func(f types.FileSystemDescription) []string { return []string{aws.ToString(f.FileSystemId)} }), err
	},
}

var efsFileSystemDelete = Action{
	kind:     efsFileSystem,
	Verb:     "delete",
	Summary:  "Deletes the file system with its data; with the rule " + ruleMountTargets + " lifted, its mount targets first.",
	Destroys: true,
	After:    vanishes,
	Deadline: 30 * time.Minute,
	From:     []string{"available", "error", "updating"},
	Via:      []string{"deleting"},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: ruleMountTargets, liftable: true, how: "delete its mount targets",
		refuse: when(func(l look) string {
			n, unknown := l.count("mount_target_count")
			if n == 0 {
				return unknown
			}
			return fmt.Sprintf("it can be mounted through %d mount targets", n)
		}),
	}},
	steps: []step{
		{
			// A mount target that was deleted cannot be deleted once more.
			Step: tracker.Step{Name: "delete_mount_targets", Repeats: briefly}, when: lifts(ruleMountTargets),
			action: "elasticfilesystem:DeleteMountTarget", others: []string{"elasticfilesystem:DescribeMountTargets"},
			implied: []string{"ec2:DeleteNetworkInterface"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				targets, err := mountTargets(ctx, c)
				if err != nil {
					return nil, err
				}
				for _, m := range targets {
					if m.LifeCycleState == types.LifeCycleStateDeleting {
						continue
					}
					_, err := efs.NewFromConfig(c.Config).DeleteMountTarget(ctx, &efs.DeleteMountTargetInput{MountTargetId: m.MountTargetId})
					if err != nil && !says(err, "MountTargetNotFound") {
						return nil, fmt.Errorf("delete mount target %s: %w", aws.ToString(m.MountTargetId), err)
					}
				}
				return nil, nil
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				targets, err := mountTargets(ctx, c)
				p := progressOf(len(targets) == 0)
				for _, m := range targets {
					if m.LifeCycleState != types.LifeCycleStateDeleting {
						return p, err
					}
					p.Stage = tracker.StepUnderWay
				}
				return p, err
			},
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "elasticfilesystem:DeleteFileSystem",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(efs.NewFromConfig(c.Config).DeleteFileSystem(ctx, &efs.DeleteFileSystemInput{FileSystemId: c.id()}))
			},
		},
	},
}

func mountTargets(ctx context.Context, c call) ([]types.MountTargetDescription, error) {
	out, err := efs.NewFromConfig(c.Config).DescribeMountTargets(ctx, &efs.DescribeMountTargetsInput{FileSystemId: c.id()})
	if says(err, "FileSystemNotFound") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return out.MountTargets, nil
}
