package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/lightsail"
	"github.com/consolesensei/resource-tracker/internal/aws/lightsail/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var lightsailDatabase = Scanner{
	Type:        "Lightsail_Database",
	Service:     serviceLightsail,
	ARNs:        []string{"lightsail:RelationalDatabase/"},
	Permissions: []string{"lightsail:GetRelationalDatabases"},
	Metadata:    []string{"bundle_id", "engine", "disk_gb"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		cursor := func(in *lightsail.GetRelationalDatabasesInput, out *lightsail.GetRelationalDatabasesOutput) (**string, *string) {
			return &in.PageToken, out.NextPageToken
		}
		return listPages(ctx, emit, lightsail.NewFromConfig(t.Config).GetRelationalDatabases, &lightsail.GetRelationalDatabasesInput{}, cursor, func(page *lightsail.GetRelationalDatabasesOutput) []tracker.Resource {
			return collect(page.RelationalDatabases, relationalDatabase)
		})
	},
}

func relationalDatabase(d types.RelationalDatabase) tracker.Resource {
	name := aws.ToString(d.Name)
	hardware := cmp.Or(d.Hardware, &types.RelationalDatabaseHardware{})
	location := cmp.Or(d.Location, &types.ResourceLocation{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(d.Arn),
		State:   cmp.Or(aws.ToString(d.State), stateUnknown),
		Created: tracker.At(d.CreatedAt),
		Tags:    sdk.Tags(d.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			// Names the price: the bundle holds machine, disk and standby.
			"bundle_id":           sdk.Str(d.RelationalDatabaseBundleId),
			"blueprint_id":        sdk.Str(d.RelationalDatabaseBlueprintId),
			"engine":              sdk.Str(d.Engine),
			"engine_version":      sdk.Str(d.EngineVersion),
			"disk_gb":             sdk.Num(hardware.DiskSizeInGb),
			"vcpus":               sdk.Num(hardware.CpuCount),
			"availability_zone":   sdk.Str(location.AvailabilityZone),
			"standby_zone":        sdk.Str(d.SecondaryAvailabilityZone),
			"publicly_accessible": sdk.Opt(d.PubliclyAccessible),
			"backups":             sdk.Opt(d.BackupRetentionEnabled),
		},
	}
}
