package savings_test

import (
	"fmt"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// list is a price list of us-east-1 that is just long enough for tests.
type list struct{}

// hourly are prices by class.
var hourly = map[string]float64{
	"t2.micro": .0116, "t2.medium": .0464, "t3.nano": .0052, "t3.micro": .0104, "t3.small": .0208, "t3.medium": .0416, "t3.large": .0832, "t3.xlarge": .1664,
	"t4g.micro": .0084, "t4g.small": .0168, "t4g.medium": .0336, "t4g.large": .0672, "m3.medium": .067, "m4.large": .10,
	"m5.large": .096, "m5.xlarge": .192, "m5.2xlarge": .384, "m6i.large": .096, "m6g.large": .077, "m7g.large": .0816,
	"c4.large": .10, "c5.large": .085, "c6i.large": .085, "c6i.xlarge": .17, "c6g.large": .068, "c6g.xlarge": .136,
	"r5.large": .126, "r6g.large": .1008,
	"db.t3.micro": .017, "db.t3.medium": .068, "db.t4g.micro": .016, "db.t4g.medium": .065, "db.m4.large": .175, "db.m5.large": .171, "db.m5.xlarge": .342,
	"db.m6g.large": .152, "db.r5.large": .24, "db.r6g.large": .215, "db.r6g.xlarge": .43,
	"cache.m4.large": .156, "cache.m5.large": .156, "cache.m6g.large": .149, "cache.r5.large": .216, "cache.r6g.large": .206,
}

// flat are prices by the month of whole resources.
var flat = map[tracker.Type]float64{
	"Elastic_IP": 3.65, "NAT_Gateway": 32.85, "Load_Balancer": 16.425, "Secret": .4, "KMS_Key": 1, "EKS_Cluster": 73, "ECS_Cluster": 0,
	"Route53_Zone": .5, "CloudWatch_Alarm": .1, "VPN_Connection": 36.5, "WorkSpace": 25, "EC2_DedicatedHost": 3000, "EC2_CapacityReservation": 70.08,
	"Redshift_Cluster": 182.5, "AMI": 0, "SageMaker_Endpoint": 84, "Kinesis_Stream": 10.95, "OpenSearch_Domain": 90, "Lightsail_Instance": 5,
}

func (list) Cost(r tracker.Resource) tracker.Cost {
	c := tracker.Cost{Currency: "USD", Basis: tracker.CostList, Source: "test", AsOf: "2026-01-01", Confidence: tracker.ConfidenceHigh}
	add := func(name, unit string, quantity, price float64) {
		if quantity != 0 {
			p, m := tracker.Dollars(price), tracker.Dollars(price*quantity)
			c.Components = append(c.Components, tracker.CostComponent{Name: name, Unit: unit, Quantity: quantity, UnitPrice: &p, Monthly: &m})
		}
	}
	number := func(key string) float64 {
		switch n := r.Metadata[key].(type) {
		case int64:
			return float64(n)
		case float64:
			return n
		}
		return 0
	}
	class := func(key string) bool {
		name, _ := r.Metadata[key].(string)
		price, ok := hourly[name]
		if !ok {
			c.Basis, c.Confidence, c.Reason = tracker.CostUnknown, tracker.ConfidenceNone, fmt.Sprintf("no price of %q", name)
			return false
		}
		nodes := 1.0
		if n := number("node_count"); n > 0 {
			nodes = n
		}
		if r.Metadata["multi_az"] == true {
			nodes = 2
		}
		add("compute", "hour", tracker.HoursPerMonth*nodes, price)
		return true
	}
	// Standard support of PostgreSQL 12, MySQL 8.0 and Kubernetes 1.30 has ended.
	extended := func(version, unit string, quantity, price float64) {
		if v, _ := r.Metadata[version].(string); strings.HasPrefix(v, "12.") || strings.HasPrefix(v, "8.0.") || v == "1.30" {
			add("extended support", unit, quantity, price)
			c.Components[len(c.Components)-1].Reason = "standard support ended"
		}
	}
	const gib = 1 << 30
	size := number("size_gb")
	switch r.Type {
	case "EC2_CapacityReservation":
		add("unused capacity", "hour", tracker.HoursPerMonth*number("available_instances"), hourly["m5.large"])
	case "EC2_Instance":
		if r.State == "running" && !class("instance_type") {
			return c
		}
	case "RDS_Instance", "DocumentDB_Instance":
		if r.State == "available" {
			known := class("instance_class")
			extended("engine_version", "vcpu-hour", 2*tracker.HoursPerMonth, .10)
			if !known {
				c.Components = []tracker.CostComponent{{Name: "extended support", Reason: "how many vCPUs it has is not known"}}
				return c
			}
		}
		add("storage", "gb-month", number("allocated_storage_gb"), map[any]float64{"io1": .125}[r.Metadata["storage_type"]]+map[bool]float64{true: .115}[r.Metadata["storage_type"] != "io1" && r.Metadata["storage_type"] != "aurora"])
		if r.Metadata["storage_type"] == "io1" {
			add("iops", "iops-month", number("iops"), .10)
		}
	case "ElastiCache_Cluster":
		if !class("node_type") {
			return c
		}
	case "EBS_Volume":
		switch r.Metadata["volume_type"] {
		case "gp2":
			add("storage", "gb-month", size, .10)
		case "gp3":
			add("storage", "gb-month", size, .08)
			add("iops", "iops-month", max(0, number("iops")-3000), .005)
			add("throughput", "mbps-month", max(0, number("throughput_mbps")-125), .04)
		case "io1", "io2":
			add("storage", "gb-month", size, .125)
			add("iops", "iops-month", number("iops"), .065)
		case "st1":
			add("storage", "gb-month", size, .045)
		default:
			c.Basis, c.Confidence, c.Reason = tracker.CostUnknown, tracker.ConfidenceNone, "no price of this volume type"
			return c
		}
	case "EBS_Snapshot":
		if r.Metadata["incremental"] == true {
			c.Basis, c.Confidence, c.Reason = tracker.CostUsageBased, tracker.ConfidenceNone, "charged for the changes"
			return c
		}
		c.UpperBound = r.Metadata["storage_tier"] != "archive"
		add("storage", "gb-month", size, .05)
	case "RDS_Snapshot":
		c.UpperBound = true
		add("storage", "gb-month", number("allocated_storage_gb"), .095)
	case "CloudWatch_LogGroup":
		add("storage", "gb-month", number("stored_bytes")/gib, .03)
	case "S3_Bucket":
		classes, _ := r.Metadata["storage_classes"].(map[string]any)
		bytes := func(class string) float64 { n, _ := classes[class].(float64); return n }
		add("standard", "gb-month", bytes("StandardStorage")/gib, .023)
		add("infrequent", "gb-month", bytes("StandardIAStorage")/gib, .0125)
	case "EFS_FileSystem":
		add("storage", "gb-month", number("size_bytes")/gib, .30)
	case "ECR_Repository":
		c.UpperBound = true
		add("storage", "gb-month", number("size_bytes")/gib, .10)
	case "DynamoDB_Table":
		add("reads", "unit-month", number("read_capacity_units"), .0949)
		add("writes", "unit-month", number("write_capacity_units"), .4745)
	case "VPC_Endpoint":
		subnets, _ := r.Metadata["subnet_ids"].([]any)
		add("zones", "hour", tracker.HoursPerMonth*float64(len(subnets)), .01)
	default:
		price, ok := flat[r.Type]
		if r.State == "paused" || r.State == "pendingdeletion" {
			price = 0
		}
		if !ok {
			c.Basis, c.Confidence, c.Reason = tracker.CostUnknown, tracker.ConfidenceNone, "no price of "+string(r.Type)
			return c
		}
		add("whole", "month", 1, price)
		extended("version", "hour", tracker.HoursPerMonth, .50)
	}
	var total tracker.Money
	for _, p := range c.Components {
		total += *p.Monthly
	}
	c.Value = &total
	return c
}
