package scanners

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var rdsInstance = Scanner{
	Type:        "RDS_Instance",
	Service:     serviceRDS,
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
	Metadata:    []string{"engine", "instance_class", "allocated_storage_gb", "multi_az"},
	Scan:        scanDBInstances(familyRDS),
}

func dbInstance(t Target, d types.DBInstance) tracker.Resource {
	id := aws.ToString(d.DBInstanceIdentifier)
	subnets := cmp.Or(d.DBSubnetGroup, &types.DBSubnetGroup{})
	// An instance that is being created has neither endpoint nor creation time.
	endpoint := cmp.Or(d.Endpoint, &types.Endpoint{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     cmp.Or(aws.ToString(d.DBInstanceArn), t.arn("rds", "db:"+id)),
		State:   cmp.Or(aws.ToString(d.DBInstanceStatus), stateUnknown),
		Created: tracker.At(d.InstanceCreateTime),
		Tags:    rdsTags(d.TagList),
		Metadata: tracker.Metadata{
			"engine":               sdk.Str(d.Engine),
			"instance_class":       sdk.Str(d.DBInstanceClass),
			"allocated_storage_gb": sdk.Num(d.AllocatedStorage),
			"multi_az":             sdk.Opt(d.MultiAZ),

			"engine_version":          sdk.Str(d.EngineVersion),
			"license_model":           sdk.Str(d.LicenseModel),
			"storage_type":            sdk.Str(d.StorageType),
			"iops":                    sdk.Num(d.Iops),
			"storage_throughput_mbps": sdk.Num(d.StorageThroughput),
			"max_storage_gb":          sdk.Num(d.MaxAllocatedStorage),
			"encrypted":               sdk.Opt(d.StorageEncrypted),
			"backup_retention_days":   sdk.Num(d.BackupRetentionPeriod),
			"availability_zone":       sdk.Str(d.AvailabilityZone),
			"vpc_id":                  sdk.Str(subnets.VpcId),
			"subnet_ids":              sdk.List(subnets.Subnets, func(s types.Subnet) *string { return s.SubnetIdentifier }),
			"security_group_ids":      rdsSecurityGroups(d.VpcSecurityGroups),
			"kms_key_id":              sdk.Str(d.KmsKeyId),
			"endpoint":                sdk.Str(endpoint.Address),
			"port":                    sdk.Num(endpoint.Port),
			"publicly_accessible":     sdk.Opt(d.PubliclyAccessible),
			"deletion_protection":     sdk.Opt(d.DeletionProtection),
			"extended_support":        sdk.Str(d.EngineLifecycleSupport),
			// A member of an Aurora or Multi-AZ cluster is stopped with its cluster.
			"cluster_id":     sdk.Str(d.DBClusterIdentifier),
			"replica_source": sdk.Text(cmp.Or(aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier), aws.ToString(d.ReadReplicaSourceDBClusterIdentifier))),
			"read_replicas":  append(sdk.Names(d.ReadReplicaDBInstanceIdentifiers), d.ReadReplicaDBClusterIdentifiers...),
		},
	}
}

func rdsTags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func rdsSecurityGroups(items []types.VpcSecurityGroupMembership) []string {
	return sdk.List(items, func(g types.VpcSecurityGroupMembership) *string { return g.VpcSecurityGroupId })
}
