package e2e

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/tracker"
)

// outside makes and reads resources of one region at moto by the SDK alone, past
// the service under test.
type outside struct {
	t     *testing.T
	ctx   context.Context
	cfg   aws.Config
	names atomic.Int64
}

const outsideRegion = "us-east-1"

func newOutside(t *testing.T, m *moto) *outside {
	t.Helper()
	return &outside{t: t, ctx: t.Context(), cfg: m.config(outsideRegion)}
}

// at returns o for a test within the one that o was made for.
func (o *outside) at(t *testing.T) *outside {
	t.Helper()
	inner := &outside{t: t, ctx: t.Context(), cfg: o.cfg}
	inner.names.Store(o.names.Add(100) * 100)
	return inner
}

func (o *outside) name() string { return fmt.Sprintf("made-%06d", o.names.Add(1)) }

// made unwraps what a call that has to succeed answers.
func made[T any](o *outside) func(T, error) T {
	return func(v T, err error) T {
		o.t.Helper()
		if err != nil {
			o.t.Fatal(err)
		}
		return v
	}
}

// is tells how a resource looks from outside; an error with one of codes is Gone.
func (o *outside) is(state string, err error, codes ...string) string {
	o.t.Helper()
	if err == nil {
		return cmp.Or(state, tracker.Gone)
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok && slices.Contains(codes, e.ErrorCode()) {
		return tracker.Gone
	}
	o.t.Fatal(err)
	return ""
}

func (o *outside) ec2() *ec2.Client { return ec2.NewFromConfig(o.cfg) }

func (o *outside) spec(kind types.ResourceType, tags map[string]string) []types.TagSpecification {
	if len(tags) == 0 {
		return nil
	}
	_, spec := ec2Tags(kind, "", tags)
	return spec
}

func (o *outside) instance(tags map[string]string) string {
	out := made[*ec2.RunInstancesOutput](o)(o.ec2().RunInstances(o.ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12345678"), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		TagSpecifications: o.spec(types.ResourceTypeInstance, tags),
	}))
	return *out.Instances[0].InstanceId
}

func (o *outside) instanceState(id string) string {
	out, err := o.ec2().DescribeInstances(o.ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	if err != nil || len(out.Reservations) == 0 {
		return o.is("", err, "InvalidInstanceID.NotFound")
	}
	return string(out.Reservations[0].Instances[0].State.Name)
}

// rootVolume is the volume that an instance came with.
func (o *outside) rootVolume(instance string) string {
	out := made[*ec2.DescribeInstancesOutput](o)(o.ec2().DescribeInstances(o.ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{instance}}))
	return *out.Reservations[0].Instances[0].BlockDeviceMappings[0].Ebs.VolumeId
}

func (o *outside) volume(kind types.VolumeType) string {
	out := made[*ec2.CreateVolumeOutput](o)(o.ec2().CreateVolume(o.ctx, &ec2.CreateVolumeInput{
		AvailabilityZone: aws.String(outsideRegion + "a"), Size: aws.Int32(300), VolumeType: kind,
		TagSpecifications: o.spec(types.ResourceTypeVolume, map[string]string{"team": "shop"}),
	}))
	return *out.VolumeId
}

func (o *outside) volumeState(id string) string {
	out, err := o.ec2().DescribeVolumes(o.ctx, &ec2.DescribeVolumesInput{VolumeIds: []string{id}})
	if err != nil || len(out.Volumes) == 0 {
		return o.is("", err, "InvalidVolume.NotFound")
	}
	return string(out.Volumes[0].State)
}

// volumeKind is a volume's type, of whatever state.
func (o *outside) volumeKind(id string) string {
	out := made[*ec2.DescribeVolumesOutput](o)(o.ec2().DescribeVolumes(o.ctx, &ec2.DescribeVolumesInput{VolumeIds: []string{id}}))
	return string(out.Volumes[0].VolumeType)
}

// restored are the volumes that were made of the snapshots of one that is gone.
func (o *outside) restored(volume string) []string {
	snapshots := made[*ec2.DescribeSnapshotsOutput](o)(o.ec2().DescribeSnapshots(o.ctx, &ec2.DescribeSnapshotsInput{
		OwnerIds: []string{"self"}, Filters: []types.Filter{{Name: aws.String("volume-id"), Values: []string{volume}}},
	}))
	var found []string
	for _, s := range snapshots.Snapshots {
		out := made[*ec2.DescribeVolumesOutput](o)(o.ec2().DescribeVolumes(o.ctx, &ec2.DescribeVolumesInput{
			Filters: []types.Filter{{Name: aws.String("snapshot-id"), Values: []string{*s.SnapshotId}}},
		}))
		for _, v := range out.Volumes {
			found = append(found, fmt.Sprintf("%s %s of team %s", v.VolumeType, v.State, ec2Known(v.Tags)["team"]))
		}
	}
	return found
}

func (o *outside) address() string {
	out := made[*ec2.AllocateAddressOutput](o)(o.ec2().AllocateAddress(o.ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc}))
	return *out.AllocationId
}

func (o *outside) addressState(id string) string {
	out, err := o.ec2().DescribeAddresses(o.ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{id}})
	if err != nil || len(out.Addresses) == 0 {
		return o.is("", err, "InvalidAllocationID.NotFound")
	}
	return "allocated"
}

// gateway is a NAT gateway with an address of its own.
func (o *outside) gateway() (id, address string) {
	address = o.address()
	subnets := made[*ec2.DescribeSubnetsOutput](o)(o.ec2().DescribeSubnets(o.ctx, &ec2.DescribeSubnetsInput{}))
	out := made[*ec2.CreateNatGatewayOutput](o)(o.ec2().CreateNatGateway(o.ctx, &ec2.CreateNatGatewayInput{
		SubnetId: subnets.Subnets[0].SubnetId, AllocationId: &address,
	}))
	return *out.NatGateway.NatGatewayId, address
}

func (o *outside) gatewayState(id string) string {
	out, err := o.ec2().DescribeNatGateways(o.ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}})
	if err != nil || len(out.NatGateways) == 0 || out.NatGateways[0].State == types.NatGatewayStateDeleted {
		return o.is("", err, "NatGatewayNotFound")
	}
	return string(out.NatGateways[0].State)
}

// route sends the default VPC's traffic through a NAT gateway.
func (o *outside) route(gateway string) {
	tables := made[*ec2.DescribeRouteTablesOutput](o)(o.ec2().DescribeRouteTables(o.ctx, &ec2.DescribeRouteTablesInput{}))
	made[*ec2.CreateRouteOutput](o)(o.ec2().CreateRoute(o.ctx, &ec2.CreateRouteInput{
		RouteTableId: tables.RouteTables[0].RouteTableId, DestinationCidrBlock: aws.String("10.99.0.0/16"), NatGatewayId: &gateway,
	}))
}

func (o *outside) database() string {
	name := o.name()
	made[*rds.CreateDBInstanceOutput](o)(rds.NewFromConfig(o.cfg).CreateDBInstance(o.ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: &name, DBInstanceClass: aws.String("db.t3.micro"), Engine: aws.String("postgres"),
		AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("admin1"), MasterUserPassword: aws.String("password1"),
	}))
	return name
}

func (o *outside) databaseState(id string) string {
	out, err := rds.NewFromConfig(o.cfg).DescribeDBInstances(o.ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &id})
	if err != nil || len(out.DBInstances) == 0 {
		return o.is("", err, "DBInstanceNotFound", "DBInstanceNotFoundFault")
	}
	return *out.DBInstances[0].DBInstanceStatus
}

func (o *outside) s3() *s3.Client {
	return s3.NewFromConfig(o.cfg, func(options *s3.Options) { options.UsePathStyle = true })
}

func (o *outside) bucket(keys ...string) string {
	name := o.name()
	made[*s3.CreateBucketOutput](o)(o.s3().CreateBucket(o.ctx, &s3.CreateBucketInput{Bucket: &name}))
	for _, key := range keys {
		made[*s3.PutObjectOutput](o)(o.s3().PutObject(o.ctx, &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader("x")}))
	}
	return name
}

func (o *outside) bucketState(id string) string {
	_, err := o.s3().GetBucketLocation(o.ctx, &s3.GetBucketLocationInput{Bucket: &id})
	return o.is("there", err, "NoSuchBucket")
}

func (o *outside) logs() *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(o.cfg) }

func (o *outside) logGroup() string {
	name := "/" + o.name()
	made[*cloudwatchlogs.CreateLogGroupOutput](o)(o.logs().CreateLogGroup(o.ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name}))
	return name
}

func (o *outside) logGroupState(id string) string {
	out := made[*cloudwatchlogs.DescribeLogGroupsOutput](o)(o.logs().DescribeLogGroups(o.ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &id}))
	for _, g := range out.LogGroups {
		if *g.LogGroupName == id {
			return fmt.Sprintf("%d days", aws.ToInt32(g.RetentionInDays))
		}
	}
	return tracker.Gone
}

func (o *outside) queue() string {
	out := made[*sqs.CreateQueueOutput](o)(sqs.NewFromConfig(o.cfg).CreateQueue(o.ctx, &sqs.CreateQueueInput{QueueName: aws.String(o.name())}))
	return *out.QueueUrl
}

func (o *outside) queueState(id string) string {
	out := made[*sqs.ListQueuesOutput](o)(sqs.NewFromConfig(o.cfg).ListQueues(o.ctx, &sqs.ListQueuesInput{}))
	if slices.Contains(out.QueueUrls, id) {
		return "there"
	}
	return tracker.Gone
}
