package actions

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	lambdatypes "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	rdstypes "github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// keep is the tag of everything that tests make.
var keep, kept = aws.String("keep"), aws.String("yes")

// thing is what a test has made, and how it looks from outside.
type thing struct {
	id    string
	state func(ctx context.Context) (string, error)
}

func (w *world) ec2() *ec2.Client { return ec2.NewFromConfig(w.cfg) }

func ec2Spec(t types.ResourceType) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: t, Tags: []types.Tag{{Key: keep, Value: kept}}}}
}

func (w *world) instance(change ...func(*ec2.RunInstancesInput)) thing {
	in := &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12345678"), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		TagSpecifications: ec2Spec(types.ResourceTypeInstance),
	}
	for _, c := range change {
		c(in)
	}
	out := try[*ec2.RunInstancesOutput](w)(w.ec2().RunInstances(w.Context(), in))
	id := *out.Instances[0].InstanceId
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeInstances(ctx, &ec2.DescribeInstancesInput{})
		if err != nil {
			return "", err
		}
		for _, r := range out.Reservations {
			for _, i := range r.Instances {
				if *i.InstanceId == id {
					return string(i.State.Name), nil
				}
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) stopped() thing {
	i := w.instance()
	try[*ec2.StopInstancesOutput](w)(w.ec2().StopInstances(w.Context(), &ec2.StopInstancesInput{InstanceIds: []string{i.id}}))
	return i
}

func volume(t types.VolumeType) func(*world) thing {
	return func(w *world) thing {
		out := try[*ec2.CreateVolumeOutput](w)(w.ec2().CreateVolume(w.Context(), &ec2.CreateVolumeInput{
			AvailabilityZone: aws.String(w.cfg.Region + "a"), Size: aws.Int32(300), VolumeType: t, TagSpecifications: ec2Spec(types.ResourceTypeVolume),
		}))
		return w.volumes(*out.VolumeId)
	}
}

// volumes shows what there is of the volume that had the ID, or stands for it.
func (w *world) volumes(id string) thing {
	before := w.volumeIDs()
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeVolumes(ctx, &ec2.DescribeVolumesInput{})
		if err != nil {
			return "", err
		}
		for _, v := range out.Volumes {
			if *v.VolumeId == id || !slices.Contains(before, *v.VolumeId) {
				return fmt.Sprintf("%s %s %s", v.VolumeType, v.State, ec2Tags(v.Tags)["keep"]), nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) volumeIDs() []string {
	out := try[*ec2.DescribeVolumesOutput](w)(w.ec2().DescribeVolumes(w.Context(), &ec2.DescribeVolumesInput{}))
	return sdk.List(out.Volumes, func(v types.Volume) *string { return v.VolumeId })
}

func (w *world) snapshot() thing {
	v := volume(types.VolumeTypeGp3)(w)
	out := try[*ec2.CreateSnapshotOutput](w)(w.ec2().CreateSnapshot(w.Context(), &ec2.CreateSnapshotInput{
		VolumeId: &v.id, TagSpecifications: ec2Spec(types.ResourceTypeSnapshot),
	}))
	return w.snapshots(*out.SnapshotId)
}

func (w *world) snapshots(id string) thing {
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}})
		if err != nil {
			return "", err
		}
		for _, s := range out.Snapshots {
			if *s.SnapshotId == id {
				return string(s.State), nil
			}
		}
		return tracker.Gone, nil
	}}
}

// image is made of a snapshot; its state names both.
func (w *world) image() thing {
	s := w.snapshot()
	out := try[*ec2.RegisterImageOutput](w)(w.ec2().RegisterImage(w.Context(), &ec2.RegisterImageInput{
		Name: aws.String(w.name()), RootDeviceName: aws.String("/dev/sda1"), TagSpecifications: ec2Spec(types.ResourceTypeImage),
		BlockDeviceMappings: []types.BlockDeviceMapping{{DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{SnapshotId: &s.id}}},
	}))
	id := *out.ImageId
	// moto makes a snapshot of its own, and passes over the tags of the call above.
	of := w.snapshots(w.backing(id))
	try[*ec2.CreateTagsOutput](w)(w.ec2().CreateTags(w.Context(), &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: keep, Value: kept}}}))
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"self"}})
		if err != nil {
			return "", err
		}
		state := tracker.Gone
		for _, i := range out.Images {
			if *i.ImageId == id {
				state = string(i.State)
			}
		}
		backing, err := of.state(ctx)
		return state + ", its snapshot " + backing, err
	}}
}

// backing returns the snapshot of an image.
func (w *world) backing(image string) string {
	r := try[tracker.Resource](w)(ami.look(w.Context(), Target{Config: w.cfg}, image))
	return r.Metadata.List("snapshot_ids")[0]
}

func (w *world) address() thing {
	out := try[*ec2.AllocateAddressOutput](w)(w.ec2().AllocateAddress(w.Context(), &ec2.AllocateAddressInput{
		Domain: types.DomainTypeVpc, TagSpecifications: ec2Spec(types.ResourceTypeElasticIp),
	}))
	id := *out.AllocationId
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
		if err != nil {
			return "", err
		}
		for _, a := range out.Addresses {
			if aws.ToString(a.AllocationId) == id {
				return "allocated", nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) subnets() []string {
	out := try[*ec2.DescribeSubnetsOutput](w)(w.ec2().DescribeSubnets(w.Context(), &ec2.DescribeSubnetsInput{}))
	ids := sdk.List(out.Subnets, func(s types.Subnet) *string { return s.SubnetId })
	if len(ids) < 2 {
		w.Fatal("there are no subnets")
	}
	return ids
}

func (w *world) vpc() string {
	out := try[*ec2.DescribeVpcsOutput](w)(w.ec2().DescribeVpcs(w.Context(), &ec2.DescribeVpcsInput{}))
	return *out.Vpcs[0].VpcId
}

func (w *world) gateway() thing {
	a := w.address()
	out := try[*ec2.CreateNatGatewayOutput](w)(w.ec2().CreateNatGateway(w.Context(), &ec2.CreateNatGatewayInput{
		SubnetId: aws.String(w.subnets()[0]), AllocationId: &a.id, TagSpecifications: ec2Spec(types.ResourceTypeNatgateway),
	}))
	id := *out.NatGateway.NatGatewayId
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := w.ec2().DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{})
		if err != nil {
			return "", err
		}
		for _, n := range out.NatGateways {
			if *n.NatGatewayId == id && n.State != types.NatGatewayStateDeleted {
				return string(n.State), nil
			}
		}
		return tracker.Gone, nil
	}}
}

var rdsKeep = []rdstypes.Tag{{Key: keep, Value: kept}}

func (w *world) database(change ...func(*rds.CreateDBInstanceInput)) thing {
	name := w.name()
	in := &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: &name, DBInstanceClass: aws.String("db.t3.micro"), Engine: aws.String("postgres"),
		AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("admin1"), MasterUserPassword: aws.String("password1"), Tags: rdsKeep,
	}
	for _, c := range change {
		c(in)
	}
	try[*rds.CreateDBInstanceOutput](w)(rds.NewFromConfig(w.cfg).CreateDBInstance(w.Context(), in))
	return w.databases(name)
}

func (w *world) databases(name string) thing {
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := rds.NewFromConfig(w.cfg).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
		if err != nil {
			return "", err
		}
		for _, d := range out.DBInstances {
			if *d.DBInstanceIdentifier == name {
				return fmt.Sprintf("%s %s %s", *d.DBInstanceStatus, aws.ToString(d.DBInstanceClass), rdsTags(d.TagList)["keep"]), nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) stoppedDatabase() thing {
	d := w.database()
	try[*rds.StopDBInstanceOutput](w)(rds.NewFromConfig(w.cfg).StopDBInstance(w.Context(), &rds.StopDBInstanceInput{DBInstanceIdentifier: &d.id}))
	return d
}

func (w *world) dbCluster(change ...func(*rds.CreateDBClusterInput)) thing {
	name := w.name()
	in := &rds.CreateDBClusterInput{
		DBClusterIdentifier: &name, Engine: aws.String("aurora-mysql"), MasterUsername: aws.String("admin1"),
		MasterUserPassword: aws.String("password1"), Tags: rdsKeep,
	}
	for _, c := range change {
		c(in)
	}
	client := rds.NewFromConfig(w.cfg)
	try[*rds.CreateDBClusterOutput](w)(client.CreateDBCluster(w.Context(), in))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := client.DescribeDBClusters(ctx, &rds.DescribeDBClustersInput{})
		if err != nil {
			return "", err
		}
		for _, c := range out.DBClusters {
			if *c.DBClusterIdentifier == name {
				return *c.Status, nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) stoppedCluster() thing {
	c := w.dbCluster()
	try[*rds.StopDBClusterOutput](w)(rds.NewFromConfig(w.cfg).StopDBCluster(w.Context(), &rds.StopDBClusterInput{DBClusterIdentifier: &c.id}))
	return c
}

func (w *world) s3() *s3.Client { return s3Client(Target{Config: w.cfg}) }

func (w *world) bucket() thing {
	name := w.name()
	in := &s3.CreateBucketInput{Bucket: &name}
	if region := s3types.BucketLocationConstraint(w.cfg.Region); region != "us-east-1" { // which is none
		in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: region}
	}
	try[*s3.CreateBucketOutput](w)(w.s3().CreateBucket(w.Context(), in))
	try[*s3.PutBucketTaggingOutput](w)(w.s3().PutBucketTagging(w.Context(), &s3.PutBucketTaggingInput{
		Bucket: &name, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: keep, Value: kept}}},
	}))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := w.s3().ListBuckets(ctx, &s3.ListBucketsInput{})
		if err != nil {
			return "", err
		}
		for _, b := range out.Buckets {
			if *b.Name == name {
				return "there", nil
			}
		}
		return tracker.Gone, nil
	}}
}

// fullBucket has versions, a delete marker and an unfinished upload.
func (w *world) fullBucket() thing {
	b := w.bucket()
	try[*s3.PutBucketVersioningOutput](w)(w.s3().PutBucketVersioning(w.Context(), &s3.PutBucketVersioningInput{
		Bucket: &b.id, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled},
	}))
	for i := range 3 {
		try[*s3.PutObjectOutput](w)(w.s3().PutObject(w.Context(), &s3.PutObjectInput{
			Bucket: &b.id, Key: aws.String("k" + strconv.Itoa(i%2)), Body: strings.NewReader("x"),
		}))
	}
	try[*s3.DeleteObjectOutput](w)(w.s3().DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &b.id, Key: aws.String("k0")}))
	try[*s3.CreateMultipartUploadOutput](w)(w.s3().CreateMultipartUpload(w.Context(), &s3.CreateMultipartUploadInput{Bucket: &b.id, Key: aws.String("u")}))
	return b
}

func (w *world) role() *string {
	out := try[*iam.CreateRoleOutput](w)(iam.NewFromConfig(w.cfg).CreateRole(w.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("role-" + w.name()), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	}))
	return out.Role.Arn
}

func (w *world) function() thing {
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	f := try[interface{ Write([]byte) (int, error) }](w)(func() (interface{ Write([]byte) (int, error) }, error) {
		return z.Create("index.py")
	}())
	try[int](w)(f.Write([]byte("def handler(e, c): pass")))
	if err := z.Close(); err != nil {
		w.Fatal(err)
	}
	client := lambda.NewFromConfig(w.cfg)
	out := try[*lambda.CreateFunctionOutput](w)(client.CreateFunction(w.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String(w.name()), Role: w.role(), Runtime: lambdatypes.RuntimePython312, Handler: aws.String("index.handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()}, Tags: map[string]string{"keep": "yes"},
	}))
	arn := *out.FunctionArn
	return thing{arn, func(ctx context.Context) (string, error) {
		out, err := client.ListFunctions(ctx, &lambda.ListFunctionsInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.Functions, func(f lambdatypes.FunctionConfiguration) bool { return *f.FunctionArn == arn })), nil
	}}
}

func present(there bool) string {
	if there {
		return "there"
	}
	return tracker.Gone
}
