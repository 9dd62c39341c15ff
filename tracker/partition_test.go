package tracker_test

import (
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Every known region is in one partition, whose home is one of its regions.
func TestPartitionOf(t *testing.T) {
	for region, want := range map[string]tracker.Partition{
		"": "aws", "eu-west-1": "aws", "ap-southeast-9": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov", "us-iso-west-1": "aws-iso",
		"us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-east-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc",
	} {
		if got := tracker.PartitionOf(region); got != want {
			t.Errorf("%q is in %q, want %q", region, got, want)
		}
	}
	for _, region := range tracker.Regions() {
		p := tracker.PartitionOf(region)
		if home := p.Home(); tracker.PartitionOf(home) != p || home == "" {
			t.Errorf("the home of %s, the partition of %s, is %q", p, region, home)
		}
		if names := p.Names(); names != "" && tracker.PartitionOf(names) != p {
			t.Errorf("the hosted zones of %s are known in %s", p, names)
		}
	}
}

func TestPartition_ARN(t *testing.T) {
	for want, got := range map[string]string{
		"arn:aws-cn:ec2:cn-north-1:111122223333:volume/v": tracker.PartitionOf("cn-north-1").ARN("ec2", "cn-north-1", "111122223333", "volume/v"),
		"arn:aws:s3:::b": tracker.PartitionOf("").ARN("s3", "", "", "b"),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
