package scanners

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "rewrite golden files")

// contractKeys is the metadata that clients of the API count on.
var contractKeys = map[tracker.Type][]string{
	"ACM_Certificate":              {"in_use", "in_use_by", "expires", "key_algorithm", "type"},
	"AMI":                          {"snapshot_ids", "size_gb", "public", "last_launched"},
	"API_Gateway_HTTP":             {"protocol", "endpoint"},
	"API_Gateway_REST":             {"endpoint_types", "vpc_endpoint_ids"},
	"AutoScaling_Group":            {"min_size", "max_size", "desired_capacity", "instance_ids", "launch_template_id", "target_group_arns", "subnet_ids"},
	"Backup_Vault":                 {"recovery_point_count", "locked"},
	"CloudFormation_Stack":         {"last_updated", "parent_stack", "role_arn"},
	"CloudFront_Distribution":      {"enabled", "domain_name", "origins", "certificate_arn"},
	"CloudWatch_Alarm":             {"kind", "alarm_actions", "actions_enabled"},
	"CloudWatch_LogGroup":          {"stored_bytes", "retention_days"},
	"Cognito_UserPool":             {"users", "tier", "deletion_protection"},
	"Customer_Gateway":             {"ip_address", "bgp_asn", "type"},
	"DocumentDB_Cluster":           {"engine", "engine_version", "instance_ids"},
	"DocumentDB_Instance":          {"engine", "instance_class", "cluster_id"},
	"DynamoDB_Table":               {"billing_mode", "read_capacity_units", "write_capacity_units", "size_bytes", "item_count", "table_class"},
	"EBS_Snapshot":                 {"size_gb", "volume_id", "storage_tier", "encrypted"},
	"EBS_Volume":                   {"size_gb", "volume_type", "iops", "attached_to"},
	"EC2_CapacityReservation":      {"instance_type", "instances", "available_instances", "platform", "tenancy"},
	"EC2_DedicatedHost":            {"instance_type", "instance_family", "instance_ids"},
	"EC2_Instance":                 {"instance_type", "vpc_id", "subnet_id", "public_ip", "private_ip"},
	"EC2_KeyPair":                  {"key_name", "key_type"},
	"ECR_Repository":               {"image_count", "size_bytes", "last_pushed", "last_pulled"},
	"ECS_Cluster":                  {"active_services", "running_tasks"},
	"ECS_Service":                  {"cluster", "launch_type", "desired_count", "running_count", "task_definition", "target_group_arns"},
	"EFS_FileSystem":               {"size_bytes", "throughput_mode"},
	"EKS_Cluster":                  {"version", "support_type", "vpc_id", "subnet_ids", "role_arn"},
	"EKS_Nodegroup":                {"cluster", "instance_types", "capacity_type", "min_size", "max_size", "desired_size", "autoscaling_groups"},
	"EMR_Cluster":                  {"release", "instance_groups"},
	"ElastiCache_Cluster":          {"engine", "node_type", "node_count", "replication_group_id"},
	"ElastiCache_ReplicationGroup": {"engine", "node_type", "node_count", "cluster_ids"},
	"ElastiCache_Serverless":       {"engine", "max_storage_gb", "max_ecpu_per_sec"},
	"Elastic_IP":                   {"public_ip", "associated_instance", "associated_eni"},
	"EventBridge_Bus":              {"default", "last_modified"},
	"EventBridge_Rule":             {"event_bus", "schedule", "managed_by", "role_arn"},
	"FSx_FileSystem":               {"type", "storage_gb", "storage_type", "throughput_mbps"},
	"Firehose_Stream":              {"type", "source_arn", "destinations"},
	"Glue_Job":                     {"worker_type", "worker_count", "max_dpus"},
	"IAM_AccessKey":                {"user", "ever_used", "last_used"},
	"IAM_Group":                    {"members", "attached_policies"},
	"IAM_Policy":                   {"attached_count", "default_version"},
	"IAM_Role":                     {"arn"},
	"IAM_User":                     {"arn"},
	"Internet_Gateway":             {"vpc_ids"},
	"KMS_Key":                      {"aliases", "key_spec", "key_usage", "deletion"},
	"Kinesis_Stream":               {"mode", "shard_count", "retention_hours"},
	"Lambda_Function":              {"runtime", "handler", "memory_mb", "timeout_sec", "code_size_bytes"},
	"Lambda_Layer":                 {"latest_version", "runtimes"},
	"Launch_Template":              {"default_version", "latest_version"},
	"Lightsail_Database":           {"bundle_id", "engine", "disk_gb"},
	"Lightsail_Instance":           {"bundle_id", "public_ip"},
	"Load_Balancer":                {"type", "scheme", "dns_name", "vpc_id"},
	"MSK_Cluster":                  {"type", "instance_type", "broker_count", "storage_gb_per_broker"},
	"MemoryDB_Cluster":             {"node_type", "node_count", "shard_count"},
	"NAT_Gateway":                  {"subnet_id", "allocation_id", "public_ip"},
	"Neptune_Cluster":              {"engine", "engine_version", "instance_ids"},
	"Neptune_Instance":             {"engine", "instance_class", "cluster_id"},
	"Network_ACL":                  {"vpc_id", "default", "subnet_ids"},
	"Network_Interface":            {"public_ip", "public_ips", "requester_id", "instance_id", "attachment_id", "vpc_id", "subnet_id", "security_group_ids"},
	"OpenSearch_Domain":            {"engine_version", "instance_type", "instance_count", "volume_gb_per_node"},
	"Other":                        {"service", "kind"},
	"RDS_Cluster":                  {"engine", "instance_ids", "instance_class", "allocated_storage_gb"},
	"RDS_Instance":                 {"engine", "instance_class", "allocated_storage_gb", "multi_az"},
	"RDS_Snapshot":                 {"snapshot_of", "engine", "allocated_storage_gb"},
	"Redshift_Cluster":             {"node_type", "node_count"},
	"Reserved_Instance":            {"instance_type", "count", "offering_class", "payment_option", "end"},
	"Route53_Zone":                 {"record_count", "private"},
	"Route_Table":                  {"vpc_id", "main", "subnet_ids", "routes"},
	"S3_Bucket":                    {"size_bytes", "size_gb"},
	"SNS_Topic":                    {"subscriptions", "fifo", "kms_key_id"},
	"SQS_Queue":                    {"messages", "fifo", "redrive_policy", "kms_key_id"},
	"SSM_Parameter":                {"tier", "type", "last_modified"},
	"SageMaker_Endpoint":           {"variants"},
	"SageMaker_Notebook":           {"instance_type", "volume_gb"},
	"Savings_Plan":                 {"type", "hourly_commitment", "payment_option", "end"},
	"Secret":                       {"last_accessed", "rotation_enabled", "kms_key_id"},
	"Security_Group":               {"vpc_id", "open_to_all", "referring_to"},
	"Spot_Request":                 {"instance_id", "instance_type", "max_price"},
	"Step_Function":                {"type"},
	"Subnet":                       {"vpc_id", "available_ip_count"},
	"Target_Group":                 {"load_balancer_arns", "target_type", "port", "vpc_id"},
	"Transit_Gateway":              {"amazon_side_asn"},
	"Transit_Gateway_Attachment":   {"transit_gateway_id", "resource_type", "resource_id"},
	"VPC":                          {"cidr_block", "is_default"},
	"VPC_Endpoint":                 {"type", "service_name", "vpc_id", "subnet_ids"},
	"VPC_PeeringConnection":        {"requester_vpc_id", "accepter_vpc_id"},
	"VPN_Connection":               {"vpn_gateway_id", "transit_gateway_id", "customer_gateway_id"},
	"VPN_Gateway":                  {"vpc_ids", "type"},
	"WorkSpace":                    {"compute_type", "running_mode", "last_connection"},
}

// TestCatalog holds every Scanner to the same promises, on recorded answers.
func TestCatalog(t *testing.T) {
	byType := func(a, b Scanner) int { return cmp.Compare(a.Type, b.Type) }
	if !slices.IsSortedFunc(Catalog, byType) {
		t.Error("Catalog is not sorted by type")
	}
	types := make([]tracker.Type, len(Catalog))
	for i, s := range Catalog {
		types[i] = s.Type
	}
	if diff := gocmp.Diff(slices.Sorted(maps.Keys(contractKeys)), types); diff != "" {
		t.Errorf("types of the contract and of the Catalog (-want +got):\n%s", diff)
	}

	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
			recorded := readFixtures(t, dir)
			got := []tracker.Resource{}
			err := s.Run(t.Context(), target(answers(recorded.answer)), func(rs ...tracker.Resource) error {
				got = append(got, rs...)
				return nil
			})
			for _, p := range recorded.problems {
				t.Error(p)
			}
			if err != nil {
				t.Fatal(err)
			}
			// What is asked concurrently comes in any order.
			slices.SortFunc(got, func(a, b tracker.Resource) int { return cmp.Compare(a.Key(), b.Key()) })
			golden(t, filepath.Join(dir, "want.json"), got)
			wellFormed(t, got)
			for _, r := range got {
				// What Other lists is what nothing else does.
				patterns, want := s.ARNs, true
				if s.Type == other.Type {
					patterns, want = listed(nil), false
				}
				if covered(patterns, r.ARN) != want {
					t.Errorf("%s is covered by %q: %v, want %v", r.ARN, patterns, !want, want)
				}
			}

			for _, p := range recorded.unused() {
				t.Errorf("%s was not asked for", p)
			}
			for _, op := range recorded.unpaged() {
				t.Errorf("%s was not asked for a second page", op)
			}
			if diff := gocmp.Diff(slices.Sorted(maps.Keys(recorded.actions)), s.Permissions); diff != "" {
				t.Errorf("actions called and permissions declared (-called +declared):\n%s", diff)
			}
		})
	}
}

// wellFormed holds resources to what is promised of all of them.
func wellFormed(t *testing.T, rs []tracker.Resource) {
	t.Helper()
	keys, arns := map[string]bool{}, map[string]bool{}
	for _, r := range rs {
		if r.ID == "" || r.AccountID == "" || r.Region == "" || r.State == "" || r.Tags == nil {
			t.Errorf("%s lacks a field that is never empty: %+v", r.Key(), r)
		}
		if !strings.HasPrefix(r.ARN, "arn:aws:") {
			t.Errorf("%s has ARN %q", r.Key(), r.ARN)
		}
		if keys[r.Key()] || arns[r.ARN] {
			t.Errorf("%s, %s is there twice", r.Key(), r.ARN)
		}
		keys[r.Key()], arns[r.ARN] = true, true
		if r.Created != nil && r.Created.Location() != time.UTC {
			t.Errorf("%s was created at %v, not in UTC", r.Key(), r.Created)
		}
		for _, k := range contractKeys[r.Type] {
			if _, ok := r.Metadata[k]; !ok {
				t.Errorf("%s lacks metadata %s", r.Key(), k)
			}
		}
		for k, v := range r.Metadata {
			if !plain(v) {
				t.Errorf("%s has metadata %s of type %T", r.Key(), k, v)
			}
		}
	}
}

// plain reports whether v is of a type that metadata is made of.
func plain(v any) bool {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, map[string]int64:
		return true
	case []string:
		return v != nil
	case map[string]any:
		for _, item := range v {
			if !plain(item) {
				return false
			}
		}
		return true
	case []map[string]any:
		for _, item := range v {
			if !plain(item) {
				return false
			}
		}
		return v != nil
	default:
		return false
	}
}

func golden(t *testing.T, path string, got any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestFind(t *testing.T) {
	for _, info := range Types() {
		s, ok := Find(info.Type)
		if !ok || s.Type != info.Type {
			t.Errorf("Find(%q) = %q, %v", info.Type, s.Type, ok)
		}
		if info.Service == "" || len(info.Permissions) == 0 || info.Verbs == nil {
			t.Errorf("incomplete: %+v", info)
		}
		if want := map[bool]string{true: "global", false: "regional"}[s.Global]; info.Scope != want {
			t.Errorf("scope of %s is %s", info.Type, info.Scope)
		}
	}
	if _, ok := Find("EC2_instance"); ok {
		t.Error("Find ignores case")
	}
}

func TestARN(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1":      "arn:aws:ec2:eu-west-1:111122223333:volume/v",
		"cn-north-1":     "arn:aws-cn:ec2:cn-north-1:111122223333:volume/v",
		"us-gov-west-1":  "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:volume/v",
		"us-isob-east-1": "arn:aws-iso-b:ec2:us-isob-east-1:111122223333:volume/v",
		"us-iso-east-1":  "arn:aws-iso:ec2:us-iso-east-1:111122223333:volume/v",
	} {
		if got := target(nil).in(region).arn("ec2", "volume/v"); got != want {
			t.Errorf("ARN in %s is %s", region, got)
		}
	}
}
