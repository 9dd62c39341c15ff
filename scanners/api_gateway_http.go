package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/apigatewayv2"
	"github.com/consolesensei/resource-tracker/internal/aws/apigatewayv2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// apiGatewayHTTP lists HTTP and WebSocket APIs, the two kinds of API Gateway's
// second version.
var apiGatewayHTTP = Scanner{
	Type:        "API_Gateway_HTTP",
	Service:     Service{ID: apigatewayv2.ServiceID, Prefix: "apigateway", Protocol: JSON, Actions: methodsOfHTTP},
	ARNs:        []string{"apigateway:/apis/"},
	Permissions: []string{"apigateway:GET"},
	Metadata:    []string{"protocol", "endpoint"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &apigatewayv2.GetApisInput{MaxResults: aws.String("500")}
		cursor := func(in *apigatewayv2.GetApisInput, out *apigatewayv2.GetApisOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, apigatewayv2.NewFromConfig(t.Config).GetApis, in, cursor, func(page *apigatewayv2.GetApisOutput) []tracker.Resource {
			return collect(page.Items, func(a types.Api) tracker.Resource { return httpAPI(t, a) })
		})
	},
}

func httpAPI(t Target, a types.Api) tracker.Resource {
	id := aws.ToString(a.ApiId)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(a.Name), id),
		ARN:     t.apiARN("/apis/" + id),
		State:   stateActive,
		Created: tracker.At(a.CreatedDate),
		Tags:    a.Tags,
		Metadata: tracker.Metadata{
			"protocol":                  sdk.Text(a.ProtocolType),
			"endpoint":                  sdk.Str(a.ApiEndpoint),
			"default_endpoint_disabled": sdk.Opt(a.DisableExecuteApiEndpoint),
			// Made by another AWS service, which alone may delete it.
			"service_managed": sdk.Opt(a.ApiGatewayManaged),
			"description":     sdk.Str(a.Description),
			"version":         sdk.Str(a.Version),
		},
	}
}
