package scanners

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// eksNodegroup asks each cluster for the names of its node groups, and for each
// name what it is.
var eksNodegroup = Scanner{
	Type:        "EKS_Nodegroup",
	Service:     serviceEKS,
	ARNs:        []string{"eks:nodegroup/"},
	Permissions: []string{"eks:DescribeNodegroup", "eks:ListClusters", "eks:ListNodegroups"},
	Metadata:    []string{"cluster", "instance_types", "capacity_type", "min_size", "max_size", "desired_size", "autoscaling_groups"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := eks.NewFromConfig(t.Config)
		look := func(ctx context.Context, r *tracker.Resource) error {
			cluster, name, _ := strings.Cut(r.ID, "/")
			out, err := client.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
			if err == nil {
				*r = eksNodegroupOf(t, *out.Nodegroup)
			}
			return err
		}
		var missed failures
		err := withDetails(ctx, emit, look, func(emit Emit) error {
			in := &eks.ListClustersInput{MaxResults: aws.Int32(eksPageSize)}
			return listPages(ctx, emit, client.ListClusters, in, eksCursor, func(page *eks.ListClustersOutput) []tracker.Resource {
				return each(ctx, page.Clusters, &missed, func(ctx context.Context, cluster string) ([]tracker.Resource, error) {
					return listNodegroups(ctx, t, client, cluster)
				})
			})
		})
		return errors.Join(err, missed.err())
	},
}

// listNodegroups returns groups of which no more is known than their names.
func listNodegroups(ctx context.Context, t Target, client *eks.Client, cluster string) ([]tracker.Resource, error) {
	in := &eks.ListNodegroupsInput{ClusterName: &cluster, MaxResults: aws.Int32(eksPageSize)}
	cursor := func(in *eks.ListNodegroupsInput, out *eks.ListNodegroupsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	var groups []tracker.Resource
	for page, err := range sdk.Pages(ctx, client.ListNodegroups, in, cursor) {
		if gone(err) {
			return nil, nil
		}
		if err != nil {
			return groups, err
		}
		for _, name := range page.Nodegroups {
			g := types.Nodegroup{ClusterName: &cluster, NodegroupName: &name}
			groups = append(groups, undescribed(eksNodegroupOf(t, g), "cluster"))
		}
	}
	return groups, nil
}

// eksNodegroupOf names the cluster in the ID: groups of two clusters may have
// the same name.
func eksNodegroupOf(t Target, g types.Nodegroup) tracker.Resource {
	name := aws.ToString(g.NodegroupName)
	id := aws.ToString(g.ClusterName) + "/" + name
	size := cmp.Or(g.ScalingConfig, &types.NodegroupScalingConfig{})
	made := cmp.Or(g.Resources, &types.NodegroupResources{})
	template := cmp.Or(g.LaunchTemplate, &types.LaunchTemplateSpecification{})
	health := cmp.Or(g.Health, &types.NodegroupHealth{})
	return tracker.Resource{
		ID:   id,
		Name: tracker.Named(name),
		// The ARN ends in an identifier that only AWS knows.
		ARN:     cmp.Or(aws.ToString(g.NodegroupArn), t.arn("eks", "nodegroup/"+id)),
		State:   lower(g.Status),
		Created: tracker.At(g.CreatedAt),
		Tags:    g.Tags,
		Metadata: tracker.Metadata{
			"cluster":                 sdk.Str(g.ClusterName),
			"instance_types":          sdk.Names(g.InstanceTypes),
			"capacity_type":           sdk.Text(g.CapacityType),
			"ami_type":                sdk.Text(g.AmiType),
			"disk_gb":                 sdk.Num(g.DiskSize),
			"min_size":                sdk.Num(size.MinSize),
			"max_size":                sdk.Num(size.MaxSize),
			"desired_size":            sdk.Num(size.DesiredSize),
			"version":                 sdk.Str(g.Version),
			"release_version":         sdk.Str(g.ReleaseVersion),
			"autoscaling_groups":      sdk.List(made.AutoScalingGroups, func(a types.AutoScalingGroup) *string { return a.Name }),
			"launch_template_id":      sdk.Str(template.Id),
			"launch_template_version": sdk.Str(template.Version),
			"subnet_ids":              sdk.Names(g.Subnets),
			"role_arn":                sdk.Str(g.NodeRole),
			"health_issues":           sdk.List(health.Issues, func(i types.Issue) *string { return aws.String(string(i.Code)) }),
		},
	}
}
