package simulator

import "slices"

// defaultRegions are the commercial regions that are enabled in every account,
// the most used first.
var defaultRegions = []string{
	"us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "us-east-2", "ap-southeast-1", "ap-northeast-1", "eu-west-2",
	"ap-south-1", "ap-southeast-2", "ca-central-1", "eu-north-1", "eu-west-3", "sa-east-1", "ap-northeast-2", "us-west-1",
	"ap-northeast-3",
}

// optInRegions are the commercial regions that an account has to enable.
var optInRegions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
	"ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
	"me-central-1", "me-south-1", "mx-central-1",
}

func regionExists(region string) bool {
	return slices.Contains(defaultRegions, region) || slices.Contains(optInRegions, region)
}
