package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lightsail"
	"github.com/aws/aws-sdk-go-v2/service/lightsail/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var lightsailInstance = Scanner{
	Type:        "Lightsail_Instance",
	Service:     "lightsail",
	ARNs:        []string{"lightsail:Instance/"},
	Permissions: []string{"lightsail:GetInstances"},
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
		Tags:    tags(i.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: tracker.Metadata{
			"bundle_id":         str(i.BundleId), // what is paid for, by the month
			"blueprint_id":      str(i.BlueprintId),
			"cpu_count":         num(hardware.CpuCount),
			"ram_gb":            decimal(hardware.RamSizeInGb),
			"disk_gb":           sum(hardware.Disks, func(d types.Disk) *int32 { return d.SizeInGb }),
			"public_ip":         str(i.PublicIpAddress),
			"private_ip":        str(i.PrivateIpAddress),
			"static_ip":         opt(i.IsStaticIp),
			"availability_zone": str(place.AvailabilityZone),
			"ssh_key_name":      str(i.SshKeyName),
			"add_ons":           list(i.AddOns, func(a types.AddOn) *string { return a.Name }),
		},
	}
}
