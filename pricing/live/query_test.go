package live

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
)

func TestQueryOf(t *testing.T) {
	for _, tc := range []struct {
		name  string
		key   pricing.Key
		want  string // service, the filter that tells most, usage type; empty: not asked for
		field string
	}{
		{"instance", pricing.Instance("m5.large", "linux", ""), "AmazonEC2 Shared BoxUsage:m5.large", "tenancy"},
		{"Windows", pricing.Instance("m5.large", "windows", ""), "AmazonEC2 RunInstances:0002 BoxUsage:m5.large", "operation"},
		{"dedicated", pricing.Instance("m5.large", "linux", "dedicated"), "AmazonEC2 Dedicated DedicatedUsage:m5.large", "tenancy"},
		{"a system that is not known", pricing.Instance("m5.large", "plan9", ""), "", ""},
		{"volume", pricing.Key{Service: "ebs", Item: "storage", Class: "gp3"}, "AmazonEC2 gp3 ", "volumeApiName"},
		{"IOPS of io1", pricing.Key{Service: "ebs", Item: "iops", Class: "io1"}, "AmazonEC2 io1 EBS:VolumeP-IOPS.piops", "volumeApiName"},
		{"snapshot", pricing.Key{Service: "ebs", Item: "snapshot", Class: "standard"}, "AmazonEC2 Storage Snapshot EBS:SnapshotUsage", "productFamily"},
		{"archived snapshot", pricing.Key{Service: "ebs", Item: "snapshot", Class: "archive"}, "", ""},
		{"NAT gateway", pricing.Key{Service: "vpc", Item: "nat-gateway"}, "AmazonEC2 NAT Gateway NatGateway-Hours", "productFamily"},
		{"load balancer", pricing.Key{Service: "elb", Item: "balancer", Class: "network"}, "AWSELB Load Balancer-Network LoadBalancerUsage", "productFamily"},
		{"database", pricing.Database("db.m5.large", "postgres", "postgresql-license", false), "AmazonRDS Single-AZ InstanceUsage:db.m5.large", "deploymentOption"},
		{"database in two zones", pricing.Database("db.m5.large", "mysql", "", true), "AmazonRDS Multi-AZ Multi-AZUsage:db.m5.large", "deploymentOption"},
		{"Aurora", pricing.Database("db.r5.large", "aurora-postgresql", "", false), "AmazonRDS Aurora PostgreSQL InstanceUsage:db.r5.large", "databaseEngine"},
		{"Oracle", pricing.Database("db.m5.large", "oracle-se2", "license-included", false), "", ""},
		{"cache", pricing.Key{Service: "elasticache", Item: "node", Class: "cache.r6g.large"}, "AmazonElastiCache Redis NodeUsage:cache.r6g.large", "cacheEngine"},
		{"another kind", pricing.Key{Service: "kms", Item: "key"}, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q, ok := queryOf(tc.key)
			got := ""
			if ok {
				got = q.service + " " + q.filters[tc.field] + " " + q.usage
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
