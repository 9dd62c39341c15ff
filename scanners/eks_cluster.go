package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const eksPageSize = 100

// eksCluster lists the clusters that EKS runs, not those that are connected to
// it. Lists give names only.
var eksCluster = Scanner{
	Type:        "EKS_Cluster",
	Service:     serviceEKS,
	ARNs:        []string{"eks:cluster/"},
	Permissions: []string{"eks:DescribeCluster", "eks:ListClusters"},
	Metadata:    []string{"version", "support_type", "vpc_id", "subnet_ids", "role_arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := eks.NewFromConfig(t.Config)
		look := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &r.ID})
			if err == nil {
				*r = eksClusterOf(t, *out.Cluster)
			}
			return err
		}
		return withDetails(ctx, emit, look, func(emit Emit) error {
			in := &eks.ListClustersInput{MaxResults: aws.Int32(eksPageSize)}
			return listPages(ctx, emit, client.ListClusters, in, eksCursor, func(page *eks.ListClustersOutput) []tracker.Resource {
				return collect(page.Clusters, func(name string) tracker.Resource {
					return undescribed(eksClusterOf(t, types.Cluster{Name: &name}))
				})
			})
		})
	},
}

func eksCursor(in *eks.ListClustersInput, out *eks.ListClustersOutput) (**string, *string) {
	return &in.NextToken, out.NextToken
}

func eksClusterOf(t Target, c types.Cluster) tracker.Resource {
	name := aws.ToString(c.Name)
	network := cmp.Or(c.ResourcesVpcConfig, &types.VpcConfigResponse{})
	upgrades := cmp.Or(c.UpgradePolicy, &types.UpgradePolicyResponse{})
	compute := cmp.Or(c.ComputeConfig, &types.ComputeConfigResponse{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(c.Arn), t.arn("eks", "cluster/"+name)),
		State:   lower(c.Status),
		Created: tracker.At(c.CreatedAt),
		Tags:    c.Tags,
		Metadata: tracker.Metadata{
			"version":          sdk.Str(c.Version),
			"platform_version": sdk.Str(c.PlatformVersion),
			// A version out of standard support costs six times as much.
			"support_type":        sdk.Text(upgrades.SupportType),
			"auto_mode":           aws.ToBool(compute.Enabled),
			"endpoint":            sdk.Str(c.Endpoint),
			"public_endpoint":     network.EndpointPublicAccess,
			"public_access_cidrs": sdk.Names(network.PublicAccessCidrs),
			"vpc_id":              sdk.Str(network.VpcId),
			"subnet_ids":          sdk.Names(network.SubnetIds),
			"security_group_ids":  sdk.Distinct(sdk.Names(append([]string{aws.ToString(network.ClusterSecurityGroupId)}, network.SecurityGroupIds...))),
			"role_arn":            sdk.Str(c.RoleArn),
			"kms_key_arns":        sdk.List(c.EncryptionConfig, eksKey),
			"log_types":           eksLogs(c.Logging),
			"deletion_protection": sdk.Opt(c.DeletionProtection),
		},
	}
}

// eksLogs returns the logs that a cluster writes.
func eksLogs(l *types.Logging) []string {
	on := []string{}
	if l == nil {
		return on
	}
	for _, s := range l.ClusterLogging {
		if aws.ToBool(s.Enabled) {
			on = append(on, sdk.Names(s.Types)...)
		}
	}
	return on
}

func eksKey(e types.EncryptionConfig) *string {
	if e.Provider == nil {
		return nil
	}
	return e.Provider.KeyArn
}
