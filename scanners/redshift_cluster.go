package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/redshift"
	"github.com/consolesensei/resource-tracker/internal/aws/redshift/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var redshiftCluster = Scanner{
	Type:        "Redshift_Cluster",
	Service:     Service{ID: redshift.ServiceID, Prefix: "redshift", Protocol: Query},
	ARNs:        []string{"redshift:cluster:"},
	Permissions: []string{"redshift:DescribeClusters"},
	Metadata:    []string{"node_type", "node_count"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &redshift.DescribeClustersInput{MaxRecords: aws.Int32(100)}
		cursor := func(in *redshift.DescribeClustersInput, out *redshift.DescribeClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		return listPages(ctx, emit, redshift.NewFromConfig(t.Config).DescribeClusters, in, cursor, func(out *redshift.DescribeClustersOutput) []tracker.Resource {
			return collect(out.Clusters, func(c types.Cluster) tracker.Resource { return redshiftClusterOf(t, c) })
		})
	},
}

func redshiftClusterOf(t Target, c types.Cluster) tracker.Resource {
	id := aws.ToString(c.ClusterIdentifier)
	return tracker.Resource{
		ID:   id,
		Name: tracker.Named(id),
		// The only ARN that AWS answers is the namespace's.
		ARN:     t.arn("redshift", "cluster:"+id),
		State:   cmp.Or(aws.ToString(c.ClusterStatus), stateUnknown),
		Created: tracker.At(c.ClusterCreateTime),
		Tags:    sdk.Tags(c.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"node_type":               sdk.Str(c.NodeType),
			"node_count":              sdk.Num(c.NumberOfNodes),
			"availability":            sdk.Str(c.ClusterAvailabilityStatus),
			"version":                 sdk.Str(c.ClusterVersion),
			"multi_az":                sdk.Str(c.MultiAZ),
			"storage_capacity_mb":     sdk.Num(c.TotalStorageCapacityInMegaBytes),
			"snapshot_retention_days": sdk.Num(c.AutomatedSnapshotRetentionPeriod),
			"vpc_id":                  sdk.Str(c.VpcId),
			"availability_zone":       sdk.Str(c.AvailabilityZone),
			"subnet_group":            sdk.Str(c.ClusterSubnetGroupName),
			"security_group_ids":      sdk.List(c.VpcSecurityGroups, func(g types.VpcSecurityGroupMembership) *string { return g.VpcSecurityGroupId }),
			"publicly_accessible":     sdk.Opt(c.PubliclyAccessible),
			"encrypted":               sdk.Opt(c.Encrypted),
			"kms_key_id":              sdk.Str(c.KmsKeyId),
			"role_arns":               sdk.List(c.IamRoles, func(r types.ClusterIamRole) *string { return r.IamRoleArn }),
			"namespace_arn":           sdk.Str(c.ClusterNamespaceArn),
		},
	}
}
