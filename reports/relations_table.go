package reports

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Rule reads one relation: resources of Type name in their metadata at Path, or
// in the tag Tag, resources of Target.
type Rule struct {
	Type     tracker.Type // Any for every type
	Path     string       // members joined with dots; lists are stepped into
	Tag      string       // in place of Path
	Relation string
	Target   tracker.Type
}

// Any is the type of rules for every type.
const Any tracker.Type = tracker.Any

// Rules returns every rule.
func Rules() []Rule { return slices.Clone(rules) }

var rules = []Rule{
	{Type: Any, Path: "vpc_id", Relation: "in_vpc", Target: "VPC"},
	{Type: Any, Path: "subnet_id", Relation: "in_subnet", Target: "Subnet"},
	{Type: Any, Path: "subnet_ids", Relation: "in_subnet", Target: "Subnet"},
	{Type: Any, Path: "security_group_ids", Relation: "has_security_group", Target: "Security_Group"},
	{Type: Any, Path: "security_groups", Relation: "has_security_group", Target: "Security_Group"},
	{Type: Any, Path: "role_arn", Relation: "has_role", Target: "IAM_Role"},
	{Type: Any, Path: "kms_key_id", Relation: "encrypted_with", Target: "KMS_Key"},
	{Type: Any, Tag: "aws:cloudformation:stack-name", Relation: "part_of", Target: "CloudFormation_Stack"},

	{Type: "AMI", Path: "snapshot_ids", Relation: "stored_in", Target: "EBS_Snapshot"},
	{Type: "AMI", Path: "source_instance_id", Relation: "made_from", Target: "EC2_Instance"},
	{Type: "AutoScaling_Group", Path: "instance_ids", Relation: "runs", Target: "EC2_Instance"},
	{Type: "AutoScaling_Group", Path: "launch_template_id", Relation: "launches_from", Target: "Launch_Template"},
	{Type: "AutoScaling_Group", Path: "target_group_arns", Relation: "registers_in", Target: "Target_Group"},
	{Type: "CloudFormation_Stack", Path: "parent_stack", Relation: "part_of", Target: "CloudFormation_Stack"},
	{Type: "CloudFront_Distribution", Path: "certificate_arn", Relation: "uses", Target: "ACM_Certificate"},
	{Type: "CloudWatch_Alarm", Path: "dimensions.InstanceId", Relation: "watches", Target: "EC2_Instance"},
	{Type: "DocumentDB_Instance", Path: "cluster_id", Relation: "member_of", Target: "DocumentDB_Cluster"},
	{Type: "EBS_Snapshot", Path: "volume_id", Relation: "snapshot_of", Target: "EBS_Volume"},
	{Type: "EBS_Volume", Path: "attached_to", Relation: "attached_to", Target: "EC2_Instance"},
	{Type: "EBS_Volume", Path: "snapshot_id", Relation: "made_from", Target: "EBS_Snapshot"},
	{Type: "EC2_DedicatedHost", Path: "instance_ids", Relation: "runs", Target: "EC2_Instance"},
	{Type: "EC2_Instance", Path: "image_id", Relation: "made_from", Target: "AMI"},
	// Auto Scaling puts the tag on what it launches. Source: EC2 Auto Scaling User
	// Guide, "Tag Auto Scaling groups and instances".
	{Type: "EC2_Instance", Tag: "aws:autoscaling:groupName", Relation: "member_of", Target: "AutoScaling_Group"},
	{Type: "ECS_Service", Path: "cluster", Relation: "member_of", Target: "ECS_Cluster"},
	{Type: "ECS_Service", Path: "target_group_arns", Relation: "registers_in", Target: "Target_Group"},
	{Type: "EKS_Nodegroup", Path: "autoscaling_groups", Relation: "runs", Target: "AutoScaling_Group"},
	{Type: "EKS_Nodegroup", Path: "cluster", Relation: "member_of", Target: "EKS_Cluster"},
	{Type: "EKS_Nodegroup", Path: "launch_template_id", Relation: "launches_from", Target: "Launch_Template"},
	{Type: "ElastiCache_Cluster", Path: "replication_group_id", Relation: "member_of", Target: "ElastiCache_ReplicationGroup"},
	{Type: "Elastic_IP", Path: "associated_eni", Relation: "attached_to", Target: "Network_Interface"},
	{Type: "Elastic_IP", Path: "associated_instance", Relation: "attached_to", Target: "EC2_Instance"},
	{Type: "Firehose_Stream", Path: "source_arn", Relation: "reads_from", Target: "Kinesis_Stream"},
	{Type: "IAM_Group", Path: "attached_policies", Relation: "has_policy", Target: "IAM_Policy"},
	{Type: "IAM_Role", Path: "attached_policies", Relation: "has_policy", Target: "IAM_Policy"},
	{Type: "IAM_User", Path: "attached_policies", Relation: "has_policy", Target: "IAM_Policy"},
	{Type: "IAM_User", Path: "groups", Relation: "member_of", Target: "IAM_Group"},
	{Type: "Internet_Gateway", Path: "vpc_ids", Relation: "attached_to", Target: "VPC"},
	{Type: "Lambda_Function", Path: "log_group", Relation: "logs_to", Target: "CloudWatch_LogGroup"},
	{Type: "Load_Balancer", Path: "instances", Relation: "routes_to", Target: "EC2_Instance"},
	{Type: "Load_Balancer", Path: "target_groups.arn", Relation: "routes_to", Target: "Target_Group"},
	{Type: "NAT_Gateway", Path: "allocation_ids", Relation: "uses", Target: "Elastic_IP"},
	{Type: "NAT_Gateway", Path: "network_interface_id", Relation: "uses", Target: "Network_Interface"},
	{Type: "Neptune_Instance", Path: "cluster_id", Relation: "member_of", Target: "Neptune_Cluster"},
	{Type: "Network_Interface", Path: "instance_id", Relation: "attached_to", Target: "EC2_Instance"},
	{Type: "RDS_Instance", Path: "cluster_id", Relation: "member_of", Target: "RDS_Cluster"},
	{Type: "RDS_Instance", Path: "replica_source", Relation: "replica_of", Target: "RDS_Instance"},
	{Type: "RDS_Snapshot", Path: "cluster_id", Relation: "snapshot_of", Target: "RDS_Cluster"},
	{Type: "RDS_Snapshot", Path: "instance_id", Relation: "snapshot_of", Target: "RDS_Instance"},
	{Type: "Security_Group", Path: "referring_to", Relation: "allows", Target: "Security_Group"},
	{Type: "Spot_Request", Path: "instance_id", Relation: "runs", Target: "EC2_Instance"},
	{Type: "Transit_Gateway_Attachment", Path: "transit_gateway_id", Relation: "attached_to", Target: "Transit_Gateway"},
	{Type: "VPC_Endpoint", Path: "network_interface_ids", Relation: "uses", Target: "Network_Interface"},
	{Type: "VPN_Connection", Path: "customer_gateway_id", Relation: "uses", Target: "Customer_Gateway"},
	{Type: "VPN_Connection", Path: "transit_gateway_id", Relation: "attached_to", Target: "Transit_Gateway"},
	{Type: "VPN_Connection", Path: "vpn_gateway_id", Relation: "uses", Target: "VPN_Gateway"},
	{Type: "VPN_Gateway", Path: "vpc_ids", Relation: "attached_to", Target: "VPC"},
}
