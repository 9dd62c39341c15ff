package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/databasemigrationservice"
	"github.com/consolesensei/resource-tracker/internal/aws/databasemigrationservice/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var dmsReplicationInstance = Scanner{
	Type:        "DMS_ReplicationInstance",
	Service:     Service{ID: databasemigrationservice.ServiceID, Prefix: "dms", Protocol: JSON},
	ARNs:        []string{"dms:rep:"},
	Permissions: []string{"dms:DescribeReplicationInstances", "tag:GetResources"},
	Tagged:      "dms:rep",
	Metadata:    []string{"instance_class", "engine_version", "storage_gb", "multi_az"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &databasemigrationservice.DescribeReplicationInstancesInput{MaxRecords: aws.Int32(100)}
		cursor := func(in *databasemigrationservice.DescribeReplicationInstancesInput, out *databasemigrationservice.DescribeReplicationInstancesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		list := databasemigrationservice.NewFromConfig(t.Config).DescribeReplicationInstances
		return listPages(ctx, emit, list, in, cursor, func(out *databasemigrationservice.DescribeReplicationInstancesOutput) []tracker.Resource {
			return collect(out.ReplicationInstances, replicationInstance)
		})
	},
}

func replicationInstance(i types.ReplicationInstance) tracker.Resource {
	id := aws.ToString(i.ReplicationInstanceIdentifier)
	subnets := cmp.Or(i.ReplicationSubnetGroup, &types.ReplicationSubnetGroup{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     aws.ToString(i.ReplicationInstanceArn),
		State:   lower(aws.ToString(i.ReplicationInstanceStatus)),
		Created: tracker.At(i.InstanceCreateTime),
		Metadata: tracker.Metadata{
			"instance_class":     sdk.Str(i.ReplicationInstanceClass),
			"engine_version":     sdk.Str(i.EngineVersion),
			"storage_gb":         int64(i.AllocatedStorage),
			"multi_az":           i.MultiAZ,
			"public":             i.PubliclyAccessible,
			"availability_zone":  sdk.Str(i.AvailabilityZone),
			"free_until":         sdk.Stamp(i.FreeUntil),
			"kms_key_id":         sdk.Str(i.KmsKeyId),
			"vpc_id":             sdk.Str(subnets.VpcId),
			"subnet_ids":         sdk.List(subnets.Subnets, func(s types.Subnet) *string { return s.SubnetIdentifier }),
			"security_group_ids": sdk.List(i.VpcSecurityGroups, func(g types.VpcSecurityGroupMembership) *string { return g.VpcSecurityGroupId }),
		},
	}
}
