package cloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	ec2types "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Every region lists all regions of an account. An organisation may deny everything in
// most of them, the home region among them, so a refusal in one is not the last word.

// othersToAsk are asked in partition aws where the home region refuses. Those who allow
// few regions mostly allow one of these.
var othersToAsk = []string{"us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1", "ap-northeast-1"}

// defaultRegions are enabled in every account of partition aws; all others
// have to be opted in to.
var defaultRegions = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

func optIn(region string) bool {
	return region != "" && region != tracker.Global && tracker.PartitionOf(region) == "aws" && !slices.Contains(defaultRegions, region)
}

// Regions returns the regions that are enabled for the account, sorted. It
// calls ec2:DescribeRegions, in one region after another while they refuse.
func (s *Session) Regions(ctx context.Context) ([]string, error) {
	var (
		asked []string
		first *tracker.Failure
	)
	for _, region := range s.askable() {
		regions, err := s.regionsBy(ctx, region)
		if err == nil {
			return regions, nil
		}
		err = fmt.Errorf("list the account's regions: %w", err)
		failure := s.Explain(err, region)
		if refused := failure.Outcome == tracker.OutcomeDenied || failure.Outcome == tracker.OutcomeDeniedSCP; !refused {
			if first == nil {
				return nil, err
			}
			continue // such as one that does not answer: what the home region said counts
		}
		asked = append(asked, region)
		if first == nil {
			first = failure
		}
	}
	refused := *first
	refused.Message = bounded(fmt.Sprintf("name the regions to scan in \"regions\": %s refused to list those of the account: %s",
		strings.Join(asked, ", "), first.Message))
	return nil, &refused
}

// askable returns the regions that are asked for the list, the home region first.
func (s *Session) askable() []string {
	home := s.config.Region
	partition := tracker.PartitionOf(home)
	others := othersToAsk
	if partition != tracker.PartitionOf(othersToAsk[0]) {
		others = slices.DeleteFunc(tracker.Regions(), func(r string) bool { return tracker.PartitionOf(r) != partition })
	}
	return append([]string{home}, slices.DeleteFunc(slices.Clone(others), func(r string) bool { return r == home })...)
}

// regionsBy asks one region for the list.
func (s *Session) regionsBy(ctx context.Context, region string) ([]string, error) {
	// Without AllRegions, AWS answers the enabled regions only. The filter makes
	// stand-ins of AWS do the same.
	out, err := ec2.NewFromConfig(s.Config(region)).DescribeRegions(ctx, &ec2.DescribeRegionsInput{
		Filters: []ec2types.Filter{{
			Name:   aws.String("opt-in-status"),
			Values: []string{"opt-in-not-required", "opted-in"},
		}},
	})
	if err != nil {
		return nil, err
	}
	var regions []string
	for _, r := range out.Regions {
		name := aws.ToString(r.RegionName)
		if name != "" && aws.ToString(r.OptInStatus) != "not-opted-in" && tracker.PartitionOf(name) == tracker.PartitionOf(region) {
			regions = append(regions, name)
		}
	}
	slices.Sort(regions)
	return slices.Compact(regions), nil
}
