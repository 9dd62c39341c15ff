package scanners

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/emr"
	"github.com/aws/aws-sdk-go-v2/service/emr/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// emrCluster lists clusters that are there: AWS remembers terminated ones for
// two months. What they are made of is an answer for each cluster: groups of one
// instance type, or fleets of several.
var emrCluster = Scanner{
	Type:    "EMR_Cluster",
	Service: Service{ID: emr.ServiceID, Prefix: "elasticmapreduce", Protocol: JSON},
	ARNs:    []string{"elasticmapreduce:cluster/"},
	Permissions: []string{
		"elasticmapreduce:DescribeCluster",
		"elasticmapreduce:ListClusters",
		"elasticmapreduce:ListInstanceFleets",
		"elasticmapreduce:ListInstanceGroups",
	},
	Metadata: []string{"release", "instance_groups"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := emr.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeCluster(ctx, &emr.DescribeClusterInput{ClusterId: &r.ID})
			if err != nil {
				return err
			}
			c := cmp.Or(out.Cluster, &types.Cluster{})
			r.Tags, r.Metadata = sdk.Tags(c.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }), emrDetails(*c)
			groups, err := instanceGroups(ctx, client, r.ID, c.InstanceCollectionType)
			if err != nil {
				return fmt.Errorf("instances of %s: %w", r.ID, err)
			}
			r.Metadata["instance_groups"] = groups
			return nil
		}, func(emit Emit) error {
			in := &emr.ListClustersInput{ClusterStates: []types.ClusterState{
				types.ClusterStateStarting, types.ClusterStateBootstrapping, types.ClusterStateRunning,
				types.ClusterStateWaiting, types.ClusterStateTerminating,
			}}
			cursor := func(in *emr.ListClustersInput, out *emr.ListClustersOutput) (**string, *string) {
				return &in.Marker, out.Marker
			}
			return listPages(ctx, emit, client.ListClusters, in, cursor, func(out *emr.ListClustersOutput) []tracker.Resource {
				return collect(out.Clusters, func(c types.ClusterSummary) tracker.Resource { return emrClusterOf(t, c) })
			})
		})
	},
}

func emrClusterOf(t Target, c types.ClusterSummary) tracker.Resource {
	id := aws.ToString(c.Id)
	status := cmp.Or(c.Status, &types.ClusterStatus{})
	timeline := cmp.Or(status.Timeline, &types.ClusterTimeline{})
	return tracker.Resource{
		ID:       id,
		Name:     tracker.Named(aws.ToString(c.Name)),
		ARN:      cmp.Or(aws.ToString(c.ClusterArn), t.arn("elasticmapreduce", "cluster/"+id)),
		State:    lower(status.State),
		Created:  tracker.At(timeline.CreationDateTime),
		Metadata: unknown(emrDetails(types.Cluster{})),
	}
}

func emrDetails(c types.Cluster) tracker.Metadata {
	ec2 := cmp.Or(c.Ec2InstanceAttributes, &types.Ec2InstanceAttributes{})
	timeline := cmp.Or(cmp.Or(c.Status, &types.ClusterStatus{}).Timeline, &types.ClusterTimeline{})
	return tracker.Metadata{
		"release":                sdk.Str(c.ReleaseLabel),
		"applications":           sdk.List(c.Applications, func(a types.Application) *string { return a.Name }),
		"instance_collection":    sdk.Text(c.InstanceCollectionType),
		"instance_groups":        nil,
		"ready":                  sdk.Stamp(timeline.ReadyDateTime),
		"normalized_hours":       sdk.Num(c.NormalizedInstanceHours),
		"auto_terminate":         sdk.Opt(c.AutoTerminate),
		"termination_protected":  sdk.Opt(c.TerminationProtected),
		"root_volume_gb":         sdk.Num(c.EbsRootVolumeSize),
		"subnet_id":              sdk.Str(ec2.Ec2SubnetId),
		"availability_zone":      sdk.Str(ec2.Ec2AvailabilityZone),
		"security_group_ids":     sdk.List([]*string{ec2.EmrManagedMasterSecurityGroup, ec2.EmrManagedSlaveSecurityGroup}, func(g *string) *string { return g }),
		"iam_profile":            sdk.Str(ec2.IamInstanceProfile),
		"role":                   sdk.Str(c.ServiceRole),
		"log_uri":                sdk.Str(c.LogUri),
		"security_configuration": sdk.Str(c.SecurityConfiguration),
	}
}

// instanceGroups returns what a cluster is made of. A fleet's capacity counts
// units, of which an instance type gives one or more.
func instanceGroups(ctx context.Context, client *emr.Client, id string, kind types.InstanceCollectionType) ([]map[string]any, error) {
	groups := []map[string]any{}
	if kind == types.InstanceCollectionTypeInstanceFleet {
		cursor := func(in *emr.ListInstanceFleetsInput, out *emr.ListInstanceFleetsOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		for page, err := range sdk.Pages(ctx, client.ListInstanceFleets, &emr.ListInstanceFleetsInput{ClusterId: &id}, cursor) {
			if err != nil {
				return nil, err
			}
			for _, f := range page.InstanceFleets {
				groups = append(groups, map[string]any{
					"role":               sdk.Text(f.InstanceFleetType),
					"instance_types":     sdk.List(f.InstanceTypeSpecifications, func(s types.InstanceTypeSpecification) *string { return s.InstanceType }),
					"on_demand_capacity": sdk.Num(f.ProvisionedOnDemandCapacity),
					"spot_capacity":      sdk.Num(f.ProvisionedSpotCapacity),
				})
			}
		}
		return groups, nil
	}
	cursor := func(in *emr.ListInstanceGroupsInput, out *emr.ListInstanceGroupsOutput) (**string, *string) {
		return &in.Marker, out.Marker
	}
	for page, err := range sdk.Pages(ctx, client.ListInstanceGroups, &emr.ListInstanceGroupsInput{ClusterId: &id}, cursor) {
		if err != nil {
			return nil, err
		}
		for _, g := range page.InstanceGroups {
			groups = append(groups, map[string]any{
				"role":          sdk.Text(g.InstanceGroupType),
				"instance_type": sdk.Str(g.InstanceType),
				"count":         sdk.Num(g.RunningInstanceCount),
				"market":        sdk.Text(g.Market),
			})
		}
	}
	return groups, nil
}
