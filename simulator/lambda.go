package simulator

import (
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
)

var lambdaOperations = operations{
	"ListFunctions": handle(listFunctions),
}

// lambdaPage is the size of a page at most, whatever MaxItems asks for.
const lambdaPage = 50

var lambdaPaging = paging{least: 1, most: 10_000, standard: lambdaPage}

func listFunctions(r *request, in *lambda.ListFunctionsInput) (*lambda.ListFunctionsOutput, error) {
	size, ok := lambdaPaging.size(in.MaxItems)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterValueException", "Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 10000", *in.MaxItems)
	}
	lo, hi := r.estate.span(functions, r.Region)
	from, ok := r.position(in.Marker, lo)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterValueException", "The marker is invalid.")
	}
	list, next := page(from, hi, min(size, lambdaPage), func(n int) (types.FunctionConfiguration, bool) {
		return r.function(n), true
	})
	return &lambda.ListFunctionsOutput{Functions: list, NextMarker: r.token(next, hi)}, nil
}

var runtimes = []types.Runtime{
	"python3.12", "python3.9", "python3.8", "nodejs20.x", "nodejs16.x", "java17", "provided.al2023", "go1.x", "nodejs22.x",
}

func (r *request) function(n int) types.FunctionConfiguration {
	e := r.estate
	d := e.dice(functions, n, forDetail)
	name := e.name(functions, n)
	v := types.FunctionConfiguration{
		FunctionName:     &name,
		FunctionArn:      new(e.arn("lambda", r.Region, "function:"+name)),
		Architectures:    []types.Architecture{types.ArchitectureX8664},
		CodeSha256:       new(hexID("", mix(e.id(functions, n)), 16)),
		CodeSize:         int64(1+d.below(40_000)) * 1024,
		EphemeralStorage: &types.EphemeralStorage{Size: new(int32(512))},
		LastModified:     new(e.created(functions, n).Format("2006-01-02T15:04:05.000-0700")),
		MemorySize:       new([]int32{128, 256, 512, 1024, 3008}[d.below(5)]),
		PackageType:      types.PackageTypeZip,
		Role:             new("arn:aws:iam::" + e.account + ":role/service-role/" + name),
		RevisionId:       new(hexID("", e.id(functions, n), 16)),
		Timeout:          new([]int32{3, 30, 60, 300, 900}[d.below(5)]),
		TracingConfig:    &types.TracingConfigResponse{Mode: types.TracingModePassThrough},
		Version:          new("$LATEST"),
	}
	if d.below(5) == 0 {
		v.Architectures[0] = types.ArchitectureArm64
	}
	if d.below(10) == 0 { // an image has neither runtime nor handler
		v.PackageType = types.PackageTypeImage
		return v
	}
	v.Runtime, v.Handler = pick(&d, runtimes), new("main.handler")
	return v
}
