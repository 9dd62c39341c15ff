package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/apigateway"
	"github.com/consolesensei/resource-tracker/internal/aws/apigateway/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var apiGatewayREST = Scanner{
	Type:        "API_Gateway_REST",
	Service:     Service{ID: apigateway.ServiceID, Prefix: "apigateway", Protocol: JSON, Actions: methodsOfHTTP},
	ARNs:        []string{"apigateway:/restapis/"},
	Permissions: []string{"apigateway:GET"},
	Metadata:    []string{"endpoint_types", "vpc_endpoint_ids"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &apigateway.GetRestApisInput{Limit: aws.Int32(500)}
		cursor := func(in *apigateway.GetRestApisInput, out *apigateway.GetRestApisOutput) (**string, *string) {
			return &in.Position, out.Position
		}
		return listPages(ctx, emit, apigateway.NewFromConfig(t.Config).GetRestApis, in, cursor, func(page *apigateway.GetRestApisOutput) []tracker.Resource {
			return collect(page.Items, func(a types.RestApi) tracker.Resource { return restAPI(t, a) })
		})
	},
}

func restAPI(t Target, a types.RestApi) tracker.Resource {
	id := aws.ToString(a.Id)
	endpoint := cmp.Or(a.EndpointConfiguration, &types.EndpointConfiguration{})
	return tracker.Resource{
		ID:   id,
		Name: tracker.Named(aws.ToString(a.Name), id),
		ARN:  t.apiARN("/restapis/" + id),
		// Older APIs have no status.
		State:   lower(cmp.Or(string(a.ApiStatus), stateActive)),
		Created: tracker.At(a.CreatedDate),
		Tags:    a.Tags,
		Metadata: tracker.Metadata{
			"endpoint_types":            sdk.Names(endpoint.Types),
			"vpc_endpoint_ids":          sdk.Names(endpoint.VpcEndpointIds),
			"default_endpoint_disabled": a.DisableExecuteApiEndpoint,
			"description":               sdk.Str(a.Description),
			"version":                   sdk.Str(a.Version),
		},
	}
}

// apiARN returns the ARN of one of API Gateway's resources, which names no account.
func (t Target) apiARN(path string) string {
	return t.partition().ARN("apigateway", t.Config.Region, "", path)
}
