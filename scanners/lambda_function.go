package scanners

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var lambdaFunction = Scanner{
	Type:        "Lambda_Function",
	Service:     serviceLambda,
	ARNs:        []string{"lambda:function:"},
	Permissions: []string{"lambda:ListFunctions", "tag:GetResources"},
	Tagged:      "lambda:function",
	Metadata:    []string{"runtime", "handler", "memory_mb", "timeout_sec", "code_size_bytes"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// ListFunctions never answers more than 50, whatever is asked.
		in := &lambda.ListFunctionsInput{MaxItems: aws.Int32(50)}
		cursor := func(in *lambda.ListFunctionsInput, out *lambda.ListFunctionsOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		for page, err := range sdk.Pages(ctx, lambda.NewFromConfig(t.Config).ListFunctions, in, cursor) {
			if err != nil {
				return err
			}
			rs := collect(page.Functions, func(f types.FunctionConfiguration) tracker.Resource { return function(t, f) })
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return nil
	},
}

// function leaves the creation date unknown: Lambda only says when the function
// was last modified.
func function(t Target, f types.FunctionConfiguration) tracker.Resource {
	name := aws.ToString(f.FunctionName)
	arn := cmp.Or(aws.ToString(f.FunctionArn), t.arn("lambda", "function:"+name))
	storage := cmp.Or(f.EphemeralStorage, &types.EphemeralStorage{})
	vpc := cmp.Or(f.VpcConfig, &types.VpcConfigResponse{})
	logging := cmp.Or(f.LoggingConfig, &types.LoggingConfig{})
	return tracker.Resource{
		ID:   arn,
		Name: tracker.Named(name),
		ARN:  arn,
		// ListFunctions seldom gives a state, and in capitals unlike other services.
		State: cmp.Or(strings.ToLower(string(f.State)), stateActive),
		Metadata: tracker.Metadata{
			"runtime":         sdk.Text(f.Runtime),
			"handler":         sdk.Str(f.Handler),
			"memory_mb":       sdk.Num(f.MemorySize),
			"timeout_sec":     sdk.Num(f.Timeout),
			"code_size_bytes": f.CodeSize,

			"architectures":        sdk.Names(f.Architectures),
			"package_type":         sdk.Text(f.PackageType),
			"ephemeral_storage_mb": sdk.Num(storage.Size),
			"last_modified":        lastModified(aws.ToString(f.LastModified)),
			"role_arn":             sdk.Str(f.Role),
			"vpc_id":               sdk.Str(vpc.VpcId),
			"log_group":            sdk.Str(logging.LogGroup),
		},
	}
}

// lastModified turns Lambda's times into RFC 3339 UTC. It keeps what it cannot read.
func lastModified(s string) any {
	at, err := time.Parse("2006-01-02T15:04:05.999-0700", s)
	if err != nil {
		return sdk.Text(s)
	}
	return sdk.Stamp(&at)
}
