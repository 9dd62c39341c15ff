package pricing_test

import (
	"math"
	"testing"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

var (
	nat      = resource("NAT_Gateway", "available", facts{})
	cache    = resource("ElastiCache_Cluster", "available", facts{"engine": "redis", "node_type": "cache.r6g.large", "node_count": int64(2)})
	iopt     = database("db.r6g.large", "aurora-postgresql", false, "aurora-iopt1", int64(1), nil)
	postgres = database("db.m5.large", "postgres", true, "gp3", int64(100), nil)
	mssql    = database("db.m5.xlarge", "sqlserver-ee", true, "gp2", int64(0), nil)
	redshift = resource("Redshift_Cluster", "available", facts{"node_type": "ra3.xlplus", "node_count": int64(2)})
	search   = resource("OpenSearch_Domain", "active", facts{"instance_type": "r6g.large.search", "instance_count": int64(2), "volume_type": "gp3", "volume_gb_per_node": int64(100)})
	standard = bucketOf(map[string]int64{"StandardStorage": 1000 * gib})
	windows  = facts{"usage_operation": "RunInstances:0002", "platform": "Windows"}
)

// TestRegions prices five resources in each of four regions by hand: the rows of
// the sheets, times the quantity, times 730 hours.
func TestRegions(t *testing.T) {
	for region, rows := range map[string][]struct {
		name     string
		resource tracker.Resource
		dollars  float64
	}{
		"eu-central-1": {
			{"m5.large: .115 × 730", instance("m5.large"), 83.95},
			{"gp3: 100 × .0952 + 1,000 IOPS × .006", volume("gp3", int64(100), int64(4000), int64(125)), 15.52},
			{"NAT gateway: .052 × 730", nat, 37.96},
			{"PostgreSQL Multi-AZ: .424 × 730 + 100 × .274", postgres, 336.92},
			{"Aurora I/O-Optimized: .407 × 730", iopt, 297.11},
		},
		"ap-southeast-2": {
			{"Windows m5.large: .212 × 730", instance("m5.large", windows), 154.76},
			{"load balancer: .0252 × 730", balancer("application"), 18.396},
			{"2 × cache.r6g.large: .247 × 2 × 730", cache, 360.62},
			{"S3: 1,000 × .025", standard, 25},
			{"2 × ra3.xlplus: 1.303 × 2 × 730", redshift, 1902.38},
		},
		"sa-east-1": {
			{"SUSE m5.large: .209 × 730", instance("m5.large", facts{"usage_operation": "RunInstances:000g"}), 152.57},
			{"RHEL m5.large: (.153 + .029) × 730", instance("m5.large", facts{"usage_operation": "RunInstances:0010"}), 132.86},
			{"NAT gateway: .093 × 730", nat, 67.89},
			{"gp2: 20 × .219, db.m5.large: .231 × 730", database("db.m5.large", "mysql", false, "gp2", int64(20), nil), 173.01},
			{"OpenSearch: 2 × .267 × 730 + 200 × .2318", search, 436.18},
		},
		"us-gov-west-1": {
			{"m5.large: .121 × 730", instance("m5.large"), 88.33},
			{"Elastic IP: .005 × 730", resource("Elastic_IP", "associated", facts{"public_ip": "1.2.3.4"}), 3.65},
			{"SQL Server Multi-AZ, which is not twice one zone: 3.513 × 730", mssql, 2564.49},
			{"EKS: .10 × 730", resource("EKS_Cluster", "active", facts{"support_type": "STANDARD"}), 73},
			{"S3: 1,000 × .039", standard, 39},
		},
	} {
		for _, row := range rows {
			t.Run(region+" "+row.name, func(t *testing.T) {
				c := pricing.Embedded().Cost(in(region, row.resource))
				if c.Value == nil || math.Abs(c.Value.Float()-row.dollars) > 0.005 || c.Basis != tracker.CostList {
					t.Errorf("%v %s (%s), want $%v", c.Value, c.Basis, c.Reason, row.dollars)
				}
			})
		}
	}
}

// TestColumns reads every region. Each has as many prices as there are lines, and
// none is priced by nobody.
func TestColumns(t *testing.T) {
	book, all := pricing.Embedded(), 0
	for _, region := range book.Regions() {
		n := 0
		for r := range book.Rows(region) {
			n++
			if r.Rate.Price <= 0 || r.Rate.Source == "" || r.Rate.AsOf < "2024" || r.Rate.Unit == "" {
				t.Errorf("%s in %s: %+v", r.Key, region, r.Rate)
			}
		}
		if n < 1000 {
			t.Errorf("%s has %d prices", region, n)
		}
		all += n
	}
	if len(book.Regions()) != 36 || all < 152_785 {
		t.Errorf("%d regions with %d prices", len(book.Regions()), all)
	}
}

// BenchmarkRead is what a program pays before its first price: for what the list
// prices, and for each region.
func BenchmarkRead(b *testing.B) {
	b.Run("keys", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pricing.Read()
		}
	})
	b.Run("region", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			pricing.ReadRegion("us-east-1")
		}
	})
}
