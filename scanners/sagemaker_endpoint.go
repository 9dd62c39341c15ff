package scanners

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker"
	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// sageMakerEndpoint takes two answers an endpoint: one says how many instances
// there are, the other, of the configuration, of what type.
var sageMakerEndpoint = Scanner{
	Type:    "SageMaker_Endpoint",
	Service: serviceSageMaker,
	ARNs:    []string{"sagemaker:endpoint/"},
	Permissions: []string{
		"sagemaker:DescribeEndpoint",
		"sagemaker:DescribeEndpointConfig",
		"sagemaker:ListEndpoints",
		"tag:GetResources",
	},
	Tagged:   "sagemaker:endpoint",
	Metadata: []string{"variants"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := sagemaker.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			d, err := client.DescribeEndpoint(ctx, &sagemaker.DescribeEndpointInput{EndpointName: &r.ID})
			if noSuchName(err) {
				return errDropped
			}
			if err != nil {
				return err
			}
			r.Metadata["config"] = sdk.Str(d.EndpointConfigName)
			r.Metadata["failure_reason"] = sdk.Str(d.FailureReason)
			r.Metadata["variants"] = variants(d.ProductionVariants, nil)
			config, err := client.DescribeEndpointConfig(ctx, &sagemaker.DescribeEndpointConfigInput{EndpointConfigName: d.EndpointConfigName})
			if noSuchName(err) {
				return nil // an endpoint lives on without it
			}
			if err != nil {
				return err
			}
			r.Metadata["variants"] = variants(d.ProductionVariants, config.ProductionVariants)
			r.Metadata["role_arn"] = sdk.Str(config.ExecutionRoleArn)
			r.Metadata["kms_key_id"] = sdk.Str(config.KmsKeyId)
			return nil
		}, func(emit Emit) error {
			in := &sagemaker.ListEndpointsInput{MaxResults: aws.Int32(100)}
			cursor := func(in *sagemaker.ListEndpointsInput, out *sagemaker.ListEndpointsOutput) (**string, *string) {
				return &in.NextToken, out.NextToken
			}
			return listPages(ctx, emit, client.ListEndpoints, in, cursor, func(out *sagemaker.ListEndpointsOutput) []tracker.Resource {
				return collect(out.Endpoints, func(e types.EndpointSummary) tracker.Resource { return endpoint(t, e) })
			})
		})
	},
}

func endpoint(t Target, e types.EndpointSummary) tracker.Resource {
	name := aws.ToString(e.EndpointName)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(e.EndpointArn), t.arn("sagemaker", "endpoint/"+name)),
		State:   lower(e.EndpointStatus),
		Created: tracker.At(e.CreationTime),
		Metadata: tracker.Metadata{
			"last_modified": sdk.Stamp(e.LastModifiedTime),

			"config":         nil,
			"failure_reason": nil,
			"variants":       nil,
			"role_arn":       nil,
			"kms_key_id":     nil,
		},
	}
}

// variants joins what runs with what was configured under the same name.
func variants(running []types.ProductionVariantSummary, configured []types.ProductionVariant) []map[string]any {
	byName := map[string]types.ProductionVariant{}
	for _, v := range configured {
		byName[aws.ToString(v.VariantName)] = v
	}
	all := []map[string]any{}
	for _, v := range running {
		config := byName[aws.ToString(v.VariantName)]
		serverless := cmp.Or(v.CurrentServerlessConfig, &types.ProductionVariantServerlessConfig{})
		all = append(all, map[string]any{
			"name":                       sdk.Str(v.VariantName),
			"instance_type":              sdk.Text(config.InstanceType),
			"instance_count":             sdk.Num(v.CurrentInstanceCount),
			"model":                      sdk.Str(config.ModelName),
			"volume_gb":                  sdk.Num(config.VolumeSizeInGB),
			"serverless_memory_mb":       sdk.Num(serverless.MemorySizeInMB),
			"serverless_max_concurrency": sdk.Num(serverless.MaxConcurrency),
			"serverless_provisioned":     sdk.Num(serverless.ProvisionedConcurrency),
		})
	}
	return all
}

// noSuchName reports whether err is SageMaker's way to say that there is no such
// thing, for which it has no code.
func noSuchName(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "ValidationException" &&
		(strings.Contains(api.ErrorMessage(), "Could not find") || strings.Contains(api.ErrorMessage(), "RecordNotFound"))
}
