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

var lightsailInstance = Scanner{
	Type:        "Lightsail_Instance",
	Service:     serviceLightsail,
	ARNs:        []string{"lightsail:Instance/"},
	Permissions: []string{"lightsail:GetInstances"},
	Metadata:    []string{"bundle_id", "public_ip"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// GetInstances lets nobody choose how long a page is.
		in := &lightsail.GetInstancesInput{}
		cursor := func(in *lightsail.GetInstancesInput, out *lightsail.GetInstancesOutput) (**string, *string) {
			return &in.PageToken, out.NextPageToken
		}
		return listPages(ctx, emit, lightsail.NewFromConfig(t.Config).GetInstances, in, cursor, func(page *lightsail.GetInstancesOutput) []tracker.Resource {
			return collect(page.Instances, lightsailInstanceOf)
		})
	},
}

func lightsailInstanceOf(i types.Instance) tracker.Resource {
	name := aws.ToString(i.Name)
	state := cmp.Or(i.State, &types.InstanceState{})
	place := cmp.Or(i.Location, &types.ResourceLocation{})
	hardware := cmp.Or(i.Hardware, &types.InstanceHardware{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     aws.ToString(i.Arn),
		State:   cmp.Or(aws.ToString(state.Name), stateUnknown),
		Created: tracker.At(i.CreatedAt),
		Tags:    sdk.Tags(i.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"bundle_id":         sdk.Str(i.BundleId),
			"blueprint_id":      sdk.Str(i.BlueprintId),
			"cpu_count":         sdk.Num(hardware.CpuCount),
			"ram_gb":            sdk.Decimal(hardware.RamSizeInGb),
			"disk_gb":           sdk.Sum(hardware.Disks, func(d types.Disk) *int32 { return d.SizeInGb }),
			"public_ip":         sdk.Str(i.PublicIpAddress),
			"private_ip":        sdk.Str(i.PrivateIpAddress),
			"static_ip":         sdk.Opt(i.IsStaticIp),
			"availability_zone": sdk.Str(place.AvailabilityZone),
			"ssh_key_name":      sdk.Str(i.SshKeyName),
			"add_ons":           sdk.List(i.AddOns, func(a types.AddOn) *string { return a.Name }),
		},
	}
}
