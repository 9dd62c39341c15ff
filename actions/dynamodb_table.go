package actions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const paramSkipBackup = "skip_backup"

var dynamoDBTable = kind{
	Type:        "DynamoDB_Table",
	permissions: []string{"dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"},
	rests:       []string{stateActive, "archived", "inaccessible_encryption_credentials", "replication_not_authorized"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		client := dynamodb.NewFromConfig(t.Config)
		out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &id})
		if err != nil {
			return missing(err, "ResourceNotFoundException")
		}
		d := cmp.Or(out.Table, &types.TableDescription{})
		throughput := cmp.Or(d.ProvisionedThroughput, &types.ProvisionedThroughputDescription{})
		indexes := []map[string]any{}
		for _, i := range d.GlobalSecondaryIndexes {
			own := cmp.Or(i.ProvisionedThroughput, &types.ProvisionedThroughputDescription{})
			indexes = append(indexes, map[string]any{
				"size_bytes":           sdk.Num(i.IndexSizeBytes),
				"read_capacity_units":  sdk.Num(own.ReadCapacityUnits),
				"write_capacity_units": sdk.Num(own.WriteCapacityUnits),
			})
		}
		r := tracker.Resource{
			Name:    tracker.Named(id),
			ARN:     cmp.Or(aws.ToString(d.TableArn), t.arn("dynamodb", "table/"+id)),
			State:   strings.ToLower(string(d.TableStatus)),
			Created: tracker.At(d.CreationDateTime),
			Tags:    map[string]string{},
			Metadata: tracker.Metadata{
				"item_count": sdk.Num(d.ItemCount),
				// AWS leaves both out for a table that has never been anything else.
				"billing_mode":         string(cmp.Or(cmp.Or(d.BillingModeSummary, &types.BillingModeSummary{}).BillingMode, types.BillingModeProvisioned)),
				"table_class":          string(cmp.Or(cmp.Or(d.TableClassSummary, &types.TableClassSummary{}).TableClass, types.TableClassStandard)),
				"read_capacity_units":  sdk.Num(throughput.ReadCapacityUnits),
				"write_capacity_units": sdk.Num(throughput.WriteCapacityUnits),
				"global_indexes":       indexes,
				"size_bytes":           sdk.Num(d.TableSizeBytes),
				"deletion_protection":  sdk.Opt(d.DeletionProtectionEnabled),
				"replica_regions":      sdk.List(d.Replicas, func(r types.ReplicaDescription) *string { return r.RegionName }),
			},
		}
		if r.State == "deleting" {
			return r, nil // AWS has forgotten its tags
		}
		in := &dynamodb.ListTagsOfResourceInput{ResourceArn: &r.ARN}
		cursor := func(in *dynamodb.ListTagsOfResourceInput, out *dynamodb.ListTagsOfResourceOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		for page, err := range sdk.Pages(ctx, client.ListTagsOfResource, in, cursor) {
			if err != nil {
				return missing(err, "ResourceNotFoundException")
			}
			for _, tag := range page.Tags {
				r.Tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
		}
		return r, nil
	},
}

var dynamoDBTableDelete = Action{
	kind:     dynamoDBTable,
	Verb:     "delete",
	Summary:  "Takes a backup of the table, then deletes it. Without a backup it is not deleted.",
	Undo:     "restore from the backup: its data and indexes, without its tags, scaling, streams and time to live",
	Destroys: true,
	After:    vanishes,
	Deadline: 2 * time.Hour,
	Params:   []tracker.Param{{Name: paramSkipBackup, Kind: tracker.ParamBoolean, Doc: "Delete it without a backup; its data cannot be brought back"}},
	From:     []string{stateActive, "inaccessible_encryption_credentials", "archived"},
	Via:      []string{"deleting"},
	To:       []string{tracker.Gone},
	guards: []guard{
		flagged(ruleDeletionProtection, "deletion_protection", "its deletion protection is on"),
		{
			rule: "has_replicas", how: "remove its replicas",
			refuse: when(func(l look) string {
				if regions := l.Metadata.List("replica_regions"); len(regions) > 0 {
					return "it is a global table with replicas in " + strings.Join(regions, ", ")
				}
				return ""
			}),
		},
	},
	steps: []step{
		{
			Step: tracker.Step{Name: "backup"}, when: unless(paramSkipBackup),
			action: "dynamodb:CreateBackup", others: []string{"dynamodb:ListBackups"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				name := copyName(c.Token)
				out, err := dynamodb.NewFromConfig(c.Config).CreateBackup(ctx, &dynamodb.CreateBackupInput{TableName: c.id(), BackupName: &name})
				if err != nil {
					return nil, err
				}
				return map[string]string{"backup_arn": aws.ToString(cmp.Or(out.BackupDetails, &types.BackupDetails{}).BackupArn)}, nil
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				b, err := backupOf(ctx, c)
				if err != nil || b == nil {
					return tracker.StepProgress{Stage: tracker.StepNotBegun}, err
				}
				p := tracker.StepProgress{
					Stage: tracker.StepUnderWay, State: strings.ToLower(string(b.BackupStatus)),
					Left: map[string]string{"backup_arn": aws.ToString(b.BackupArn)},
				}
				switch b.BackupStatus {
				case types.BackupStatusAvailable:
					p.Stage = tracker.StepDone
				case types.BackupStatusDeleted:
					p.Stage, p.Message = tracker.StepFailed, "somebody deleted the backup"
				default:
				}
				return p, nil
			},
		},
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "dynamodb:UpdateTable", others: dynamoDBTable.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(dynamodb.NewFromConfig(c.Config).UpdateTable(ctx, &dynamodb.UpdateTableInput{
					TableName: c.id(), DeletionProtectionEnabled: aws.Bool(false),
				}))
			},
			check: dynamoDBTable.off("deletion_protection"),
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "dynamodb:DeleteTable",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				if !c.Item.Params.Flag(paramSkipBackup) && c.Left["backup_arn"] == "" {
					return nil, errors.New("there is no backup of it")
				}
				return none(dynamodb.NewFromConfig(c.Config).DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: c.id()}))
			},
		},
	},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		if d.Left["backup_arn"] == "" {
			return tracker.ActionItem{}, false
		}
		return backWith(d, "restore", tracker.Metadata{"backup_arn": d.Left["backup_arn"]}), true
	},
}

// backupOf returns the backup that bears the item's name; nil without one.
func backupOf(ctx context.Context, c call) (*types.BackupSummary, error) {
	in := &dynamodb.ListBackupsInput{TableName: c.id(), Limit: aws.Int32(100)}
	cursor := func(in *dynamodb.ListBackupsInput, out *dynamodb.ListBackupsOutput) (**string, *string) {
		return &in.ExclusiveStartBackupArn, out.LastEvaluatedBackupArn
	}
	for page, err := range sdk.Pages(ctx, dynamodb.NewFromConfig(c.Config).ListBackups, in, cursor) {
		if err != nil {
			return nil, err
		}
		for _, b := range page.BackupSummaries {
			if aws.ToString(b.BackupName) == copyName(c.Token) {
				return &b, nil
			}
		}
	}
	return nil, nil
}

var dynamoDBTableRestore = Action{
	kind:     dynamoDBTable,
	Verb:     "restore",
	Summary:  "Makes the table anew of a backup, under the name that it had.",
	Unpriced: unpricedCopy,
	Deadline: 24 * time.Hour,
	Params:   []tracker.Param{{Name: "backup_arn", Kind: tracker.ParamString, Required: true, Doc: "The backup that holds its data"}},
	From:     []string{tracker.Gone},
	Via:      []string{"creating"},
	To:       []string{stateActive},
	guards: []guard{{
		rule: "backup_not_ready", how: "wait for the backup or name another",
		permissions: []string{"dynamodb:DescribeBackup"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			arn := l.item.Params.Text("backup_arn")
			out, err := dynamodb.NewFromConfig(l.Config).DescribeBackup(ctx, &dynamodb.DescribeBackupInput{BackupArn: &arn})
			if says(err, "BackupNotFoundException") {
				return "the backup does not exist", nil, nil
			}
			if err != nil {
				return "", nil, err
			}
			d := cmp.Or(cmp.Or(out.BackupDescription, &types.BackupDescription{}).BackupDetails, &types.BackupDetails{})
			if d.BackupStatus != types.BackupStatusAvailable {
				return fmt.Sprintf("the backup is %s", strings.ToLower(string(d.BackupStatus))), nil, nil
			}
			return "", nil, nil
		},
	}},
	steps: []step{{
		Step: tracker.Step{Name: "restore"}, action: "dynamodb:RestoreTableFromBackup",
		// AWS writes the data with the caller's permissions (DynamoDB Developer
		// Guide, using IAM with backup and restore).
		implied: []string{
			"dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan",
			"dynamodb:UpdateItem",
		},
		keys: dynamoDBKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(dynamodb.NewFromConfig(c.Config).RestoreTableFromBackup(ctx, &dynamodb.RestoreTableFromBackupInput{
				TargetTableName: c.id(), BackupArn: stringp(c.Item.Params["backup_arn"]),
			}))
		},
	}},
}
