package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var launchTemplate = Scanner{
	Type:        "Launch_Template",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:launch-template/"},
	Permissions: []string{"ec2:DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplates"},
	Metadata:    []string{"default_version", "latest_version", "image_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// 200 is the most that this call takes.
		in := &ec2.DescribeLaunchTemplatesInput{IncludeManagedResources: aws.Bool(true), MaxResults: aws.Int32(200)}
		cursor := func(in *ec2.DescribeLaunchTemplatesInput, out *ec2.DescribeLaunchTemplatesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		client := ec2.NewFromConfig(t.Config)
		var images map[string][]string
		var missed error
		err := listPages(ctx, emit, client.DescribeLaunchTemplates, in, cursor, func(page *ec2.DescribeLaunchTemplatesOutput) []tracker.Resource {
			if len(page.LaunchTemplates) > 0 && images == nil && missed == nil {
				images, missed = launchedImages(ctx, client)
			}
			return collect(page.LaunchTemplates, func(l types.LaunchTemplate) tracker.Resource {
				r := launchTemplateOf(t, l)
				if missed == nil {
					r.Metadata["image_ids"] = sdk.Names(images[r.ID])
				}
				return r
			})
		})
		return errors.Join(err, missed)
	},
}

// launchedImages returns the images that the default and the latest version of each
// template launch, all templates in one list.
func launchedImages(ctx context.Context, client *ec2.Client) (map[string][]string, error) {
	in := &ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{"$Default", "$Latest"}, MaxResults: aws.Int32(200)}
	cursor := func(in *ec2.DescribeLaunchTemplateVersionsInput, out *ec2.DescribeLaunchTemplateVersionsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	images := map[string][]string{}
	for page, err := range sdk.Pages(ctx, client.DescribeLaunchTemplateVersions, in, cursor) {
		if err != nil {
			return nil, fmt.Errorf("versions of launch templates: %w", err)
		}
		for _, v := range page.LaunchTemplateVersions {
			id, image := aws.ToString(v.LaunchTemplateId), aws.ToString(cmp.Or(v.LaunchTemplateData, &types.ResponseLaunchTemplateData{}).ImageId)
			if image != "" && !slices.Contains(images[id], image) {
				images[id] = append(images[id], image)
			}
		}
	}
	return images, nil
}

func launchTemplateOf(t Target, l types.LaunchTemplate) tracker.Resource {
	id := aws.ToString(l.LaunchTemplateId)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(l.LaunchTemplateName)),
		ARN:     t.arn("ec2", "launch-template/"+id),
		State:   stateActive,
		Created: tracker.At(l.CreateTime),
		Tags:    ec2Tags(l.Tags),
		Metadata: tracker.Metadata{
			"default_version": sdk.Num(l.DefaultVersionNumber),
			"latest_version":  sdk.Num(l.LatestVersionNumber),
			// Those that the default and the latest version launch.
			"image_ids":  nil,
			"created_by": sdk.Str(l.CreatedBy),
			"operator":   operatorOf(l.Operator),
		},
	}
}
