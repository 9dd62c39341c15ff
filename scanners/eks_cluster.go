package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

const eksPageSize = 100

// eksCluster lists the clusters that EKS runs, not those that are connected to
// it. Lists give names only.
var eksCluster = Scanner{
	Type:        "EKS_Cluster",
	Service:     "eks",
	ARNs:        []string{"eks:cluster/"},
	Permissions: []string{"eks:DescribeCluster", "eks:ListClusters"},
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
			"version":          str(c.Version),
			"platform_version": str(c.PlatformVersion),
			// A version out of standard support costs six times as much.
			"support_type":        text(upgrades.SupportType),
			"auto_mode":           aws.ToBool(compute.Enabled),
			"endpoint":            str(c.Endpoint),
			"public_endpoint":     network.EndpointPublicAccess,
			"public_access_cidrs": names(network.PublicAccessCidrs),
			"vpc_id":              str(network.VpcId),
			"subnet_ids":          names(network.SubnetIds),
			"security_group_ids":  distinct(names(append([]string{aws.ToString(network.ClusterSecurityGroupId)}, network.SecurityGroupIds...))),
			"role_arn":            str(c.RoleArn),
			"kms_key_arns":        list(c.EncryptionConfig, eksKey),
			"log_types":           eksLogs(c.Logging),
			"deletion_protection": opt(c.DeletionProtection),
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
			on = append(on, names(s.Types)...)
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
