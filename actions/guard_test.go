package actions

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// refusal is one look that is refused: on moto, or by answers of AWS's.
type refusal struct {
	action, rule string
	make         func(*world) (id string, clearedBy []tracker.Ref)
	wire         wire
	id           string // of wire; "x" without
	params       tracker.Metadata
	protect      []string
	clearedBy    []tracker.Ref // of wire
	final        bool          // it cannot be lifted by name
}

var refusals = []refusal{
	{action: "AMI delete", rule: ruleDeregistrationProtection, wire: wire{
		"DescribeImages": image("<deregistrationProtection>enabled-without-cooldown</deregistrationProtection>"), "DescribeLaunchTemplateVersions": empty,
	}},
	{action: "AMI delete", rule: "aws_backup", final: true, wire: wire{
		"DescribeImages": image(backupTag), "DescribeLaunchTemplateVersions": empty,
	}},
	{action: "AMI delete", rule: "lifecycle_manager", wire: wire{"DescribeImages": image(lifecycleTag), "DescribeLaunchTemplateVersions": empty}},
	{action: "AMI delete", rule: tracker.RuleCopy, wire: wire{
		"DescribeImages": image("<sourceImageRegion>us-east-1</sourceImageRegion>"), "DescribeLaunchTemplateVersions": empty,
	}},
	{action: "AMI delete", rule: "image_in_use", wire: wire{
		"DescribeImages":                 image(""),
		"DescribeLaunchTemplateVersions": "<R><launchTemplateVersionSet><item><launchTemplateId>lt-1</launchTemplateId><launchTemplateData><imageId>x</imageId></launchTemplateData></item></launchTemplateVersionSet></R>",
	}},
	{action: "AutoScaling_Group delete", rule: ruleDeletionProtection, wire: wire{
		"DescribeAutoScalingGroups": groupXML("<DeletionProtection>prevent-all-deletion</DeletionProtection>"),
	}},
	{action: "AutoScaling_Group delete", rule: ruleGroupNotEmpty, make: one(scaling(1))},
	{action: "AutoScaling_Group park", rule: "eks_nodegroup", final: true, wire: wire{
		"DescribeAutoScalingGroups": groupXML(sizesXML(1, 2, 3) + tagXML("eks:nodegroup-name", "workers")),
	}},
	{action: "AutoScaling_Group park", rule: ruleParkedTag, final: true, wire: wire{
		"DescribeAutoScalingGroups": groupXML(sizesXML(1, 2, 3) + tagXML(tagParked, "min_size=many")),
	}},
	{action: "AutoScaling_Group scale", rule: "sizes", final: true, make: one(scaling(1)), params: tracker.Metadata{sizeDesired: 1, sizeMin: 2}},
	{action: "AutoScaling_Group unpark", rule: "eks_nodegroup", final: true, wire: wire{
		"DescribeAutoScalingGroups": groupXML(sizesXML(0, 0, 0) + tagXML("eks:nodegroup-name", "workers")),
	}},
	{action: "AutoScaling_Group unpark", rule: ruleParkedTag, final: true, wire: wire{
		"DescribeAutoScalingGroups": groupXML(sizesXML(0, 0, 0) + tagXML(tagParked, "-1")),
	}},
	{action: "AutoScaling_Group unpark", rule: ruleNotParked, final: true, wire: wire{
		"DescribeAutoScalingGroups": groupXML(sizesXML(0, 0, 0)),
	}},
	{action: "CloudWatch_LogGroup delete", rule: ruleDeletionProtection, wire: wire{
		"DescribeLogGroups": `{"logGroups":[{"logGroupName":"x","arn":"arn:aws:logs:eu-west-1:123456789012:log-group:x:*","deletionProtectionEnabled":true}]}`,
		"GetResources":      `{"ResourceTagMappingList":[]}`, "ListTagsForResource": `{"tags":{}}`,
	}},
	{action: "DynamoDB_Table delete", rule: ruleDeletionProtection, make: one(func(w *world) thing {
		return w.table(func(in *dynamodb.CreateTableInput) { in.DeletionProtectionEnabled = yesp })
	})},
	{action: "DynamoDB_Table delete", rule: "has_replicas", final: true, wire: wire{
		"DescribeTable":      `{"Table":{"TableName":"x","TableStatus":"ACTIVE","Replicas":[{"RegionName":"eu-north-1"}]}}`,
		"ListTagsOfResource": `{"Tags":[]}`,
	}},
	{action: "DynamoDB_Table restore", rule: "backup_not_ready", final: true, params: tracker.Metadata{"backup_arn": "b"}, wire: wire{
		"DescribeTable": "ResourceNotFoundException", "DescribeBackup": "BackupNotFoundException",
	}},
	{action: "DynamoDB_Table restore", rule: "backup_not_ready", final: true, params: tracker.Metadata{"backup_arn": "b"}, wire: wire{
		"DescribeTable":  "ResourceNotFoundException",
		"DescribeBackup": `{"BackupDescription":{"BackupDetails":{"BackupStatus":"CREATING"}}}`,
	}},
	{action: "EBS_Snapshot delete", rule: "snapshot_of_ami", final: true, clearedBy: refs("AMI", []string{"x"}), wire: wire{
		"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>x</snapshotId><status>completed</status></item></snapshotSet></R>",
		"DescribeImages":    image("<blockDeviceMapping><item><ebs><snapshotId>x</snapshotId></ebs></item></blockDeviceMapping>"),
	}},
	{action: "EBS_Snapshot delete", rule: "aws_backup", final: true, wire: wire{
		"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>x</snapshotId><status>completed</status>" + backupTag + "</item></snapshotSet></R>",
		"DescribeImages":    empty,
	}},
	{action: "EBS_Snapshot delete", rule: "lifecycle_manager", wire: snapshotWire(lifecycleTag)},
	{action: "EBS_Snapshot delete", rule: "disaster_recovery", wire: snapshotWire(recoveryTag)},
	{action: "EBS_Snapshot delete", rule: "kubernetes_claim", wire: snapshotWire(claimTag)},
	{action: "EBS_Snapshot delete", rule: tracker.RuleCopy, wire: snapshotWire("<volumeId>vol-ffffffff</volumeId><description>[Copied snap-1 from us-east-1]</description>")},
	{action: "EBS_Volume delete", rule: "disaster_recovery", wire: volumeWire(recoveryTag)},
	{action: "EBS_Volume delete", rule: "kubernetes_claim", wire: volumeWire(claimTag)},
	{action: "EBS_Volume delete", rule: "volume_attached", final: true, make: attachedVolume},
	{action: "EBS_Volume delete", rule: ruleProtectTag, protect: []string{"guarded"}, make: func(w *world) (string, []tracker.Ref) {
		id, _ := attachedVolume(w)
		return id, nil
	}},
	{action: "EBS_Volume restore", rule: "snapshot_not_ready", final: true, params: tracker.Metadata{"snapshot_id": "snap-1", "availability_zone": "eu-west-1a"}, wire: wire{
		"DescribeVolumes": "InvalidVolume.NotFound", "DescribeSnapshots": "InvalidSnapshot.NotFound",
	}},
	{action: "EBS_Volume restore", rule: "snapshot_not_ready", final: true, params: tracker.Metadata{"snapshot_id": "snap-1", "availability_zone": "eu-west-1a"}, wire: wire{
		"DescribeVolumes":   "InvalidVolume.NotFound",
		"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>snap-1</snapshotId><status>pending</status></item></snapshotSet></R>",
	}},
	{action: "EBS_Volume to_gp2", rule: "volume_type", final: true, make: one(volume(types.VolumeTypeSt1))},
	{action: "EBS_Volume to_gp3", rule: "volume_type", final: true, make: one(volume(types.VolumeTypeSt1))},
	{action: "EBS_Volume to_gp2", rule: "modification_under_way", final: true, wire: modifyingVolume("gp3")},
	{action: "EBS_Volume to_gp3", rule: "modification_under_way", final: true, wire: modifyingVolume("gp2")},
	{action: "EBS_Volume to_gp3", rule: "volume_size", final: true, wire: modifyingVolume("gp2")},
	{action: "EC2_Instance stop", rule: ruleScalingGroup, make: scaledInstance},
	{action: "EC2_Instance stop", rule: ruleStopProtection, make: one(stopProtected)},
	{action: "EC2_Instance stop", rule: ruleSpot, final: true, wire: spot("one-time")},
	{action: "EC2_Instance stop", rule: "instance_store", final: true, wire: wire{
		"DescribeInstances":         instanceXML("<rootDeviceType>instance-store</rootDeviceType>"),
		"DescribeInstanceAttribute": empty, "DescribeInstanceTypes": empty,
	}},
	{action: "EC2_Instance terminate", rule: ruleScalingGroup, make: scaledInstance},
	{action: "EC2_Instance terminate", rule: ruleTerminationProtection, make: one(terminationProtected)},
	{action: "EC2_Instance terminate", rule: ruleSpot, wire: spot("persistent")},
	{action: "EC2_Instance terminate", rule: "protected_volume", protect: []string{"guarded"}, make: guardedVolume},
	{action: "ECS_Cluster delete", rule: "cluster_not_empty", final: true, make: func(w *world) (string, []tracker.Ref) {
		s := service(0)(w)
		cluster := s.id[:len(s.id)/2]
		return cluster, refs("ECS_Service", []string{s.id})
	}},
	{action: "ECS_Cluster delete", rule: "cluster_in_use", final: true, wire: wire{
		"DescribeClusters": `{"clusters":[{"clusterName":"x","clusterArn":"a","status":"ACTIVE","runningTasksCount":1}]}`,
		"ListServices":     `{"serviceArns":[]}`,
	}},
	{action: "ECS_Service delete", rule: ruleServiceRunning, make: one(service(1))},
	{action: "ECS_Service park", rule: "daemon_service", final: true, id: "c/x", wire: parkedWire(`"schedulingStrategy":"DAEMON","desiredCount":1`)},
	{action: "ECS_Service park", rule: ruleParkedTag, final: true, id: "c/x", wire: parkedWire(`"desiredCount":1,"tags":[{"key":"resource-tracker:parked","value":"all"}]`)},
	{action: "ECS_Service unpark", rule: "daemon_service", final: true, id: "c/x", wire: parkedWire(`"schedulingStrategy":"DAEMON"`)},
	{action: "ECS_Service unpark", rule: ruleParkedTag, final: true, id: "c/x", wire: parkedWire(`"tags":[{"key":"resource-tracker:parked","value":"all"}]`)},
	{action: "ECS_Service unpark", rule: ruleNotParked, final: true, id: "c/x", wire: parkedWire(`"desiredCount":0`)},
	{action: "ECS_Service scale", rule: "daemon_service", final: true, params: tracker.Metadata{paramDesired: 1}, make: one(daemon)},
	{action: "EFS_FileSystem delete", rule: tracker.RuleCopy, wire: wire{
		"DescribeFileSystems": `{"FileSystems":[{"FileSystemId":"x","LifeCycleState":"available","FileSystemProtection":{"ReplicationOverwriteProtection":"REPLICATING"}}]}`,
	}},
	{action: "EKS_Nodegroup park", rule: ruleParkedTag, final: true, id: "c/x", wire: nodesWire("ACTIVE", 1, 1, "some")},
	{action: "EKS_Nodegroup unpark", rule: ruleParkedTag, final: true, id: "c/x", wire: nodesWire("ACTIVE", 0, 0, "some")},
	{action: "EKS_Nodegroup unpark", rule: ruleNotParked, final: true, id: "c/x", wire: nodesWire("ACTIVE", 0, 0, "")},
	{action: "EFS_FileSystem delete", rule: ruleMountTargets, make: one((*world).mounted)},
	{action: "ElastiCache_Cluster delete", rule: "replication_group", final: true, wire: cacheWire("<CacheClusterStatus>available</CacheClusterStatus><ReplicationGroupId>g</ReplicationGroupId>")},
	{action: "ElastiCache_Cluster delete", rule: "final_snapshot_impossible", final: true, wire: cacheWire("<CacheClusterStatus>create-failed</CacheClusterStatus>")},
	{action: "Elastic_IP delete", rule: "address_associated", final: true, make: func(w *world) (string, []tracker.Ref) {
		id, instance := instanceAddress(w)
		return id, refs("EC2_Instance", []string{instance})
	}},
	{action: "Elastic_IP delete", rule: "address_associated", final: true, make: func(w *world) (string, []tracker.Ref) {
		n := w.gateway()
		r := try[tracker.Resource](w)(natGateway.look(w.Context(), Target{Config: w.cfg}, n.id))
		return r.Metadata.List("allocation_ids")[0], refs("NAT_Gateway", []string{n.id})
	}},
	{action: "Elastic_IP delete", rule: ruleProtectTag, protect: []string{"guarded"}, make: func(w *world) (string, []tracker.Ref) {
		id, _ := instanceAddress(w)
		return id, nil
	}},
	{action: "Elastic_IP delete", rule: "service_managed", final: true, id: "eipalloc-1", wire: wire{
		"DescribeAddresses": "<R><addressesSet><item><allocationId>eipalloc-1</allocationId><serviceManaged>alb</serviceManaged></item></addressesSet></R>",
	}},
	{action: "IAM_AccessKey deactivate", rule: ruleLastKey, make: one(key(1))},
	{action: "IAM_AccessKey deactivate", rule: "own_key", final: true, make: func(w *world) (string, []tracker.Ref) {
		k := key(2)(w)
		w.cfg.Credentials = credentials.NewStaticCredentialsProvider(k.id, "secret", "")
		return k.id, nil
	}},
	{action: "Load_Balancer delete", rule: ruleDeletionProtection, make: one((*world).protectedBalancer)},
	{action: "Load_Balancer delete", rule: "healthy_targets", make: one(busyBalancer)},
	{action: "Load_Balancer delete", rule: "healthy_targets", make: one(busyClassic)},
	{action: "NAT_Gateway delete", rule: "nat_in_route_table", make: one(routed)},
	{action: "RDS_Cluster delete", rule: "engine", final: true, wire: clusterWire("<Engine>neptune</Engine>")},
	{action: "RDS_Cluster start", rule: "engine", final: true, wire: clusterWire("<Engine>docdb</Engine>", "stopped")},
	{action: "RDS_Cluster stop", rule: "engine", final: true, wire: clusterWire("<Engine>docdb</Engine>")},
	{action: "RDS_Cluster stop", rule: "engine_mode", final: true, wire: clusterWire("<EngineMode>serverless</EngineMode>")},
	{action: "RDS_Cluster stop", rule: "global_cluster", final: true, wire: clusterWire("<GlobalClusterIdentifier>g</GlobalClusterIdentifier>")},
	{action: "RDS_Cluster delete", rule: "global_cluster", final: true, wire: clusterWire("<GlobalClusterIdentifier>g</GlobalClusterIdentifier>")},
	{action: "RDS_Cluster delete", rule: tracker.RuleCopy, wire: clusterWire("<ReplicationSourceIdentifier>arn:aws:rds:us-east-1:123456789012:cluster:c</ReplicationSourceIdentifier>")},
	{action: "RDS_Cluster stop", rule: "has_read_replicas", final: true, wire: clusterWire(clusterReplica), clearedBy: refs("RDS_Cluster", []string{"c2"})},
	{action: "RDS_Cluster delete", rule: "has_read_replicas", final: true, wire: clusterWire(clusterReplica), clearedBy: refs("RDS_Cluster", []string{"c2"})},
	{action: "RDS_Cluster delete", rule: "final_snapshot_impossible", final: true, wire: clusterWire("", "failed")},
	{action: "RDS_Cluster delete", rule: ruleDeletionProtection, make: one(protectedCluster)},
	{action: "RDS_Cluster delete", rule: "cluster_not_empty", final: true, make: func(w *world) (string, []tracker.Ref) {
		cluster, member := memberOf(w)
		return cluster, refs("RDS_Instance", []string{member})
	}},
	{action: "RDS_Instance delete", rule: "engine", final: true, wire: databaseWire("<Engine>neptune</Engine>")},
	{action: "RDS_Instance reboot", rule: "engine", final: true, wire: databaseWire("<Engine>neptune</Engine>")},
	{action: "RDS_Instance start", rule: "engine", final: true, wire: databaseWire("<Engine>docdb</Engine>", "stopped")},
	{action: "RDS_Instance stop", rule: "engine", final: true, wire: databaseWire("<Engine>docdb</Engine>")},
	{action: "RDS_Instance start", rule: "aurora_member", final: true, wire: databaseWire("<DBClusterIdentifier>c</DBClusterIdentifier>", "stopped")},
	{action: "RDS_Instance stop", rule: "aurora_member", final: true, make: func(w *world) (string, []tracker.Ref) {
		_, member := memberOf(w)
		return member, nil
	}},
	{action: "RDS_Instance delete", rule: tracker.RuleCopy, make: func(w *world) (string, []tracker.Ref) {
		_, replica := replicated(w)
		return replica, nil
	}},
	{action: "RDS_Instance stop", rule: "read_replica", final: true, make: func(w *world) (string, []tracker.Ref) {
		_, replica := replicated(w)
		return replica, nil
	}},
	{action: "RDS_Instance stop", rule: "has_read_replicas", final: true, make: withReplica},
	{action: "RDS_Instance delete", rule: "has_read_replicas", make: withReplica},
	{action: "RDS_Instance stop", rule: "multi_az_sqlserver", final: true, wire: databaseWire("<Engine>sqlserver-se</Engine><MultiAZ>true</MultiAZ>")},
	{action: "RDS_Instance delete", rule: ruleDeletionProtection, make: one(protectedDatabase)},
	{action: "RDS_Instance delete", rule: "final_snapshot_impossible", final: true, wire: databaseWire("", "failed")},
	{action: "RDS_Instance restore", rule: "snapshot_not_ready", final: true, params: tracker.Metadata{"snapshot_id": "s"}, wire: wire{
		"DescribeDBInstances": "DBInstanceNotFound", "DescribeDBSnapshots": "DBSnapshotNotFound",
	}},
	{action: "RDS_Instance restore", rule: "snapshot_not_ready", final: true, params: tracker.Metadata{"snapshot_id": "s"}, wire: wire{
		"DescribeDBInstances": "DBInstanceNotFound",
		"DescribeDBSnapshots": "<R><DescribeDBSnapshotsResult><DBSnapshots><DBSnapshot><Status>creating</Status></DBSnapshot></DBSnapshots></DescribeDBSnapshotsResult></R>",
	}},
	{action: "Redshift_Cluster delete", rule: "final_snapshot_impossible", final: true, make: one((*world).pausedWarehouse)},
	{action: "S3_Bucket delete", rule: "bucket_policy_denies", final: true, make: one((*world).deniedBucket)},
	{action: "S3_Bucket delete", rule: "mfa_delete", final: true, params: tracker.Metadata{paramEmpty: true}, wire: bucketWire(wire{
		"GetBucketVersioning": "<R><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></R>",
	})},
	{action: "S3_Bucket delete", rule: "object_lock", final: true, params: tracker.Metadata{paramEmpty: true}, wire: bucketWire(wire{
		"GetObjectLockConfiguration": lockOn, "GetObjectRetention": "NoSuchObjectLockConfiguration", "GetObjectLegalHold": "<R><Status>ON</Status></R>",
	})},
	{action: "S3_Bucket delete", rule: "object_lock", final: true, params: tracker.Metadata{paramEmpty: true}, wire: bucketWire(wire{
		"GetObjectLockConfiguration": lockOn, "GetObjectRetention": "<R><Mode>GOVERNANCE</Mode><RetainUntilDate>2999-01-01T00:00:00Z</RetainUntilDate></R>",
	})},
	{action: "S3_Bucket delete", rule: "bucket_not_empty", final: true, make: one((*world).fullBucket)},
	{action: "SNS_Topic delete", rule: "has_subscriptions", wire: wire{
		"GetTopicAttributes":  "<R><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>2</value></entry></Attributes></GetTopicAttributesResult></R>",
		"ListTagsForResource": empty,
	}},
	{action: "SQS_Queue delete", rule: "queue_not_empty", make: one(filledQueue)},
	{action: "Secret delete", rule: "owning_service", final: true, wire: wire{"DescribeSecret": `{"ARN":"a","Name":"x","OwningService":"rds"}`}},
	{action: "Secret delete", rule: "secret_replica", final: true, wire: wire{"DescribeSecret": `{"ARN":"a","Name":"x","PrimaryRegion":"us-east-1"}`}},
	{action: "Secret delete", rule: "has_replicas", final: true, wire: wire{"DescribeSecret": `{"ARN":"a","Name":"x","ReplicationStatus":[{"Region":"eu-north-1"}]}`}},
	{action: "Target_Group delete", rule: "target_group_in_use", final: true, make: func(w *world) (string, []tracker.Ref) {
		b, g := w.balancer(), w.group()
		w.served(b, g)
		return g.id, refs("Load_Balancer", []string{b.id})
	}},
}

const (
	lifecycleTag   = "<tagSet><item><key>aws:dlm:lifecycle-policy-id</key><value>policy-1</value></item></tagSet>"
	recoveryTag    = "<tagSet><item><key>AWSElasticDisasterRecoveryManaged</key><value>drs.amazonaws.com</value></item></tagSet>"
	claimTag       = "<tagSet><item><key>kubernetes.io/created-for/pvc/name</key><value>data</value></item></tagSet>"
	backupTag      = "<tagSet><item><key>aws:backup:source-resource</key><value>v</value></item></tagSet>"
	clusterReplica = "<ReadReplicaIdentifiers><ReadReplicaIdentifier>c2</ReadReplicaIdentifier></ReadReplicaIdentifiers>"
)

const lockOn = "<R><ObjectLockEnabled>Enabled</ObjectLockEnabled></R>"

// bucketWire is a bucket x with one version, changed by some answers.
func bucketWire(changed wire) wire {
	w := wire{
		"ListBuckets":         "<R><Buckets><Bucket><Name>x</Name></Bucket></Buckets></R>",
		"GetBucketTagging":    "NoSuchTagSet",
		"GetBucketPolicy":     "NoSuchBucketPolicy",
		"GetBucketVersioning": "<R/>", "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
		"ListObjectVersions": "<R><Version><Key>k</Key><VersionId>1</VersionId></Version></R>", "ListMultipartUploads": "<R/>",
	}
	maps.Copy(w, changed)
	return w
}

func image(with string) string {
	return "<R><imagesSet><item><imageId>x</imageId><imageState>available</imageState>" + with + "</item></imagesSet></R>"
}

func snapshotWire(with string) wire {
	return wire{
		"DescribeSnapshots": "<R><snapshotSet><item><snapshotId>x</snapshotId><status>completed</status>" + with + "</item></snapshotSet></R>",
		"DescribeImages":    empty,
	}
}

func volumeWire(with string) wire {
	return wire{"DescribeVolumes": "<R><volumeSet><item><volumeId>x</volumeId><status>available</status>" + with + "</item></volumeSet></R>"}
}

func instanceXML(with string) string {
	return "<R><reservationSet><item><instancesSet><item><instanceId>x</instanceId><instanceState><name>running</name></instanceState>" +
		with + "</item></instancesSet></item></reservationSet></R>"
}

func spot(kind string) wire {
	return wire{
		"DescribeInstances":            instanceXML("<instanceLifecycle>spot</instanceLifecycle><spotInstanceRequestId>sir-1</spotInstanceRequestId>"),
		"DescribeInstanceAttribute":    empty,
		"DescribeInstanceTypes":        empty,
		"DescribeSpotInstanceRequests": "<R><spotInstanceRequestSet><item><spotInstanceRequestId>sir-1</spotInstanceRequestId><type>" + kind + "</type><state>active</state></item></spotInstanceRequestSet></R>",
	}
}

func modifyingVolume(kind string) wire {
	return wire{
		"DescribeVolumes": "<R><volumeSet><item><volumeId>x</volumeId><status>available</status><volumeType>" + kind + "</volumeType></item></volumeSet></R>",
		"DescribeVolumesModifications": `<R><volumeModificationSet>
			<item><volumeId>x</volumeId><modificationState>completed</modificationState><startTime>2026-01-01T00:00:00Z</startTime></item>
			<item><volumeId>x</volumeId><modificationState>optimizing</modificationState><startTime>2026-02-01T00:00:00Z</startTime></item>
			</volumeModificationSet></R>`,
	}
}

func sizesXML(least, desired, most int) string {
	return fmt.Sprintf("<MinSize>%d</MinSize><DesiredCapacity>%d</DesiredCapacity><MaxSize>%d</MaxSize>", least, desired, most)
}

func tagXML(key, value string) string {
	return "<Tags><member><Key>" + key + "</Key><Value>" + value + "</Value></member></Tags>"
}

// parkedWire is a service, which is the one named in the refusals of parking.
func parkedWire(with string) wire {
	return wire{
		"DescribeServices":        `{"services":[{"serviceName":"x","serviceArn":"a","status":"ACTIVE",` + with + `}],"failures":[]}`,
		"DescribeScalableTargets": `{"ScalableTargets":[]}`,
	}
}

func groupXML(with string) string {
	return "<R><DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>x</AutoScalingGroupName>" + with +
		"</member></AutoScalingGroups></DescribeAutoScalingGroupsResult></R>"
}

func cacheWire(with string) wire {
	return wire{
		"DescribeCacheClusters": "<R><DescribeCacheClustersResult><CacheClusters><CacheCluster><CacheClusterId>x</CacheClusterId>" + with +
			"</CacheCluster></CacheClusters></DescribeCacheClustersResult></R>",
		"ListTagsForResource": "<R><ListTagsForResourceResult></ListTagsForResourceResult></R>",
	}
}

func stateOr(available string, state []string) string { return append(state, available)[0] }

func clusterWire(with string, state ...string) wire {
	return wire{"DescribeDBClusters": "<R><DescribeDBClustersResult><DBClusters><DBCluster><DBClusterIdentifier>x</DBClusterIdentifier><Status>" +
		stateOr("available", state) + "</Status>" + with + "</DBCluster></DBClusters></DescribeDBClustersResult></R>"}
}

func databaseWire(with string, state ...string) wire {
	return wire{"DescribeDBInstances": "<R><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>x</DBInstanceIdentifier><DBInstanceStatus>" +
		stateOr("available", state) + "</DBInstanceStatus>" + with + "</DBInstance></DBInstances></DescribeDBInstancesResult></R>"}
}

// playRefusals shows every refusal, and that lifting its rule lets the item through.
func playRefusals(t *testing.T) {
	w := motoWorld(t)
	for i, r := range refusals {
		t.Run(fmt.Sprintf("%s %s %d", r.action, r.rule, i), func(t *testing.T) {
			w := &world{T: t, cfg: w.cfg}
			a, calls := named(t, r.action), newRecorder()
			id, clearedBy := r.id, r.clearedBy
			var target Target
			if r.make != nil {
				id, clearedBy = r.make(w)
				target = w.target(calls)
			} else {
				if id == "" {
					id = "x"
				}
				target = wireTarget(r.wire, calls)
			}
			target.ProtectTags = r.protect
			item := tracker.ActionItem{ResourceID: id, Type: a.Type, Region: target.Config.Region, Verb: a.Verb, Params: r.params}
			sight, err := a.Look(t.Context(), target, item)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(sight.Refusals, func(got tracker.Refusal) bool { return got.Rule == r.rule })
			if i < 0 {
				t.Fatalf("it is not refused: %+v", sight)
			}
			got := sight.Refusals[i]
			if got.Message == "" || got.Liftable == r.final {
				t.Errorf("refusal: %+v", got)
			}
			if diff := gocmp.Diff(clearedBy, got.ClearedBy, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("cleared by (-want +got):\n%s", diff)
			}
			// What is refused without asking AWS is refused of what a scan saw as well.
			asks := slices.ContainsFunc(a.allGuards(), func(g guard) bool { return g.rule == r.rule && len(g.permissions) > 0 })
			if !asks && r.rule != "own_key" && !slices.ContainsFunc(Refused(sight.Resource, item, r.protect), func(of tracker.Refusal) bool { return of.Rule == r.rule }) {
				t.Error("of what a scan saw it is not refused")
			}
			for _, ref := range clearedBy {
				if !slices.Contains(sight.After, ref) {
					t.Errorf("it does not come after %+v", ref)
				}
			}
			item.Lift = []string{r.rule}
			if err := a.refuse(item); (err != nil) != r.final {
				t.Errorf("lifting it: %v", err)
			}
			if !r.final {
				if sight, err = a.Look(t.Context(), target, item); err != nil {
					t.Fatal(err)
				}
				if slices.ContainsFunc(sight.Refusals, func(got tracker.Refusal) bool { return got.Rule == r.rule }) {
					t.Errorf("lifted, it is still refused: %+v", sight.Refusals)
				}
			}
			played[r.action] = append(played[r.action], calls.actions()...)
		})
	}
}

// AWS tells Protected from protected; whoever wrote either meant the same.
func TestProtecting(t *testing.T) {
	for _, row := range []struct {
		tags map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"protected": "yes"}, "protected"},
		{map[string]string{"Protected": ""}, "Protected"},
		{map[string]string{"DO-NOT-DELETE": "True"}, "DO-NOT-DELETE"},
		{map[string]string{"Protected": "False"}, ""},
		{map[string]string{"Protected": "no", "protected": "yes"}, "protected"},
		{map[string]string{"protected-by": "yes"}, ""},
	} {
		target := Target{ProtectTags: []string{"protected", "Do-Not-Delete"}}
		if got := target.protecting(row.tags); got != row.want {
			t.Errorf("%v is protected by %q, want %q", row.tags, got, row.want)
		}
	}
}

// An address is on the interface of its NAT gateway for a while after the gateway is
// gone. That is no reason to refuse it; any other interface is.
func TestAddressOfGatewayThatIsGone(t *testing.T) {
	for eni, waits := range map[string]bool{"eni-1": true, "eni-2": false} {
		target := wireTarget(wire{
			"DescribeAddresses": "<R><addressesSet><item><allocationId>eipalloc-1</allocationId><associationId>eipassoc-1</associationId>" +
				"<networkInterfaceId>" + eni + "</networkInterfaceId></item></addressesSet></R>",
			"DescribeNatGateways": "<R><natGatewaySet><item><natGatewayId>nat-1</natGatewayId><state>deleted</state><natGatewayAddressSet><item>" +
				"<allocationId>eipalloc-1</allocationId><networkInterfaceId>eni-1</networkInterfaceId></item></natGatewayAddressSet></item></natGatewaySet></R>",
		}, newRecorder())
		sight, err := elasticIPDelete.Look(t.Context(), target, tracker.ActionItem{ResourceID: "eipalloc-1", Type: "Elastic_IP", Verb: "delete"})
		if err != nil {
			t.Fatal(err)
		}
		_, watched := sight.Watched["state"]
		if (sight.Waits != "") != waits || (len(sight.Refusals) == 0) != waits || watched == waits {
			t.Errorf("on %s: %+v", eni, sight)
		}
	}
}

// A log group that its function writes anew is seen again.
func TestLogGroupIsConfirmedLate(t *testing.T) {
	if got := logGroupDelete.Info().Confirm; got < 30*time.Second {
		t.Errorf("it is looked at once more after %v", got)
	}
}
