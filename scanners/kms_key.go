package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// kmsKey lists the keys that the customer made: AWS's own cost nothing and
// cannot be deleted.
var kmsKey = Scanner{
	Type:        "KMS_Key",
	Service:     Service{ID: kms.ServiceID, Prefix: "kms", Protocol: JSON},
	ARNs:        []string{"kms:key/"},
	Permissions: []string{"kms:DescribeKey", "kms:ListAliases", "kms:ListKeys", "tag:GetResources"},
	Tagged:      "kms:key",
	Metadata:    []string{"aliases", "key_spec", "key_usage", "deletion"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := kms.NewFromConfig(t.Config)
		// Without aliases there are still keys.
		aliases, aliasErr := keyAliases(ctx, client)
		describe := func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(r.ARN)})
			if err != nil {
				return err
			}
			if out.KeyMetadata.KeyManager == types.KeyManagerTypeAws || !t.owns(out.KeyMetadata.AWSAccountId) {
				return errDropped
			}
			*r = key(r.ID, r.ARN, aliases[r.ID], *out.KeyMetadata)
			return nil
		}
		in := &kms.ListKeysInput{Limit: aws.Int32(1000)}
		cursor := func(in *kms.ListKeysInput, out *kms.ListKeysOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		err := withDetails(ctx, emit, describe, func(emit Emit) error {
			return listPages(ctx, emit, client.ListKeys, in, cursor, func(page *kms.ListKeysOutput) []tracker.Resource {
				var rs []tracker.Resource
				for _, k := range page.Keys {
					id := aws.ToString(k.KeyId)
					if !slices.ContainsFunc(aliases[id], managedAlias) {
						rs = append(rs, key(id, aws.ToString(k.KeyArn), aliases[id], types.KeyMetadata{}))
					}
				}
				return rs
			})
		})
		return errors.Join(err, aliasErr)
	},
}

// managedAlias reports whether an alias is of a key that AWS manages, which
// saves describing it.
func managedAlias(name string) bool { return strings.HasPrefix(name, "alias/aws/") }

// keyAliases returns the aliases of the region by key ID.
func keyAliases(ctx context.Context, client *kms.Client) (map[string][]string, error) {
	aliases := map[string][]string{}
	in := &kms.ListAliasesInput{Limit: aws.Int32(100)}
	cursor := func(in *kms.ListAliasesInput, out *kms.ListAliasesOutput) (**string, *string) {
		return &in.Marker, out.NextMarker
	}
	for page, err := range sdk.Pages(ctx, client.ListAliases, in, cursor) {
		if err != nil {
			return nil, fmt.Errorf("aliases: %w", err)
		}
		for _, a := range page.Aliases {
			// An alias of a service that is not in use yet has no key.
			id := aws.ToString(a.TargetKeyId)
			aliases[id] = append(aliases[id], aws.ToString(a.AliasName))
		}
	}
	return aliases, nil
}

func key(id, arn string, aliases []string, k types.KeyMetadata) tracker.Resource {
	name := id
	if len(aliases) > 0 {
		name = aliases[0]
	}
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(name),
		ARN:     arn,
		State:   lower(k.KeyState),
		Created: tracker.At(k.CreationDate),
		Metadata: tracker.Metadata{
			"aliases":      sdk.Names(aliases),
			"description":  sdk.Str(k.Description),
			"key_spec":     sdk.Text(k.KeySpec),
			"key_usage":    sdk.Text(k.KeyUsage),
			"origin":       sdk.Text(k.Origin),
			"multi_region": sdk.Opt(k.MultiRegion),
			// The key is a replica where this is not its own region.
			"primary_region": sdk.Str(cmp.Or(cmp.Or(k.MultiRegionConfiguration, &types.MultiRegionConfiguration{}).PrimaryKey, &types.MultiRegionKey{}).Region),
			"deletion":       sdk.Stamp(k.DeletionDate),
			"expires":        sdk.Stamp(k.ValidTo),
		},
	}
}
