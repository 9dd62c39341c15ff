package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/backup"
	"github.com/consolesensei/resource-tracker/internal/aws/backup/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var backupVault = Scanner{
	Type:        "Backup_Vault",
	Service:     Service{ID: backup.ServiceID, Prefix: "backup", Protocol: JSON},
	ARNs:        []string{"backup:backup-vault:"},
	Permissions: []string{"backup:ListBackupVaults", "tag:GetResources"},
	Tagged:      "backup:backup-vault",
	Metadata:    []string{"recovery_point_count", "locked"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &backup.ListBackupVaultsInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *backup.ListBackupVaultsInput, out *backup.ListBackupVaultsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, backup.NewFromConfig(t.Config).ListBackupVaults, in, cursor, func(out *backup.ListBackupVaultsOutput) []tracker.Resource {
			return collect(out.BackupVaultList, func(v types.BackupVaultListMember) tracker.Resource { return vault(t, v) })
		})
	},
}

func vault(t Target, v types.BackupVaultListMember) tracker.Resource {
	name := aws.ToString(v.BackupVaultName)
	return tracker.Resource{
		ID:   name,
		Name: tracker.Named(name),
		ARN:  cmp.Or(aws.ToString(v.BackupVaultArn), t.arn("backup", "backup-vault:"+name)),
		// Only a logically air-gapped vault has states.
		State:   cmp.Or(strings.ToLower(string(v.VaultState)), stateActive),
		Created: tracker.At(v.CreationDate),
		Metadata: tracker.Metadata{
			"type":                 sdk.Text(v.VaultType),
			"recovery_point_count": v.NumberOfRecoveryPoints,
			"locked":               sdk.Opt(v.Locked),
			"lock_date":            sdk.Stamp(v.LockDate),
			"min_retention_days":   sdk.Num(v.MinRetentionDays),
			"max_retention_days":   sdk.Num(v.MaxRetentionDays),
			"kms_key_id":           sdk.Str(v.EncryptionKeyArn),
		},
	}
}
