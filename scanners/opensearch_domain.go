package scanners

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/opensearch"
	"github.com/consolesensei/resource-tracker/internal/aws/opensearch/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// domainBatch is the most domains that DescribeDomains takes.
const domainBatch = 5

// openSearchDomain is OpenSearch or Elasticsearch.
var openSearchDomain = Scanner{
	Type:        "OpenSearch_Domain",
	Service:     Service{ID: opensearch.ServiceID, Prefix: "es", Protocol: JSON},
	ARNs:        []string{"es:domain/"},
	Permissions: []string{"es:DescribeDomains", "es:ListDomainNames", "tag:GetResources"},
	Tagged:      "es:domain",
	Metadata:    []string{"engine_version", "instance_type", "instance_count", "volume_gb_per_node"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := opensearch.NewFromConfig(t.Config)
		out, err := client.ListDomainNames(ctx, &opensearch.ListDomainNamesInput{})
		if err != nil {
			return err
		}
		names := sdk.List(out.DomainNames, func(d types.DomainInfo) *string { return d.DomainName })
		rs, err := domains(ctx, t, client, names)
		return errors.Join(emit(rs...), err)
	},
}

// domains describes domains, in order. Those of a batch that cannot be described
// are there by name only; one that is gone by then is not.
func domains(ctx context.Context, t Target, client *opensearch.Client, names []string) ([]tracker.Resource, error) {
	var missed failures
	batches := slices.Collect(slices.Chunk(names, domainBatch))
	rs := each(ctx, batches, &missed, func(ctx context.Context, batch []string) ([]tracker.Resource, error) {
		return halving(ctx, t.refused, batch, func(ctx context.Context, names []string) ([]tracker.Resource, error) {
			return describeDomains(ctx, t, client, names)
		})
	})
	return rs, missed.err()
}

// describeDomains describes up to domainBatch domains. With an error, they are
// there by name.
func describeDomains(ctx context.Context, t Target, client *opensearch.Client, names []string) ([]tracker.Resource, error) {
	out, err := client.DescribeDomains(ctx, &opensearch.DescribeDomainsInput{DomainNames: names})
	if err != nil {
		return collect(names, func(name string) tracker.Resource { return domainNamed(t, name) }), err
	}
	return collect(out.DomainStatusList, func(d types.DomainStatus) tracker.Resource { return domain(t, d) }), nil
}

func domainNamed(t Target, name string) tracker.Resource {
	r := domain(t, types.DomainStatus{DomainName: &name})
	r.State, r.Metadata = stateUnknown, unknown(r.Metadata)
	return r
}

// domain leaves the creation date unknown: AWS does not say it.
func domain(t Target, d types.DomainStatus) tracker.Resource {
	name := aws.ToString(d.DomainName)
	cluster := cmp.Or(d.ClusterConfig, &types.ClusterConfig{})
	storage := cmp.Or(d.EBSOptions, &types.EBSOptions{})
	vpc := cmp.Or(d.VPCOptions, &types.VPCDerivedInfo{})
	encryption := cmp.Or(d.EncryptionAtRestOptions, &types.EncryptionAtRestOptions{})
	m := tracker.Metadata{
		"engine_version":      sdk.Str(d.EngineVersion),
		"instance_type":       sdk.Text(cluster.InstanceType),
		"instance_count":      sdk.Num(cluster.InstanceCount),
		"master_type":         nil,
		"master_count":        nil,
		"warm_type":           nil,
		"warm_count":          nil,
		"multi_az":            sdk.Opt(cluster.ZoneAwarenessEnabled),
		"standby":             sdk.Opt(cluster.MultiAZWithStandbyEnabled),
		"volume_type":         nil,
		"volume_gb_per_node":  nil,
		"iops":                nil,
		"throughput_mbps":     nil,
		"vpc_id":              sdk.Str(vpc.VPCId),
		"subnet_ids":          sdk.Names(vpc.SubnetIds),
		"security_group_ids":  sdk.Names(vpc.SecurityGroupIds),
		"encrypted":           sdk.Opt(encryption.Enabled),
		"kms_key_id":          sdk.Str(encryption.KmsKeyId),
		"upgrade_in_progress": sdk.Opt(d.UpgradeProcessing),
	}
	if aws.ToBool(cluster.DedicatedMasterEnabled) {
		m["master_type"], m["master_count"] = sdk.Text(cluster.DedicatedMasterType), sdk.Num(cluster.DedicatedMasterCount)
	}
	if aws.ToBool(cluster.WarmEnabled) {
		m["warm_type"], m["warm_count"] = sdk.Text(cluster.WarmType), sdk.Num(cluster.WarmCount)
	}
	if aws.ToBool(storage.EBSEnabled) {
		m["volume_type"], m["volume_gb_per_node"] = sdk.Text(storage.VolumeType), sdk.Num(storage.VolumeSize)
		m["iops"], m["throughput_mbps"] = sdk.Num(storage.Iops), sdk.Num(storage.Throughput)
	}
	return tracker.Resource{
		ID:       name,
		Name:     tracker.Named(name),
		ARN:      cmp.Or(aws.ToString(d.ARN), t.arn("es", "domain/"+name)),
		State:    domainState(d),
		Metadata: m,
	}
}

func domainState(d types.DomainStatus) string {
	switch {
	case aws.ToBool(d.Deleted):
		return "deleting"
	case d.DomainProcessingStatus != "":
		return lower(d.DomainProcessingStatus)
	case aws.ToBool(d.Processing):
		return "modifying"
	default:
		return stateActive
	}
}
