package actions

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var elastiCacheCluster = kind{
	Type:        "ElastiCache_Cluster",
	permissions: []string{"elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"},
	// ElastiCache API Reference, CacheCluster, CacheClusterStatus.
	rests: []string{"available", "create-failed", "deleted", "incompatible-network", "incompatible-parameters", "restore-failed"},
	watch: []string{"replication_group_id"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		c, there, err := caches.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		r := tracker.Resource{
			Name:    tracker.Named(id),
			ARN:     cmp.Or(aws.ToString(c.ARN), t.arn("elasticache", "cluster:"+id)),
			State:   cmp.Or(aws.ToString(c.CacheClusterStatus), stateUnknown),
			Created: tracker.At(c.CacheClusterCreateTime),
			Metadata: tracker.Metadata{
				"engine":               sdk.Str(c.Engine),
				"node_type":            sdk.Str(c.CacheNodeType),
				"node_count":           sdk.Num(c.NumCacheNodes),
				"replication_group_id": sdk.Str(c.ReplicationGroupId),
			},
		}
		listed, err := elasticache.NewFromConfig(t.Config).ListTagsForResource(ctx, &elasticache.ListTagsForResourceInput{ResourceName: &r.ARN})
		// AWS answers for the tags of a cluster only while it is available.
		if says(err, "InvalidARN", "CacheClusterNotFound", "CacheClusterNotFoundFault") && r.State != "available" {
			return r, nil
		}
		if err != nil {
			return tracker.Resource{}, err
		}
		r.Tags = sdk.Tags(listed.TagList, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
		return r, nil
	},
}

// caches are described one by one or all, 100 on a page (ElastiCache API Reference,
// DescribeCacheClusters).
var caches = &bulk[types.CacheCluster]{
	most: 100, missing: []string{"CacheClusterNotFound", "CacheClusterNotFoundFault"},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]types.CacheCluster, error) {
		in := &elasticache.DescribeCacheClustersInput{MaxRecords: aws.Int32(100)}
		if len(ids) == 1 {
			in = &elasticache.DescribeCacheClustersInput{CacheClusterId: &ids[0]}
		}
		cursor := func(in *elasticache.DescribeCacheClustersInput, out *elasticache.DescribeCacheClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		found, err := gathered(ctx, elasticache.NewFromConfig(t.Config).DescribeCacheClusters, in, cursor,
			func(out *elasticache.DescribeCacheClustersOutput) []types.CacheCluster { return out.CacheClusters })
		return keyed(found, func(c types.CacheCluster) []string { return []string{aws.ToString(c.CacheClusterId)} }), err
	},
}

var elastiCacheClusterDelete = Action{
	kind:     elastiCacheCluster,
	Verb:     "delete",
	Summary:  "Deletes the cluster; of Redis and Valkey, after a final snapshot, which AWS takes first.",
	Destroys: true,
	After:    vanishes,
	Deadline: 2 * time.Hour,
	Params:   []tracker.Param{skipFinalSnapshot},
	From:     []string{"available", "create-failed", "restore-failed", "incompatible-network", "incompatible-parameters"},
	Via:      []string{"deleting", "snapshotting"},
	To:       []string{tracker.Gone},
	guards: []guard{
		{
			rule: "replication_group", how: "act on the replication group",
			refuse: when(func(l look) string {
				if group := l.Metadata.Text("replication_group_id"); group != "" {
					return "it is a node of the replication group " + group
				}
				return ""
			}),
		},
		noFinalSnapshot("create-failed", "restore-failed", "incompatible-network"),
	},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "elasticache:DeleteCacheCluster", implied: []string{"elasticache:CreateSnapshot"},
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &elasticache.DeleteCacheClusterInput{CacheClusterId: c.id()}
			var left map[string]string
			// Memcached has no snapshots.
			if !c.Item.Params.Flag(paramSkipFinal) && slices.Contains([]string{"redis", "valkey"}, c.Seen.Metadata.Text("engine")) {
				name := copyName(c.Token)
				in.FinalSnapshotIdentifier, left = &name, map[string]string{"snapshot_id": name}
			}
			_, err := elasticache.NewFromConfig(c.Config).DeleteCacheCluster(ctx, in)
			return left, err
		},
	}},
}
