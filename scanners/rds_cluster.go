package scanners

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// rdsCluster is an Aurora or a Multi-AZ cluster. Its instances are listed as
// RDS_Instance, with the cluster's ID.
var rdsCluster = Scanner{
	Type:        "RDS_Cluster",
	Service:     serviceRDS,
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Metadata:    []string{"engine", "instance_ids", "instance_class", "allocated_storage_gb"},
	Scan:        scanDBClusters(familyRDS),
}

func dbCluster(t Target, c types.DBCluster) tracker.Resource {
	id := aws.ToString(c.DBClusterIdentifier)
	capacity := cmp.Or(c.ServerlessV2ScalingConfiguration, &types.ServerlessV2ScalingConfigurationInfo{})
	var writer any
	for _, m := range c.DBClusterMembers {
		if aws.ToBool(m.IsClusterWriter) {
			writer = sdk.Str(m.DBInstanceIdentifier)
		}
	}
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     cmp.Or(aws.ToString(c.DBClusterArn), t.arn("rds", "cluster:"+id)),
		State:   cmp.Or(aws.ToString(c.Status), stateUnknown),
		Created: tracker.At(c.ClusterCreateTime),
		Tags:    rdsTags(c.TagList),
		Metadata: tracker.Metadata{
			"engine":         sdk.Str(c.Engine),
			"engine_version": sdk.Str(c.EngineVersion),
			"engine_mode":    sdk.Str(c.EngineMode),
			// Only the instances of a Multi-AZ cluster are all of one class.
			"instance_class": sdk.Str(c.DBClusterInstanceClass),
			"instance_ids":   sdk.List(c.DBClusterMembers, func(m types.DBClusterMember) *string { return m.DBInstanceIdentifier }),
			"writer":         writer,
			"multi_az":       sdk.Opt(c.MultiAZ),
			// An Aurora cluster grows by itself and answers 1 here.
			"allocated_storage_gb":    sdk.Num(c.AllocatedStorage),
			"storage_type":            sdk.Str(c.StorageType),
			"iops":                    sdk.Num(c.Iops),
			"storage_throughput_mbps": sdk.Num(c.StorageThroughput),
			"serverless_min_acu":      sdk.Opt(capacity.MinCapacity),
			"serverless_max_acu":      sdk.Opt(capacity.MaxCapacity),
			"serverless_v1_acu":       sdk.Num(c.Capacity),
			"encrypted":               sdk.Opt(c.StorageEncrypted),
			"kms_key_id":              sdk.Str(c.KmsKeyId),
			"backup_retention_days":   sdk.Num(c.BackupRetentionPeriod),
			"backtrack_window_sec":    sdk.Num(c.BacktrackWindow),
			"availability_zones":      sdk.Names(c.AvailabilityZones),
			"subnet_group":            sdk.Str(c.DBSubnetGroup),
			"security_group_ids":      rdsSecurityGroups(c.VpcSecurityGroups),
			"publicly_accessible":     sdk.Opt(c.PubliclyAccessible),
			"deletion_protection":     sdk.Opt(c.DeletionProtection),
			"extended_support":        sdk.Str(c.EngineLifecycleSupport),
			"global_cluster_id":       sdk.Str(c.GlobalClusterIdentifier),
			"replica_source":          sdk.Str(c.ReplicationSourceIdentifier),
			"read_replicas":           sdk.Names(c.ReadReplicaIdentifiers),
		},
	}
}
