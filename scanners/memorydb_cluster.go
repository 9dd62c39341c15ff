package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/memorydb"
	"github.com/consolesensei/resource-tracker/internal/aws/memorydb/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var memoryDBCluster = Scanner{
	Type:        "MemoryDB_Cluster",
	Service:     Service{ID: memorydb.ServiceID, Prefix: "memorydb", Protocol: JSON},
	ARNs:        []string{"memorydb:cluster/"},
	Permissions: []string{"memorydb:DescribeClusters", "tag:GetResources"},
	Tagged:      "memorydb:cluster",
	Metadata:    []string{"node_type", "node_count", "shard_count"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &memorydb.DescribeClustersInput{MaxResults: aws.Int32(100), ShowShardDetails: aws.Bool(true)}
		cursor := func(in *memorydb.DescribeClustersInput, out *memorydb.DescribeClustersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, memorydb.NewFromConfig(t.Config).DescribeClusters, in, cursor, func(out *memorydb.DescribeClustersOutput) []tracker.Resource {
			return collect(out.Clusters, func(c types.Cluster) tracker.Resource { return memoryDBClusterOf(t, c) })
		})
	},
}

// memoryDBClusterOf leaves the creation date unknown: AWS says only that of
// nodes, which come and go.
func memoryDBClusterOf(t Target, c types.Cluster) tracker.Resource {
	name := aws.ToString(c.Name)
	nodes := int64(0)
	for _, s := range c.Shards {
		nodes += int64(aws.ToInt32(s.NumberOfNodes))
	}
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   cmp.Or(aws.ToString(c.ARN), t.arn("memorydb", "cluster/"+name)),
		State: cmp.Or(aws.ToString(c.Status), stateUnknown),
		Metadata: tracker.Metadata{
			"engine":                  sdk.Str(c.Engine),
			"engine_version":          sdk.Str(c.EngineVersion),
			"description":             sdk.Str(c.Description),
			"node_type":               sdk.Str(c.NodeType),
			"node_count":              nodes,
			"shard_count":             sdk.Num(c.NumberOfShards),
			"multi_az":                sdk.Text(c.AvailabilityMode),
			"data_tiering":            sdk.Text(c.DataTiering),
			"subnet_group":            sdk.Str(c.SubnetGroupName),
			"security_group_ids":      sdk.List(c.SecurityGroups, func(g types.SecurityGroupMembership) *string { return g.SecurityGroupId }),
			"kms_key_id":              sdk.Str(c.KmsKeyId),
			"encrypted_in_transit":    sdk.Opt(c.TLSEnabled),
			"snapshot_retention_days": sdk.Num(c.SnapshotRetentionLimit),
			"multi_region_cluster":    sdk.Str(c.MultiRegionClusterName),
		},
	}
}
