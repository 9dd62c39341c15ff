package simulator

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

var dynamodbOperations = operations{
	"DescribeTable": handle(describeTable),
	"ListTables":    handle(listTables),
}

var tablesPaging = paging{least: 1, most: 100, standard: 100}

func listTables(r *request, in *dynamodb.ListTablesInput) (*dynamodb.ListTablesOutput, error) {
	size, ok := tablesPaging.size(in.Limit)
	if !ok {
		return nil, r.refuse(400, "ValidationException", "1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100", *in.Limit)
	}
	lo, hi := r.estate.span(tables, r.Region)
	from := lo
	if in.ExclusiveStartTableName != nil {
		n, ok := r.estate.named(tables, *in.ExclusiveStartTableName)
		if !ok || n < lo || n >= hi {
			return nil, r.refuse(400, "ValidationException", "The provided starting key is outside query boundaries based on provided conditions")
		}
		from = n + 1
	}
	names, next := page(from, hi, size, func(n int) (string, bool) { return r.estate.name(tables, n), true })
	out := &dynamodb.ListTablesOutput{TableNames: names}
	if next < hi {
		out.LastEvaluatedTableName = &names[len(names)-1]
	}
	return out, nil
}

// describeTable makes a table. One in four is provisioned.
func describeTable(r *request, in *dynamodb.DescribeTableInput) (*dynamodb.DescribeTableOutput, error) {
	e := r.estate
	n, ok := e.named(tables, *in.TableName)
	if !ok || e.regionOf(tables, n) != r.Region {
		return nil, r.refuse(400, "ResourceNotFoundException", "Requested resource not found: Table: %s not found", *in.TableName)
	}
	d := e.dice(tables, n, forDetail)
	v := &types.TableDescription{
		TableName:             in.TableName,
		TableArn:              new(e.arnOf(tables, n)),
		TableId:               new(hexID("", e.id(tables, n), 16)),
		TableStatus:           types.TableStatusActive,
		CreationDateTime:      new(e.created(tables, n)),
		ItemCount:             new(int64(d.below(1 << 20))),
		TableSizeBytes:        new(int64(d.below(1 << 30))),
		BillingModeSummary:    &types.BillingModeSummary{BillingMode: types.BillingModePayPerRequest},
		ProvisionedThroughput: &types.ProvisionedThroughputDescription{ReadCapacityUnits: new(int64(0)), WriteCapacityUnits: new(int64(0))},
	}
	if d.below(4) == 0 {
		v.BillingModeSummary = nil
		units := int64(5 * (1 + d.below(20)))
		v.ProvisionedThroughput = &types.ProvisionedThroughputDescription{ReadCapacityUnits: &units, WriteCapacityUnits: &units}
	}
	return &dynamodb.DescribeTableOutput{Table: v}, nil
}
