// Package billing reads from Cost Explorer what AWS has billed. Cost Explorer
// charges $0.01 for each page that it answers (AWS Cost Explorer pricing). So
// the package asks only for pages that were allowed beforehand, and for none
// twice.
package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer"
	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// Region is where Cost Explorer is. It answers for all regions from there.
	Region = "us-east-1"
	// metric is the charge before credits and refunds are spread over time.
	metric = "UnblendedCost"
	// maxGroups bounds the groups of the answer, not those that are added up.
	maxGroups = 10_000
	// tagPrefix begins the groupings by a tag.
	tagPrefix = "tag:"
	// instances is the service whose resources Cost Explorer names.
	instances = "Amazon Elastic Compute Cloud - Compute"
)

// Permissions are the IAM actions that Fetch calls.
func Permissions() []string { return []string{"ce:GetCostAndUsage", "ce:GetCostAndUsageWithResources"} }

// Fetch adds up what an account was billed in the days of r, divided by one of
// its groupings. It asks spend before each call. A sum that lacks pages, because
// spend refused them, says so.
func Fetch(ctx context.Context, cfg aws.Config, r tracker.BilledRequest, by string, spend func(context.Context) (bool, error)) tracker.BilledSum {
	sum := tracker.BilledSum{GroupBy: by, Groups: []tracker.BilledGroup{}}
	period, err := interval(r)
	if err != nil {
		sum.Reason = err.Error()
		return sum
	}
	// A call that is sent again is paid again.
	client := costexplorer.NewFromConfig(cfg, func(o *costexplorer.Options) { o.Region, o.Retryer = Region, aws.NopRetryer{} })
	ask := question(client, period, by)
	groups, token := map[string]tracker.Money{}, (*string)(nil)
	for {
		allowed, err := spend(ctx)
		if err == nil && !allowed {
			err = fmt.Errorf("max_paid_calls, which is %d, were made", r.MaxPaidCalls)
		}
		var p page
		if err == nil {
			p, err = ask(ctx, token)
		}
		if err == nil {
			err = p.add(&sum, groups, by)
		}
		if err != nil {
			sum.Reason = reason(err)
			break
		}
		if token = p.next; aws.ToString(token) == "" {
			sum.Complete = true
			break
		}
	}
	sum.Groups = sorted(groups)
	return sum
}

// interval returns a period as Cost Explorer takes it: its end is the first day
// that does not count.
func interval(r tracker.BilledRequest) (*types.DateInterval, error) {
	end, err := time.Parse(time.DateOnly, r.End)
	if err != nil {
		return nil, fmt.Errorf("the last day: %w", err)
	}
	return &types.DateInterval{Start: aws.String(r.Start), End: aws.String(end.AddDate(0, 0, 1).Format(time.DateOnly))}, nil
}

// page is one answer.
type page struct {
	results []types.ResultByTime
	next    *string
}

// question returns the request for one page.
func question(client *costexplorer.Client, period *types.DateInterval, by string) func(context.Context, *string) (page, error) {
	group := types.GroupDefinition{Type: types.GroupDefinitionTypeDimension, Key: aws.String(strings.ToUpper(by))}
	switch key, ok := strings.CutPrefix(by, tagPrefix); {
	case ok:
		group = types.GroupDefinition{Type: types.GroupDefinitionTypeTag, Key: &key}
	case by == "resource":
		group.Key = aws.String("RESOURCE_ID")
		return func(ctx context.Context, token *string) (page, error) {
			out, err := client.GetCostAndUsageWithResources(ctx, &costexplorer.GetCostAndUsageWithResourcesInput{
				TimePeriod: period, Granularity: types.GranularityMonthly, Metrics: []string{metric}, NextPageToken: token,
				GroupBy: []types.GroupDefinition{group},
				Filter:  &types.Expression{Dimensions: &types.DimensionValues{Key: types.DimensionService, Values: []string{instances}}},
			})
			if err != nil {
				return page{}, err
			}
			return page{out.ResultsByTime, out.NextPageToken}, nil
		}
	}
	return func(ctx context.Context, token *string) (page, error) {
		out, err := client.GetCostAndUsage(ctx, &costexplorer.GetCostAndUsageInput{
			TimePeriod: period, Granularity: types.GranularityMonthly, Metrics: []string{metric}, NextPageToken: token,
			GroupBy: []types.GroupDefinition{group},
		})
		if err != nil {
			return page{}, err
		}
		return page{out.ResultsByTime, out.NextPageToken}, nil
	}
}

// add adds a page to the sum, or nothing of it.
func (p page) add(sum *tracker.BilledSum, groups map[string]tracker.Money, by string) error {
	total, currency := given(sum.Total), sum.Currency
	read := map[string]tracker.Money{}
	for _, r := range p.results {
		sum.Estimated = sum.Estimated || r.Estimated
		for _, g := range r.Groups {
			m := g.Metrics[metric]
			dollars, err := strconv.ParseFloat(aws.ToString(m.Amount), 64)
			if err != nil {
				return fmt.Errorf("ce answers the amount %q", aws.ToString(m.Amount))
			}
			unit := aws.ToString(m.Unit)
			if currency != "" && unit != currency {
				return fmt.Errorf("ce answers amounts in %s and %s", currency, unit)
			}
			currency = unit
			read[keyOf(g, by)] += tracker.Dollars(dollars)
			total += tracker.Dollars(dollars)
		}
	}
	for key, m := range read {
		groups[key] += m
	}
	sum.Total, sum.Currency = &total, currency
	return nil
}

// keyOf returns the value that a group has in common. Cost Explorer answers tags
// as KEY$VALUE.
func keyOf(g types.Group, by string) string {
	if len(g.Keys) == 0 {
		return ""
	}
	if tag, ok := strings.CutPrefix(by, tagPrefix); ok {
		return strings.TrimPrefix(g.Keys[0], tag+"$")
	}
	return g.Keys[0]
}

func given(m *tracker.Money) tracker.Money {
	if m == nil {
		return 0
	}
	return *m
}

func sorted(groups map[string]tracker.Money) []tracker.BilledGroup {
	all := make([]tracker.BilledGroup, 0, len(groups))
	for key, m := range groups {
		all = append(all, tracker.BilledGroup{Key: key, Amount: m})
	}
	slices.SortFunc(all, func(a, b tracker.BilledGroup) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), strings.Compare(a.Key, b.Key))
	})
	return all[:min(len(all), maxGroups)]
}

// reason returns the words of an error for people, without the ID of the
// request.
func reason(err error) string {
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		return f.Error()
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return "ce:GetCostAndUsage: " + e.ErrorCode() + ": " + e.ErrorMessage()
	}
	return err.Error()
}
