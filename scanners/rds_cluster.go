package scanners

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// rdsCluster is an Aurora or a Multi-AZ cluster. Its instances are listed as
// RDS_Instance, with the cluster's ID.
var rdsCluster = Scanner{
	Type:        "RDS_Cluster",
	Service:     "rds",
	ARNs:        []string{"rds:cluster:"},
	Permissions: []string{"rds:DescribeDBClusters"},
	Scan:        scanDBClusters(familyRDS),
}

func dbCluster(t Target, c types.DBCluster) tracker.Resource {
	id := aws.ToString(c.DBClusterIdentifier)
	capacity := cmp.Or(c.ServerlessV2ScalingConfiguration, &types.ServerlessV2ScalingConfigurationInfo{})
	var writer any
	for _, m := range c.DBClusterMembers {
		if aws.ToBool(m.IsClusterWriter) {
			writer = str(m.DBInstanceIdentifier)
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
			"engine":         str(c.Engine),
			"engine_version": str(c.EngineVersion),
			"engine_mode":    str(c.EngineMode),
			// Only the instances of a Multi-AZ cluster are all of one class.
			"instance_class": str(c.DBClusterInstanceClass),
			"instance_ids":   list(c.DBClusterMembers, func(m types.DBClusterMember) *string { return m.DBInstanceIdentifier }),
			"writer":         writer,
			"multi_az":       opt(c.MultiAZ),
			// An Aurora cluster grows by itself and answers 1 here.
			"allocated_storage_gb":    num(c.AllocatedStorage),
			"storage_type":            str(c.StorageType),
			"iops":                    num(c.Iops),
			"storage_throughput_mbps": num(c.StorageThroughput),
			"serverless_min_acu":      opt(capacity.MinCapacity),
			"serverless_max_acu":      opt(capacity.MaxCapacity),
			"serverless_v1_acu":       num(c.Capacity),
			"encrypted":               opt(c.StorageEncrypted),
			"kms_key_id":              str(c.KmsKeyId),
			"backup_retention_days":   num(c.BackupRetentionPeriod),
			"backtrack_window_sec":    num(c.BacktrackWindow),
			"availability_zones":      names(c.AvailabilityZones),
			"subnet_group":            str(c.DBSubnetGroup),
			"security_group_ids":      rdsSecurityGroups(c.VpcSecurityGroups),
			"publicly_accessible":     opt(c.PubliclyAccessible),
			"deletion_protection":     opt(c.DeletionProtection),
			"extended_support":        str(c.EngineLifecycleSupport),
			"global_cluster_id":       str(c.GlobalClusterIdentifier),
			"replica_source":          str(c.ReplicationSourceIdentifier),
			"read_replicas":           names(c.ReadReplicaIdentifiers),
		},
	}
}
