package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var launchTemplate = Scanner{
	Type:        "Launch_Template",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:launch-template/"},
	Permissions: []string{"ec2:DescribeLaunchTemplates"},
	Metadata:    []string{"default_version", "latest_version"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// 200 is the most that this call takes.
		in := &ec2.DescribeLaunchTemplatesInput{IncludeManagedResources: aws.Bool(true), MaxResults: aws.Int32(200)}
		cursor := func(in *ec2.DescribeLaunchTemplatesInput, out *ec2.DescribeLaunchTemplatesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeLaunchTemplates, in, cursor, func(page *ec2.DescribeLaunchTemplatesOutput) []tracker.Resource {
			return collect(page.LaunchTemplates, func(l types.LaunchTemplate) tracker.Resource { return launchTemplateOf(t, l) })
		})
	},
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
			"created_by":      sdk.Str(l.CreatedBy),
			"operator":        operatorOf(l.Operator),
		},
	}
}
