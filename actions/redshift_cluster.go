package actions

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/redshift"
	"github.com/consolesensei/resource-tracker/internal/aws/redshift/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var redshiftCluster = kind{
	Type:        "Redshift_Cluster",
	permissions: []string{"redshift:DescribeClusters"},
	watch:       []string{"node_type", "node_count", "namespace_arn"},
	// Redshift Management Guide, cluster status.
	rests: []string{"available", "hardware-failure", "incompatible-hsm", "incompatible-network", "incompatible-parameters", "incompatible-restore", "paused", "storage-full"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		c, there, err := warehouses.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		return tracker.Resource{
			Name: tracker.Named(id),
			// The only ARN that AWS answers is the namespace's.
			ARN:     t.arn("redshift", "cluster:"+id),
			State:   cmp.Or(aws.ToString(c.ClusterStatus), stateUnknown),
			Created: tracker.At(c.ClusterCreateTime),
			Tags:    sdk.Tags(c.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
			Metadata: tracker.Metadata{
				"node_type":     sdk.Str(c.NodeType),
				"node_count":    sdk.Num(c.NumberOfNodes),
				"multi_az":      sdk.Str(c.MultiAZ),
				"namespace_arn": sdk.Str(c.ClusterNamespaceArn),
			},
		}, nil
	},
}

// warehouses are described one by one or all: an account has few, and a page holds
// 100 (Redshift API Reference, DescribeClusters).
var warehouses = &bulk[types.Cluster]{
	most: 100, missing: []string{"ClusterNotFound", "ClusterNotFoundFault"},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]types.Cluster, error) {
		in := &redshift.DescribeClustersInput{MaxRecords: aws.Int32(100)}
		if len(ids) == 1 {
			in = &redshift.DescribeClustersInput{ClusterIdentifier: &ids[0]}
		}
		cursor := func(in *redshift.DescribeClustersInput, out *redshift.DescribeClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		found, err := gathered(ctx, redshift.NewFromConfig(t.Config).DescribeClusters, in, cursor,
			func(out *redshift.DescribeClustersOutput) []types.Cluster { return out.Clusters })
		return keyed(found, func(c types.Cluster) []string { return []string{aws.ToString(c.ClusterIdentifier)} }), err
	},
}

var redshiftClusterPause = Action{
	kind:       redshiftCluster,
	Verb:       "pause",
	Aliases:    []string{"stop"},
	Summary:    "Pauses the cluster; its storage costs as before.",
	After:      becomes("paused"),
	Undo:       "resume",
	Reversible: true,
	Deadline:   2 * time.Hour,
	From:       []string{"available"},
	Via:        []string{"pausing"},
	To:         []string{"paused"},
	steps: []step{{
		Step: tracker.Step{Name: "pause"}, action: "redshift:PauseCluster",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(redshift.NewFromConfig(c.Config).PauseCluster(ctx, &redshift.PauseClusterInput{ClusterIdentifier: c.id()}))
		},
	}},
	Opposite: "resume",
}

var redshiftClusterResume = Action{
	kind:       redshiftCluster,
	Verb:       "resume",
	Aliases:    []string{"start"},
	Summary:    "Resumes a paused cluster.",
	After:      becomes("available"),
	Undo:       "pause",
	Reversible: true,
	Deadline:   2 * time.Hour,
	From:       []string{"paused"},
	Via:        []string{"resuming"},
	To:         []string{"available"},
	steps: []step{{
		Step: tracker.Step{Name: "resume"}, action: "redshift:ResumeCluster", keys: rdsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(redshift.NewFromConfig(c.Config).ResumeCluster(ctx, &redshift.ResumeClusterInput{ClusterIdentifier: c.id()}))
		},
	}},
	Opposite: "pause",
}

var redshiftClusterDelete = Action{
	kind:     redshiftCluster,
	Verb:     "delete",
	Summary:  "Deletes the cluster after a final snapshot, which AWS takes first.",
	Destroys: true,
	After:    vanishes,
	Deadline: 6 * time.Hour,
	Params:   []tracker.Param{skipFinalSnapshot},
	From:     []string{"available", "paused", "hardware-failure", "incompatible-network", "storage-full"},
	Via:      []string{"deleting", "final-snapshot"},
	To:       []string{tracker.Gone},
	guards:   []guard{noFinalSnapshot("paused", "hardware-failure", "incompatible-network")},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "redshift:DeleteCluster", implied: []string{"redshift:CreateClusterSnapshot"}, keys: rdsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &redshift.DeleteClusterInput{ClusterIdentifier: c.id(), SkipFinalClusterSnapshot: aws.Bool(true)}
			var left map[string]string
			if !c.Item.Params.Flag(paramSkipFinal) {
				name := copyName(c.Token)
				in.SkipFinalClusterSnapshot, in.FinalClusterSnapshotIdentifier = aws.Bool(false), &name
				left = map[string]string{"snapshot_id": name}
			}
			_, err := redshift.NewFromConfig(c.Config).DeleteCluster(ctx, in)
			return left, err
		},
	}},
}
