package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/kafka"
	"github.com/consolesensei/resource-tracker/internal/aws/kafka/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// mskCluster goes by its ARN: names come back after a deletion, and the API
// takes nothing else.
var mskCluster = Scanner{
	Type:        "MSK_Cluster",
	Service:     Service{ID: kafka.ServiceID, Prefix: "kafka", Protocol: JSON},
	ARNs:        []string{"kafka:cluster/"},
	Permissions: []string{"kafka:ListClustersV2"},
	Metadata:    []string{"type", "instance_type", "broker_count", "storage_gb_per_broker"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &kafka.ListClustersV2Input{MaxResults: aws.Int32(100)}
		cursor := func(in *kafka.ListClustersV2Input, out *kafka.ListClustersV2Output) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, kafka.NewFromConfig(t.Config).ListClustersV2, in, cursor, func(out *kafka.ListClustersV2Output) []tracker.Resource {
			return collect(out.ClusterInfoList, kafkaCluster)
		})
	},
}

func kafkaCluster(c types.Cluster) tracker.Resource {
	arn := aws.ToString(c.ClusterArn)
	provisioned := cmp.Or(c.Provisioned, &types.Provisioned{})
	brokers := cmp.Or(provisioned.BrokerNodeGroupInfo, &types.BrokerNodeGroupInfo{})
	software := cmp.Or(provisioned.CurrentBrokerSoftwareInfo, &types.BrokerSoftwareInfo{})
	storage := cmp.Or(cmp.Or(brokers.StorageInfo, &types.StorageInfo{}).EbsStorageInfo, &types.EBSStorageInfo{})
	throughput := cmp.Or(storage.ProvisionedThroughput, &types.ProvisionedThroughput{})
	encryption := cmp.Or(cmp.Or(provisioned.EncryptionInfo, &types.EncryptionInfo{}).EncryptionAtRest, &types.EncryptionAtRest{})
	subnets, groups := sdk.Names(brokers.ClientSubnets), sdk.Names(brokers.SecurityGroups)
	if c.Serverless != nil {
		for _, vpc := range c.Serverless.VpcConfigs {
			subnets, groups = append(subnets, vpc.SubnetIds...), append(groups, vpc.SecurityGroupIds...)
		}
	}
	return tracker.Resource{
		ID:      arn,
		Name:    tracker.Named(aws.ToString(c.ClusterName)),
		ARN:     arn,
		State:   lower(c.State),
		Created: tracker.At(c.CreationTime),
		Tags:    c.Tags,
		Metadata: tracker.Metadata{
			"type":                        sdk.Text(c.ClusterType),
			"kafka_version":               sdk.Str(software.KafkaVersion),
			"instance_type":               sdk.Str(brokers.InstanceType),
			"broker_count":                sdk.Num(provisioned.NumberOfBrokerNodes),
			"storage_gb_per_broker":       sdk.Num(storage.VolumeSize),
			"provisioned_throughput_mbps": sdk.Num(throughput.VolumeThroughput),
			"storage_mode":                sdk.Text(provisioned.StorageMode),
			"subnet_ids":                  subnets,
			"security_group_ids":          groups,
			"kms_key_id":                  sdk.Str(encryption.DataVolumeKMSKeyId),
			"monitoring":                  sdk.Text(provisioned.EnhancedMonitoring),
		},
	}
}
