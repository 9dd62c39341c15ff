package actions

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smtypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	ectypes "github.com/consolesensei/resource-tracker/internal/aws/elasticache/types"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	iamtypes "github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/internal/aws/redshift"
	redshifttypes "github.com/consolesensei/resource-tracker/internal/aws/redshift/types"
	"github.com/consolesensei/resource-tracker/internal/aws/sns"
	snstypes "github.com/consolesensei/resource-tracker/internal/aws/sns/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

func (w *world) balancing() *elasticloadbalancingv2.Client {
	return elasticloadbalancingv2.NewFromConfig(w.cfg)
}

func (w *world) balancer() thing {
	name := w.name()
	out := try[*elasticloadbalancingv2.CreateLoadBalancerOutput](w)(w.balancing().CreateLoadBalancer(w.Context(), &elasticloadbalancingv2.CreateLoadBalancerInput{
		Name: &name, Subnets: w.subnets()[:2], Tags: []elbtypes.Tag{{Key: keep, Value: kept}},
	}))
	arn := *out.LoadBalancers[0].LoadBalancerArn
	return thing{arn, func(ctx context.Context) (string, error) {
		out, err := w.balancing().DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.LoadBalancers, func(l elbtypes.LoadBalancer) bool { return *l.LoadBalancerArn == arn })), nil
	}}
}

func (w *world) protectedBalancer() thing {
	b := w.balancer()
	try[*elasticloadbalancingv2.ModifyLoadBalancerAttributesOutput](w)(w.balancing().ModifyLoadBalancerAttributes(w.Context(), &elasticloadbalancingv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &b.id, Attributes: []elbtypes.LoadBalancerAttribute{{Key: aws.String(balancerProtection), Value: aws.String("true")}},
	}))
	return b
}

func (w *world) classic() thing {
	client := elasticloadbalancing.NewFromConfig(w.cfg)
	name := w.name()
	try[*elasticloadbalancing.CreateLoadBalancerOutput](w)(client.CreateLoadBalancer(w.Context(), &elasticloadbalancing.CreateLoadBalancerInput{
		LoadBalancerName: &name, AvailabilityZones: []string{w.cfg.Region + "a"}, Tags: []classictypes.Tag{{Key: keep, Value: kept}},
		Listeners: []classictypes.Listener{{Protocol: aws.String("http"), LoadBalancerPort: 80, InstancePort: aws.Int32(80)}},
	}))
	arn := "arn:aws:elasticloadbalancing:us-east-1:" + motoAccount + ":loadbalancer/" + name
	return thing{arn, func(ctx context.Context) (string, error) {
		out, err := client.DescribeLoadBalancers(ctx, &elasticloadbalancing.DescribeLoadBalancersInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.LoadBalancerDescriptions, func(l classictypes.LoadBalancerDescription) bool {
			return *l.LoadBalancerName == name
		})), nil
	}}
}

func (w *world) group() thing {
	name := w.name()
	out := try[*elasticloadbalancingv2.CreateTargetGroupOutput](w)(w.balancing().CreateTargetGroup(w.Context(), &elasticloadbalancingv2.CreateTargetGroupInput{
		Name: &name, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String(w.vpc()), Tags: []elbtypes.Tag{{Key: keep, Value: kept}},
	}))
	arn := *out.TargetGroups[0].TargetGroupArn
	return thing{arn, func(ctx context.Context) (string, error) {
		out, err := w.balancing().DescribeTargetGroups(ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.TargetGroups, func(g elbtypes.TargetGroup) bool { return *g.TargetGroupArn == arn })), nil
	}}
}

func (w *world) served(balancer, group thing) {
	try[*elasticloadbalancingv2.CreateListenerOutput](w)(w.balancing().CreateListener(w.Context(), &elasticloadbalancingv2.CreateListenerInput{
		LoadBalancerArn: &balancer.id, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &group.id}},
	}))
}

func (w *world) logs() thing {
	client := cloudwatchlogs.NewFromConfig(w.cfg)
	name := w.name()
	try[*cloudwatchlogs.CreateLogGroupOutput](w)(client.CreateLogGroup(w.Context(), &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: &name, Tags: map[string]string{"keep": "yes"},
	}))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
		if err != nil || len(out.LogGroups) == 0 {
			return tracker.Gone, err
		}
		return strconv.Itoa(int(aws.ToInt32(out.LogGroups[0].RetentionInDays))) + " days", nil
	}}
}

func (w *world) cluster() thing {
	client := ecs.NewFromConfig(w.cfg)
	name := w.name()
	try[*ecs.CreateClusterOutput](w)(client.CreateCluster(w.Context(), &ecs.CreateClusterInput{
		ClusterName: &name, Tags: []ecstypes.Tag{{Key: keep, Value: kept}},
	}))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := client.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: []string{name}})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.Clusters, func(c ecstypes.Cluster) bool { return *c.Status != ecsDeleted })), nil
	}}
}

func service(count int32) func(*world) thing {
	return func(w *world) thing {
		client := ecs.NewFromConfig(w.cfg)
		cluster, name := w.cluster().id, w.name()
		task := try[*ecs.RegisterTaskDefinitionOutput](w)(client.RegisterTaskDefinition(w.Context(), &ecs.RegisterTaskDefinitionInput{
			Family: &name, ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("c"), Image: aws.String("i"), Memory: aws.Int32(64)}},
		}))
		try[*ecs.CreateServiceOutput](w)(client.CreateService(w.Context(), &ecs.CreateServiceInput{
			Cluster: &cluster, ServiceName: &name, TaskDefinition: task.TaskDefinition.TaskDefinitionArn, DesiredCount: &count,
			Tags: []ecstypes.Tag{{Key: keep, Value: kept}},
		}))
		return thing{cluster + "/" + name, func(ctx context.Context) (string, error) {
			out, err := client.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{name}})
			if err != nil || len(out.Services) == 0 || *out.Services[0].Status == ecsDeleted {
				return tracker.Gone, err
			}
			return fmt.Sprintf("%s %d", *out.Services[0].Status, out.Services[0].DesiredCount), nil
		}}
	}
}

func cache(engine string) func(*world) thing {
	return func(w *world) thing {
		client := elasticache.NewFromConfig(w.cfg)
		name := w.name()
		try[*elasticache.CreateCacheClusterOutput](w)(client.CreateCacheCluster(w.Context(), &elasticache.CreateCacheClusterInput{
			CacheClusterId: &name, Engine: &engine, CacheNodeType: aws.String("cache.t3.micro"), NumCacheNodes: aws.Int32(1),
			Tags: []ectypes.Tag{{Key: keep, Value: kept}},
		}))
		return thing{name, func(ctx context.Context) (string, error) {
			out, err := client.DescribeCacheClusters(ctx, &elasticache.DescribeCacheClustersInput{})
			if err != nil {
				return "", err
			}
			return present(slices.ContainsFunc(out.CacheClusters, func(c ectypes.CacheCluster) bool { return *c.CacheClusterId == name })), nil
		}}
	}
}

func scaling(desired int32) func(*world) thing {
	return func(w *world) thing {
		name := w.name()
		template := try[*ec2.CreateLaunchTemplateOutput](w)(w.ec2().CreateLaunchTemplate(w.Context(), &ec2.CreateLaunchTemplateInput{
			LaunchTemplateName: &name,
			LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String("ami-12345678"), InstanceType: types.InstanceTypeT3Micro},
		}))
		client := autoscaling.NewFromConfig(w.cfg)
		try[*autoscaling.CreateAutoScalingGroupOutput](w)(client.CreateAutoScalingGroup(w.Context(), &autoscaling.CreateAutoScalingGroupInput{
			AutoScalingGroupName: &name, MinSize: &desired, MaxSize: aws.Int32(desired + 2), DesiredCapacity: &desired,
			AvailabilityZones: []string{w.cfg.Region + "a"},
			LaunchTemplate:    &astypes.LaunchTemplateSpecification{LaunchTemplateId: template.LaunchTemplate.LaunchTemplateId},
			Tags:              []astypes.Tag{{ResourceId: &name, ResourceType: aws.String("auto-scaling-group"), Key: keep, Value: kept, PropagateAtLaunch: aws.Bool(true)}},
		}))
		return thing{name, func(ctx context.Context) (string, error) {
			out, err := client.DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{})
			if err != nil {
				return "", err
			}
			for _, g := range out.AutoScalingGroups {
				if *g.AutoScalingGroupName == name {
					return fmt.Sprintf("%d of %d-%d", len(g.Instances), *g.MinSize, *g.MaxSize), nil
				}
			}
			return tracker.Gone, nil
		}}
	}
}

func (w *world) table(change ...func(*dynamodb.CreateTableInput)) thing {
	client := dynamodb.NewFromConfig(w.cfg)
	name := w.name()
	in := &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: ddbtypes.BillingModePayPerRequest, Tags: []ddbtypes.Tag{{Key: keep, Value: kept}},
		AttributeDefinitions: []ddbtypes.AttributeDefinition{{AttributeName: aws.String("k"), AttributeType: ddbtypes.ScalarAttributeTypeS}},
		KeySchema:            []ddbtypes.KeySchemaElement{{AttributeName: aws.String("k"), KeyType: ddbtypes.KeyTypeHash}},
	}
	for _, c := range change {
		c(in)
	}
	try[*dynamodb.CreateTableOutput](w)(client.CreateTable(w.Context(), in))
	return w.tables(name)
}

func (w *world) tables(name string) thing {
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := dynamodb.NewFromConfig(w.cfg).ListTables(ctx, &dynamodb.ListTablesInput{})
		if err != nil {
			return "", err
		}
		return present(slices.Contains(out.TableNames, name)), nil
	}}
}

func (w *world) queue() thing {
	client := sqs.NewFromConfig(w.cfg)
	name := w.name()
	out := try[*sqs.CreateQueueOutput](w)(client.CreateQueue(w.Context(), &sqs.CreateQueueInput{QueueName: &name, Tags: map[string]string{"keep": "yes"}}))
	url := *out.QueueUrl
	return thing{url, func(ctx context.Context) (string, error) {
		out, err := client.ListQueues(ctx, &sqs.ListQueuesInput{})
		if err != nil {
			return "", err
		}
		return present(slices.Contains(out.QueueUrls, url)), nil
	}}
}

func (w *world) topic() thing {
	client := sns.NewFromConfig(w.cfg)
	name := w.name()
	out := try[*sns.CreateTopicOutput](w)(client.CreateTopic(w.Context(), &sns.CreateTopicInput{Name: &name, Tags: []snstypes.Tag{{Key: keep, Value: kept}}}))
	arn := *out.TopicArn
	return thing{arn, func(ctx context.Context) (string, error) {
		out, err := client.ListTopics(ctx, &sns.ListTopicsInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.Topics, func(t snstypes.Topic) bool { return *t.TopicArn == arn })), nil
	}}
}

func (w *world) secret() thing {
	client := secretsmanager.NewFromConfig(w.cfg)
	name := w.name()
	try[*secretsmanager.CreateSecretOutput](w)(client.CreateSecret(w.Context(), &secretsmanager.CreateSecretInput{
		Name: &name, SecretString: aws.String("s"), Tags: []smtypes.Tag{{Key: keep, Value: kept}},
	}))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := client.ListSecrets(ctx, &secretsmanager.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true)})
		if err != nil {
			return "", err
		}
		for _, s := range out.SecretList {
			if *s.Name == name && s.DeletedDate != nil {
				return "to be deleted", nil
			}
			if *s.Name == name {
				return "there", nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) deletedSecret() thing {
	s := w.secret()
	try[*secretsmanager.DeleteSecretOutput](w)(secretsmanager.NewFromConfig(w.cfg).DeleteSecret(w.Context(), &secretsmanager.DeleteSecretInput{SecretId: &s.id}))
	return s
}

func (w *world) fileSystem() thing {
	client := efs.NewFromConfig(w.cfg)
	name := w.name()
	out := try[*efs.CreateFileSystemOutput](w)(client.CreateFileSystem(w.Context(), &efs.CreateFileSystemInput{
		CreationToken: &name, Tags: []efstypes.Tag{{Key: keep, Value: kept}},
	}))
	id := *out.FileSystemId
	return thing{id, func(ctx context.Context) (string, error) {
		out, err := client.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{})
		if err != nil {
			return "", err
		}
		return present(slices.ContainsFunc(out.FileSystems, func(f efstypes.FileSystemDescription) bool { return *f.FileSystemId == id })), nil
	}}
}

func (w *world) mounted() thing {
	f := w.fileSystem()
	try[*efs.CreateMountTargetOutput](w)(efs.NewFromConfig(w.cfg).CreateMountTarget(w.Context(), &efs.CreateMountTargetInput{
		FileSystemId: &f.id, SubnetId: aws.String(w.subnets()[0]),
	}))
	return f
}

func (w *world) warehouse() thing {
	client := redshift.NewFromConfig(w.cfg)
	name := w.name()
	try[*redshift.CreateClusterOutput](w)(client.CreateCluster(w.Context(), &redshift.CreateClusterInput{
		ClusterIdentifier: &name, NodeType: aws.String("ra3.large"), MasterUsername: aws.String("admin1"), MasterUserPassword: aws.String("Password1"),
		Tags: []redshifttypes.Tag{{Key: keep, Value: kept}},
	}))
	return thing{name, func(ctx context.Context) (string, error) {
		out, err := client.DescribeClusters(ctx, &redshift.DescribeClustersInput{})
		if err != nil {
			return "", err
		}
		for _, c := range out.Clusters {
			if *c.ClusterIdentifier == name {
				return *c.ClusterStatus, nil
			}
		}
		return tracker.Gone, nil
	}}
}

func (w *world) pausedWarehouse() thing {
	c := w.warehouse()
	try[*redshift.PauseClusterOutput](w)(redshift.NewFromConfig(w.cfg).PauseCluster(w.Context(), &redshift.PauseClusterInput{ClusterIdentifier: &c.id}))
	return c
}

// key is of a user with a number of active keys, of which it is the first.
func key(active int) func(*world) thing {
	return func(w *world) thing {
		client := iam.NewFromConfig(w.cfg)
		user := w.name()
		try[*iam.CreateUserOutput](w)(client.CreateUser(w.Context(), &iam.CreateUserInput{UserName: &user}))
		var id string
		for range active {
			out := try[*iam.CreateAccessKeyOutput](w)(client.CreateAccessKey(w.Context(), &iam.CreateAccessKeyInput{UserName: &user}))
			if id == "" {
				id = *out.AccessKey.AccessKeyId
			}
		}
		return thing{id, func(ctx context.Context) (string, error) {
			out, err := client.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &user})
			if err != nil {
				return "", err
			}
			for _, k := range out.AccessKeyMetadata {
				if *k.AccessKeyId == id {
					return string(k.Status), nil
				}
			}
			return tracker.Gone, nil
		}}
	}
}

func (w *world) inactiveKey() thing {
	k := key(2)(w)
	client := iam.NewFromConfig(w.cfg)
	used := try[*iam.GetAccessKeyLastUsedOutput](w)(client.GetAccessKeyLastUsed(w.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: &k.id}))
	try[*iam.UpdateAccessKeyOutput](w)(client.UpdateAccessKey(w.Context(), &iam.UpdateAccessKeyInput{
		UserName: used.UserName, AccessKeyId: &k.id, Status: iamtypes.StatusTypeInactive,
	}))
	return k
}
