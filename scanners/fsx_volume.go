package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fsx"
	"github.com/aws/aws-sdk-go-v2/service/fsx/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// fsxVolume is a volume of ONTAP or OpenZFS.
var fsxVolume = Scanner{
	Type:        "FSx_Volume",
	Service:     fsxFileSystem.Service,
	ARNs:        []string{"fsx:volume/"},
	Permissions: []string{"fsx:DescribeVolumes"},
	Metadata:    []string{"type", "file_system_id", "size_bytes"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &fsx.DescribeVolumesInput{MaxResults: aws.Int32(1000)}
		cursor := func(in *fsx.DescribeVolumesInput, out *fsx.DescribeVolumesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, fsx.NewFromConfig(t.Config).DescribeVolumes, in, cursor, func(out *fsx.DescribeVolumesOutput) []tracker.Resource {
			return collect(out.Volumes, func(v types.Volume) tracker.Resource { return fsxVolumeOf(t, v) })
		})
	},
}

func fsxVolumeOf(t Target, v types.Volume) tracker.Resource {
	id, system := aws.ToString(v.VolumeId), aws.ToString(v.FileSystemId)
	m := tracker.Metadata{
		"type":           sdk.Text(v.VolumeType),
		"file_system_id": sdk.Str(v.FileSystemId),
		// Of OpenZFS it is what is reserved and what the volume may grow to.
		"size_bytes":         nil,
		"reserved_bytes":     nil,
		"path":               nil,
		"style":              nil,
		"virtual_machine_id": nil,
		"root":               nil,
		"tiering":            nil,
		"parent_volume_id":   nil,
		"compression":        nil,
	}
	if c := v.OntapConfiguration; c != nil {
		tiering := cmp.Or(c.TieringPolicy, &types.TieringPolicy{})
		m["size_bytes"], m["path"], m["style"] = sdk.Num(c.SizeInBytes), sdk.Str(c.JunctionPath), sdk.Text(c.VolumeStyle)
		m["virtual_machine_id"], m["root"], m["tiering"] = sdk.Str(c.StorageVirtualMachineId), sdk.Opt(c.StorageVirtualMachineRoot), sdk.Text(tiering.Name)
	}
	if c := v.OpenZFSConfiguration; c != nil {
		m["size_bytes"], m["reserved_bytes"] = quotaOf(c.StorageCapacityQuotaGiB), quotaOf(c.StorageCapacityReservationGiB)
		m["path"], m["parent_volume_id"], m["compression"] = sdk.Str(c.VolumePath), sdk.Str(c.ParentVolumeId), sdk.Text(c.DataCompressionType)
	}
	return tracker.Resource{
		ID:       id,
		Name:     tracker.Named(aws.ToString(v.Name)),
		ARN:      cmp.Or(aws.ToString(v.ResourceARN), t.arn("fsx", "volume/"+system+"/"+id)),
		State:    lower(v.Lifecycle),
		Created:  tracker.At(v.CreationTime),
		Tags:     sdk.Tags(v.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value }),
		Metadata: m,
	}
}

// quotaOf returns bytes of GiB; below zero there is no limit.
func quotaOf(of *int32) any {
	if of == nil || *of < 0 {
		return nil
	}
	return int64(*of) * gib
}
