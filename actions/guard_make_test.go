package actions

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/tracker"
)

// one is of something that nothing else clears.
func one(of func(*world) thing) func(*world) (string, []tracker.Ref) {
	return func(w *world) (string, []tracker.Ref) { return of(w).id, nil }
}

func guardedInstance(w *world) string {
	i := w.instance(func(in *ec2.RunInstancesInput) {
		in.TagSpecifications[0].Tags = []types.Tag{{Key: aws.String("guarded"), Value: aws.String("")}}
	})
	return i.id
}

func attachedVolume(w *world) (string, []tracker.Ref) {
	v, i := volume(types.VolumeTypeGp3)(w), guardedInstance(w)
	try[*ec2.AttachVolumeOutput](w)(w.ec2().AttachVolume(w.Context(), &ec2.AttachVolumeInput{VolumeId: &v.id, InstanceId: &i, Device: aws.String("/dev/sdf")}))
	return v.id, refs("EC2_Instance", []string{i})
}

func guardedVolume(w *world) (string, []tracker.Ref) {
	i := w.instance(func(in *ec2.RunInstancesInput) {
		in.BlockDeviceMappings = []types.BlockDeviceMapping{{
			DeviceName: aws.String("/dev/sda1"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(8), DeleteOnTermination: yesp},
		}}
	})
	r := try[tracker.Resource](w)(ec2Instance.look(w.Context(), Target{Config: w.cfg}, i.id))
	try[*ec2.CreateTagsOutput](w)(w.ec2().CreateTags(w.Context(), &ec2.CreateTagsInput{
		Resources: r.Metadata.List("volumes"), Tags: []types.Tag{{Key: aws.String("guarded"), Value: aws.String("1")}},
	}))
	return i.id, nil
}

// deniedBucket has a policy that denies its deletion to everybody.
func (w *world) deniedBucket() thing {
	b := w.bucket()
	try[*s3.PutBucketPolicyOutput](w)(w.s3().PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{
		Bucket: &b.id, Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::` + b.id + `"}]}`),
	}))
	return b
}

func scaledInstance(w *world) (string, []tracker.Ref) {
	g := scaling(1)(w)
	r := try[tracker.Resource](w)(autoScalingGroup.look(w.Context(), Target{Config: w.cfg}, g.id))
	return r.Metadata.List("instance_ids")[0], refs("AutoScaling_Group", []string{g.id})
}

func instanceAddress(w *world) (id, instance string) {
	a, i := w.address(), guardedInstance(w)
	try[*ec2.AssociateAddressOutput](w)(w.ec2().AssociateAddress(w.Context(), &ec2.AssociateAddressInput{AllocationId: &a.id, InstanceId: &i}))
	return a.id, i
}

func daemon(w *world) thing {
	s := service(0)(w)
	client, name := ecs.NewFromConfig(w.cfg), w.name()
	cluster := s.id[:len(s.id)/2]
	out := try[*ecs.DescribeServicesOutput](w)(client.DescribeServices(w.Context(), &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{s.id[len(s.id)/2+1:]}}))
	try[*ecs.CreateServiceOutput](w)(client.CreateService(w.Context(), &ecs.CreateServiceInput{
		Cluster: &cluster, ServiceName: &name, TaskDefinition: out.Services[0].TaskDefinition, SchedulingStrategy: ecstypes.SchedulingStrategyDaemon,
	}))
	return thing{id: cluster + "/" + name}
}

func busyBalancer(w *world) thing {
	b, g, i := w.balancer(), w.group(), w.instance()
	w.served(b, g)
	try[*elasticloadbalancingv2.RegisterTargetsOutput](w)(w.balancing().RegisterTargets(w.Context(), &elasticloadbalancingv2.RegisterTargetsInput{
		TargetGroupArn: &g.id, Targets: []elbtypes.TargetDescription{{Id: &i.id}},
	}))
	return b
}

func busyClassic(w *world) thing {
	b, i := w.classic(), w.instance()
	name, _ := classicName(b.id)
	try[*elasticloadbalancing.RegisterInstancesWithLoadBalancerOutput](w)(elasticloadbalancing.NewFromConfig(w.cfg).RegisterInstancesWithLoadBalancer(w.Context(),
		&elasticloadbalancing.RegisterInstancesWithLoadBalancerInput{LoadBalancerName: &name, Instances: []classictypes.Instance{{InstanceId: &i.id}}}))
	return b
}

func routed(w *world) thing {
	n := w.gateway()
	table := try[*ec2.CreateRouteTableOutput](w)(w.ec2().CreateRouteTable(w.Context(), &ec2.CreateRouteTableInput{VpcId: aws.String(w.vpc())}))
	try[*ec2.CreateRouteOutput](w)(w.ec2().CreateRoute(w.Context(), &ec2.CreateRouteInput{
		RouteTableId: table.RouteTable.RouteTableId, DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: &n.id,
	}))
	return n
}

func memberOf(w *world) (cluster, member string) {
	c := w.dbCluster()
	d := w.database(func(in *rds.CreateDBInstanceInput) {
		in.DBClusterIdentifier, in.Engine = &c.id, aws.String("aurora-mysql")
		in.AllocatedStorage, in.MasterUsername, in.MasterUserPassword = nil, nil, nil
	})
	return c.id, d.id
}

func replicated(w *world) (source, replica string) {
	d, name := w.database(), w.name()
	try[*rds.CreateDBInstanceReadReplicaOutput](w)(rds.NewFromConfig(w.cfg).CreateDBInstanceReadReplica(w.Context(), &rds.CreateDBInstanceReadReplicaInput{
		DBInstanceIdentifier: &name, SourceDBInstanceIdentifier: &d.id,
	}))
	return d.id, name
}

func withReplica(w *world) (string, []tracker.Ref) {
	source, replica := replicated(w)
	return source, refs("RDS_Instance", []string{replica})
}

func filledQueue(w *world) thing {
	q := w.queue()
	try[*sqs.SendMessageOutput](w)(sqs.NewFromConfig(w.cfg).SendMessage(w.Context(), &sqs.SendMessageInput{QueueUrl: &q.id, MessageBody: aws.String("m")}))
	return q
}
