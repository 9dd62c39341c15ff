package scanners

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// The SDK reads every field of an answer by encoding/xml, which for a full page of
// instances is 0.2 s of CPU and 45 MB of garbage, most of what a scan costs. Here the
// fields that the scanners look at are read out of the bytes. All that is not exactly
// as EC2 writes it, and every error of AWS, is left to the SDK.

var tagShape = shape[types.Tag]{
	"key":   keepText(func(t *types.Tag) **string { return &t.Key }),
	"value": keepText(func(t *types.Tag) **string { return &t.Value }),
}

var instanceShape = shape[types.Instance]{
	"instanceId":        keepText(func(i *types.Instance) **string { return &i.InstanceId }),
	"instanceType":      keepName(func(i *types.Instance) *types.InstanceType { return &i.InstanceType }),
	"imageId":           keepText(func(i *types.Instance) **string { return &i.ImageId }),
	"privateDnsName":    keepText(func(i *types.Instance) **string { return &i.PrivateDnsName }),
	"reason":            keepText(func(i *types.Instance) **string { return &i.StateTransitionReason }),
	"keyName":           keepText(func(i *types.Instance) **string { return &i.KeyName }),
	"launchTime":        keepTime(func(i *types.Instance) **time.Time { return &i.LaunchTime }),
	"subnetId":          keepText(func(i *types.Instance) **string { return &i.SubnetId }),
	"vpcId":             keepText(func(i *types.Instance) **string { return &i.VpcId }),
	"privateIpAddress":  keepText(func(i *types.Instance) **string { return &i.PrivateIpAddress }),
	"ipAddress":         keepText(func(i *types.Instance) **string { return &i.PublicIpAddress }),
	"architecture":      keepName(func(i *types.Instance) *types.ArchitectureValues { return &i.Architecture }),
	"rootDeviceType":    keepName(func(i *types.Instance) *types.DeviceType { return &i.RootDeviceType }),
	"instanceLifecycle": keepName(func(i *types.Instance) *types.InstanceLifecycleType { return &i.InstanceLifecycle }),
	"platformDetails":   keepText(func(i *types.Instance) **string { return &i.PlatformDetails }),
	"usageOperation":    keepText(func(i *types.Instance) **string { return &i.UsageOperation }),
	"instanceState": keepParts(func(i *types.Instance) **types.InstanceState { return &i.State }, shape[types.InstanceState]{
		"name": keepName(func(s *types.InstanceState) *types.InstanceStateName { return &s.Name }),
	}),
	"placement": keepParts(func(i *types.Instance) **types.Placement { return &i.Placement }, shape[types.Placement]{
		"availabilityZone": keepText(func(p *types.Placement) **string { return &p.AvailabilityZone }),
		"tenancy":          keepName(func(p *types.Placement) *types.Tenancy { return &p.Tenancy }),
	}),
	"monitoring": keepParts(func(i *types.Instance) **types.Monitoring { return &i.Monitoring }, shape[types.Monitoring]{
		"state": keepName(func(m *types.Monitoring) *types.MonitoringState { return &m.State }),
	}),
	"iamInstanceProfile": keepParts(func(i *types.Instance) **types.IamInstanceProfile { return &i.IamInstanceProfile }, shape[types.IamInstanceProfile]{
		"arn": keepText(func(p *types.IamInstanceProfile) **string { return &p.Arn }),
	}),
	"groupSet": keepItems(func(i *types.Instance) *[]types.GroupIdentifier { return &i.SecurityGroups }, shape[types.GroupIdentifier]{
		"groupId": keepText(func(g *types.GroupIdentifier) **string { return &g.GroupId }),
	}),
	"blockDeviceMapping": keepItems(func(i *types.Instance) *[]types.InstanceBlockDeviceMapping { return &i.BlockDeviceMappings }, shape[types.InstanceBlockDeviceMapping]{
		"ebs": keepParts(func(m *types.InstanceBlockDeviceMapping) **types.EbsInstanceBlockDevice { return &m.Ebs }, shape[types.EbsInstanceBlockDevice]{
			"volumeId": keepText(func(e *types.EbsInstanceBlockDevice) **string { return &e.VolumeId }),
		}),
	}),
	"tagSet": keepItems(func(i *types.Instance) *[]types.Tag { return &i.Tags }, tagShape),
}

var instancesShape = shape[ec2.DescribeInstancesOutput]{
	"nextToken": keepText(func(o *ec2.DescribeInstancesOutput) **string { return &o.NextToken }),
	"reservationSet": keepItems(func(o *ec2.DescribeInstancesOutput) *[]types.Reservation { return &o.Reservations }, shape[types.Reservation]{
		"ownerId":      keepText(func(r *types.Reservation) **string { return &r.OwnerId }),
		"instancesSet": keepItems(func(r *types.Reservation) *[]types.Instance { return &r.Instances }, instanceShape),
	}),
}

var volumesShape = shape[ec2.DescribeVolumesOutput]{
	"nextToken": keepText(func(o *ec2.DescribeVolumesOutput) **string { return &o.NextToken }),
	"volumeSet": keepItems(func(o *ec2.DescribeVolumesOutput) *[]types.Volume { return &o.Volumes }, shape[types.Volume]{
		"volumeId":           keepText(func(v *types.Volume) **string { return &v.VolumeId }),
		"ownerId":            keepText(func(v *types.Volume) **string { return &v.OwnerId }),
		"size":               keepInt(func(v *types.Volume) **int32 { return &v.Size }),
		"volumeType":         keepName(func(v *types.Volume) *types.VolumeType { return &v.VolumeType }),
		"iops":               keepInt(func(v *types.Volume) **int32 { return &v.Iops }),
		"throughput":         keepInt(func(v *types.Volume) **int32 { return &v.Throughput }),
		"encrypted":          keepBool(func(v *types.Volume) **bool { return &v.Encrypted }),
		"snapshotId":         keepText(func(v *types.Volume) **string { return &v.SnapshotId }),
		"availabilityZone":   keepText(func(v *types.Volume) **string { return &v.AvailabilityZone }),
		"multiAttachEnabled": keepBool(func(v *types.Volume) **bool { return &v.MultiAttachEnabled }),
		"status":             keepName(func(v *types.Volume) *types.VolumeState { return &v.State }),
		"createTime":         keepTime(func(v *types.Volume) **time.Time { return &v.CreateTime }),
		"attachmentSet": keepItems(func(v *types.Volume) *[]types.VolumeAttachment { return &v.Attachments }, shape[types.VolumeAttachment]{
			"instanceId":          keepText(func(a *types.VolumeAttachment) **string { return &a.InstanceId }),
			"deleteOnTermination": keepBool(func(a *types.VolumeAttachment) **bool { return &a.DeleteOnTermination }),
		}),
		"tagSet": keepItems(func(v *types.Volume) *[]types.Tag { return &v.Tags }, tagShape),
	}),
}

// ec2Answer is how EC2 begins an answer.
var ec2Answer = regexp.MustCompile(`^(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"\?>\s*)?<(\w+)Response xmlns="http://ec2\.amazonaws\.com/doc/2016-11-15/?">`)

// decodeEC2 reads an answer to an operation; it is not ok for what the SDK has to.
func decodeEC2[Out any](doc []byte, operation string, s shape[Out]) (out *Out, ok bool) {
	doc = bytes.TrimRight(doc, " \n")
	begin := ec2Answer.FindSubmatch(doc)
	if begin == nil || string(begin[1]) != operation {
		return nil, false
	}
	r, out := &xmlReader{doc: doc, at: len(begin[0])}, new(Out)
	err := s.read(r, xmlTag{name: []byte(operation + "Response")}, out)
	return out, err == nil && r.at == len(doc)
}

// ec2Decoder stands in for the SDK's deserializer of one operation.
type ec2Decoder[Out any] struct {
	sdk       middleware.DeserializeMiddleware
	operation string
	shape     shape[Out]
}

// lean makes a client's calls of an operation read what is in s, and nothing else.
func lean[Out any](operation string, s shape[Out]) func(*ec2.Options) {
	return ec2.WithAPIOptions(func(stack *middleware.Stack) error {
		sdk, ok := stack.Deserialize.Get(sdkDeserializer)
		if !ok {
			return nil
		}
		_, err := stack.Deserialize.Swap(sdkDeserializer, ec2Decoder[Out]{sdk, operation, s})
		return err
	})
}

const sdkDeserializer = "OperationDeserializer"

// ID implements middleware.DeserializeMiddleware; it is the SDK's own, so that what
// takes its place in the stack by that name still does.
func (ec2Decoder[Out]) ID() string { return sdkDeserializer }

// HandleDeserialize implements middleware.DeserializeMiddleware.
func (d ec2Decoder[Out]) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	again := middleware.DeserializeHandlerFunc(func(context.Context, middleware.DeserializeInput) (middleware.DeserializeOutput, middleware.Metadata, error) {
		return out, metadata, err
	})
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok || response.StatusCode != http.StatusOK {
		return d.sdk.HandleDeserialize(ctx, in, again)
	}
	body := response.Body
	var doc bytes.Buffer
	if _, readErr := doc.ReadFrom(body); readErr != nil {
		response.Body = restored{io.MultiReader(&doc, failing{readErr}), body}
		return d.sdk.HandleDeserialize(ctx, in, again)
	}
	result, ok := decodeEC2(doc.Bytes(), d.operation, d.shape)
	if !ok {
		response.Body = restored{&doc, body}
		return d.sdk.HandleDeserialize(ctx, in, again)
	}
	out.Result = result
	smithyhttp.CloseResponseBody(ctx, response, false, nil)
	return out, metadata, nil
}

// restored is a body whose bytes were read before.
type restored struct {
	io.Reader
	io.Closer
}

// failing is the end of a body that broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
