package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var dynamoDBTable = Scanner{
	Type:        "DynamoDB_Table",
	Service:     Service{ID: dynamodb.ServiceID, Prefix: "dynamodb", Protocol: JSON},
	ARNs:        []string{"dynamodb:table/"},
	Permissions: []string{"dynamodb:DescribeTable", "dynamodb:ListTables", "tag:GetResources"},
	Tagged:      "dynamodb:table",
	Metadata:    []string{"billing_mode", "read_capacity_units", "write_capacity_units", "size_bytes", "item_count", "table_class"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := dynamodb.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &r.ID})
			if err != nil {
				return err
			}
			d := cmp.Or(out.Table, &types.TableDescription{})
			r.State, r.Created, r.Metadata = lower(d.TableStatus), tracker.At(d.CreationDateTime), table(*d)
			return nil
		}, func(emit Emit) error {
			in := &dynamodb.ListTablesInput{Limit: aws.Int32(100)}
			cursor := func(in *dynamodb.ListTablesInput, out *dynamodb.ListTablesOutput) (**string, *string) {
				return &in.ExclusiveStartTableName, out.LastEvaluatedTableName
			}
			return listPages(ctx, emit, client.ListTables, in, cursor, func(out *dynamodb.ListTablesOutput) []tracker.Resource {
				return collect(out.TableNames, func(name string) tracker.Resource { return tableNamed(t, name) })
			})
		})
	},
}

func tableNamed(t Target, name string) tracker.Resource {
	return tracker.Resource{
		ID:       name,
		Name:     tracker.Named(name),
		ARN:      t.arn("dynamodb", "table/"+name),
		State:    stateUnknown,
		Metadata: unknown(table(types.TableDescription{})),
	}
}

func table(d types.TableDescription) tracker.Metadata {
	billing := cmp.Or(d.BillingModeSummary, &types.BillingModeSummary{})
	provisioned := cmp.Or(d.ProvisionedThroughput, &types.ProvisionedThroughputDescription{})
	class := cmp.Or(d.TableClassSummary, &types.TableClassSummary{})
	encryption := cmp.Or(d.SSEDescription, &types.SSEDescription{})
	indexes := []map[string]any{}
	for _, i := range d.GlobalSecondaryIndexes {
		throughput := cmp.Or(i.ProvisionedThroughput, &types.ProvisionedThroughputDescription{})
		indexes = append(indexes, map[string]any{
			"name":                 sdk.Str(i.IndexName),
			"state":                lower(i.IndexStatus),
			"size_bytes":           sdk.Num(i.IndexSizeBytes),
			"item_count":           sdk.Num(i.ItemCount),
			"read_capacity_units":  sdk.Num(throughput.ReadCapacityUnits),
			"write_capacity_units": sdk.Num(throughput.WriteCapacityUnits),
		})
	}
	return tracker.Metadata{
		// AWS leaves both out for a table that has never been anything else.
		"billing_mode": cmp.Or(string(billing.BillingMode), string(types.BillingModeProvisioned)),
		"table_class":  cmp.Or(string(class.TableClass), string(types.TableClassStandard)),

		"read_capacity_units":  sdk.Num(provisioned.ReadCapacityUnits),
		"write_capacity_units": sdk.Num(provisioned.WriteCapacityUnits),
		// AWS brings both up to date about every six hours.
		"size_bytes":          sdk.Num(d.TableSizeBytes),
		"item_count":          sdk.Num(d.ItemCount),
		"global_indexes":      indexes,
		"local_indexes":       sdk.List(d.LocalSecondaryIndexes, func(i types.LocalSecondaryIndexDescription) *string { return i.IndexName }),
		"replica_regions":     sdk.List(d.Replicas, func(r types.ReplicaDescription) *string { return r.RegionName }),
		"stream_arn":          sdk.Str(d.LatestStreamArn),
		"kms_key_id":          sdk.Str(encryption.KMSMasterKeyArn),
		"deletion_protection": sdk.Opt(d.DeletionProtectionEnabled),
	}
}
