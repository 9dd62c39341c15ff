package tracker

import (
	"cmp"
	"strings"
)

// Partition is a part of AWS with accounts, regions and endpoints of its own, as
// ARNs name it: "aws", "aws-cn".
type Partition string

// partition is what is known of a Partition. Its regions begin with prefix; home is
// where calls go that belong to no region, such as those of STS and IAM; names is
// where the tagging API knows the resources of Route 53 and CloudFront.
type partition struct {
	prefix      string
	name        Partition
	home, names string
}

// partitions end with "aws", whose regions have no prefix of their own.
// Source: partitions.json and endpoints.json of botocore 1.43.
var partitions = []partition{
	{"cn-", "aws-cn", "cn-north-1", "cn-northwest-1"},
	{"us-gov-", "aws-us-gov", "us-gov-west-1", "us-gov-west-1"},
	{"us-iso-", "aws-iso", "us-iso-east-1", ""},
	{"us-isob-", "aws-iso-b", "us-isob-east-1", ""},
	{"eu-isoe-", "aws-iso-e", "eu-isoe-west-1", ""},
	{"us-isof-", "aws-iso-f", "us-isof-south-1", ""},
	{"eusc-", "aws-eusc", "eusc-de-east-1", ""},
	{"", "aws", "us-east-1", "us-east-1"},
}

// PartitionOf returns the partition that a region belongs to.
func PartitionOf(region string) Partition {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.name
		}
	}
	return "" // never: every region begins with nothing
}

// Home returns the region where the partition's calls go that belong to no region,
// or "" for a partition that is not known here.
func (p Partition) Home() string { return p.facts().home }

// Names returns the region where the tagging API knows the partition's hosted zones
// and distributions, or "" where that is not known.
func (p Partition) Names() string { return p.facts().names }

// facts are empty for a partition that is not known here.
func (p Partition) facts() partition {
	for _, known := range partitions {
		if known.name == p {
			return known
		}
	}
	return partition{}
}

// ARN returns the ARN of a resource; region and account are empty where the service
// leaves them out.
func (p Partition) ARN(service, region, account, resource string) string {
	return strings.Join([]string{"arn", string(cmp.Or(p, "aws")), service, region, account, resource}, ":")
}
