package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ssmParameter describes parameters and never reads their values.
var ssmParameter = Scanner{
	Type:        "SSM_Parameter",
	Service:     "ssm",
	ARNs:        []string{"ssm:parameter/"},
	Permissions: []string{"ssm:DescribeParameters", "tag:GetResources"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ssm.DescribeParametersInput{MaxResults: aws.Int32(50)}
		cursor := func(in *ssm.DescribeParametersInput, out *ssm.DescribeParametersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return withTags(ctx, t, emit, func(emit Emit) error {
			return listPages(ctx, emit, ssm.NewFromConfig(t.Config).DescribeParameters, in, cursor, func(page *ssm.DescribeParametersOutput) []tracker.Resource {
				return collect(page.Parameters, func(p types.ParameterMetadata) tracker.Resource { return parameter(t, p) })
			})
		})
	},
}

func parameter(t Target, p types.ParameterMetadata) tracker.Resource {
	name := aws.ToString(p.Name)
	return tracker.Resource{
		ID:    name,
		Name:  tracker.Named(name),
		ARN:   cmp.Or(aws.ToString(p.ARN), t.arn("ssm", "parameter/"+strings.TrimPrefix(name, "/"))),
		State: stateActive,
		Metadata: tracker.Metadata{
			// Standard ones are free.
			"tier":          text(p.Tier),
			"type":          text(p.Type),
			"data_type":     str(p.DataType),
			"version":       p.Version,
			"description":   str(p.Description),
			"kms_key_id":    str(p.KeyId),
			"last_modified": stamp(p.LastModifiedDate),
			"modified_by":   str(p.LastModifiedUser),
			"policies":      list(p.Policies, func(p types.ParameterInlinePolicy) *string { return p.PolicyType }),
		},
	}
}
