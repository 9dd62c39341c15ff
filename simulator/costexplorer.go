package simulator

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer"
	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer/types"
)

var costExplorerOperations = operations{
	"GetCostAndUsage":              handle(getCostAndUsage),
	"GetCostAndUsageWithResources": handle(getCostAndUsageWithResources),
}

// charge is under which service AWS bills a kind, and about what in dollars a month.
type charge struct {
	service string
	monthly float64
}

// charges are those of the kinds that are billed.
var charges = map[kind]charge{
	instances:     {"Amazon Elastic Compute Cloud - Compute", 57},
	volumes:       {"EC2 - Other", 25},
	snapshots:     {"EC2 - Other", 5.7},
	natGateways:   {"EC2 - Other", 33},
	addresses:     {"Amazon Virtual Private Cloud", 3.65},
	buckets:       {"Amazon Simple Storage Service", 2.8},
	databases:     {"Amazon Relational Database Service", 405},
	functions:     {"AWS Lambda", 0.4},
	loadBalancers: {"Amazon Elastic Load Balancing", 16},
	logGroups:     {"AmazonCloudWatch", 0.28},
	topics:        {"Amazon Simple Notification Service", 0.02},
	tables:        {"Amazon DynamoDB", 1.2},
}

const (
	unblendedCost   = "UnblendedCost"
	groupsPerPage   = 5000
	daysPerMonth    = 365.0 / 12
	resourceIDGroup = "RESOURCE_ID"
)

func getCostAndUsage(r *request, in *costexplorer.GetCostAndUsageInput) (*costexplorer.GetCostAndUsageOutput, error) {
	results, next, err := r.bill(in.TimePeriod, in.GroupBy, in.NextPageToken, slices.Collect(maps.Keys(charges)))
	if err != nil {
		return nil, err
	}
	return &costexplorer.GetCostAndUsageOutput{ResultsByTime: results, NextPageToken: next}, nil
}

// getCostAndUsageWithResources answers for instances only.
func getCostAndUsageWithResources(r *request, in *costexplorer.GetCostAndUsageWithResourcesInput) (*costexplorer.GetCostAndUsageWithResourcesOutput, error) {
	f := in.Filter.Dimensions
	if f == nil || f.Key != types.DimensionService || !slices.Equal(f.Values, []string{charges[instances].service}) {
		return nil, r.notSimulated("GetCostAndUsageWithResources of other services than EC2's instances")
	}
	results, next, err := r.bill(in.TimePeriod, in.GroupBy, in.NextPageToken, []kind{instances})
	if err != nil {
		return nil, err
	}
	return &costexplorer.GetCostAndUsageWithResourcesOutput{ResultsByTime: results, NextPageToken: next}, nil
}

// bill answers what the resources of some kinds are billed in a period, by one grouping
// and month. A resource is billed from the day after its creation.
func (r *request) bill(period *types.DateInterval, by []types.GroupDefinition, token *string, kinds []kind) (
	results []types.ResultByTime, next *string, err error,
) {
	start, errStart := time.Parse(time.DateOnly, aws.ToString(period.Start))
	end, errEnd := time.Parse(time.DateOnly, aws.ToString(period.End))
	if errStart != nil || errEnd != nil || !start.Before(end) {
		return nil, nil, r.refuse(400, "ValidationException", "Start date (and hour) should be before end date (and hour)")
	}
	if len(by) != 1 {
		return nil, nil, r.notSimulated("GetCostAndUsage with other than one grouping")
	}
	from, ok := r.position(token, 0)
	if !ok {
		return nil, nil, r.refuse(400, "InvalidNextTokenException", "Invalid next token")
	}
	slices.Sort(kinds)
	all := 0
	for month := start; month.Before(end); {
		until := time.Date(month.Year(), month.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if until.After(end) {
			until = end
		}
		sums := r.estate.sums(kinds, by[0], month, until)
		result := types.ResultByTime{
			TimePeriod: &types.DateInterval{Start: aws.String(month.Format(time.DateOnly)), End: aws.String(until.Format(time.DateOnly))},
			Estimated:  until.AddDate(0, 1, 0).After(r.now),
		}
		for _, key := range slices.Sorted(maps.Keys(sums)) {
			if all++; all > from && all <= from+groupsPerPage {
				amount := types.MetricValue{Amount: aws.String(strconv.FormatFloat(sums[key], 'f', 10, 64)), Unit: aws.String("USD")}
				result.Groups = append(result.Groups, types.Group{Keys: []string{key}, Metrics: map[string]types.MetricValue{unblendedCost: amount}})
			}
		}
		results = append(results, result)
		month = until
	}
	return results, r.token(min(from+groupsPerPage, all), all), nil
}

// sums are what kinds cost from one day to another, in dollars by group.
func (e *estate) sums(kinds []kind, by types.GroupDefinition, from, until time.Time) map[string]float64 {
	sums := map[string]float64{}
	var tags []tag
	for _, k := range kinds {
		c := charges[k]
		for n := range e.count(k) {
			begun := e.created(k, n).Truncate(24*time.Hour).AddDate(0, 0, 1)
			if begun.Before(from) {
				begun = from
			}
			days := until.Sub(begun).Hours() / 24
			if days <= 0 {
				continue
			}
			d := e.dice(k, n, forBill)
			// What is billed lies below the list, by discounts and hours that it did not run.
			share := float64(80+d.below(20)) / 100
			var key string
			switch dimension := aws.ToString(by.Key); {
			case by.Type == types.GroupDefinitionTypeTag:
				tags = e.tags(tags[:0], k, n)
				key = dimension + "$" + valueOf(tags, dimension)
			case dimension == "REGION":
				key = e.regionOf(k, n)
			case dimension == resourceIDGroup:
				key = e.ec2ID(instances, n)
			default:
				key = c.service
			}
			sums[key] += c.monthly / daysPerMonth * days * share
		}
	}
	return sums
}

func valueOf(tags []tag, key string) string {
	for _, t := range tags {
		if t.key == key {
			return t.value
		}
	}
	return ""
}
