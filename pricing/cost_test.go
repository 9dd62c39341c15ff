package pricing_test

import (
	"encoding/json"
	"maps"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

type facts = tracker.Metadata

const (
	gib     = 1 << 30
	unknown = -1 // cents that are not known
)

func resource(t tracker.Type, state string, m facts) tracker.Resource {
	return tracker.Resource{ID: "x", Type: t, State: state, AccountID: "111122223333", Region: "us-east-1", Metadata: m}
}

func instance(kind string, more ...facts) tracker.Resource {
	m := facts{
		"instance_type": kind, "usage_operation": "RunInstances", "platform": "Linux/UNIX",
		"tenancy": "default", "lifecycle": "on-demand", "detailed_monitoring": false,
	}
	for _, f := range more {
		maps.Copy(m, f)
	}
	return resource("EC2_Instance", "running", m)
}

func stopped(r tracker.Resource) tracker.Resource {
	r.State = "stopped"
	return r
}

func in(region string, r tracker.Resource) tracker.Resource {
	r.Region = region
	return r
}

func volume(kind string, gb, iops, mbps any) tracker.Resource {
	return resource("EBS_Volume", "available", facts{"volume_type": kind, "size_gb": gb, "iops": iops, "throughput_mbps": mbps})
}

func database(class, engine string, two bool, disk string, gb, iops any) tracker.Resource {
	return resource("RDS_Instance", "available", facts{
		"instance_class": class, "engine": engine, "multi_az": two, "storage_type": disk, "allocated_storage_gb": gb, "iops": iops,
	})
}

func bucketOf(classes map[string]int64) tracker.Resource {
	return resource("S3_Bucket", "active", facts{"storage_classes": classes})
}

func balancer(kind string) tracker.Resource {
	return resource("Load_Balancer", "active", facts{"type": kind})
}

// checks are the costs of a month, by hand: price × quantity, where hours are
// 730.
var checks = []struct {
	name     string
	resource tracker.Resource
	dollars  float64
	basis    tracker.CostBasis
	reliance tracker.Confidence
}{
	{"t2.micro .0116 an hour", instance("t2.micro"), 8.468, "list", "high"},
	{"t2.medium .0464", instance("t2.medium"), 33.872, "list", "high"},
	{"t3.nano .0052", instance("t3.nano"), 3.796, "list", "high"},
	{"t3.micro .0104", instance("t3.micro"), 7.592, "list", "high"},
	{"t3.small .0208", instance("t3.small"), 15.184, "list", "high"},
	{"t3.medium .0416", instance("t3.medium"), 30.368, "list", "high"},
	{"t3.large .0832", instance("t3.large"), 60.736, "list", "high"},
	{"t3.xlarge .1664", instance("t3.xlarge"), 121.472, "list", "high"},
	{"t3.2xlarge .3328", instance("t3.2xlarge"), 242.944, "list", "high"},
	{"t3a.micro .0094", instance("t3a.micro"), 6.862, "list", "high"},
	{"t3a.medium .0376", instance("t3a.medium"), 27.448, "list", "high"},
	{"t4g.micro .0084", instance("t4g.micro"), 6.132, "list", "high"},
	{"t4g.small .0168", instance("t4g.small"), 12.264, "list", "high"},
	{"t4g.medium .0336", instance("t4g.medium"), 24.528, "list", "high"},
	{"m3.medium .067", instance("m3.medium"), 48.91, "list", "high"},
	{"m4.large .10", instance("m4.large"), 73, "list", "high"},
	{"m5.large .096", instance("m5.large"), 70.08, "list", "high"},
	{"m5.xlarge .192", instance("m5.xlarge"), 140.16, "list", "high"},
	{"m5.2xlarge .384", instance("m5.2xlarge"), 280.32, "list", "high"},
	{"m5a.large .086", instance("m5a.large"), 62.78, "list", "high"},
	{"m6i.large .096", instance("m6i.large"), 70.08, "list", "high"},
	{"m6g.large .077", instance("m6g.large"), 56.21, "list", "high"},
	{"m7i.large .1008", instance("m7i.large"), 73.584, "list", "high"},
	{"m7g.large .0816", instance("m7g.large"), 59.568, "list", "high"},
	{"m8g.large .08976", instance("m8g.large"), 65.5248, "list", "high"},
	{"c4.large .10", instance("c4.large"), 73, "list", "high"},
	{"c5.large .085", instance("c5.large"), 62.05, "list", "high"},
	{"c5.xlarge .17", instance("c5.xlarge"), 124.10, "list", "high"},
	{"c6i.large .085", instance("c6i.large"), 62.05, "list", "high"},
	{"c6g.large .068", instance("c6g.large"), 49.64, "list", "high"},
	{"c7g.large .0725", instance("c7g.large"), 52.925, "list", "high"},
	{"r4.large .133", instance("r4.large"), 97.09, "list", "high"},
	{"r5.large .126", instance("r5.large"), 91.98, "list", "high"},
	{"r5.xlarge .252", instance("r5.xlarge"), 183.96, "list", "high"},
	{"r6i.large .126", instance("r6i.large"), 91.98, "list", "high"},
	{"r6g.large .1008", instance("r6g.large"), 73.584, "list", "high"},
	{"r7g.large .1071", instance("r7g.large"), 78.183, "list", "high"},
	{"i3.large .156", instance("i3.large"), 113.88, "list", "high"},
	{"g4dn.xlarge .526", instance("g4dn.xlarge"), 383.98, "list", "high"},
	{"g5.xlarge 1.006", instance("g5.xlarge"), 734.38, "list", "high"},
	{"p3.2xlarge 3.06", instance("p3.2xlarge"), 2233.80, "list", "high"},
	{"p4d.24xlarge 21.957642", instance("p4d.24xlarge"), 16029.07866, "list", "high"},

	{"a stopped instance", stopped(instance("m5.large")), 0, "free", "high"},
	{"a state that AWS leaves out", resource("EC2_Instance", "unknown", facts{"instance_type": "m5.large"}), unknown, "unknown", "none"},
	{"Windows t3.medium .06", instance("t3.medium", facts{"usage_operation": "RunInstances:0002", "platform": "Windows"}), 43.80, "list", "high"},
	{"Windows m5.large .188", instance("m5.large", facts{"usage_operation": "RunInstances:0002"}), 137.24, "list", "high"},
	{"Windows that is not in the list is not Linux", instance("m8g.large", facts{"usage_operation": "RunInstances:0002"}), unknown, "unknown", "none"},
	{"Windows on a licence of one's own costs as Linux", instance("m5.large", facts{"usage_operation": "RunInstances:0800"}), 70.08, "list", "high"},
	{"SQL Server: Linux .096 and its fee with Windows .572", instance("m5.large", facts{"usage_operation": "RunInstances:0006"}), 487.64, "list", "high"},
	{"RHEL with SQL Server", instance("m5.large", facts{"usage_operation": "RunInstances:0014"}), unknown, "unknown", "none"},
	{"RHEL: Linux .096 and its fee .029", instance("m5.large", facts{"usage_operation": "RunInstances:0010"}), 91.25, "list", "high"},
	{"metal in shared tenancy 2.176, not dedicated", instance("c6g.metal"), 1588.48, "list", "high"},
	{"Windows by its platform alone", instance("m5.large", facts{"usage_operation": nil, "platform": "Windows"}), 137.24, "list", "high"},
	{"no word of the operating system", instance("m5.large", facts{"usage_operation": nil, "platform": nil}), unknown, "unknown", "none"},
	{"dedicated m3.medium .074", instance("m3.medium", facts{"tenancy": "dedicated"}), 54.02, "list", "high"},
	{"dedicated that is not in the list is not shared", instance("m5.large", facts{"tenancy": "dedicated"}), unknown, "unknown", "none"},
	{"on a dedicated host", instance("m5.large", facts{"tenancy": "host"}), 0, "free", "high"},
	{"spot .0312 in its zone", instance("m5.large", facts{"lifecycle": "spot", "availability_zone": "us-east-1a", "spot_price": "0.031200", "spot_price_read": "2026-11-26T18:00:00Z"}), 22.776, "spot", "medium"},
	{"spot whose price AWS does not tell", instance("m5.large", facts{"lifecycle": "spot", "spot_price_refused": "ec2:DescribeSpotPriceHistory: UnauthorizedOperation"}), unknown, "unknown", "none"},
	{"spot of a zone without a price", instance("m5.large", facts{"lifecycle": "spot"}), unknown, "unknown", "none"},
	{"detailed monitoring: 7 metrics at .30", instance("m5.large", facts{"detailed_monitoring": true}), 72.18, "list", "high"},
	{"a type that is not in the list", instance("x9.huge"), unknown, "unknown", "none"},
	{"another region's price", in("eu-west-1", instance("m8i.large")), 77.2632, "other_region", "low"},
	{"China", in("cn-north-1", instance("m5.large")), unknown, "unknown", "none"},
	{"2 unused of a reservation", resource("EC2_CapacityReservation", "active", facts{"instance_type": "m5.large", "platform": "Linux/UNIX", "tenancy": "default", "available_instances": int64(2)}), 140.16, "list", "high"},
	{"c5 host 3.366", resource("EC2_DedicatedHost", "available", facts{"instance_family": "c5"}), 2457.18, "list", "high"},

	{"gp2 100 GB at .10", volume("gp2", int64(100), int64(300), nil), 10, "list", "high"},
	{"gp3 40 GB at .08", volume("gp3", int64(40), int64(3000), int64(125)), 3.20, "list", "high"},
	{"gp3 40 GB, 4,000 IOPS, 130 MB/s", volume("gp3", int64(40), int64(4000), int64(130)), 8.40, "list", "high"},
	{"io1 30 GB, 300 IOPS", volume("io1", int64(30), int64(300), nil), 23.25, "list", "high"},
	{"io2 30 GB, 300 IOPS", volume("io2", int64(30), int64(300), nil), 23.25, "list", "high"},
	{"io2 with 40,000 IOPS: 32,000 at .065, 8,000 at .0455", volume("io2", int64(1000), int64(40000), nil), 2569, "list", "high"},
	{"io2 with 70,000 IOPS: the last 6,000 at .03185", volume("io2", int64(500), int64(70000), nil), 3789.6, "list", "high"},
	{"st1 40 GB at .045", volume("st1", int64(40), nil, nil), 1.80, "list", "high"},
	{"sc1 50 GB at .015", volume("sc1", int64(50), nil, nil), 0.75, "list", "high"},
	{"magnetic 20 GB at .05", volume("standard", int64(20), nil, nil), 1, "list", "high"},
	{"a volume that is being created", in("us-east-1", resource("EBS_Volume", "creating", facts{"volume_type": "gp2", "size_gb": int64(100)})), unknown, "unknown", "none"},
	{"a volume that has failed", in("us-east-1", resource("EBS_Volume", "error", facts{"volume_type": "gp2", "size_gb": int64(100)})), unknown, "unknown", "none"},
	{"a volume of unknown size", volume("gp2", nil, nil, nil), unknown, "unknown", "none"},
	{"snapshot of 100 GB at .05", resource("EBS_Snapshot", "completed", facts{"size_gb": int64(100), "storage_tier": "standard"}), 5, "list", "low"},
	{"snapshot that holds 10 GB of 100", resource("EBS_Snapshot", "completed", facts{"size_gb": int64(100), "full_snapshot_bytes": int64(10 * gib), "storage_tier": "standard"}), 0.50, "list", "low"},
	{"another snapshot of the volume", resource("EBS_Snapshot", "completed", facts{"size_gb": int64(100), "full_snapshot_bytes": int64(10 * gib), "incremental": true}), unknown, "usage_based", "none"},
	{"archived snapshot that holds 10 GB", resource("EBS_Snapshot", "completed", facts{"size_gb": int64(100), "full_snapshot_bytes": int64(10 * gib), "storage_tier": "archive"}), 0.125, "list", "high"},
	{"archived snapshot of 100 GB at .0125", resource("EBS_Snapshot", "completed", facts{"size_gb": int64(100), "storage_tier": "archive"}), 1.25, "list", "low"},

	{"Elastic IP in use .005", resource("Elastic_IP", "associated", facts{"public_ip": "1.2.3.4", "public_ipv4_pool": "amazon"}), 3.65, "list", "high"},
	{"Elastic IP idle costs the same", resource("Elastic_IP", "unassociated", facts{"public_ip": "1.2.3.4"}), 3.65, "list", "high"},
	{"Elastic IP costs the same everywhere", in("sa-east-1", resource("Elastic_IP", "associated", facts{"public_ip": "1.2.3.4"})), 3.65, "list", "high"},
	{"an address of one's own", resource("Elastic_IP", "associated", facts{"public_ip": "1.2.3.4", "public_ipv4_pool": "ipv4pool-ec2-1"}), 0, "free", "high"},
	{"interface with a public address", resource("Network_Interface", "in-use", facts{"public_ips": []string{"1.2.3.4"}, "allocation_ids": []string{}}), 3.65, "list", "high"},
	{"interface with an Elastic IP", resource("Network_Interface", "in-use", facts{"public_ips": []string{"1.2.3.4"}, "allocation_ids": []string{"eipalloc-1"}}), 0, "free", "high"},
	{"NAT gateway .045", resource("NAT_Gateway", "available", facts{}), 32.85, "list", "high"},
	{"regional NAT gateway in 3 zones", resource("NAT_Gateway", "available", facts{"availability_mode": "regional", "availability_zones": []string{"a", "b", "c"}}), 98.55, "list", "high"},
	{"regional NAT gateway in unknown zones", resource("NAT_Gateway", "available", facts{"availability_mode": "regional", "availability_zones": []string{}}), unknown, "unknown", "none"},
	{"Client VPN endpoint with 2 subnets .10", resource("ClientVPN_Endpoint", "available", facts{"subnet_ids": []string{"a", "b"}}), 146, "list", "high"},
	{"Client VPN endpoint without a subnet", resource("ClientVPN_Endpoint", "pending-associate", facts{"subnet_ids": []string{}}), 0, "free", "high"},
	{"NAT gateway that is not available yet", resource("NAT_Gateway", "pending", facts{}), 0, "free", "high"},
	{"NAT gateway that is being deleted", resource("NAT_Gateway", "deleting", facts{}), unknown, "unknown", "none"},
	{"application load balancer .0225", balancer("application"), 16.425, "list", "high"},
	{"network load balancer .0225", balancer("network"), 16.425, "list", "high"},
	{"classic load balancer .025", balancer("classic"), 18.25, "list", "high"},
	{"gateway load balancer .0125", balancer("gateway"), 9.125, "list", "high"},
	{"interface endpoint in 2 zones .01", resource("VPC_Endpoint", "available", facts{"type": "Interface", "subnet_ids": []string{"a", "b"}}), 14.60, "list", "high"},
	{"gateway endpoint", resource("VPC_Endpoint", "available", facts{"type": "Gateway", "subnet_ids": []string{}}), 0, "free", "high"},
	{"transit gateway attachment .05", resource("Transit_Gateway_Attachment", "available", facts{"resource_type": "vpc", "resource_owner_id": "111122223333"}), 36.50, "list", "high"},
	{"attachment of another account's", resource("Transit_Gateway_Attachment", "available", facts{"resource_type": "vpc", "resource_owner_id": "999999999999"}), 0, "free", "high"},
	{"VPN connection .05", resource("VPN_Connection", "available", facts{}), 36.50, "list", "high"},
	{"hosted zone .50", in(tracker.Global, resource("Route53_Zone", "active", facts{})), 0.50, "list", "medium"},

	{"MySQL db.t3.micro .017, 20 GB gp2 at .115", database("db.t3.micro", "mysql", false, "gp2", int64(20), nil), 14.71, "list", "high"},
	{"MySQL db.t3.small .034", database("db.t3.small", "mysql", false, "gp2", int64(20), nil), 27.12, "list", "high"},
	{"MySQL db.t3.large .136, 100 GB io1, 1,200 IOPS", database("db.t3.large", "mysql", false, "io1", int64(100), int64(1200)), 231.78, "list", "high"},
	{"MySQL db.m5.large .171", database("db.m5.large", "mysql", false, "gp2", int64(20), nil), 127.13, "list", "high"},
	{"MySQL db.t4g.small .032, 400 GB gp3, 14,000 IOPS", database("db.t4g.small", "mysql", false, "gp3", int64(400), int64(14000)), 109.36, "list", "high"},
	{"MySQL db.t3.large Multi-AZ .272, 30 GB at .23", database("db.t3.large", "mysql", true, "gp2", int64(30), nil), 205.46, "list", "high"},
	{"MySQL db.t4g.small Multi-AZ .065, 400 GB gp3, 14,000 IOPS", database("db.t4g.small", "mysql", true, "gp3", int64(400), int64(14000)), 219.45, "list", "high"},
	{"MySQL db.t3.micro Multi-AZ .034", database("db.t3.micro", "mysql", true, "gp2", int64(20), nil), 29.42, "list", "high"},
	{"PostgreSQL db.t3.micro .018", database("db.t3.micro", "postgres", false, "gp2", int64(20), nil), 15.44, "list", "high"},
	{"PostgreSQL db.m5.large .178", database("db.m5.large", "postgres", false, "gp2", int64(20), nil), 132.24, "list", "high"},
	{"MySQL db.r5.large .24", database("db.r5.large", "mysql", false, "gp2", int64(20), nil), 177.50, "list", "high"},
	{"SQL Server Multi-AZ 3.328 is not twice one zone", database("db.m5.xlarge", "sqlserver-ee", true, "gp2", int64(20), nil), 2434.04, "list", "high"},
	{"Multi-AZ cluster of three .522, 100 GB at .375, 1,000 IOPS at .30", resource("RDS_Cluster", "available", facts{"engine": "postgres", "instance_class": "db.m6gd.large", "storage_type": "io1", "allocated_storage_gb": int64(100), "iops": int64(1000)}), 718.56, "list", "high"},
	{"member of a Multi-AZ cluster", resource("RDS_Instance", "available", facts{"engine": "postgres", "instance_class": "db.m6gd.large", "cluster_id": "c"}), 0, "free", "high"},
	{"Aurora I/O-Optimized db.r6g.large .338", database("db.r6g.large", "aurora-postgresql", false, "aurora-iopt1", int64(1), nil), 246.74, "list", "high"},
	{"Neptune db.r6g.large .3287", resource("Neptune_Instance", "available", facts{"instance_class": "db.r6g.large"}), 239.951, "list", "high"},
	{"MemoryDB 4 × db.r6g.large on Valkey .2163", resource("MemoryDB_Cluster", "available", facts{"engine": "valkey", "node_type": "db.r6g.large", "node_count": int64(4)}), 631.596, "list", "high"},
	{"EMR on 3 × m6g.xlarge .039", resource("EMR_Cluster", "running", facts{"instance_groups": []map[string]any{{"instance_type": "m6g.xlarge", "count": int64(3)}}}), 85.41, "list", "high"},
	{"SageMaker endpoint of 2 × ml.g5.xlarge 1.408", resource("SageMaker_Endpoint", "inservice", facts{"variants": []map[string]any{{"instance_type": "ml.g5.xlarge", "instance_count": int64(2)}}}), 2055.68, "list", "high"},
	{"Lightsail nano .00672", resource("Lightsail_Instance", "running", facts{"bundle_id": "nano_3_0"}), 4.9056, "list", "high"},
	{"Lightsail database with a standby .04032", resource("Lightsail_Database", "available", facts{"bundle_id": "micro_ha_2_0"}), 29.4336, "list", "high"},
	{"WorkSpace that stops by itself 9.75", resource("WorkSpace", "available", facts{"compute_type": "STANDARD", "operating_system": "WINDOWS_SERVER_2022", "running_mode": "AUTO_STOP", "root_volume_gb": int64(80), "user_volume_gb": int64(50)}), 9.75, "list", "medium"},
	{"PostgreSQL db.t3.large .145", database("db.t3.large", "postgres", false, "gp2", int64(20), nil), 108.15, "list", "high"},
	{"MariaDB db.t3.large .136", database("db.t3.large", "mariadb", false, "gp2", int64(20), nil), 101.58, "list", "high"},
	{"magnetic 40 GB at .10", database("db.t3.large", "mysql", false, "standard", int64(40), nil), 103.28, "list", "high"},
	{"SQL Server Express db.t3.large .162", database("db.t3.large", "sqlserver-ex", false, "gp2", int64(20), nil), 120.56, "list", "high"},
	{"SQL Server Web db.t3.large .232", database("db.t3.large", "sqlserver-web", false, "gp2", int64(20), nil), 171.66, "list", "high"},
	{"SQL Server Standard db.m5.xlarge 1.224", database("db.m5.xlarge", "sqlserver-se", false, "gp2", int64(20), nil), 895.82, "list", "high"},
	{"SQL Server Enterprise db.m5.xlarge 2.336", database("db.m5.xlarge", "sqlserver-ee", false, "gp2", int64(20), nil), 1707.58, "list", "high"},
	{"Oracle SE2 db.t3.large .30", database("db.t3.large", "oracle-se2", false, "gp2", int64(20), nil), 221.30, "list", "high"},
	{"a stopped database pays for storage", stopped(database("db.t3.large", "mysql", false, "gp2", int64(20), nil)), 2.30, "list", "high"},
	{"a database that is being created, of a snapshot or not", resource("RDS_Instance", "creating", facts{"instance_class": "db.t3.large", "engine": "mysql", "storage_type": "gp2", "allocated_storage_gb": int64(20)}), unknown, "unknown", "none"},
	{"a database that AWS has no room for", resource("RDS_Instance", "insufficient-capacity", facts{"instance_class": "db.t3.large", "engine": "mysql", "storage_type": "gp2", "allocated_storage_gb": int64(20)}), 0, "free", "high"},
	{"a class that is not in the list", database("db.x9.huge", "mysql", false, "gp2", int64(20), nil), unknown, "unknown", "none"},
	{"Aurora db.t3.small .041", database("db.t3.small", "aurora-mysql", false, "aurora", int64(1), nil), 29.93, "list", "high"},
	{"Aurora db.t3.medium .082", database("db.t3.medium", "aurora-mysql", false, "aurora", int64(1), nil), 59.86, "list", "high"},
	{"Aurora db.t3.large .164", database("db.t3.large", "aurora-postgresql", false, "aurora", int64(1), nil), 119.72, "list", "high"},
	{"Aurora db.r4.large .29", database("db.r4.large", "aurora-mysql", false, "aurora", int64(1), nil), 211.70, "list", "high"},
	{"Aurora is charged by member, not by zone", database("db.r4.large", "aurora-mysql", true, "aurora", int64(1), nil), 211.70, "list", "high"},
	{"a stopped Aurora member", stopped(database("db.r4.large", "aurora-mysql", false, "aurora", int64(1), nil)), 0, "free", "high"},
	{"Aurora storage grows by itself", resource("RDS_Cluster", "available", facts{"engine": "aurora-mysql", "allocated_storage_gb": int64(1)}), unknown, "usage_based", "none"},
	{"another snapshot of the database", resource("RDS_Snapshot", "available", facts{"engine": "mysql", "allocated_storage_gb": int64(100), "incremental": true}), unknown, "usage_based", "none"},
	{"RDS snapshot of 100 GB at .095", resource("RDS_Snapshot", "available", facts{"engine": "mysql", "allocated_storage_gb": int64(100)}), 9.50, "list", "low"},
	{"DocumentDB 3.6 without its extended support", resource("DocumentDB_Instance", "available", facts{"instance_class": "db.t3.medium", "engine_version": "3.6.0"}), 56.94, "list", "low"},
	{"DocumentDB db.t3.medium .078", resource("DocumentDB_Instance", "available", facts{"instance_class": "db.t3.medium"}), 56.94, "list", "high"},
	{"ElastiCache 2 × cache.m4.large .156", resource("ElastiCache_Cluster", "available", facts{"engine": "memcached", "node_type": "cache.m4.large", "node_count": int64(2)}), 227.76, "list", "high"},
	{"ElastiCache cache.m6g.12xlarge 3.557", resource("ElastiCache_Cluster", "available", facts{"engine": "redis", "node_type": "cache.m6g.12xlarge", "node_count": int64(1)}), 2596.61, "list", "high"},
	{"ElastiCache cache.r5.4xlarge 1.724", resource("ElastiCache_Cluster", "available", facts{"engine": "redis", "node_type": "cache.r5.4xlarge", "node_count": int64(1)}), 1258.52, "list", "high"},
	{"Redshift 4 × dc2.large .25", resource("Redshift_Cluster", "available", facts{"node_type": "dc2.large", "node_count": int64(4)}), 730, "list", "high"},
	{"Redshift 6 × ra3.4xlarge 3.26", resource("Redshift_Cluster", "available", facts{"node_type": "ra3.4xlarge", "node_count": int64(6)}), 14278.80, "list", "high"},
	{"OpenSearch 3 × c4.2xlarge .587, 3 × 100 GB io1 with 10 IOPS", resource("OpenSearch_Domain", "active", facts{"instance_type": "c4.2xlarge.search", "instance_count": int64(3), "volume_type": "io1", "volume_gb_per_node": int64(100), "iops": int64(10)}), 1338.87, "list", "high"},
	{"OpenSearch with a dedicated c4.8xlarge 2.347 and 2 UltraWarm .238", resource("OpenSearch_Domain", "active", facts{"instance_type": "c4.2xlarge.search", "instance_count": int64(3), "master_type": "c4.8xlarge.search", "master_count": int64(1), "warm_type": "ultrawarm1.medium.search", "warm_count": int64(2), "volume_type": "gp2", "volume_gb_per_node": int64(400)}), 3508.32, "list", "high"},
	{"DAX 3 × dax.r5.large .255", resource("DAX_Cluster", "available", facts{"node_type": "dax.r5.large", "node_count": int64(3)}), 558.45, "list", "high"},
	{"ActiveMQ mq.m5.large .288", resource("MQ_Broker", "running", facts{"engine": "ACTIVEMQ", "instance_type": "mq.m5.large", "deployment_mode": "SINGLE_INSTANCE"}), 210.24, "list", "high"},
	{"RabbitMQ of three mq.m5.large .864", resource("MQ_Broker", "running", facts{"engine": "RABBITMQ", "instance_type": "mq.m5.large", "deployment_mode": "CLUSTER_MULTI_AZ"}), 630.72, "list", "high"},
	{"SFTP and FTPS .30 each, online or not", resource("Transfer_Server", "offline", facts{"protocols": []string{"SFTP", "FTPS"}}), 438, "list", "high"},
	{"AS2, which is not in the list", resource("Transfer_Server", "online", facts{"protocols": []string{"AS2"}}), unknown, "unknown", "none"},
	{"MSK 2 × kafka.t3.small .0456, 500 GB each", resource("MSK_Cluster", "active", facts{"type": "PROVISIONED", "instance_type": "kafka.t3.small", "broker_count": int64(2), "storage_gb_per_broker": int64(500)}), 166.576, "list", "high"},
	{"EKS .10", resource("EKS_Cluster", "active", facts{"support_type": "STANDARD"}), 73, "list", "high"},
	{"EKS that may be in extended support", resource("EKS_Cluster", "active", facts{"support_type": "EXTENDED"}), 73, "list", "medium"},
	{"Fargate 1 task of 2 vCPU .04048 and 4 GB .004445", resource("ECS_Service", "active", facts{"launch_type": "FARGATE", "running_count": int64(1), "task_cpu_units": int64(2048), "task_memory_mb": int64(4096)}), 72.0802, "list", "high"},
	{"Fargate on ARM .03238 and .00356", resource("ECS_Service", "active", facts{"launch_type": "FARGATE", "running_count": int64(1), "task_cpu_units": int64(2048), "task_memory_mb": int64(4096), "task_architecture": "ARM64"}), 57.67, "list", "high"},
	{"Fargate on Windows: 2 × (.046552 + .046) + 4 × .00511175", resource("ECS_Service", "active", facts{"launch_type": "FARGATE", "running_count": int64(1), "task_cpu_units": int64(2048), "task_memory_mb": int64(4096), "platform_family": "WINDOWS_SERVER_2022_CORE"}), 150.05223, "list", "high"},
	{"ECS on EC2", resource("ECS_Service", "active", facts{"launch_type": "EC2"}), 0, "free", "high"},

	{"S3 Standard 10,000 GB at .023", bucketOf(map[string]int64{"StandardStorage": 10000 * gib}), 230, "list", "high"},
	{"S3 IA 30,000 GB at .0125", bucketOf(map[string]int64{"StandardIAStorage": 30000 * gib}), 375, "list", "high"},
	{"S3 One Zone 40,000 GB at .01", bucketOf(map[string]int64{"OneZoneIAStorage": 40000 * gib}), 400, "list", "high"},
	{"S3 Glacier Flexible 50,000 GB at .0036", bucketOf(map[string]int64{"GlacierStorage": 50000 * gib}), 180, "list", "high"},
	{"S3 Deep Archive 60,000 GB at .00099", bucketOf(map[string]int64{"DeepArchiveStorage": 60000 * gib}), 59.40, "list", "high"},
	{"S3 of two classes", bucketOf(map[string]int64{"StandardStorage": 100 * gib, "DeepArchiveStorage": 1000 * gib}), 3.29, "list", "high"},
	{"S3 with a class that is not in the list", bucketOf(map[string]int64{"StandardStorage": 100 * gib, "TomorrowStorage": gib}), 2.30, "list", "low"},
	{"S3 of 60 TB: 10 TB of them at .022", bucketOf(map[string]int64{"StandardStorage": 60 * 1024 * gib}), 1402.88, "list", "high"},
	{"S3 of such a class alone", bucketOf(map[string]int64{"TomorrowStorage": gib}), unknown, "unknown", "none"},
	{"S3 without a size", bucketOf(nil), unknown, "unknown", "none"},
	{"EFS 230 GB at .30, IA 100 GB at .025", resource("EFS_FileSystem", "available", facts{"size_standard_bytes": int64(230 * gib), "size_ia_bytes": int64(100 * gib), "throughput_mode": "bursting"}), 71.50, "list", "high"},
	{"EFS One Zone 230 GB at .16", resource("EFS_FileSystem", "available", facts{"size_bytes": int64(230 * gib), "availability_zone": "us-east-1a"}), 36.80, "list", "high"},
	{"EFS with 100 MiB/s, of which 11.5 come with 230 GB", resource("EFS_FileSystem", "available", facts{"size_standard_bytes": int64(230 * gib), "throughput_mode": "provisioned", "provisioned_throughput": 100.0}), 600, "list", "high"},
	{"FSx for Windows 300 GB SSD at .23, 1,024 MB/s at 4.50", resource("FSx_FileSystem", "available", facts{"type": "WINDOWS", "deployment_type": "MULTI_AZ_1", "storage_type": "SSD", "storage_gb": int64(300), "throughput_mbps": int64(1024)}), 4677, "list", "high"},
	{"FSx for OpenZFS 300 GB SSD at .09, 1,024 MB/s at .26", resource("FSx_FileSystem", "available", facts{"type": "OPENZFS", "deployment_type": "SINGLE_AZ_1", "storage_type": "SSD", "storage_gb": int64(300), "throughput_mbps": int64(1024), "iops": int64(1000)}), 293.84, "list", "high"},
	{"FSx for Lustre 1,200 GB of 125 MB/s a TiB at .145", resource("FSx_FileSystem", "available", facts{"type": "LUSTRE", "deployment_type": "PERSISTENT_2", "storage_type": "SSD", "storage_gb": int64(1200), "throughput_mbps_per_tib": int64(125)}), 174, "list", "high"},
	{"FSx for Lustre of unknown throughput", resource("FSx_FileSystem", "available", facts{"type": "LUSTRE", "deployment_type": "PERSISTENT_2", "storage_type": "SSD", "storage_gb": int64(1200)}), unknown, "unknown", "none"},
	{"ECR 50 GB at .10", resource("ECR_Repository", "active", facts{"size_bytes": int64(50 * gib)}), 5, "list", "low"},
	{"logs 500 GB at .03", resource("CloudWatch_LogGroup", "active", facts{"stored_bytes": int64(500 * gib)}), 15, "list", "high"},

	{"Lambda", resource("Lambda_Function", "active", facts{"memory_mb": int64(128)}), unknown, "usage_based", "none"},
	{"DynamoDB 20 WCU at .4745, 30 RCU at .0949", resource("DynamoDB_Table", "active", facts{"billing_mode": "PROVISIONED", "table_class": "STANDARD", "write_capacity_units": int64(20), "read_capacity_units": int64(30), "size_bytes": int64(0)}), 12.337, "list", "high"},
	{"DynamoDB with an index and 10 GB at .25", resource("DynamoDB_Table", "active", facts{"billing_mode": "PROVISIONED", "table_class": "STANDARD", "write_capacity_units": int64(20), "read_capacity_units": int64(30), "size_bytes": int64(8 * gib), "global_indexes": []map[string]any{{"write_capacity_units": int64(5), "read_capacity_units": int64(5), "size_bytes": int64(2 * gib)}}}), 17.684, "list", "high"},
	{"DynamoDB on demand", resource("DynamoDB_Table", "active", facts{"billing_mode": "PAY_PER_REQUEST", "table_class": "STANDARD", "size_bytes": int64(10 * gib)}), unknown, "usage_based", "none"},
	{"Kinesis 4 shards .015", resource("Kinesis_Stream", "active", facts{"mode": "PROVISIONED", "shard_count": int64(4)}), 43.80, "list", "high"},
	{"Kinesis on demand", resource("Kinesis_Stream", "active", facts{"mode": "ON_DEMAND"}), unknown, "usage_based", "none"},
	{"secret .40", resource("Secret", "active", facts{}), 0.40, "list", "high"},
	{"a secret that is being deleted", resource("Secret", "pendingdeletion", facts{}), 0, "free", "high"},
	{"KMS key 1.00", resource("KMS_Key", "enabled", facts{}), 1, "list", "high"},
	{"alarm on a metric .10", resource("CloudWatch_Alarm", "ok", facts{"kind": "metric", "metric_count": int64(1), "period_seconds": int64(300)}), 0.10, "list", "high"},
	{"alarm every 10 seconds .30", resource("CloudWatch_Alarm", "ok", facts{"kind": "metric", "metric_count": int64(1), "period_seconds": int64(10)}), 0.30, "list", "high"},
	{"advanced parameter .05", resource("SSM_Parameter", "active", facts{"tier": "Advanced"}), 0.05, "list", "high"},
	{"standard parameter", resource("SSM_Parameter", "active", facts{"tier": "Standard"}), 0, "free", "high"},
	{"public certificate", resource("ACM_Certificate", "issued", facts{"type": "AMAZON_ISSUED", "exported": false}), 0, "free", "high"},
	{"a type of tomorrow", resource("Quantum_Computer", "active", facts{}), unknown, "unknown", "none"},
}

func TestCheckValues(t *testing.T) {
	book := pricing.Embedded()
	for _, tc := range checks {
		t.Run(tc.name, func(t *testing.T) {
			c := book.Cost(tc.resource)
			if c.Basis != tc.basis || c.Confidence != tc.reliance {
				t.Errorf("basis %s, confidence %s: %s", c.Basis, c.Confidence, c.Reason)
			}
			switch {
			case tc.dollars == unknown && c.Value != nil:
				t.Errorf("$%s, want unknown", c.Value)
			case tc.dollars == unknown:
				if c.Reason == "" {
					t.Error("unknown without a reason")
				}
			case c.Value == nil:
				t.Errorf("unknown (%s), want $%v", c.Reason, tc.dollars)
			case math.Abs(c.Value.Float()-tc.dollars) > 0.005:
				t.Errorf("$%s, want $%v", c.Value, tc.dollars)
			}
		})
	}
}

// TestCostAfterJSON prices a stored resource the same as a scanned one.
func TestCostAfterJSON(t *testing.T) {
	book := pricing.Embedded()
	for _, tc := range checks {
		b, err := json.Marshal(tc.resource)
		if err != nil {
			t.Fatal(err)
		}
		var stored tracker.Resource
		if err := json.Unmarshal(b, &stored); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(book.Cost(tc.resource), book.Cost(stored)); diff != "" {
			t.Errorf("%s (-scanned +stored):\n%s", tc.name, diff)
		}
	}
}

// TestCost shows a whole cost, with charges by use among its components.
func TestCost(t *testing.T) {
	price, month := tracker.Dollars(0.045), tracker.Dollars(32.85)
	want := tracker.Cost{
		Value: &month, Currency: "USD", Source: "AWS's list by lamngockhuong/aws-price, natgateway.json at 508fb45", AsOf: "2025-11-04",
		Basis: tracker.CostOtherRegion, Confidence: tracker.ConfidenceLow,
		Reason: "list price of us-east-1: the price list lacks that of eu-east-1; without charges by use: data processed",
		Components: []tracker.CostComponent{
			{Name: "gateway", Unit: "hour", Quantity: 730, UnitPrice: &price, Monthly: &month},
			{Name: "data processed", Reason: "charged by use"},
		},
	}
	got := pricing.Embedded().Cost(in("eu-east-1", resource("NAT_Gateway", "available", facts{})))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPrice(t *testing.T) {
	r := instance("m5.large")
	pricing.Embedded().Price(&r)
	if r.Cost == nil || r.MonthlyCost == nil || *r.MonthlyCost != tracker.Dollars(70.08) || *r.Cost.Value != *r.MonthlyCost {
		t.Errorf("cost %+v, monthly %v", r.Cost, r.MonthlyCost)
	}
}

func BenchmarkPrice(b *testing.B) {
	book := pricing.Embedded()
	rs := make([]tracker.Resource, 100_000)
	for i := range rs {
		rs[i] = checks[i%len(checks)].resource
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range rs {
			book.Price(&rs[i])
		}
	}
	b.ReportMetric(float64(len(rs))*float64(b.N)/b.Elapsed().Seconds(), "resources/s")
}
