package scanners

import (
	"cmp"
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// rdsSnapshot lists the snapshots that stay until someone deletes them, of
// instances and of clusters; those of Neptune and DocumentDB are among them.
// An instance's and a cluster's may have the same name, so the ID says which:
// "snapshot:before-migration", as in the ARN.
var rdsSnapshot = Scanner{
	Type:        "RDS_Snapshot",
	Service:     serviceRDS,
	ARNs:        []string{"rds:snapshot:", "rds:cluster-snapshot:"},
	Permissions: []string{"rds:DescribeDBClusterSnapshots", "rds:DescribeDBSnapshots"},
	Metadata:    []string{"snapshot_of", "engine", "allocated_storage_gb"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client, manual := rds.NewFromConfig(t.Config), aws.String("manual")
		chains := newChains(databaseChain)
		ofInstances := listPages(ctx, emit, client.DescribeDBSnapshots,
			&rds.DescribeDBSnapshotsInput{SnapshotType: manual, MaxRecords: aws.Int32(100)},
			func(in *rds.DescribeDBSnapshotsInput, out *rds.DescribeDBSnapshotsOutput) (**string, *string) {
				return &in.Marker, out.Marker
			},
			func(out *rds.DescribeDBSnapshotsOutput) []tracker.Resource {
				return chains.mark(collect(out.DBSnapshots, func(s types.DBSnapshot) tracker.Resource { return dbSnapshot(t, s) }))
			})
		ofClusters := listPages(ctx, emit, client.DescribeDBClusterSnapshots,
			&rds.DescribeDBClusterSnapshotsInput{SnapshotType: manual, MaxRecords: aws.Int32(100)},
			func(in *rds.DescribeDBClusterSnapshotsInput, out *rds.DescribeDBClusterSnapshotsOutput) (**string, *string) {
				return &in.Marker, out.Marker
			},
			func(out *rds.DescribeDBClusterSnapshotsOutput) []tracker.Resource {
				return chains.mark(collect(out.DBClusterSnapshots, func(s types.DBClusterSnapshot) tracker.Resource { return dbClusterSnapshot(t, s) }))
			})
		return errors.Join(ofInstances, ofClusters)
	},
}

func dbSnapshot(t Target, s types.DBSnapshot) tracker.Resource {
	name := aws.ToString(s.DBSnapshotIdentifier)
	return tracker.Resource{
		ID:      "snapshot:" + name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(s.DBSnapshotArn), t.arn("rds", "snapshot:"+name)),
		State:   cmp.Or(aws.ToString(s.Status), stateUnknown),
		Created: tracker.At(s.SnapshotCreateTime),
		Tags:    rdsTags(s.TagList),
		Metadata: tracker.Metadata{
			"snapshot_of":    "instance",
			"instance_id":    sdk.Str(s.DBInstanceIdentifier),
			"cluster_id":     nil,
			"engine":         sdk.Str(s.Engine),
			"engine_version": sdk.Str(s.EngineVersion),
			"license_model":  sdk.Str(s.LicenseModel),
			// The size of the database: a snapshot is charged for less.
			"allocated_storage_gb": sdk.Num(s.AllocatedStorage),
			"full_size_bytes":      sdk.Num(s.FullSnapshotSizeInBytes),
			"storage_type":         sdk.Str(s.StorageType),
			"encrypted":            sdk.Opt(s.Encrypted),
			"kms_key_id":           sdk.Str(s.KmsKeyId),
			"vpc_id":               sdk.Str(s.VpcId),
			"source_snapshot":      sdk.Str(s.SourceDBSnapshotIdentifier),
			"source_region":        sdk.Str(s.SourceRegion),
			// A copy holds what the first of its line was taken of.
			"original_created": sdk.Stamp(s.OriginalSnapshotCreateTime),
			"incremental":      nil,
		},
	}
}

func dbClusterSnapshot(t Target, s types.DBClusterSnapshot) tracker.Resource {
	name := aws.ToString(s.DBClusterSnapshotIdentifier)
	return tracker.Resource{
		ID:      "cluster-snapshot:" + name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(s.DBClusterSnapshotArn), t.arn("rds", "cluster-snapshot:"+name)),
		State:   cmp.Or(aws.ToString(s.Status), stateUnknown),
		Created: tracker.At(s.SnapshotCreateTime),
		Tags:    rdsTags(s.TagList),
		Metadata: tracker.Metadata{
			"snapshot_of":          "cluster",
			"instance_id":          nil,
			"cluster_id":           sdk.Str(s.DBClusterIdentifier),
			"engine":               sdk.Str(s.Engine),
			"engine_version":       sdk.Str(s.EngineVersion),
			"license_model":        sdk.Str(s.LicenseModel),
			"allocated_storage_gb": sdk.Num(s.AllocatedStorage),
			"full_size_bytes":      nil,
			"storage_type":         sdk.Str(s.StorageType),
			"encrypted":            sdk.Opt(s.StorageEncrypted),
			"kms_key_id":           sdk.Str(s.KmsKeyId),
			"vpc_id":               sdk.Str(s.VpcId),
			"source_snapshot":      sdk.Str(s.SourceDBClusterSnapshotArn),
			"source_region":        sdk.Text(regionIn(aws.ToString(s.SourceDBClusterSnapshotArn))),
			"original_created":     nil,
			"incremental":          nil,
		},
	}
}

// databaseChain names the chain of a database's snapshots.
func databaseChain(r tracker.Resource) string {
	return cmp.Or(r.Metadata.Text("instance_id"), r.Metadata.Text("cluster_id"))
}
