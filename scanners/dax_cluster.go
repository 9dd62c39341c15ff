package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dax"
	"github.com/aws/aws-sdk-go-v2/service/dax/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var daxCluster = Scanner{
	Type:        "DAX_Cluster",
	Service:     Service{ID: dax.ServiceID, Prefix: "dax", Protocol: JSON},
	ARNs:        []string{"dax:cache/"},
	Permissions: []string{"dax:DescribeClusters", "dax:ListTags"},
	Metadata:    []string{"node_type", "node_count"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := dax.NewFromConfig(t.Config)
		tags := func(ctx context.Context, r *tracker.Resource) error {
			in := &dax.ListTagsInput{ResourceName: &r.ARN}
			cursor := func(in *dax.ListTagsInput, out *dax.ListTagsOutput) (**string, *string) {
				return &in.NextToken, out.NextToken
			}
			var all []types.Tag
			for page, err := range sdk.Pages(ctx, client.ListTags, in, cursor) {
				if err != nil {
					return err
				}
				all = append(all, page.Tags...)
			}
			r.Tags = sdk.Tags(all, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
			return nil
		}
		in := &dax.DescribeClustersInput{MaxResults: aws.Int32(100)}
		cursor := func(in *dax.DescribeClustersInput, out *dax.DescribeClustersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, tags, func(emit Emit) error {
			return listPages(ctx, emit, client.DescribeClusters, in, cursor, func(out *dax.DescribeClustersOutput) []tracker.Resource {
				return collect(out.Clusters, daxClusterOf)
			})
		})
	},
}

func daxClusterOf(c types.Cluster) tracker.Resource {
	name := aws.ToString(c.ClusterName)
	rest, endpoint := cmp.Or(c.SSEDescription, &types.SSEDescription{}), cmp.Or(c.ClusterDiscoveryEndpoint, &types.Endpoint{})
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   aws.ToString(c.ClusterArn),
		State: lower(aws.ToString(c.Status)),
		Metadata: tracker.Metadata{
			"description":        sdk.Str(c.Description),
			"node_type":          sdk.Str(c.NodeType),
			"node_count":         sdk.Num(c.TotalNodes),
			"active_nodes":       sdk.Num(c.ActiveNodes),
			"node_ids":           sdk.List(c.Nodes, func(n types.Node) *string { return n.NodeId }),
			"encryption":         sdk.Text(rest.Status),
			"endpoint":           sdk.Str(endpoint.Address),
			"subnet_group":       sdk.Str(c.SubnetGroup),
			"role_arn":           sdk.Str(c.IamRoleArn),
			"security_group_ids": sdk.List(c.SecurityGroups, func(g types.SecurityGroupMembership) *string { return g.SecurityGroupIdentifier }),
		},
	}
}
