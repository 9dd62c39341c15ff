package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fsx"
	"github.com/aws/aws-sdk-go-v2/service/fsx/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var fsxFileSystem = Scanner{
	Type:        "FSx_FileSystem",
	Service:     Service{ID: fsx.ServiceID, Prefix: "fsx", Protocol: JSON},
	ARNs:        []string{"fsx:file-system/"},
	Permissions: []string{"fsx:DescribeFileSystems"},
	Metadata:    []string{"type", "storage_gb", "storage_type", "throughput_mbps"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &fsx.DescribeFileSystemsInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *fsx.DescribeFileSystemsInput, out *fsx.DescribeFileSystemsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, fsx.NewFromConfig(t.Config).DescribeFileSystems, in, cursor, func(out *fsx.DescribeFileSystemsOutput) []tracker.Resource {
			return collect(owned(t, out.FileSystems, func(f types.FileSystem) *string { return f.OwnerId }), func(f types.FileSystem) tracker.Resource { return fsxFileSystemOf(t, f) })
		})
	},
}

func fsxFileSystemOf(t Target, f types.FileSystem) tracker.Resource {
	id, tags := aws.ToString(f.FileSystemId), sdk.Tags(f.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
	r := tracker.Resource{
		ID:      id,
		Name:    tracker.Named(tags["Name"]),
		ARN:     cmp.Or(aws.ToString(f.ResourceARN), t.arn("fsx", "file-system/"+id)),
		State:   lower(f.Lifecycle),
		Created: tracker.At(f.CreationTime),
		Tags:    tags,
		Metadata: tracker.Metadata{
			"type":                  sdk.Text(f.FileSystemType),
			"storage_gb":            sdk.Num(f.StorageCapacity),
			"storage_type":          sdk.Text(f.StorageType),
			"vpc_id":                sdk.Str(f.VpcId),
			"subnet_ids":            sdk.Names(f.SubnetIds),
			"network_interface_ids": sdk.Names(f.NetworkInterfaceIds),
			"kms_key_id":            sdk.Str(f.KmsKeyId),

			"deployment_type":         nil,
			"throughput_mbps":         nil,
			"throughput_mbps_per_tib": nil,
			"iops":                    nil,
			"ha_pairs":                nil,
			"backup_retention_days":   nil,
		},
	}
	// Each type says the same things in its own place.
	m, iops := r.Metadata, (*types.DiskIopsConfiguration)(nil)
	if c := f.WindowsConfiguration; c != nil {
		m["deployment_type"], m["throughput_mbps"] = sdk.Text(c.DeploymentType), sdk.Num(c.ThroughputCapacity)
		m["backup_retention_days"], iops = sdk.Num(c.AutomaticBackupRetentionDays), c.DiskIopsConfiguration
	}
	if c := f.LustreConfiguration; c != nil {
		m["deployment_type"], m["throughput_mbps"] = sdk.Text(c.DeploymentType), sdk.Num(c.ThroughputCapacity)
		m["throughput_mbps_per_tib"] = sdk.Num(c.PerUnitStorageThroughput)
		m["backup_retention_days"] = sdk.Num(c.AutomaticBackupRetentionDays)
		if c.MetadataConfiguration != nil {
			m["iops"] = sdk.Num(c.MetadataConfiguration.Iops)
		}
	}
	if c := f.OntapConfiguration; c != nil {
		m["deployment_type"], m["throughput_mbps"], m["ha_pairs"] = sdk.Text(c.DeploymentType), sdk.Num(c.ThroughputCapacity), sdk.Num(c.HAPairs)
		m["backup_retention_days"], iops = sdk.Num(c.AutomaticBackupRetentionDays), c.DiskIopsConfiguration
	}
	if c := f.OpenZFSConfiguration; c != nil {
		m["deployment_type"], m["throughput_mbps"] = sdk.Text(c.DeploymentType), sdk.Num(c.ThroughputCapacity)
		m["backup_retention_days"], iops = sdk.Num(c.AutomaticBackupRetentionDays), c.DiskIopsConfiguration
	}
	if iops != nil {
		m["iops"] = sdk.Num(iops.Iops)
	}
	return r
}
