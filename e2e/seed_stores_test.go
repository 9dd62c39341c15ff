package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/fsx"
	fsxtypes "github.com/aws/aws-sdk-go-v2/service/fsx/types"

	"github.com/consolesensei/resource-tracker/internal/aws/backup"
	"github.com/consolesensei/resource-tracker/internal/aws/ecr"
	ecrtypes "github.com/consolesensei/resource-tracker/internal/aws/ecr/types"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	elasticachetypes "github.com/consolesensei/resource-tracker/internal/aws/elasticache/types"
	"github.com/consolesensei/resource-tracker/internal/aws/memorydb"
	memorydbtypes "github.com/consolesensei/resource-tracker/internal/aws/memorydb/types"
	"github.com/consolesensei/resource-tracker/internal/aws/opensearch"
	opensearchtypes "github.com/consolesensei/resource-tracker/internal/aws/opensearch/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	rdstypes "github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/aws/redshift"
	redshifttypes "github.com/consolesensei/resource-tracker/internal/aws/redshift/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

func rdsTag(k, v string) rdstypes.Tag { return rdstypes.Tag{Key: &k, Value: &v} }

// clusters makes an Aurora and a Neptune cluster with an instance each, and
// snapshots of a cluster and an instance.
func (s *seeder) clusters() error {
	client := rds.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, rdsTag)
	rows := []struct {
		name, engine      string
		cluster, instance tracker.Type
	}{
		{"aurora", "aurora-postgresql", "RDS_Cluster", "RDS_Instance"},
		{"graph", "neptune", "Neptune_Cluster", "Neptune_Instance"},
	}
	for _, row := range rows {
		cluster, err := client.CreateDBCluster(s.ctx, &rds.CreateDBClusterInput{
			DBClusterIdentifier: &row.name, Engine: &row.engine, MasterUsername: aws.String("root"), MasterUserPassword: aws.String("not-a-secret-1"), Tags: tags,
		})
		if err != nil {
			return err
		}
		member := row.name + "-1"
		instance, err := client.CreateDBInstance(s.ctx, &rds.CreateDBInstanceInput{
			DBInstanceIdentifier: &member, DBClusterIdentifier: &row.name, DBInstanceClass: aws.String("db.r6g.large"), Engine: &row.engine, Tags: tags,
		})
		if err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: row.name, Name: &row.name, Type: row.cluster, ARN: *cluster.DBCluster.DBClusterArn, State: "available", Created: cluster.DBCluster.ClusterCreateTime, Tags: all,
			Metadata: tracker.Metadata{"engine": row.engine, "instance_ids": []string{member}},
		})
		s.add(tracker.Resource{
			ID: member, Name: &member, Type: row.instance, ARN: *instance.DBInstance.DBInstanceArn, State: "available", Created: instance.DBInstance.InstanceCreateTime, Tags: all,
			Metadata: tracker.Metadata{"engine": row.engine, "instance_class": "db.r6g.large", "cluster_id": row.name},
		})
	}

	ofCluster, err := client.CreateDBClusterSnapshot(s.ctx, &rds.CreateDBClusterSnapshotInput{
		DBClusterIdentifier: aws.String("aurora"), DBClusterSnapshotIdentifier: aws.String("aurora-kept"), Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "cluster-snapshot:aurora-kept", Name: aws.String("aurora-kept"), Type: "RDS_Snapshot", ARN: *ofCluster.DBClusterSnapshot.DBClusterSnapshotArn,
		State: "available", Created: ofCluster.DBClusterSnapshot.SnapshotCreateTime, Tags: all,
		Metadata: tracker.Metadata{"snapshot_of": "cluster", "cluster_id": "aurora", "engine": "aurora-postgresql"},
	})
	ofInstance, err := client.CreateDBSnapshot(s.ctx, &rds.CreateDBSnapshotInput{
		DBInstanceIdentifier: aws.String("db-000"), DBSnapshotIdentifier: aws.String("db-kept"), Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "snapshot:db-kept", Name: aws.String("db-kept"), Type: "RDS_Snapshot", ARN: *ofInstance.DBSnapshot.DBSnapshotArn,
		State: "available", Created: ofInstance.DBSnapshot.SnapshotCreateTime, Tags: all,
		Metadata: tracker.Metadata{"snapshot_of": "instance", "instance_id": "db-000", "engine": "postgres", "allocated_storage_gb": 20},
	})
	return nil
}

// tables makes a table on demand and one with provisioned capacity.
func (s *seeder) tables() error {
	client := dynamodb.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, func(k, v string) dynamodbtypes.Tag { return dynamodbtypes.Tag{Key: &k, Value: &v} })
	for name, in := range map[string]dynamodb.CreateTableInput{
		"orders": {BillingMode: dynamodbtypes.BillingModePayPerRequest},
		"events": {BillingMode: dynamodbtypes.BillingModeProvisioned, ProvisionedThroughput: &dynamodbtypes.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(7), WriteCapacityUnits: aws.Int64(3)}},
	} {
		in.TableName, in.Tags = &name, tags
		in.AttributeDefinitions = []dynamodbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}}
		in.KeySchema = []dynamodbtypes.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: dynamodbtypes.KeyTypeHash}}
		out, err := client.CreateTable(s.ctx, &in)
		if err != nil {
			return err
		}
		m := tracker.Metadata{"billing_mode": string(in.BillingMode), "item_count": 0}
		if in.ProvisionedThroughput != nil {
			m["read_capacity_units"], m["write_capacity_units"] = 7, 3
		}
		s.add(tracker.Resource{
			ID: name, Name: &name, Type: "DynamoDB_Table", ARN: *out.TableDescription.TableArn, State: "active", Created: out.TableDescription.CreationDateTime,
			Tags: all, Metadata: m,
		})
	}
	return nil
}

// caches makes a Memcached cluster, a Redis replication group, a MemoryDB
// cluster, an OpenSearch domain and a Redshift cluster.
func (s *seeder) caches() error {
	client := elasticache.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, func(k, v string) elasticachetypes.Tag { return elasticachetypes.Tag{Key: &k, Value: &v} })
	cluster, err := client.CreateCacheCluster(s.ctx, &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("sessions"), Engine: aws.String("memcached"), CacheNodeType: aws.String("cache.t3.micro"), NumCacheNodes: aws.Int32(2), Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "sessions", Name: aws.String("sessions"), Type: "ElastiCache_Cluster", ARN: *cluster.CacheCluster.ARN, State: "available", Created: cluster.CacheCluster.CacheClusterCreateTime,
		Tags: all, Metadata: tracker.Metadata{"engine": "memcached", "node_type": "cache.t3.micro", "node_count": 2, "replication_group_id": nil},
	})
	group, err := client.CreateReplicationGroup(s.ctx, &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("carts"), ReplicationGroupDescription: aws.String("of the shop"), Engine: aws.String("redis"),
		CacheNodeType: aws.String("cache.t3.micro"), NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "carts", Name: aws.String("carts"), Type: "ElastiCache_ReplicationGroup", ARN: *group.ReplicationGroup.ARN, State: "available",
		Tags: all, Metadata: tracker.Metadata{"description": "of the shop", "engine": "redis", "node_type": "cache.t3.micro"},
	})

	subnets, err := s.homes()
	if err != nil {
		return err
	}
	memory := memorydb.NewFromConfig(s.cfg)
	_, err = memory.CreateSubnetGroup(s.ctx, &memorydb.CreateSubnetGroupInput{SubnetGroupName: aws.String("memory"), SubnetIds: []string{*subnets[0].SubnetId}})
	if err != nil {
		return err
	}
	_, memoryTags := tagged("", labels, func(k, v string) memorydbtypes.Tag { return memorydbtypes.Tag{Key: &k, Value: &v} })
	durable, err := memory.CreateCluster(s.ctx, &memorydb.CreateClusterInput{
		ClusterName: aws.String("ledger"), NodeType: aws.String("db.t4g.small"), ACLName: aws.String("open-access"), Engine: aws.String("Redis"),
		NumShards: aws.Int32(1), NumReplicasPerShard: aws.Int32(1), SubnetGroupName: aws.String("memory"), Tags: memoryTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "ledger", Name: aws.String("ledger"), Type: "MemoryDB_Cluster", ARN: *durable.Cluster.ARN, State: "available", Tags: all,
		Metadata: tracker.Metadata{"node_type": "db.t4g.small", "shard_count": 1, "subnet_group": "memory"},
	})

	_, searchTags := tagged("", labels, func(k, v string) opensearchtypes.Tag { return opensearchtypes.Tag{Key: &k, Value: &v} })
	domain, err := opensearch.NewFromConfig(s.cfg).CreateDomain(s.ctx, &opensearch.CreateDomainInput{
		DomainName: aws.String("search"), EngineVersion: aws.String("OpenSearch_2.11"), TagList: searchTags,
		ClusterConfig: &opensearchtypes.ClusterConfig{InstanceType: opensearchtypes.OpenSearchPartitionInstanceTypeR5LargeSearch, InstanceCount: aws.Int32(2)},
		EBSOptions:    &opensearchtypes.EBSOptions{EBSEnabled: aws.Bool(true), VolumeType: opensearchtypes.VolumeTypeGp3, VolumeSize: aws.Int32(50)},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "search", Name: aws.String("search"), Type: "OpenSearch_Domain", ARN: *domain.DomainStatus.ARN, State: "active", Tags: all,
		Metadata: tracker.Metadata{"engine_version": "OpenSearch_2.11", "instance_type": "r5.large.search", "instance_count": 2, "volume_type": "gp3", "volume_gb_per_node": 50},
	})

	_, warehouseTags := tagged("", labels, func(k, v string) redshifttypes.Tag { return redshifttypes.Tag{Key: &k, Value: &v} })
	warehouse, err := redshift.NewFromConfig(s.cfg).CreateCluster(s.ctx, &redshift.CreateClusterInput{
		ClusterIdentifier: aws.String("warehouse"), NodeType: aws.String("ra3.xlplus"), NumberOfNodes: aws.Int32(2), ClusterType: aws.String("multi-node"),
		MasterUsername: aws.String("root"), MasterUserPassword: aws.String("Not-a-secret-1"), Tags: warehouseTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "warehouse", Name: aws.String("warehouse"), Type: "Redshift_Cluster", ARN: s.arn("redshift", "cluster:warehouse"), State: "available",
		Created: warehouse.Cluster.ClusterCreateTime, Tags: all, Metadata: tracker.Metadata{"node_type": "ra3.xlplus", "node_count": 2},
	})
	return nil
}

// files makes file systems, a registry for images and a vault for backups.
func (s *seeder) files() error {
	all, tags := tagged("files", labels, func(k, v string) efstypes.Tag { return efstypes.Tag{Key: &k, Value: &v} })
	shared, err := efs.NewFromConfig(s.cfg).CreateFileSystem(s.ctx, &efs.CreateFileSystemInput{
		CreationToken: aws.String("files-" + s.region), Encrypted: aws.Bool(true), ThroughputMode: efstypes.ThroughputModeBursting, Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *shared.FileSystemId, Name: aws.String("files"), Type: "EFS_FileSystem", ARN: s.arn("elasticfilesystem", "file-system/"+*shared.FileSystemId),
		State: "available", Created: shared.CreationTime, Tags: all,
		Metadata: tracker.Metadata{"encrypted": true, "throughput_mode": "bursting", "performance_mode": "generalPurpose", "mount_target_count": 0},
	})

	subnets, err := s.homes()
	if err != nil {
		return err
	}
	subnet := *subnets[0].SubnetId
	fast, fastTags := tagged("scratch", labels, func(k, v string) fsxtypes.Tag { return fsxtypes.Tag{Key: &k, Value: &v} })
	lustre, err := fsx.NewFromConfig(s.cfg).CreateFileSystem(s.ctx, &fsx.CreateFileSystemInput{
		FileSystemType: fsxtypes.FileSystemTypeLustre, StorageCapacity: aws.Int32(1200), StorageType: fsxtypes.StorageTypeSsd,
		SubnetIds: []string{subnet}, Tags: fastTags, LustreConfiguration: &fsxtypes.CreateFileSystemLustreConfiguration{DeploymentType: fsxtypes.LustreDeploymentTypeScratch2},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: *lustre.FileSystem.FileSystemId, Name: aws.String("scratch"), Type: "FSx_FileSystem", ARN: *lustre.FileSystem.ResourceARN,
		State: "unknown", Created: lustre.FileSystem.CreationTime, Tags: fast,
		Metadata: tracker.Metadata{"type": "LUSTRE", "storage_gb": 1200, "storage_type": "SSD", "subnet_ids": []string{subnet}},
	})

	registryAll, registryTags := tagged("", labels, func(k, v string) ecrtypes.Tag { return ecrtypes.Tag{Key: &k, Value: &v} })
	registry, err := ecr.NewFromConfig(s.cfg).CreateRepository(s.ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String("shop/web"), ImageTagMutability: ecrtypes.ImageTagMutabilityImmutable, Tags: registryTags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop/web", Name: aws.String("shop/web"), Type: "ECR_Repository", ARN: *registry.Repository.RepositoryArn, State: "active",
		Created: registry.Repository.CreatedAt, Tags: registryAll, Metadata: tracker.Metadata{"tag_mutability": "IMMUTABLE", "image_count": 0, "size_bytes": 0},
	})

	vault, err := backup.NewFromConfig(s.cfg).CreateBackupVault(s.ctx, &backup.CreateBackupVaultInput{BackupVaultName: aws.String("vault"), BackupVaultTags: labels})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "vault", Name: aws.String("vault"), Type: "Backup_Vault", ARN: *vault.BackupVaultArn, State: "active", Created: vault.CreationDate, Tags: labels,
		Metadata: tracker.Metadata{"recovery_point_count": 0, "locked": false},
	})
	return nil
}
