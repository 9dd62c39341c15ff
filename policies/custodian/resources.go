package custodian

// resource is one of Custodian's as it is known here.
type resource struct {
	Type string
	only string // the filter that makes it the type's part that Custodian means
	keys map[string]key
	// age is the key that holds when it was created; created of the filters here.
	age string
	// verbs are the actions that are verbs of the type, but for those of tags.
	verbs map[string]string
	// rules are the metrics that rules of savings read, and what they find at most.
	rules map[string]metricRule
	// unused is the rule that finds what is not used.
	unused string
}

// key is where a key of Custodian's is here.
type key struct {
	field string
	kind  kind
	// absent is the value that stands for none.
	absent string
}

type kind int

const (
	text    kind = iota
	upper        // text in upper case that is in lower case here
	numeric      // a number
	flag         // a boolean
	list         // of text
	objects      // a list of what has parts
)

// metricRule says which rule finds what has little of a metric: at most the value, a day or on any of so many days.
type metricRule struct {
	rule   string
	most   float64 // what the rule finds had at most so much
	perDay bool    // of each day, so that a sum of days is that much more
	days   float64 // the rule looks at so many
}

func k(field string) key             { return key{field: field} }
func of(field string, of kind) key   { return key{field: field, kind: of} }
func without(field, none string) key { return key{field: field, absent: none} }

// idle is where a metric tells that something is not used at all.
func idle(rule string) metricRule { return metricRule{rule: rule, days: 14} }

var resources = map[string]resource{
	"ec2": {
		Type: "EC2_Instance", age: "LaunchTime", verbs: map[string]string{"stop": "stop", "start": "start", "terminate": "terminate", "reboot": "reboot"},
		keys: map[string]key{
			"InstanceId": k("id"), "State.Name": k("state"), "InstanceType": k("meta.instance_type"), "ImageId": k("meta.image_id"), "VpcId": k("meta.vpc_id"),
			"SubnetId": k("meta.subnet_id"), "PublicIpAddress": k("meta.public_ip"), "PrivateIpAddress": k("meta.private_ip"), "KeyName": k("meta.key_name"),
			"Placement.AvailabilityZone": k("meta.availability_zone"), "Placement.Tenancy": k("meta.tenancy"), "Architecture": k("meta.architecture"),
			"InstanceLifecycle": without("meta.lifecycle", "on-demand"), "RootDeviceType": k("meta.root_device_type"), "IamInstanceProfile.Arn": k("meta.iam_profile_arn"),
			"PlatformDetails": k("meta.platform"), "SecurityGroups[].GroupId": of("meta.security_groups", list),
		},
		rules: map[string]metricRule{"CPUUtilization": {"idle_instance", 5, false, 14}},
	},
	"ebs": {
		Type: "EBS_Volume", age: "CreateTime", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{
			"VolumeId": k("id"), "State": k("state"), "Size": of("meta.size_gb", numeric), "VolumeType": k("meta.volume_type"), "Iops": of("meta.iops", numeric),
			"Throughput": of("meta.throughput_mbps", numeric), "Encrypted": of("meta.encrypted", flag), "Attachments": of("meta.attached_to", objects),
			"AvailabilityZone": k("meta.availability_zone"), "SnapshotId": k("meta.snapshot_id"), "MultiAttachEnabled": of("meta.multi_attach", flag),
			"Attachments[].InstanceId": of("meta.attached_to", list),
		},
	},
	"ebs-snapshot": {
		Type: "EBS_Snapshot", age: "StartTime", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{
			"SnapshotId": k("id"), "State": k("state"), "VolumeSize": of("meta.size_gb", numeric), "VolumeId": k("meta.volume_id"), "Encrypted": of("meta.encrypted", flag),
			"Description": k("meta.description"), "StorageTier": k("meta.storage_tier"),
		},
	},
	"ami": {
		Type: "AMI", age: "CreationDate", verbs: map[string]string{"deregister": "delete"}, unused: "unused_image",
		keys: map[string]key{"ImageId": k("id"), "Name": k("name"), "State": k("state"), "Public": of("meta.public", flag), "Architecture": k("meta.architecture"), "RootDeviceType": k("meta.root_device_type")},
	},
	"elastic-ip":   elasticIP,
	"network-addr": elasticIP,
	"rds": {
		Type: "RDS_Instance", age: "InstanceCreateTime", verbs: map[string]string{"stop": "stop", "start": "start", "delete": "delete", "reboot": "reboot"},
		keys: map[string]key{
			"DBInstanceIdentifier": k("id"), "DBInstanceStatus": k("state"), "Engine": k("meta.engine"), "EngineVersion": k("meta.engine_version"), "DBInstanceClass": k("meta.instance_class"),
			"AllocatedStorage": of("meta.allocated_storage_gb", numeric), "MultiAZ": of("meta.multi_az", flag), "PubliclyAccessible": of("meta.publicly_accessible", flag),
			"StorageEncrypted": of("meta.encrypted", flag), "StorageType": k("meta.storage_type"), "BackupRetentionPeriod": of("meta.backup_retention_days", numeric),
			"DeletionProtection": of("meta.deletion_protection", flag), "DBClusterIdentifier": k("meta.cluster_id"), "AvailabilityZone": k("meta.availability_zone"),
		},
		rules: map[string]metricRule{"DatabaseConnections": idle("idle_database")},
	},
	"rds-snapshot": {
		Type: "RDS_Snapshot", age: "SnapshotCreateTime",
		keys: map[string]key{"DBInstanceIdentifier": k("meta.instance_id"), "Engine": k("meta.engine"), "AllocatedStorage": of("meta.allocated_storage_gb", numeric), "Encrypted": of("meta.encrypted", flag), "Status": k("state")},
		only: "meta.snapshot_of:instance",
	},
	"rds-cluster": {
		Type: "RDS_Cluster", age: "ClusterCreateTime", verbs: map[string]string{"stop": "stop", "start": "start", "delete": "delete"},
		keys: map[string]key{"DBClusterIdentifier": k("id"), "Status": k("state"), "Engine": k("meta.engine"), "EngineVersion": k("meta.engine_version")},
	},
	"s3": {
		Type: "S3_Bucket", age: "CreationDate", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"Name": k("id")},
	},
	"lambda": {
		Type: "Lambda_Function", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{
			"FunctionName": k("name"), "Runtime": k("meta.runtime"), "MemorySize": of("meta.memory_mb", numeric), "Timeout": of("meta.timeout_sec", numeric), "Handler": k("meta.handler"),
			"CodeSize": of("meta.code_size_bytes", numeric), "PackageType": k("meta.package_type"), "Architectures": of("meta.architectures", list), "VpcConfig.VpcId": k("meta.vpc_id"), "Role": k("meta.role_arn"),
		},
	},
	"log-group": {
		Type: "CloudWatch_LogGroup", age: "creationTime", verbs: map[string]string{"delete": "delete", "retention": "set_retention"},
		keys: map[string]key{"logGroupName": k("id"), "retentionInDays": {"meta.retention_days", numeric, "Never expire"}, "storedBytes": of("meta.stored_bytes", numeric), "logGroupClass": k("meta.class")},
	},
	"asg": {
		Type: "AutoScaling_Group", age: "CreatedTime", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{"AutoScalingGroupName": k("name"), "MinSize": of("meta.min_size", numeric), "MaxSize": of("meta.max_size", numeric), "DesiredCapacity": of("meta.desired_capacity", numeric), "Instances": of("meta.instance_ids", objects), "TargetGroupARNs": of("meta.target_group_arns", list)},
	},
	"elb": {
		Type: "Load_Balancer", only: "meta.type:classic", age: "CreatedTime", verbs: map[string]string{"delete": "delete"},
		keys:  map[string]key{"LoadBalancerName": k("name"), "Scheme": k("meta.scheme"), "DNSName": k("meta.dns_name"), "VPCId": k("meta.vpc_id"), "Instances": of("meta.instances", objects)},
		rules: map[string]metricRule{"RequestCount": {"idle_load_balancer", 100, true, 14}},
	},
	"app-elb": {
		Type: "Load_Balancer", only: "-meta.type:classic", age: "CreatedTime", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{
			"LoadBalancerName": k("name"), "LoadBalancerArn": k("id"), "Scheme": k("meta.scheme"), "Type": k("meta.type"), "DNSName": k("meta.dns_name"), "VpcId": k("meta.vpc_id"), "State.Code": k("state"),
		},
		rules: map[string]metricRule{"RequestCount": {"idle_load_balancer", 100, true, 14}},
	},
	"nat-gateway": {
		Type: "NAT_Gateway", age: "CreateTime", verbs: map[string]string{"delete": "delete"},
		keys:  map[string]key{"NatGatewayId": k("id"), "State": k("state"), "VpcId": k("meta.vpc_id"), "SubnetId": k("meta.subnet_id"), "ConnectivityType": k("meta.connectivity_type")},
		rules: map[string]metricRule{"BytesOutToDestination": idle("idle_nat_gateway")},
	},
	"ecs": {Type: "ECS_Cluster", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"clusterName": k("name"), "status": of("state", upper), "activeServicesCount": of("meta.active_services", numeric), "runningTasksCount": of("meta.running_tasks", numeric)}},
	"ecs-service": {
		Type: "ECS_Service", age: "createdAt", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{"serviceName": k("name"), "status": of("state", upper), "launchType": k("meta.launch_type"), "desiredCount": of("meta.desired_count", numeric), "runningCount": of("meta.running_count", numeric)},
	},
	"dynamodb-table": {
		Type: "DynamoDB_Table", age: "CreationDateTime", verbs: map[string]string{"delete": "delete"},
		keys: map[string]key{"TableName": k("name"), "TableStatus": of("state", upper), "TableSizeBytes": of("meta.size_bytes", numeric), "ItemCount": of("meta.item_count", numeric)},
	},
	"iam-user":       {Type: "IAM_User", age: "CreateDate", keys: map[string]key{"UserName": k("name"), "UserId": k("id"), "Arn": k("arn"), "Path": k("meta.path")}},
	"iam-role":       {Type: "IAM_Role", age: "CreateDate", keys: map[string]key{"RoleName": k("name"), "RoleId": k("id"), "Arn": k("arn"), "Path": k("meta.path")}},
	"security-group": {Type: "Security_Group", keys: map[string]key{"GroupId": k("id"), "GroupName": k("name"), "VpcId": k("meta.vpc_id"), "Description": k("meta.description")}},
	"secrets-manager": {
		Type: "Secret", age: "CreatedDate", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"Name": k("name"), "RotationEnabled": of("meta.rotation_enabled", flag)},
	},
	"sqs":           {Type: "SQS_Queue", age: "CreatedTimestamp", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"QueueArn": k("arn")}},
	"sns":           {Type: "SNS_Topic", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"TopicArn": k("arn")}},
	"efs":           {Type: "EFS_FileSystem", age: "CreationTime", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"FileSystemId": k("id"), "LifeCycleState": k("state"), "ThroughputMode": k("meta.throughput_mode")}},
	"cache-cluster": {Type: "ElastiCache_Cluster", age: "CacheClusterCreateTime", verbs: map[string]string{"delete": "delete"}, keys: map[string]key{"CacheClusterId": k("id"), "CacheClusterStatus": k("state"), "Engine": k("meta.engine"), "CacheNodeType": k("meta.node_type"), "EngineVersion": k("meta.engine_version")}},
	"redshift":      {Type: "Redshift_Cluster", age: "ClusterCreateTime", verbs: map[string]string{"delete": "delete", "pause": "pause", "resume": "resume"}, keys: map[string]key{"ClusterIdentifier": k("id"), "ClusterStatus": k("state"), "NodeType": k("meta.node_type"), "NumberOfNodes": of("meta.node_count", numeric)}, rules: map[string]metricRule{"DatabaseConnections": idle("idle_warehouse")}},
}

var elasticIP = resource{
	Type: "Elastic_IP", verbs: map[string]string{"release": "delete"},
	keys: map[string]key{
		"AllocationId": k("id"), "PublicIp": k("meta.public_ip"), "AssociationId": k("meta.association_id"), "InstanceId": k("meta.associated_instance"),
		"NetworkInterfaceId": k("meta.associated_eni"), "Domain": k("meta.domain"),
	},
}
