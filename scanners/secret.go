package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// statePendingDeletion is KMS's word for what is deleted on a later day.
const statePendingDeletion = "pendingdeletion"

var secret = Scanner{
	Type:        "Secret",
	Service:     Service{ID: secretsmanager.ServiceID, Prefix: "secretsmanager", Protocol: JSON},
	ARNs:        []string{"secretsmanager:secret:"},
	Permissions: []string{"secretsmanager:ListSecrets"},
	Metadata:    []string{"last_accessed", "rotation_enabled", "kms_key_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &secretsmanager.ListSecretsInput{
			MaxResults: aws.Int32(100),
			// A secret that awaits its deletion can be restored, and its name is taken.
			IncludePlannedDeletion: aws.Bool(true),
		}
		cursor := func(in *secretsmanager.ListSecretsInput, out *secretsmanager.ListSecretsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, secretsmanager.NewFromConfig(t.Config).ListSecrets, in, cursor, func(page *secretsmanager.ListSecretsOutput) []tracker.Resource {
			return collect(page.SecretList, secretOf)
		})
	},
}

func secretOf(s types.SecretListEntry) tracker.Resource {
	state := stateActive
	if s.DeletedDate != nil {
		state = statePendingDeletion
	}
	return tracker.Resource{
		ID:      aws.ToString(s.Name),
		Name:    tracker.Named(aws.ToString(s.Name)),
		ARN:     aws.ToString(s.ARN),
		State:   state,
		Created: tracker.At(s.CreatedDate),
		Tags:    sdk.Tags(s.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			// To the day; unknown means never read.
			"last_accessed":    sdk.Stamp(s.LastAccessedDate),
			"last_changed":     sdk.Stamp(s.LastChangedDate),
			"last_rotated":     sdk.Stamp(s.LastRotatedDate),
			"deleted":          sdk.Stamp(s.DeletedDate),
			"rotation_enabled": sdk.Opt(s.RotationEnabled),
			"rotation_lambda":  sdk.Str(s.RotationLambdaARN),
			"kms_key_id":       sdk.Str(s.KmsKeyId),
			"description":      sdk.Str(s.Description),
			// The AWS service that made the secret and alone may delete it.
			"owning_service": sdk.Str(s.OwningService),
			// The secret is a replica where this is not its own region.
			"primary_region": sdk.Str(s.PrimaryRegion),
		},
	}
}
