package tracker

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// RuleCopy is the rule by which a copy is kept that waits for a disaster.
const RuleCopy = "copy"

// A Keep is a fact of a resource by which it is no waste, however unused it looks:
// a copy that waits for a disaster, or what a service keeps by a plan of its own. The
// rules of savings do not find such a resource, and the actions that would end it
// refuse to: both read it here.
type Keep struct {
	Rule  string // as the refusal is called
	Types []Type
	// Tags begin the keys of the tags that say so; without any, Key does.
	Tags []string
	// Key is the metadata that says so by having a value; Is is the only value that
	// does, and Elsewhere says that the value is a region other than the resource's own.
	Key       string
	Is        string
	Elsewhere bool

	Why string // with %s for the value of Key
	How string // what to do about it
	// Final says that AWS would refuse as well: nobody can lift it.
	Final bool
	// Person says that it may be waste all the same: it is found, and not counted.
	Person bool
}

// Keeps are every Keep, those of copies first.
var Keeps = []Keep{
	{Rule: "secret_replica", Types: []Type{"Secret"}, Key: "primary_region", Elsewhere: true, Final: true, Why: "it is a replica of the secret in %s", How: "act on the primary secret"},
	{Rule: RuleCopy, Types: []Type{"KMS_Key"}, Key: "primary_region", Elsewhere: true, Why: "it is a replica of the key in %s", How: "see that nothing is encrypted with it here"},
	{Rule: "has_replicas", Types: []Type{"DynamoDB_Table"}, Key: "replica_regions", Final: true, Why: "it is a global table with replicas in %s", How: "remove its replicas"},
	{Rule: RuleCopy, Types: []Type{"DocumentDB_Cluster", "Neptune_Cluster", "RDS_Cluster", "RDS_Instance"}, Key: "replica_source", Why: "it is a replica of %s", How: "see that nothing reads it or would fail over to it"},
	{Rule: "global_cluster", Types: []Type{"DocumentDB_Cluster", "Neptune_Cluster", "RDS_Cluster"}, Key: "global_cluster_id", Final: true, Why: "it belongs to the global cluster %s", How: "remove it from the global cluster"},
	{Rule: RuleCopy, Types: []Type{"AMI", "RDS_Snapshot"}, Key: "source_region", Elsewhere: true, Why: "it is a copy from %s", How: "see that another copy is left"},
	{Rule: RuleCopy, Types: []Type{"EBS_Snapshot"}, Key: "copied_from", Elsewhere: true, Why: "it is a copy from %s", How: "see that another copy is left"},
	{Rule: RuleCopy, Types: []Type{"EFS_FileSystem"}, Key: "overwrite_protection", Is: "REPLICATING", Why: "another file system is replicated to it", How: "delete the replication first"},
	{Rule: RuleCopy, Types: []Type{"ElastiCache_ReplicationGroup"}, Key: "global_datastore_id", Why: "it belongs to the global datastore %s", How: "remove it from the global datastore"},
	{Rule: RuleCopy, Types: []Type{"MemoryDB_Cluster"}, Key: "multi_region_cluster", Why: "it belongs to the multi-Region cluster %s", How: "act on the multi-Region cluster"},
	{Rule: RuleCopy, Types: []Type{"WorkSpace"}, Key: "primary_region", Elsewhere: true, Why: "it stands by for the WorkSpace in %s", How: "act on the primary WorkSpace"},
	// AWS Backup Developer Guide, editing a backup: its recovery points are tagged.
	{Rule: "aws_backup", Types: []Type{"AMI", "EBS_Snapshot", "RDS_Snapshot"}, Tags: []string{"aws:backup:"}, Final: true, Why: "AWS Backup keeps it", How: "delete the recovery point in AWS Backup"},
	// EBS User Guide, "Data Lifecycle Manager", system tags.
	{Rule: "lifecycle_manager", Types: []Type{"AMI", "EBS_Snapshot"}, Tags: []string{"aws:dlm:"}, Why: "Data Lifecycle Manager keeps it", How: "change its lifecycle policy"},
	// AWS Elastic Disaster Recovery User Guide, "Resources created by DRS".
	{Rule: "disaster_recovery", Types: []Type{"EBS_Snapshot", "EBS_Volume"}, Tags: []string{"AWSElasticDisasterRecoveryManaged"}, Why: "Elastic Disaster Recovery keeps it", How: "disconnect its source server"},
	// The tags of the EBS CSI driver (docs/tagging.md) and of Kubernetes' own volumes before it.
	{
		Rule: "kubernetes_claim", Types: []Type{"EBS_Snapshot", "EBS_Volume"}, Person: true,
		Tags: []string{"CSIVolumeName", "CSIVolumeSnapshotName", "ebs.csi.aws.com/", "kubernetes.io/cluster/", "kubernetes.io/created-for/"},
		Why:  "a claim of a Kubernetes cluster may hold it, and bind it again", How: "delete its claim in the cluster",
	},
}

// Of says why the fact holds for r; empty: it does not.
func (k Keep) Of(r Resource) string {
	if !slices.Contains(k.Types, r.Type) {
		return ""
	}
	if len(k.Tags) > 0 {
		for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
			if slices.ContainsFunc(k.Tags, func(begin string) bool { return strings.HasPrefix(key, begin) }) {
				return k.Why
			}
		}
		return ""
	}
	value := r.Metadata.Text(k.Key)
	if value == "" {
		value = strings.Join(r.Metadata.List(k.Key), ", ")
	}
	switch {
	case value == "", k.Is != "" && value != k.Is, k.Elsewhere && value == r.Region:
		return ""
	case !strings.Contains(k.Why, "%s"):
		return k.Why
	}
	return fmt.Sprintf(k.Why, value)
}

// KeepsOf returns what could keep resources of a type.
func KeepsOf(t Type) []Keep {
	var keeps []Keep
	for _, k := range Keeps {
		if slices.Contains(k.Types, t) {
			keeps = append(keeps, k)
		}
	}
	return keeps
}

// Kept returns why r is no waste, and the Keep that says so.
func Kept(r Resource) (k Keep, why string, ok bool) {
	for _, k := range Keeps {
		if why := k.Of(r); why != "" {
			return k, why, true
		}
	}
	return Keep{}, "", false
}
