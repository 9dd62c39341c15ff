package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// elastiCacheReplicationGroup is Redis or Valkey. Its nodes are listed as
// ElastiCache_Cluster, with the group's ID.
var elastiCacheReplicationGroup = Scanner{
	Type:        "ElastiCache_ReplicationGroup",
	Service:     serviceElastiCache,
	ARNs:        []string{"elasticache:replicationgroup:"},
	Permissions: []string{"elasticache:DescribeReplicationGroups", "tag:GetResources"},
	Tagged:      "elasticache:replicationgroup",
	Metadata:    []string{"engine", "node_type", "node_count", "cluster_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &elasticache.DescribeReplicationGroupsInput{MaxRecords: aws.Int32(100)}
		cursor := func(in *elasticache.DescribeReplicationGroupsInput, out *elasticache.DescribeReplicationGroupsOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		return listPages(ctx, emit, elasticache.NewFromConfig(t.Config).DescribeReplicationGroups, in, cursor, func(out *elasticache.DescribeReplicationGroupsOutput) []tracker.Resource {
			return collect(out.ReplicationGroups, func(g types.ReplicationGroup) tracker.Resource { return replicationGroup(t, g) })
		})
	},
}

func replicationGroup(t Target, g types.ReplicationGroup) tracker.Resource {
	id := aws.ToString(g.ReplicationGroupId)
	global := cmp.Or(g.GlobalReplicationGroupInfo, &types.GlobalReplicationGroupInfo{})
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     cmp.Or(aws.ToString(g.ARN), t.arn("elasticache", "replicationgroup:"+id)),
		State:   cmp.Or(aws.ToString(g.Status), stateUnknown),
		Created: tracker.At(g.ReplicationGroupCreateTime),
		Metadata: tracker.Metadata{
			"engine":                  sdk.Str(g.Engine),
			"description":             sdk.Str(g.Description),
			"node_type":               sdk.Str(g.CacheNodeType),
			"node_count":              int64(len(g.MemberClusters)),
			"shard_count":             int64(len(g.NodeGroups)),
			"cluster_ids":             sdk.Names(g.MemberClusters),
			"cluster_mode":            sdk.Opt(g.ClusterEnabled),
			"multi_az":                sdk.Text(g.MultiAZ),
			"automatic_failover":      sdk.Text(g.AutomaticFailover),
			"data_tiering":            sdk.Text(g.DataTiering),
			"encrypted":               sdk.Opt(g.AtRestEncryptionEnabled),
			"encrypted_in_transit":    sdk.Opt(g.TransitEncryptionEnabled),
			"kms_key_id":              sdk.Str(g.KmsKeyId),
			"snapshot_retention_days": sdk.Num(g.SnapshotRetentionLimit),
			"global_datastore_id":     sdk.Str(global.GlobalReplicationGroupId),
		},
	}
}
