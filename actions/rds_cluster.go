package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var rdsCluster = kind{
	Type:        "RDS_Cluster",
	permissions: []string{"rds:DescribeDBClusters"},
	watch:       []string{"instance_ids", "resource_id"},
	// RDS and Aurora User Guides, viewing the status of a cluster.
	rests: []string{
		"available", "cloning-failed", "failed", "inaccessible-encryption-credentials", "inaccessible-encryption-credentials-recoverable",
		"migration-failed", "stopped",
	},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		c, there, err := dbClusters.get(ctx, t, strings.ToLower(id))
		if err != nil || !there {
			return gone(), err
		}
		return tracker.Resource{
			Name:    tracker.Named(id),
			ARN:     cmp.Or(aws.ToString(c.DBClusterArn), t.arn("rds", "cluster:"+id)),
			State:   cmp.Or(aws.ToString(c.Status), stateUnknown),
			Created: tracker.At(c.ClusterCreateTime),
			Tags:    rdsTags(c.TagList),
			Metadata: tracker.Metadata{
				"engine":              sdk.Str(c.Engine),
				"engine_mode":         sdk.Str(c.EngineMode),
				"instance_ids":        sdk.List(c.DBClusterMembers, func(m types.DBClusterMember) *string { return m.DBInstanceIdentifier }),
				"instance_class":      sdk.Str(c.DBClusterInstanceClass),
				"deletion_protection": sdk.Opt(c.DeletionProtection),
				"global_cluster_id":   sdk.Str(c.GlobalClusterIdentifier),
				"replica_source":      sdk.Str(c.ReplicationSourceIdentifier),
				"read_replicas":       c.ReadReplicaIdentifiers,
				"resource_id":         sdk.Str(c.DbClusterResourceId),
			},
		}, nil
	},
}

// dbClusters are described as databases are.
var dbClusters = &bulk[types.DBCluster]{
	most: rdsPage, missing: []string{"DBClusterNotFound", "DBClusterNotFoundFault"}, invalid: databases.invalid,
	ask: func(ctx context.Context, t Target, ids []string) (map[string]types.DBCluster, error) {
		in := &rds.DescribeDBClustersInput{Filters: rdsFilter("db-cluster-id", ids), MaxRecords: aws.Int32(rdsPage)}
		cursor := func(in *rds.DescribeDBClustersInput, out *rds.DescribeDBClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		found, err := gathered(ctx, rds.NewFromConfig(t.Config).DescribeDBClusters, in, cursor,
			func(out *rds.DescribeDBClustersOutput) []types.DBCluster { return out.DBClusters })
		return keyed(found, func(c types.DBCluster) []string { return []string{aws.ToString(c.DBClusterIdentifier)} }), err
	},
}

var rdsClusterStop = Action{
	kind:       rdsCluster,
	Verb:       "stop",
	Summary:    "Stops the cluster with all its instances; its storage and backups cost as before.",
	After:      becomes("stopped"),
	Undo:       "start",
	Reversible: true,
	Deadline:   time.Hour,
	From:       []string{"available"},
	Via:        []string{"stopping"},
	To:         []string{"stopped"},
	guards:     []guard{rdsEngine, provisionedOnly, globalCluster, clusterReplicas},
	asides: []aside{restartsInSevenDays, {tell: func(_ context.Context, l look) error {
		l.depends("database instance %s stops with it", l.Metadata.List("instance_ids")...)
		return nil
	}}},
	steps: []step{{
		Step: tracker.Step{Name: "stop"}, action: "rds:StopDBCluster",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(rds.NewFromConfig(c.Config).StopDBCluster(ctx, &rds.StopDBClusterInput{DBClusterIdentifier: c.id()}))
		},
	}},
	Opposite: "start",
}

var rdsClusterStart = Action{
	kind:       rdsCluster,
	Verb:       "start",
	Summary:    "Starts a stopped cluster with all its instances.",
	After:      becomes("available"),
	Undo:       "stop",
	Reversible: true,
	Deadline:   time.Hour,
	From:       []string{"stopped"},
	Via:        []string{"starting", "backing-up"},
	To:         []string{"available"},
	guards:     []guard{rdsEngine},
	steps: []step{{
		Step: tracker.Step{Name: "start"}, action: "rds:StartDBCluster", keys: rdsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(rds.NewFromConfig(c.Config).StartDBCluster(ctx, &rds.StartDBClusterInput{DBClusterIdentifier: c.id()}))
		},
	}},
	Opposite: "stop",
}

var rdsClusterDelete = Action{
	kind:     rdsCluster,
	Verb:     "delete",
	Summary:  "Deletes the cluster after a final snapshot, which AWS takes first.",
	Destroys: true,
	After:    vanishes,
	Deadline: 6 * time.Hour,
	Params:   []tracker.Param{skipFinalSnapshot},
	From:     []string{"available", "stopped", "failed", "inaccessible-encryption-credentials"},
	Via:      []string{"deleting"},
	To:       []string{tracker.Gone},
	guards: []guard{
		rdsEngine,
		flagged(ruleDeletionProtection, "deletion_protection", "its deletion protection is on"),
		globalCluster,
		clusterReplicas,
		noFinalSnapshot("failed", "inaccessible-encryption-credentials"),
		{
			rule: "cluster_not_empty", how: "delete its instances first",
			facts: []string{"instance_ids"},
			refuse: by("RDS_Instance", "it has the instances %s", func(_ context.Context, l look) ([]string, error) {
				// The instances of a Multi-AZ cluster go with it.
				if l.Metadata.Text("instance_class") != "" {
					return nil, nil
				}
				return l.Metadata.List("instance_ids"), nil
			}),
		},
	},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "rds:ModifyDBCluster", others: []string{"rds:DescribeDBClusters"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(rds.NewFromConfig(c.Config).ModifyDBCluster(ctx, &rds.ModifyDBClusterInput{
					DBClusterIdentifier: c.id(), DeletionProtection: aws.Bool(false), ApplyImmediately: aws.Bool(true),
				}))
			},
			check: rdsCluster.off("deletion_protection"),
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "rds:DeleteDBCluster", implied: []string{"rds:CreateDBClusterSnapshot"}, keys: rdsKeys,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &rds.DeleteDBClusterInput{DBClusterIdentifier: c.id(), SkipFinalSnapshot: aws.Bool(true)}
				var left map[string]string
				if !c.Item.Params.Flag(paramSkipFinal) {
					name := copyName(c.Token)
					in.SkipFinalSnapshot, in.FinalDBSnapshotIdentifier = aws.Bool(false), &name
					left = map[string]string{"snapshot_id": name}
				}
				_, err := rds.NewFromConfig(c.Config).DeleteDBCluster(ctx, in)
				return left, err
			},
		},
	},
}

var provisionedOnly = guard{
	rule: "engine_mode", how: "set its capacity instead",
	refuse: when(func(l look) string {
		if mode := l.Metadata.Text("engine_mode"); mode != "" && mode != "provisioned" {
			return fmt.Sprintf("a cluster of engine mode %s cannot be stopped", mode)
		}
		return ""
	}),
}

var globalCluster = keptBy("RDS_Cluster", "global_cluster")

var clusterReplicas = guard{
	rule: "has_read_replicas", how: "delete or promote the replicas",
	refuse: by("RDS_Cluster", "it has the read replicas %s", func(_ context.Context, l look) ([]string, error) {
		return l.Metadata.List("read_replicas"), nil
	}),
}
