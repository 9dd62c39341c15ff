package actions

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// statePendingDeletion is of a secret that AWS deletes on a later day.
	statePendingDeletion = "pendingdeletion"
	paramWindow          = "recovery_window_days"
	defaultWindow        = 30
)

var secret = kind{
	Type:        "Secret",
	permissions: []string{"secretsmanager:DescribeSecret"},
	watch:       []string{"last_changed"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		s, err := secretsmanager.NewFromConfig(t.Config).DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &id})
		if err != nil {
			return missing(err, "ResourceNotFoundException")
		}
		state := stateActive
		if s.DeletedDate != nil {
			state = statePendingDeletion
		}
		return tracker.Resource{
			Name: tracker.Named(id), ARN: aws.ToString(s.ARN), State: state, Created: tracker.At(s.CreatedDate),
			Tags: sdk.Tags(s.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
			Metadata: tracker.Metadata{
				"last_accessed":  sdk.Stamp(s.LastAccessedDate),
				"last_changed":   sdk.Stamp(s.LastChangedDate),
				"deleted":        sdk.Stamp(s.DeletedDate),
				"owning_service": sdk.Str(s.OwningService),
				"primary_region": sdk.Str(s.PrimaryRegion),
				"replica_regions": sdk.List(s.ReplicationStatus, func(r types.ReplicationStatusType) *string {
					return r.Region
				}),
			},
		}, nil
	},
}

var secretDelete = Action{
	kind:     secret,
	Verb:     "delete",
	Summary:  "Makes the secret unreadable, and has AWS delete it after the recovery window.",
	Undo:     "restore, within the recovery window",
	Destroys: true,
	After:    becomes(statePendingDeletion),
	Deadline: 10 * time.Minute,
	Params: []tracker.Param{{
		// Secrets Manager API Reference, DeleteSecret, RecoveryWindowInDays.
		Name: paramWindow, Kind: tracker.ParamInteger, Min: 7, Max: 30, Doc: "Days until AWS deletes it; 30 without",
	}},
	From: []string{stateActive},
	To:   []string{statePendingDeletion, tracker.Gone},
	guards: []guard{
		{
			rule: "owning_service", how: "delete what the service made it for",
			refuse: when(func(l look) string {
				if service := l.Metadata.Text("owning_service"); service != "" {
					return "only " + service + ", which made it, may delete it"
				}
				return ""
			}),
		},
		{
			rule: "secret_replica", how: "act on the primary secret",
			refuse: when(func(l look) string {
				if region := l.Metadata.Text("primary_region"); region != "" && region != l.Config.Region {
					return "it is a replica of the secret in " + region
				}
				return ""
			}),
		},
		{
			rule: "has_replicas", how: "remove its replicas",
			refuse: when(func(l look) string {
				if regions := l.Metadata.List("replica_regions"); len(regions) > 0 {
					return "it has replicas in " + strings.Join(regions, ", ")
				}
				return ""
			}),
		},
	},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "secretsmanager:DeleteSecret",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			days, err := wholeOr(c.Item, paramWindow, defaultWindow)
			if err != nil {
				return nil, err
			}
			return none(secretsmanager.NewFromConfig(c.Config).DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: c.id(), RecoveryWindowInDays: &days}))
		},
	}},
	inverse: back("restore"),
}

var secretRestore = Action{
	kind:     secret,
	Verb:     "restore",
	Summary:  "Cancels the deletion of a secret within its recovery window.",
	After:    becomes(stateActive),
	Undo:     "delete",
	Deadline: 10 * time.Minute,
	From:     []string{statePendingDeletion},
	To:       []string{stateActive},
	steps: []step{{
		// Restoring what is not being deleted changes nothing.
		Step: tracker.Step{Name: "restore", Repeats: briefly}, action: "secretsmanager:RestoreSecret",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(secretsmanager.NewFromConfig(c.Config).RestoreSecret(ctx, &secretsmanager.RestoreSecretInput{SecretId: c.id()}))
		},
	}},
	inverse: back("delete"),
}
