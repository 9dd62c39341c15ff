package scanners

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var rdsInstance = Scanner{
	Type:        "RDS_Instance",
	Service:     "rds",
	ARNs:        []string{"rds:db:"},
	Permissions: []string{"rds:DescribeDBInstances"},
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
			"engine":               str(d.Engine),
			"instance_class":       str(d.DBInstanceClass),
			"allocated_storage_gb": num(d.AllocatedStorage),
			"multi_az":             opt(d.MultiAZ),

			"engine_version":          str(d.EngineVersion),
			"license_model":           str(d.LicenseModel),
			"storage_type":            str(d.StorageType),
			"iops":                    num(d.Iops),
			"storage_throughput_mbps": num(d.StorageThroughput),
			"max_storage_gb":          num(d.MaxAllocatedStorage),
			"encrypted":               opt(d.StorageEncrypted),
			"backup_retention_days":   num(d.BackupRetentionPeriod),
			"availability_zone":       str(d.AvailabilityZone),
			"vpc_id":                  str(subnets.VpcId),
			"subnet_ids":              list(subnets.Subnets, func(s types.Subnet) *string { return s.SubnetIdentifier }),
			"security_group_ids":      rdsSecurityGroups(d.VpcSecurityGroups),
			"kms_key_id":              str(d.KmsKeyId),
			"endpoint":                str(endpoint.Address),
			"port":                    num(endpoint.Port),
			"publicly_accessible":     opt(d.PubliclyAccessible),
			"deletion_protection":     opt(d.DeletionProtection),
			"extended_support":        str(d.EngineLifecycleSupport),
			// A member of an Aurora or Multi-AZ cluster is stopped with its cluster.
			"cluster_id":     str(d.DBClusterIdentifier),
			"replica_source": text(cmp.Or(aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier), aws.ToString(d.ReadReplicaSourceDBClusterIdentifier))),
			"read_replicas":  append(names(d.ReadReplicaDBInstanceIdentifiers), d.ReadReplicaDBClusterIdentifiers...),
		},
	}
}

func rdsTags(items []types.Tag) map[string]string {
	return tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func rdsSecurityGroups(items []types.VpcSecurityGroupMembership) []string {
	return list(items, func(g types.VpcSecurityGroupMembership) *string { return g.VpcSecurityGroupId })
}
