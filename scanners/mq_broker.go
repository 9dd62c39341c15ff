package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/mq"
	"github.com/aws/aws-sdk-go-v2/service/mq/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var mqBroker = Scanner{
	Type:        "MQ_Broker",
	Service:     Service{ID: mq.ServiceID, Prefix: "mq", Protocol: JSON},
	ARNs:        []string{"mq:broker:"},
	Permissions: []string{"mq:DescribeBroker", "mq:ListBrokers"},
	Metadata:    []string{"engine", "engine_version", "instance_type", "deployment_mode", "storage_type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := mq.NewFromConfig(t.Config)
		describe := func(ctx context.Context, r *tracker.Resource) error {
			d, err := client.DescribeBroker(ctx, &mq.DescribeBrokerInput{BrokerId: &r.ID})
			if err != nil {
				return err
			}
			r.Tags = d.Tags
			r.Metadata["engine_version"] = sdk.Str(d.EngineVersion)
			r.Metadata["storage_type"] = sdk.Text(d.StorageType)
			r.Metadata["public"] = sdk.Opt(d.PubliclyAccessible)
			r.Metadata["auto_minor_upgrade"] = sdk.Opt(d.AutoMinorVersionUpgrade)
			r.Metadata["subnet_ids"] = sdk.Names(d.SubnetIds)
			r.Metadata["security_group_ids"] = sdk.Names(d.SecurityGroups)
			return nil
		}
		in := &mq.ListBrokersInput{MaxResults: aws.Int32(100)}
		cursor := func(in *mq.ListBrokersInput, out *mq.ListBrokersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withDetails(ctx, emit, describe, func(emit Emit) error {
			return listPages(ctx, emit, client.ListBrokers, in, cursor, func(out *mq.ListBrokersOutput) []tracker.Resource {
				return collect(out.BrokerSummaries, func(b types.BrokerSummary) tracker.Resource { return broker(t, b) })
			})
		})
	},
}

func broker(t Target, b types.BrokerSummary) tracker.Resource {
	id, name := aws.ToString(b.BrokerId), aws.ToString(b.BrokerName)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(b.BrokerArn), t.arn("mq", "broker:"+name+":"+id)),
		State:   lower(b.BrokerState),
		Created: tracker.At(b.Created),
		Metadata: tracker.Metadata{
			"engine":          sdk.Text(b.EngineType),
			"instance_type":   sdk.Str(b.HostInstanceType),
			"deployment_mode": sdk.Text(b.DeploymentMode),

			"engine_version":     nil,
			"storage_type":       nil,
			"public":             nil,
			"auto_minor_upgrade": nil,
			"subnet_ids":         nil,
			"security_group_ids": nil,
		},
	}
}
