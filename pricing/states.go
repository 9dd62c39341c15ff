package pricing

import (
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// bill is what AWS bills of a thing in a state.
type bill int8

const (
	unsure  bill = iota // AWS does not say
	full                // all of it
	storage             // storage alone; the rule of the type says so
	nothing
)

// billing is what AWS bills in the states of a type, with its words as the
// source. A state that is not here is one that AWS does not say it of.
type billing struct {
	source string
	states map[string]bill
}

// states reads lists of states, separated by commas.
func states(source, inFull, storageAlone, notAtAll, notKnown string) billing {
	b := billing{source, map[string]bill{}}
	for what, list := range map[bill]string{full: inFull, storage: storageAlone, nothing: notAtAll, unsure: notKnown} {
		for s := range strings.SplitSeq(list, ",") {
			if s != "" {
				b.states[s] = what
			}
		}
	}
	return b
}

// always is the billing of types whose scanner knows no other state.
func always(source string) billing { return states(source, "active", "", "", "") }

// bills has every type with a price.
var bills = map[tracker.Type]billing{
	"ClientVPN_Endpoint":  states("VPN pricing: for each active association of an endpoint with a subnet and hour", "available", "", "pending-associate,deleted", "pending,deleting"),
	"CloudWatch_Alarm":    states("CloudWatch pricing: an alarm is charged by the metrics that it watches", "ok,alarm,insufficient_data", "", "", ""),
	"CloudWatch_LogGroup": always("CloudWatch pricing: archived by the GB and month"),
	"DAX_Cluster": states("DynamoDB pricing: “from the time a node is launched until it is terminated”",
		"available,modifying", "", "", "creating,deleting"),
	"DocumentDB_Instance": member,
	"DynamoDB_Table": states("DynamoDB pricing: throughput is charged by the hour for which it is provisioned",
		"active,updating", "", "", "creating,deleting,inaccessible_encryption_credentials,archiving,archived,replication_not_authorized,unknown"),
	"EBS_Snapshot": states("EBS user guide: “Snapshots in the Recycle Bin are billed at the same rate as regular snapshots in your account.”",
		"completed,recoverable,recovering", "", "", "pending,error"),
	"EBS_Volume": states("EBS pricing: “charged by the amount of GB you provision per month until you release the storage”",
		"available,in-use", "", "deleted", "creating,deleting,error"),
	"EC2_CapacityReservation": states("EC2 user guide: charged when the reservation enters the active state",
		"active", "", "expired,cancelled,pending,failed,scheduled,payment-pending,payment-failed,assessing,delayed,unsupported,unavailable", "cancelling"),
	"EC2_DedicatedHost": states("EC2 user guide: billed while the host is allocated",
		"available", "", "released,released-permanent-failure", "pending,configuring,under-assessment,permanent-failure"),
	"EC2_Instance": states("EC2 user guide, instance lifecycle: the column “Instance usage billing”",
		"running", "", "pending,stopping,stopped,shutting-down,terminated", ""),
	"ECR_Repository": always("ECR pricing: by the GB and month"),
	"ECS_Service":    states("Fargate pricing: from the start of a task to its end", "active,draining", "", "inactive", ""),
	"EFS_FileSystem": states("EFS pricing: by the storage used in a month",
		"available,updating", "", "deleted", "creating,deleting,error"),
	"EKS_Cluster": states("EKS pricing: by the hour for each cluster; AWS does not say from which state on", "active,updating", "", "", "creating,pending,deleting,failed"),
	"EMR_Cluster": states("EMR pricing: by the second, from running to termination",
		"running,waiting", "", "terminated,terminated_with_errors", "starting,bootstrapping,terminating"),
	"ElastiCache_Cluster": states("ElastiCache pricing: from the launch of a node to its end",
		"available,modifying,rebooting cluster nodes,snapshotting", "", "deleted", "creating,deleting,incompatible-network,restore-failed"),
	"Elastic_IP": states("VPC pricing: public IPv4 addresses, in use or idle", "associated,unassociated", "", "", ""),
	"FSx_FileSystem": states("FSx pricing: by what is provisioned for the month",
		"available,updating,misconfigured", "", "", "creating,deleting,failed,misconfigured_unavailable"),
	"KMS_Key": states("KMS pricing: “not charged for … keys that are scheduled for deletion”",
		"enabled,disabled", "", "pendingdeletion", "creating,pendingimport,pendingreplicadeletion,unavailable,updating"),
	"Kinesis_Stream": states("Kinesis pricing: by the shard hour", "active,updating", "", "", "creating,deleting"),
	"Lightsail_Database": states("Lightsail pricing: until the database is deleted, stopped or not",
		"available,backing-up,configuring-log-exports,maintenance,modifying,rebooting,renaming,starting,stopped,stopping,upgrading", "", "", "creating,deleting,failed"),
	"Lightsail_Instance": states("Lightsail pricing: until the instance is deleted, running or stopped",
		"running,starting,stopping,stopped,rebooting", "", "terminated", "pending,shutting-down"),
	"Load_Balancer": states("ELB pricing: “for each hour or partial hour that an Application Load Balancer is running”",
		"active,active_impaired", "", "failed", "provisioning"),
	"MQ_Broker": states("MQ pricing: by the broker instance hour; AWS does not say it of states",
		"running,reboot_in_progress,critical_action_required,replica", "", "", "creation_in_progress,creation_failed,deletion_in_progress"),
	"MSK_Cluster": states("MSK pricing: for each hour of a broker",
		"active,healing,maintenance,rebooting_broker,updating", "", "", "creating,deleting,failed"),
	"MemoryDB_Cluster": states("MemoryDB pricing: by the node hour",
		"available,updating,modifying,snapshotting", "", "", "creating,deleting,create-failed"),
	"NAT_Gateway": states("VPC pricing: “for each NAT Gateway-hour that your gateway is provisioned and available”",
		"available", "", "pending,failed,deleted", "deleting"),
	"Neptune_Instance":  member,
	"Network_Interface": states("VPC pricing: public IPv4 addresses, in use or idle", "available,associated,attaching,in-use,detaching", "", "", "pending"),
	"OpenSearch_Domain": states("OpenSearch pricing: for each hour that an instance is in use",
		"active,modifying,upgradingengineversion,updatingservicesoftware", "", "", "creating,deleting,isolated"),
	"RDS_Cluster": states("Aurora user guide, DB cluster status: the column “Billed”",
		"available,backing-up,backtracking,failing-over,maintenance,migrating,modifying,promoting,renaming,resetting-master-credentials,storage-optimization,update-iam-db-auth,upgrading",
		"inaccessible-encryption-credentials-recoverable,starting,stopped,stopping",
		"cloning-failed,creating,deleting,inaccessible-encryption-credentials,migration-failed", ""),
	"RDS_Instance": states("RDS user guide, DB instance status: the column “Billed”",
		"available,backing-up,configuring-enhanced-monitoring,configuring-iam-database-auth,configuring-log-exports,converting-to-vpc,incompatible-option-group,incompatible-parameters,maintenance,modifying,moving-to-vpc,rebooting,renaming,resetting-master-credentials,restore-error,storage-config-upgrade,storage-full,storage-initialization,storage-optimization,upgrading",
		"inaccessible-encryption-credentials-recoverable,starting,stopped,stopping",
		"delete-precheck,deleting,failed,inaccessible-encryption-credentials,incompatible-create,incompatible-network,incompatible-restore,insufficient-capacity,upgrade_failed",
		// Billed when it is restored to a point in time, which its answer does not tell.
		"creating"),
	"RDS_Snapshot": states("RDS pricing: backup storage by the GB and month", "available", "", "", "creating,copying,deleting,failed"),
	"Redshift_Cluster": states("Redshift management guide: “While the cluster is paused, on-demand billing is suspended. Only the cluster's storage incurs charges.”",
		"available,cancelling-resize,final-snapshot,modifying,rebooting,renaming,resizing,rotating-keys,storage-full,updating-hsm",
		"paused", "", "creating,deleting,hardware-failure,incompatible-hsm,incompatible-network,incompatible-parameters,incompatible-restore,pausing,resuming"),
	"Route53_Zone":  always("Route 53 pricing: by the zone and month"),
	"S3_Bucket":     always("S3 pricing: by the GB and month"),
	"SSM_Parameter": always("Systems Manager pricing: by the parameter and hour"),
	"SageMaker_Endpoint": states("SageMaker pricing: for the hours that an endpoint's instances run",
		"inservice,updating,systemupdating,rollingback,updaterollbackfailed", "", "", "creating,outofservice,deleting,failed"),
	"Secret": states("Secrets Manager user guide: “There is no charge for secrets that are marked for deletion.”", "active", "", "pendingdeletion", ""),
	"Transfer_Server": states("Transfer Family pricing: “for each of the protocols enabled, from the time you create and configure your server endpoint, until the time you delete it”",
		"offline,online,starting,stopping,start_failed,stop_failed", "", "", ""),
	"Transit_Gateway_Attachment": states("Transit Gateway pricing: for each hour of an attachment",
		"available,modifying", "", "deleted,failed,rejected,rejecting,pendingAcceptance,initiatingRequest", "initiating,rollingBack,pending,deleting,failing"),
	"VPC_Endpoint": states("PrivateLink pricing: “for each hour that your VPC endpoint remains provisioned in each Availability Zone, irrespective of the state of its association with the service”",
		"available,pendingacceptance,partial", "", "deleted,failed", "pending,deleting,rejected,expired"),
	"VPN_Connection": states("VPN user guide: “for each VPN connection hour that your VPN connection is provisioned and available”",
		"available,modifying", "", "pending,deleted", "deleting"),
	"WorkSpace": states("WorkSpaces pricing: by the month, with hours of use where it stops by itself",
		"available,impaired,unhealthy,rebooting,starting,rebuilding,restoring,maintenance,admin_maintenance,updating,stopping,stopped", "", "terminated", "pending,suspended,terminating,error"),
}

// member is an instance of a DocumentDB or Neptune cluster. AWS bills instance
// hours; the storage is charged with the cluster.
var member = states("DocumentDB and Neptune pricing: by the instance hour",
	"available,backing-up,configuring-log-exports,maintenance,modifying,rebooting,renaming,resetting-master-credentials,upgrading",
	"", "stopped", "creating,deleting,failed,starting,stopping,inaccessible-encryption-credentials,incompatible-network")

// billed returns what is billed of r in its state.
func billed(r *tracker.Resource) (bill, string) {
	b, ok := bills[r.Type]
	if !ok {
		return full, "" // nothing of the type has a price
	}
	return b.states[r.State], b.source
}

// judge corrects the cost by what AWS bills in the state. What is free whatever the
// state remains so.
func (s *sheet) judge() {
	c, state := &s.cost, s.r.State
	switch {
	case c.Basis == tracker.CostFree:
	case s.billed == nothing:
		*c = tracker.Cost{
			Value: new(tracker.Money), Currency: currency, Basis: tracker.CostFree, Confidence: tracker.ConfidenceHigh,
			Reason: "not billed while " + state + " (" + s.billing + ")", Components: []tracker.CostComponent{},
		}
	case s.billed == unsure && c.Value != nil:
		*c = tracker.Cost{
			Currency: currency, Basis: tracker.CostUnknown, Confidence: tracker.ConfidenceNone,
			Reason: "what is billed while " + state + " is not known", Components: []tracker.CostComponent{},
		}
	}
}
