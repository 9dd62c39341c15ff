package simulator_test

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer"
	"github.com/consolesensei/resource-tracker/internal/aws/costexplorer/types"
	"github.com/consolesensei/resource-tracker/simulator"
)

// A bill has the same sum however it is divided, over months.
func TestBillAddsUp(t *testing.T) {
	client := costexplorer.NewFromConfig(simulator.New(simulator.Options{Resources: 30_000}).Config("us-east-1"))
	bill := func(group types.GroupDefinition) (dollars float64, groups int) {
		var token *string
		for {
			out, err := client.GetCostAndUsage(t.Context(), &costexplorer.GetCostAndUsageInput{
				TimePeriod:  &types.DateInterval{Start: aws.String("2026-09-16"), End: aws.String("2026-11-01")},
				Granularity: types.GranularityMonthly, Metrics: []string{"UnblendedCost"},
				GroupBy: []types.GroupDefinition{group}, NextPageToken: token,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range out.ResultsByTime {
				groups += len(r.Groups)
				for _, g := range r.Groups {
					amount, err := strconv.ParseFloat(*g.Metrics["UnblendedCost"].Amount, 64)
					if err != nil || amount <= 0 {
						t.Errorf("%v: %v", g.Keys, *g.Metrics["UnblendedCost"].Amount)
					}
					dollars += amount
				}
			}
			if token = out.NextPageToken; token == nil {
				return dollars, groups
			}
		}
	}
	whole, _ := bill(types.GroupDefinition{Type: types.GroupDefinitionTypeDimension, Key: aws.String("SERVICE")})
	for name, by := range map[string]types.GroupDefinition{
		"regions": {Type: types.GroupDefinitionTypeDimension, Key: aws.String("REGION")},
		"a tag":   {Type: types.GroupDefinitionTypeTag, Key: aws.String("CostCenter")},
	} {
		sum, groups := bill(by)
		if diff := sum - whole; diff > 0.01 || diff < -0.01 || groups < 4 {
			t.Errorf("by %s: $%.2f in %d groups, by service $%.2f", name, sum, groups, whole)
		}
	}
}
