package pricing_test

import (
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// rates are check values of us-east-1 that the costs of resources do not show: each
// key with what AWS charges a unit (Infracost's recorded estimates).
var rates = map[string]float64{
	"cloudwatch get-metric-data - - 1k-metrics":       .01,
	"docdb requests - - 1M-requests":                  .20,
	"dynamodb backup - - gb-month":                    .10,
	"dynamodb point-in-time-recovery - - gb-month":    .20,
	"dynamodb read-requests standard - 1M-requests":   .125,
	"dynamodb write-requests standard - 1M-requests":  .625,
	"ebs fast-restore - - hour":                       .75,
	"ebs requests standard - 1M-requests":             .05,
	"efs storage ia - gb-month":                       .025,
	"eks cluster extended-surcharge - hour":           .50,
	"elb capacity application - lcu-hour":             .008,
	"elb capacity network - lcu-hour":                 .006,
	"elb data classic - gb":                           .008,
	"kms requests - - 10k-requests":                   .03,
	"lambda duration arm64 - 1M-gb-second":            13.3334,
	"lambda duration x86_64 - 1M-gb-second":           16.6667,
	"lambda ephemeral-storage - - 1M-gb-second":       .0309,
	"lambda requests - - 1M-requests":                 .20,
	"logs ingestion - - gb":                           .50,
	"logs insights - - gb":                            .005,
	"rds backup aurora - gb-month":                    .021,
	"rds extended-support year-1 mysql vcpu-hour":     .10,
	"rds requests aurora - 1M-requests":               .20,
	"rds serverless v2 aurora acu-hour":               .12,
	"rds storage aurora - gb-month":                   .10,
	"s3 monitoring IntelligentTiering - 1k-objects":   .0025,
	"s3 requests get - 1k-requests":                   .0004,
	"s3 requests put - 1k-requests":                   .005,
	"secretsmanager requests - - 10k-requests":        .05,
	"vpc endpoint-data interface - gb":                .01,
	"vpc nat-gateway-data - - gb":                     .045,
	"vpc transit-gateway-data - - gb":                 .02,
	"elasticache node cache.t3.micro - hour":          .017,
	"elasticache node cache.t4g.micro - hour":         .016,
	"elasticache node cache.m5.large - hour":          .156,
	"elasticache node cache.r6g.large - hour":         .206,
	"ec2 instance c7i.metal-24xl linux hour":          4.284,
	"ec2 instance m7g.metal linux hour":               2.6112,
	"ec2 system-fee m5.large rhel-ha hour":            .064,
	"vpc transit-gateway-attachment peering - hour":   .05,
	"kinesis stream on-demand - hour":                 .04,
	"elasticache backup - - gb-month":                 .085,
	"fsx throughput openzfs single_az_1 mbps-month":   .26,
	"cloudwatch dashboard - - month":                  3,
	"ebs iops io2 over-32000 iops-month":              .0455,
	"ebs iops io2 over-64000 iops-month":              .03185,
	"opensearch iops io1 - iops-month":                .088,
	"s3 storage GlacierStorage - gb-month":            .0036,
	"s3 storage StandardStorage over-50-tb gb-month":  .022,
	"s3 storage StandardStorage over-500-tb gb-month": .021,
}

func TestRates(t *testing.T) {
	for what, dollars := range rates {
		f := strings.Fields(what)
		for i, part := range f {
			if part == "-" {
				f[i] = ""
			}
		}
		k := pricing.Key{Service: f[0], Item: f[1], Class: f[2], Variant: f[3]}
		r, ok := pricing.Embedded().Rate("us-east-1", k)
		if !ok || r.Price != tracker.Dollars(dollars) || r.Unit != f[4] || r.Basis != tracker.CostList {
			t.Errorf("%s: %s a %s (%s), want %v a %s", k, r.Price, r.Unit, r.Basis, dollars, f[4])
		}
	}
}

// TestNumbers counts the prices of each sheet, as its README has them.
func TestNumbers(t *testing.T) {
	sheet := func(k pricing.Key) string {
		switch k.Service {
		case "ec2":
			return strings.TrimSpace(k.Service + " " + k.Item + " " + map[bool]string{true: k.Variant}[k.Item == "instance"])
		case "rds":
			if strings.HasPrefix(k.Item, "instance") {
				return "rds instance"
			}
		case "sagemaker", "emr", "lightsail", "workspaces":
			return k.Service
		case "dax", "docdb", "elasticache", "memorydb", "mq", "msk", "neptune", "opensearch", "redshift":
			if k.Item == "node" || k.Item == "instance" || k.Item == "broker" {
				return "instances"
			}
		}
		return "services"
	}
	got := map[string]int{}
	book := pricing.Embedded()
	for _, region := range book.Regions() {
		for r := range book.Rows(region) {
			if strings.HasPrefix(r.Rate.Source, "AWS's list by") { // not of prices.csv
				got[sheet(r.Key)]++
			}
		}
	}
	for name, n := range map[string]int{
		"ec2 instance linux": 17_755, "ec2 instance windows": 11_102, "ec2 instance suse": 15_260, "rds instance": 62_295, "instances": 14_362,
		"services": 8_869, "sagemaker": 5_211, "emr": 11_153, "lightsail": 641, "workspaces": 6_137,
	} {
		if got[name] != n {
			t.Errorf("%s: %d prices, want %d", name, got[name], n)
		}
	}
}
