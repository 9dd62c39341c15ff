package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// lambdaLayer knows of a layer's latest version only. Layers have no tags.
var lambdaLayer = Scanner{
	Type:        "Lambda_Layer",
	Service:     serviceLambda,
	ARNs:        []string{"lambda:layer:"},
	Permissions: []string{"lambda:ListLayers"},
	Untagged:    "layers have no tags",
	Metadata:    []string{"latest_version", "runtimes"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &lambda.ListLayersInput{MaxItems: aws.Int32(50)}
		cursor := func(in *lambda.ListLayersInput, out *lambda.ListLayersOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		return listPages(ctx, emit, lambda.NewFromConfig(t.Config).ListLayers, in, cursor, func(page *lambda.ListLayersOutput) []tracker.Resource {
			return collect(page.Layers, layer)
		})
	},
}

func layer(l types.LayersListItem) tracker.Resource {
	version := cmp.Or(l.LatestMatchingVersion, &types.LayerVersionsListItem{})
	return tracker.Resource{
		ID:    aws.ToString(l.LayerName),
		Name:  tracker.Named(aws.ToString(l.LayerName)),
		ARN:   aws.ToString(l.LayerArn),
		State: stateActive,
		Metadata: tracker.Metadata{
			"latest_version":     version.Version,
			"latest_version_arn": sdk.Str(version.LayerVersionArn),
			"last_modified":      lastModified(aws.ToString(version.CreatedDate)),
			"runtimes":           sdk.Names(version.CompatibleRuntimes),
			"architectures":      sdk.Names(version.CompatibleArchitectures),
			"description":        sdk.Str(version.Description),
			"license":            sdk.Str(version.LicenseInfo),
		},
	}
}
