package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var efsFileSystem = Scanner{
	Type:        "EFS_FileSystem",
	Service:     Service{ID: efs.ServiceID, Prefix: "elasticfilesystem", Protocol: JSON},
	ARNs:        []string{"elasticfilesystem:file-system/"},
	Permissions: []string{"elasticfilesystem:DescribeFileSystems"},
	Metadata:    []string{"size_bytes", "throughput_mode"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &efs.DescribeFileSystemsInput{MaxItems: aws.Int32(100)}
		cursor := func(in *efs.DescribeFileSystemsInput, out *efs.DescribeFileSystemsOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		return listPages(ctx, emit, efs.NewFromConfig(t.Config).DescribeFileSystems, in, cursor, func(out *efs.DescribeFileSystemsOutput) []tracker.Resource {
			return collect(owned(t, out.FileSystems, func(f types.FileSystemDescription) *string { return f.OwnerId }), func(f types.FileSystemDescription) tracker.Resource { return efsFileSystemOf(t, f) })
		})
	},
}

func efsFileSystemOf(t Target, f types.FileSystemDescription) tracker.Resource {
	id := aws.ToString(f.FileSystemId)
	size := cmp.Or(f.SizeInBytes, &types.FileSystemSize{})
	var bytes any
	if f.SizeInBytes != nil {
		bytes = size.Value
	}
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(f.Name)),
		ARN:     cmp.Or(aws.ToString(f.FileSystemArn), t.arn("elasticfilesystem", "file-system/"+id)),
		State:   lower(f.LifeCycleState),
		Created: tracker.At(f.CreationTime),
		Tags:    sdk.Tags(f.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"size_bytes":             bytes,
			"size_standard_bytes":    sdk.Num(size.ValueInStandard),
			"size_ia_bytes":          sdk.Num(size.ValueInIA),
			"size_archive_bytes":     sdk.Num(size.ValueInArchive),
			"performance_mode":       sdk.Text(f.PerformanceMode),
			"throughput_mode":        sdk.Text(f.ThroughputMode),
			"provisioned_throughput": sdk.Opt(f.ProvisionedThroughputInMibps),
			"mount_target_count":     int64(f.NumberOfMountTargets),
			// Only of a file system that is in one zone.
			"availability_zone": sdk.Str(f.AvailabilityZoneName),
			// What is replicated to is REPLICATING.
			"overwrite_protection": sdk.Text(cmp.Or(f.FileSystemProtection, &types.FileSystemProtectionDescription{}).ReplicationOverwriteProtection),

			"encrypted":  sdk.Opt(f.Encrypted),
			"kms_key_id": sdk.Str(f.KmsKeyId),
		},
	}
}
