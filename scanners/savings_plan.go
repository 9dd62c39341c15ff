package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var savingsPlan = Scanner{
	Type:        "Savings_Plan",
	Service:     Service{ID: savingsplans.ServiceID, Prefix: "savingsplans", Protocol: JSON},
	ARNs:        []string{"savingsplans:savingsplan/"},
	Global:      true,
	Permissions: []string{"savingsplans:DescribeSavingsPlans"},
	Metadata:    []string{"type", "hourly_commitment", "payment_option", "end"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// AWS keeps plans that ended, failed or were given back for ever.
		in := &savingsplans.DescribeSavingsPlansInput{
			MaxResults: aws.Int32(1000),
			States: []types.SavingsPlanState{
				types.SavingsPlanStateActive, types.SavingsPlanStatePaymentPending,
				types.SavingsPlanStatePendingReturn, types.SavingsPlanStateQueued,
			},
		}
		cursor := func(in *savingsplans.DescribeSavingsPlansInput, out *savingsplans.DescribeSavingsPlansOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, savingsplans.NewFromConfig(t.Config).DescribeSavingsPlans, in, cursor, func(page *savingsplans.DescribeSavingsPlansOutput) []tracker.Resource {
			return collect(page.SavingsPlans, savingsPlanOf)
		})
	},
}

func savingsPlanOf(p types.SavingsPlan) tracker.Resource {
	return tracker.Resource{
		ID:    aws.ToString(p.SavingsPlanId),
		Name:  tracker.Named(p.Tags["Name"], aws.ToString(p.Description)),
		ARN:   aws.ToString(p.SavingsPlanArn),
		State: cmp.Or(string(p.State), stateUnknown),
		Tags:  p.Tags,
		Metadata: tracker.Metadata{
			"type":              sdk.Text(p.SavingsPlanType),
			"payment_option":    sdk.Text(p.PaymentOption),
			"product_types":     sdk.Names(p.ProductTypes),
			"plan_region":       sdk.Str(p.Region),
			"instance_family":   sdk.Str(p.Ec2InstanceFamily),
			"hourly_commitment": sdk.Str(p.Commitment),
			"upfront_payment":   sdk.Str(p.UpfrontPaymentAmount),
			"recurring_payment": sdk.Str(p.RecurringPaymentAmount),
			"currency":          sdk.Text(p.Currency),
			"start":             sdk.Str(p.Start),
			"end":               sdk.Str(p.End),
			"returnable_until":  sdk.Str(p.ReturnableUntil),
			"term_sec":          p.TermDurationInSeconds,
		},
	}
}
