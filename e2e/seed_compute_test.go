package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	autoscalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	lambdatypes "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// images makes a snapshot of a volume and an image of an instance, which brings
// a snapshot of its own.
func (s *seeder) images() error {
	client := ec2.NewFromConfig(s.cfg)
	all, spec := ec2Tags(types.ResourceTypeSnapshot, "nightly", labels)
	volume, err := client.CreateVolume(s.ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String(s.region + "a"), Size: aws.Int32(30), VolumeType: types.VolumeTypeGp3})
	if err != nil {
		return err
	}
	s.add(s.volume(types.Volume{VolumeId: volume.VolumeId, CreateTime: volume.CreateTime, Size: aws.Int32(30), VolumeType: types.VolumeTypeGp3, Iops: volume.Iops}, "Unnamed", map[string]string{}))
	taken, err := client.CreateSnapshot(s.ctx, &ec2.CreateSnapshotInput{VolumeId: volume.VolumeId, Description: aws.String("before the update"), TagSpecifications: spec})
	if err != nil {
		return err
	}
	s.snapshot(*taken.SnapshotId, tracker.Resource{
		Name: aws.String("nightly"), State: "completed", Created: taken.StartTime, Tags: all,
		Metadata: tracker.Metadata{"size_gb": 30, "volume_id": *volume.VolumeId, "description": "before the update", "encrypted": false},
	})

	made, err := s.launched(client, 1, "t3.micro", "", nil)
	if err != nil {
		return err
	}
	s.add(s.instance(made[0], "running", "", map[string]string{}))
	if err := s.rootVolumes(client, made); err != nil {
		return err
	}
	all, spec = ec2Tags(types.ResourceTypeImage, "", labels)
	image, err := client.CreateImage(s.ctx, &ec2.CreateImageInput{InstanceId: made[0].InstanceId, Name: aws.String("golden"), Description: aws.String("as built"), TagSpecifications: spec})
	if err != nil {
		return err
	}
	// CreateImage does not answer the snapshot that it takes.
	kept, err := client.DescribeSnapshots(s.ctx, &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}})
	if err != nil {
		return err
	}
	var snapshots []string
	for _, k := range kept.Snapshots {
		if !s.noted("EBS_Snapshot", *k.SnapshotId) {
			snapshots = append(snapshots, *k.SnapshotId)
			s.snapshot(*k.SnapshotId, tracker.Resource{State: "completed", Created: k.StartTime, Tags: ec2Known(k.Tags), Metadata: tracker.Metadata{"size_gb": k.VolumeSize}})
		}
	}
	s.add(tracker.Resource{
		ID: *image.ImageId, Name: aws.String("golden"), Type: "AMI", ARN: "arn:aws:ec2:" + s.region + "::image/" + *image.ImageId,
		State: "available", Tags: all, Metadata: tracker.Metadata{"description": "as built", "public": false, "snapshot_ids": snapshots},
	})
	return nil
}

func (s *seeder) snapshot(id string, r tracker.Resource) {
	r.ID, r.Type, r.ARN = id, "EBS_Snapshot", "arn:aws:ec2:"+s.region+"::snapshot/"+id
	s.add(r)
}

// machinery makes what instances are launched with and on.
func (s *seeder) machinery() error {
	client := ec2.NewFromConfig(s.cfg)
	all, spec := ec2Tags(types.ResourceTypeKeyPair, "", labels)
	pair, err := client.CreateKeyPair(s.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("ops"), TagSpecifications: spec})
	if err != nil {
		return err
	}
	s.inEC2("EC2_KeyPair", "key-pair", *pair.KeyPairId, tracker.Resource{
		Name: aws.String("ops"), State: "active", Tags: all, Metadata: tracker.Metadata{"key_name": "ops", "fingerprint": *pair.KeyFingerprint},
	})

	all, spec = ec2Tags(types.ResourceTypeDedicatedHost, "licensed", labels)
	hosts, err := client.AllocateHosts(s.ctx, &ec2.AllocateHostsInput{
		AvailabilityZone: aws.String(s.region + "a"), InstanceType: aws.String("m5.large"), Quantity: aws.Int32(1), TagSpecifications: spec,
	})
	if err != nil {
		return err
	}
	s.inEC2("EC2_DedicatedHost", "dedicated-host", hosts.HostIds[0], tracker.Resource{
		Name: aws.String("licensed"), State: "available", Tags: all,
		Metadata: tracker.Metadata{"instance_type": "m5.large", "availability_zone": s.region + "a", "instance_ids": []string{}},
	})

	all, spec = ec2Tags(types.ResourceTypeLaunchTemplate, "", labels)
	template, err := client.CreateLaunchTemplate(s.ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("web"), TagSpecifications: spec,
		LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: aws.String("ami-12345678"), InstanceType: types.InstanceTypeT3Micro},
	})
	if err != nil {
		return err
	}
	templateID := template.LaunchTemplate.LaunchTemplateId
	s.inEC2("Launch_Template", "launch-template", *templateID, tracker.Resource{
		Name: aws.String("web"), State: "active", Created: template.LaunchTemplate.CreateTime, Tags: all,
		Metadata: tracker.Metadata{"default_version": 1, "latest_version": 1},
	})
	if err := s.spot(client); err != nil {
		return err
	}
	return s.group(*templateID)
}

// spot makes a request that is fulfilled at once: its instance is there too.
func (s *seeder) spot(client *ec2.Client) error {
	all, spec := ec2Tags(types.ResourceTypeSpotInstancesRequest, "cheap", labels)
	out, err := client.RequestSpotInstances(s.ctx, &ec2.RequestSpotInstancesInput{
		SpotPrice: aws.String("0.500000"), InstanceCount: aws.Int32(1), TagSpecifications: spec,
		LaunchSpecification: &types.RequestSpotLaunchSpecification{ImageId: aws.String("ami-12345678"), InstanceType: types.InstanceTypeT3Micro},
	})
	if err != nil {
		return err
	}
	request := out.SpotInstanceRequests[0]
	s.inEC2("Spot_Request", "spot-instances-request", *request.SpotInstanceRequestId, tracker.Resource{
		Name: aws.String("cheap"), State: "active", Created: request.CreateTime, Tags: all,
		Metadata: tracker.Metadata{"type": "one-time", "instance_type": "t3.micro", "max_price": "0.500000", "instance_id": *request.InstanceId},
	})
	// To the tagging API moto spells the ARN unlike AWS.
	s.other(s.arn("ec2", "spot-instance-request/"+*request.SpotInstanceRequestId), tracker.Resource{
		Name: aws.String("cheap"), Tags: all, Metadata: tracker.Metadata{"service": "ec2", "kind": "spot-instance-request"},
	})
	launched, err := client.DescribeInstances(s.ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{*request.InstanceId}})
	if err != nil {
		return err
	}
	made := launched.Reservations[0].Instances
	tags := ec2Known(made[0].Tags)
	s.add(s.instance(made[0], "running", tags["Name"], tags))
	return s.rootVolumes(client, made)
}

func (s *seeder) group(templateID string) error {
	all, tags := tagged("", labels, func(k, v string) autoscalingtypes.Tag {
		return autoscalingtypes.Tag{Key: &k, Value: &v, PropagateAtLaunch: aws.Bool(true), ResourceId: aws.String("fleet"), ResourceType: aws.String("auto-scaling-group")}
	})
	client := autoscaling.NewFromConfig(s.cfg)
	_, err := client.CreateAutoScalingGroup(s.ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("fleet"), MinSize: aws.Int32(0), MaxSize: aws.Int32(4), DesiredCapacity: aws.Int32(0), Tags: tags,
		AvailabilityZones: []string{s.region + "a"}, LaunchTemplate: &autoscalingtypes.LaunchTemplateSpecification{LaunchTemplateId: &templateID, Version: aws.String("1")},
	})
	if err != nil {
		return err
	}
	// The ARN holds an identifier that CreateAutoScalingGroup does not answer.
	out, err := client.DescribeAutoScalingGroups(s.ctx, &autoscaling.DescribeAutoScalingGroupsInput{})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "fleet", Name: aws.String("fleet"), Type: "AutoScaling_Group", ARN: *out.AutoScalingGroups[0].AutoScalingGroupARN, State: "active", Tags: all,
		Metadata: tracker.Metadata{
			"min_size": 0, "max_size": 4, "desired_capacity": 0, "instance_ids": []string{}, "launch_template_id": templateID,
			"availability_zones": []string{s.region + "a"},
		},
	})
	return nil
}

// containers makes an ECS cluster with a service, and an EKS cluster with a
// node group.
func (s *seeder) containers() error {
	client := ecs.NewFromConfig(s.cfg)
	all, tags := tagged("", labels, func(k, v string) ecstypes.Tag { return ecstypes.Tag{Key: &k, Value: &v} })
	cluster, err := client.CreateCluster(s.ctx, &ecs.CreateClusterInput{ClusterName: aws.String("shop"), Tags: tags})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop", Name: aws.String("shop"), Type: "ECS_Cluster", ARN: *cluster.Cluster.ClusterArn, State: "active", Tags: all,
		Metadata: tracker.Metadata{"running_tasks": 0, "container_instances": 0}, // moto counts no services
	})
	task, err := client.RegisterTaskDefinition(s.ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("web"), Tags: tags,
		ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("web"), Image: aws.String("nginx"), Memory: aws.Int32(128)}},
	})
	if err != nil {
		return err
	}
	// No scanner lists task definitions.
	s.other(*task.TaskDefinition.TaskDefinitionArn, tracker.Resource{
		Name: aws.String("web:1"), Tags: all, Metadata: tracker.Metadata{"service": "ecs", "kind": "task-definition"},
	})
	service, err := client.CreateService(s.ctx, &ecs.CreateServiceInput{
		Cluster: aws.String("shop"), ServiceName: aws.String("web"), TaskDefinition: aws.String("web"), DesiredCount: aws.Int32(2),
		LaunchType: ecstypes.LaunchTypeFargate, Tags: tags,
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "shop/web", Name: aws.String("web"), Type: "ECS_Service", ARN: *service.Service.ServiceArn, State: "active", Created: service.Service.CreatedAt, Tags: all,
		Metadata: tracker.Metadata{"cluster": "shop", "launch_type": "FARGATE", "desired_count": 2, "task_definition": *task.TaskDefinition.TaskDefinitionArn},
	})
	return s.kubernetes()
}

func (s *seeder) kubernetes() error {
	client := eks.NewFromConfig(s.cfg)
	subnets, err := s.homes()
	if err != nil {
		return err
	}
	ids := []string{*subnets[0].SubnetId, *subnets[1].SubnetId}
	cluster, err := client.CreateCluster(s.ctx, &eks.CreateClusterInput{
		Name: aws.String("kube"), RoleArn: aws.String(functionRole), Version: aws.String("1.33"), Tags: labels,
		ResourcesVpcConfig: &ekstypes.VpcConfigRequest{SubnetIds: ids},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "kube", Name: aws.String("kube"), Type: "EKS_Cluster", ARN: *cluster.Cluster.Arn, State: "active", Created: cluster.Cluster.CreatedAt, Tags: labels,
		Metadata: tracker.Metadata{"version": "1.33", "role_arn": functionRole, "subnet_ids": ids},
	})
	nodes, err := client.CreateNodegroup(s.ctx, &eks.CreateNodegroupInput{
		ClusterName: aws.String("kube"), NodegroupName: aws.String("workers"), NodeRole: aws.String(functionRole), Subnets: ids, Tags: labels,
		InstanceTypes: []string{"m5.large"}, CapacityType: ekstypes.CapacityTypesSpot, DiskSize: aws.Int32(40),
		ScalingConfig: &ekstypes.NodegroupScalingConfig{MinSize: aws.Int32(1), MaxSize: aws.Int32(5), DesiredSize: aws.Int32(2)},
	})
	if err != nil {
		return err
	}
	s.add(tracker.Resource{
		ID: "kube/workers", Name: aws.String("workers"), Type: "EKS_Nodegroup", ARN: *nodes.Nodegroup.NodegroupArn, State: "active", Created: nodes.Nodegroup.CreatedAt, Tags: labels,
		Metadata: tracker.Metadata{
			"cluster": "kube", "instance_types": []string{"m5.large"}, "capacity_type": "SPOT", "disk_gb": 40,
			"min_size": 1, "max_size": 5, "desired_size": 2, "role_arn": functionRole, "subnet_ids": ids,
		},
	})
	return nil
}

// layers makes a layer with two versions: it is one resource.
func (s *seeder) layers() error {
	client := lambda.NewFromConfig(s.cfg)
	code, err := zipped("shared.py", "x = 1\n")
	if err != nil {
		return err
	}
	var last *lambda.PublishLayerVersionOutput
	for range 2 {
		last, err = client.PublishLayerVersion(s.ctx, &lambda.PublishLayerVersionInput{
			LayerName: aws.String("shared"), Description: aws.String("for all"), CompatibleRuntimes: []lambdatypes.Runtime{lambdatypes.RuntimePython312},
			Content: &lambdatypes.LayerVersionContentInput{ZipFile: code},
		})
		if err != nil {
			return err
		}
	}
	s.add(tracker.Resource{
		ID: "shared", Name: aws.String("shared"), Type: "Lambda_Layer", ARN: *last.LayerArn, State: "active", Tags: map[string]string{},
		Metadata: tracker.Metadata{"latest_version": 2, "latest_version_arn": *last.LayerVersionArn, "description": "for all", "runtimes": []string{"python3.12"}},
	})
	return nil
}
