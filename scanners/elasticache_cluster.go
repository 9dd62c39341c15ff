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

// elastiCacheCluster lists what has nodes: Memcached clusters, and the single
// nodes that replication groups are made of.
var elastiCacheCluster = Scanner{
	Type:        "ElastiCache_Cluster",
	Service:     serviceElastiCache,
	ARNs:        []string{"elasticache:cluster:"},
	Permissions: []string{"elasticache:DescribeCacheClusters", "tag:GetResources"},
	Tagged:      "elasticache:cluster",
	Metadata:    []string{"engine", "node_type", "node_count", "replication_group_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &elasticache.DescribeCacheClustersInput{MaxRecords: aws.Int32(100), ShowCacheNodeInfo: aws.Bool(true)}
		cursor := func(in *elasticache.DescribeCacheClustersInput, out *elasticache.DescribeCacheClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		return listPages(ctx, emit, elasticache.NewFromConfig(t.Config).DescribeCacheClusters, in, cursor, func(out *elasticache.DescribeCacheClustersOutput) []tracker.Resource {
			return collect(out.CacheClusters, func(c types.CacheCluster) tracker.Resource { return cacheCluster(t, c) })
		})
	},
}

func cacheCluster(t Target, c types.CacheCluster) tracker.Resource {
	id := aws.ToString(c.CacheClusterId)
	nodes := []map[string]any{}
	for _, n := range c.CacheNodes {
		nodes = append(nodes, map[string]any{
			"id":                sdk.Str(n.CacheNodeId),
			"state":             sdk.Str(n.CacheNodeStatus),
			"created":           sdk.Stamp(n.CacheNodeCreateTime),
			"availability_zone": sdk.Str(n.CustomerAvailabilityZone),
		})
	}
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(id),
		ARN:     cmp.Or(aws.ToString(c.ARN), t.arn("elasticache", "cluster:"+id)),
		State:   cmp.Or(aws.ToString(c.CacheClusterStatus), stateUnknown),
		Created: tracker.At(c.CacheClusterCreateTime),
		Metadata: tracker.Metadata{
			"engine":                  sdk.Str(c.Engine),
			"engine_version":          sdk.Str(c.EngineVersion),
			"node_type":               sdk.Str(c.CacheNodeType),
			"node_count":              sdk.Num(c.NumCacheNodes),
			"nodes":                   nodes,
			"replication_group_id":    sdk.Str(c.ReplicationGroupId),
			"availability_zone":       sdk.Str(c.PreferredAvailabilityZone),
			"subnet_group":            sdk.Str(c.CacheSubnetGroupName),
			"security_group_ids":      sdk.List(c.SecurityGroups, func(g types.SecurityGroupMembership) *string { return g.SecurityGroupId }),
			"encrypted":               sdk.Opt(c.AtRestEncryptionEnabled),
			"encrypted_in_transit":    sdk.Opt(c.TransitEncryptionEnabled),
			"snapshot_retention_days": sdk.Num(c.SnapshotRetentionLimit),
		},
	}
}
