package scanners

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// iamAccessKey asks for the keys of each user and for the last use of each key,
// one call each: nothing lists keys of several users. Where there are many, the
// credential report tells which users have keys. It lacks the IDs, by which alone a
// key can be deactivated. Keys of the root user are in no list.
var iamAccessKey = Scanner{
	Type:    "IAM_AccessKey",
	Service: serviceIAM,
	ARNs:    []string{"iam:access-key/"},
	Global:  true,
	Permissions: []string{
		"iam:GetAccessKeyLastUsed",
		"iam:GetAccountAuthorizationDetails",
		"iam:ListAccessKeys",
	},
	Optional: []string{"iam:GenerateCredentialReport", "iam:GetCredentialReport"},
	Untagged: "access keys have no tags",
	Metadata: []string{"user", "ever_used", "last_used"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := iam.NewFromConfig(t.Config)
		look := func(ctx context.Context, key *tracker.Resource) error { return fillLastUse(ctx, client, key) }
		var missed failures
		err := withDetails(ctx, emit, look, func(emit Emit) error {
			return scanPrincipals(ctx, t, func(p principals) error {
				users := p.users
				if len(users) >= reportFrom {
					report := readKeyReport(ctx, client)
					users = slices.DeleteFunc(slices.Clone(users), func(u tracker.Resource) bool { return !report.mayHaveKeys(u) })
				}
				for users := range slices.Chunk(users, 100) {
					keys := each(ctx, users, &missed, func(ctx context.Context, u tracker.Resource) ([]tracker.Resource, error) {
						return listKeys(ctx, t, client, aws.ToString(u.Name))
					})
					if err := emit(keys...); err != nil {
						return err
					}
				}
				return nil
			}, types.EntityTypeUser)
		})
		return errors.Join(err, missed.err())
	},
}

func listKeys(ctx context.Context, t Target, client *iam.Client, user string) ([]tracker.Resource, error) {
	in := &iam.ListAccessKeysInput{UserName: &user}
	cursor := func(in *iam.ListAccessKeysInput, out *iam.ListAccessKeysOutput) (**string, *string) {
		return &in.Marker, out.Marker
	}
	var keys []tracker.Resource
	for page, err := range sdk.Pages(ctx, client.ListAccessKeys, in, cursor) {
		if _, deleted := errors.AsType[*types.NoSuchEntityException](err); deleted {
			return nil, nil
		}
		if err != nil {
			return keys, err
		}
		keys = append(keys, collect(page.AccessKeyMetadata, func(k types.AccessKeyMetadata) tracker.Resource { return accessKeyOf(t, k) })...)
	}
	return keys, nil
}

func accessKeyOf(t Target, k types.AccessKeyMetadata) tracker.Resource {
	id := aws.ToString(k.AccessKeyId)
	return tracker.Resource{
		ID: id,
		// AWS gives keys no ARN; this one is unique and of the usual form.
		ARN:     t.partition().ARN("iam", "", t.AccountID, "access-key/"+id),
		State:   lower(k.Status),
		Created: tracker.At(k.CreateDate),
		Metadata: tracker.Metadata{
			"user":              sdk.Str(k.UserName),
			"ever_used":         nil,
			"last_used":         nil,
			"last_used_service": nil,
			"last_used_region":  nil,
		},
	}
}

// fillLastUse sets when a key was last used. AWS tells it with a delay, and not
// of uses before April 2015.
func fillLastUse(ctx context.Context, client *iam.Client, key *tracker.Resource) error {
	out, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &key.ID})
	if err != nil {
		return err
	}
	used := out.AccessKeyLastUsed
	if used == nil || used.LastUsedDate == nil {
		key.Metadata["ever_used"] = false
		return nil
	}
	key.Metadata["ever_used"] = true
	key.Metadata["last_used"] = sdk.Stamp(used.LastUsedDate)
	key.Metadata["last_used_service"] = sdk.Str(used.ServiceName)
	key.Metadata["last_used_region"] = sdk.Str(used.Region)
	return nil
}
