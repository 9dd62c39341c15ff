package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ecr"
	"github.com/consolesensei/resource-tracker/internal/aws/ecr/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const ecrPageSize = 1000

var ecrRepository = Scanner{
	Type:        "ECR_Repository",
	Service:     Service{ID: ecr.ServiceID, Prefix: "ecr", Protocol: JSON},
	ARNs:        []string{"ecr:repository/"},
	Permissions: []string{"ecr:DescribeImages", "ecr:DescribeRegistry", "ecr:DescribeRepositories", "tag:GetResources"},
	Tagged:      "ecr:repository",
	Metadata:    []string{"image_count", "size_bytes", "last_pushed", "last_pulled"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := ecr.NewFromConfig(t.Config)
		images := func(ctx context.Context, r *tracker.Resource) error { return fillImages(ctx, client, r) }
		in := &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(ecrPageSize)}
		cursor := func(in *ecr.DescribeRepositoriesInput, out *ecr.DescribeRepositoriesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		var replicas *replication
		var missed error
		err := withDetails(ctx, emit, images, func(emit Emit) error {
			return listPages(ctx, emit, client.DescribeRepositories, in, cursor, func(page *ecr.DescribeRepositoriesOutput) []tracker.Resource {
				if len(page.Repositories) > 0 && replicas == nil && missed == nil {
					replicas, missed = replicationOf(ctx, client)
				}
				return collect(owned(t, page.Repositories, func(r types.Repository) *string { return r.RegistryId }), func(r types.Repository) tracker.Resource {
					return repository(r, replicas.regions(t, aws.ToString(r.RepositoryName)))
				})
			})
		})
		return errors.Join(err, missed)
	},
}

func repository(r types.Repository, replicated any) tracker.Resource {
	scanning := cmp.Or(r.ImageScanningConfiguration, &types.ImageScanningConfiguration{})
	encryption := cmp.Or(r.EncryptionConfiguration, &types.EncryptionConfiguration{})
	return tracker.Resource{
		ID:      aws.ToString(r.RepositoryName),
		Name:    tracker.Named(aws.ToString(r.RepositoryName)),
		ARN:     aws.ToString(r.RepositoryArn),
		State:   stateActive,
		Created: tracker.At(r.CreatedAt),
		Metadata: tracker.Metadata{
			"image_count": nil,
			// Layers that images share count once for each: an upper bound.
			"size_bytes":     nil,
			"last_pushed":    nil,
			"last_pulled":    nil,
			"tag_mutability": sdk.Text(r.ImageTagMutability),
			// The other regions that the registry copies its images to.
			"replicated_to": replicated,
			"scan_on_push":  scanning.ScanOnPush,
			"encryption":    sdk.Text(encryption.EncryptionType),
			"kms_key_id":    sdk.Str(encryption.KmsKey),
		},
	}
}

// replication are the rules by which a registry copies its repositories.
type replication struct{ rules []types.ReplicationRule }

func replicationOf(ctx context.Context, client *ecr.Client) (*replication, error) {
	out, err := client.DescribeRegistry(ctx, &ecr.DescribeRegistryInput{})
	if err != nil {
		return nil, fmt.Errorf("replication of the registry: %w", err)
	}
	return &replication{cmp.Or(out.ReplicationConfiguration, &types.ReplicationConfiguration{}).Rules}, nil
}

// regions returns those of the account that a repository is copied to; nil where the
// rules are not known. A rule without filters is of every repository (ECR API
// Reference, ReplicationRule).
func (r *replication) regions(t Target, repository string) any {
	if r == nil {
		return nil
	}
	regions := []string{}
	for _, rule := range r.rules {
		if len(rule.RepositoryFilters) > 0 && !slices.ContainsFunc(rule.RepositoryFilters, func(f types.RepositoryFilter) bool {
			return strings.HasPrefix(repository, aws.ToString(f.Filter))
		}) {
			continue
		}
		for _, d := range rule.Destinations {
			if region := aws.ToString(d.Region); t.owns(d.RegistryId) && region != t.Config.Region {
				regions = append(regions, region)
			}
		}
	}
	return sdk.Distinct(regions)
}

// fillImages sums up the images of a repository, a thousand to a page.
func fillImages(ctx context.Context, client *ecr.Client, r *tracker.Resource) error {
	in := &ecr.DescribeImagesInput{RepositoryName: aws.String(r.ID), MaxResults: aws.Int32(ecrPageSize)}
	cursor := func(in *ecr.DescribeImagesInput, out *ecr.DescribeImagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	var (
		count, size    int64
		pushed, pulled *time.Time
	)
	for page, err := range sdk.Pages(ctx, client.DescribeImages, in, cursor) {
		if err != nil {
			return err
		}
		count += int64(len(page.ImageDetails))
		for _, image := range page.ImageDetails {
			size += aws.ToInt64(image.ImageSizeInBytes)
			pushed = later(pushed, image.ImagePushedAt)
			pulled = later(pulled, image.LastRecordedPullTime)
		}
	}
	r.Metadata["image_count"], r.Metadata["size_bytes"] = count, size
	r.Metadata["last_pushed"], r.Metadata["last_pulled"] = sdk.Stamp(pushed), sdk.Stamp(pulled)
	return nil
}

// later returns the later of two times, of which either may be unknown.
func later(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.After(*a) {
		return b
	}
	return a
}
