package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/pricing"
	"github.com/aws/aws-sdk-go-v2/service/pricing/types"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// query is the question for one price to the AWS Price List. The filters name
// the product (AWS Price List, "Finding services and products").
type query struct {
	service string
	filters map[string]string
	// usage ends the usage type of the product, which begins with a short name of
	// the region, but not in us-east-1.
	usage string
	unit  string
}

// Operating systems, engines and families in the words of the Price List.
var (
	systems = map[string]struct{ name, operation string }{
		"linux":   {"Linux", "RunInstances"},
		"windows": {"Windows", "RunInstances:0002"},
		"rhel":    {"RHEL", "RunInstances:0010"},
		"suse":    {"SUSE", "RunInstances:000g"},
	}
	engines = map[string]string{
		"mysql": "MySQL", "mariadb": "MariaDB", "postgres": "PostgreSQL",
		"aurora-mysql": "Aurora MySQL", "aurora-postgresql": "Aurora PostgreSQL",
	}
	balancers = map[string]string{
		"application": "Load Balancer-Application", "network": "Load Balancer-Network", "gateway": "Load Balancer-Gateway", "classic": "Load Balancer",
	}
	caches      = map[string]string{"": "Redis", "valkey": "Valkey"}
	provisioned = map[string]string{"gp3": "gp3", "io1": "piops", "io2": "io2"}
)

// queryOf returns how to ask for a price. It returns false for a kind of key
// that it never asks for.
func queryOf(k pricing.Key) (query, bool) {
	switch k.Service + " " + k.Item {
	case "ec2 instance", "ec2 instance-dedicated":
		system, ok := systems[k.Variant]
		q := query{"AmazonEC2", map[string]string{
			"instanceType": k.Class, "operatingSystem": system.name, "operation": system.operation, "tenancy": "Shared",
			"preInstalledSw": "NA", "capacitystatus": "Used", "licenseModel": "No License required",
		}, "BoxUsage:" + k.Class, "hour"}
		if k.Item == "instance-dedicated" {
			q.filters["tenancy"], q.usage = "Dedicated", "DedicatedUsage:"+k.Class
		}
		return q, ok
	case "ebs storage":
		return query{"AmazonEC2", map[string]string{"productFamily": "Storage", "volumeApiName": k.Class}, "", "gb-month"}, true
	case "ebs snapshot":
		return query{"AmazonEC2", map[string]string{"productFamily": "Storage Snapshot"}, "EBS:SnapshotUsage", "gb-month"}, k.Class == "standard"
	case "ebs iops":
		kind := provisioned[k.Class]
		return query{"AmazonEC2", map[string]string{"productFamily": "System Operation", "volumeApiName": k.Class}, "EBS:VolumeP-IOPS." + kind, "iops-month"}, kind != ""
	case "vpc nat-gateway":
		return query{"AmazonEC2", map[string]string{"productFamily": "NAT Gateway"}, "NatGateway-Hours", "hour"}, true
	case "elb balancer":
		family := balancers[k.Class]
		return query{"AWSELB", map[string]string{"productFamily": family, "locationType": "AWS Region"}, "LoadBalancerUsage", "hour"}, family != ""
	case "rds instance", "rds instance-multi-az":
		engine := engines[k.Variant]
		q := query{"AmazonRDS", map[string]string{
			"productFamily": "Database Instance", "instanceType": k.Class, "databaseEngine": engine, "deploymentOption": "Single-AZ",
		}, "InstanceUsage:" + k.Class, "hour"}
		if k.Item != "instance" {
			q.filters["deploymentOption"], q.usage = "Multi-AZ", "Multi-AZUsage:"+k.Class
		}
		return q, engine != ""
	case "elasticache node":
		return query{"AmazonElastiCache", map[string]string{
			"productFamily": "Cache Instance", "instanceType": k.Class, "cacheEngine": caches[k.Variant],
		}, "NodeUsage:" + k.Class, "hour"}, caches[k.Variant] != ""
	}
	return query{}, false
}

// input is the query as the SDK sends it for a region.
func (q query) input(region string) *sdk.GetProductsInput {
	filters := []types.Filter{}
	for _, field := range slices.Sorted(maps.Keys(q.filters)) {
		filters = append(filters, types.Filter{Type: types.FilterTypeTermMatch, Field: aws.String(field), Value: aws.String(q.filters[field])})
	}
	filters = append(filters, types.Filter{Type: types.FilterTypeTermMatch, Field: aws.String("regionCode"), Value: aws.String(region)})
	return &sdk.GetProductsInput{ServiceCode: aws.String(q.service), Filters: filters, FormatVersion: aws.String("aws_v1"), MaxResults: aws.Int32(100)}
}

// product holds the parts of a product of the Price List that are read.
type product struct {
	Product struct {
		Attributes struct {
			UsageType string `json:"usagetype"`
		} `json:"attributes"`
	} `json:"product"`
	Terms struct {
		OnDemand map[string]struct {
			Dimensions map[string]struct {
				BeginRange   string            `json:"beginRange"`
				PricePerUnit map[string]string `json:"pricePerUnit"`
			} `json:"priceDimensions"`
		}
	} `json:"terms"`
}

// price finds the one price among the products that answer a query. It returns
// false when there is none, or when several differ: none of them is a fact then.
func (q query) price(products []string) (tracker.Money, bool, error) {
	found := map[tracker.Money]bool{}
	for _, text := range products {
		var p product
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return 0, false, fmt.Errorf("read a product of %s: %w", q.service, err)
		}
		usage := p.Product.Attributes.UsageType
		if q.usage != "" && usage != q.usage && !strings.HasSuffix(usage, "-"+q.usage) {
			continue
		}
		for _, term := range p.Terms.OnDemand {
			for _, d := range term.Dimensions {
				// A price in tiers counts with its first tier.
				if d.BeginRange != "" && d.BeginRange != "0" {
					continue
				}
				var m tracker.Money
				if err := m.UnmarshalJSON([]byte(d.PricePerUnit["USD"])); err != nil {
					return 0, false, fmt.Errorf("a price of %s for %s: %w", q.service, usage, err)
				}
				if m > 0 {
					found[m] = true
				}
			}
		}
	}
	if len(found) != 1 {
		return 0, false, nil
	}
	return slices.Collect(maps.Keys(found))[0], true, nil
}
