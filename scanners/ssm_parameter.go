package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ssm"
	"github.com/consolesensei/resource-tracker/internal/aws/ssm/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// ssmParameter describes parameters and never reads their values.
var ssmParameter = Scanner{
	Type:        "SSM_Parameter",
	Service:     Service{ID: ssm.ServiceID, Prefix: "ssm", Protocol: JSON},
	ARNs:        []string{"ssm:parameter/"},
	Permissions: []string{"ssm:DescribeParameters", "tag:GetResources"},
	Tagged:      "ssm:parameter",
	Metadata:    []string{"tier", "type", "last_modified"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ssm.DescribeParametersInput{MaxResults: aws.Int32(50)}
		cursor := func(in *ssm.DescribeParametersInput, out *ssm.DescribeParametersOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ssm.NewFromConfig(t.Config).DescribeParameters, in, cursor, func(page *ssm.DescribeParametersOutput) []tracker.Resource {
			return collect(page.Parameters, func(p types.ParameterMetadata) tracker.Resource { return parameter(t, p) })
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
			"tier":          sdk.Text(p.Tier),
			"type":          sdk.Text(p.Type),
			"data_type":     sdk.Str(p.DataType),
			"version":       p.Version,
			"description":   sdk.Str(p.Description),
			"kms_key_id":    sdk.Str(p.KeyId),
			"last_modified": sdk.Stamp(p.LastModifiedDate),
			"modified_by":   sdk.Str(p.LastModifiedUser),
			"policies":      sdk.List(p.Policies, func(p types.ParameterInlinePolicy) *string { return p.PolicyType }),
		},
	}
}
