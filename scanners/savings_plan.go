package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans"
	"github.com/aws/aws-sdk-go-v2/service/savingsplans/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var savingsPlan = Scanner{
	Type:        "Savings_Plan",
	Service:     "savingsplans",
	ARNs:        []string{"savingsplans:savingsplan/"},
	Global:      true,
	Permissions: []string{"savingsplans:DescribeSavingsPlans"},
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
			"type":              text(p.SavingsPlanType),
			"payment_option":    text(p.PaymentOption),
			"product_types":     names(p.ProductTypes),
			"plan_region":       str(p.Region), // of a plan that holds in one only
			"instance_family":   str(p.Ec2InstanceFamily),
			"hourly_commitment": str(p.Commitment),
			"upfront_payment":   str(p.UpfrontPaymentAmount),
			"recurring_payment": str(p.RecurringPaymentAmount),
			"currency":          text(p.Currency),
			"start":             str(p.Start),
			"end":               str(p.End),
			"returnable_until":  str(p.ReturnableUntil),
			"term_sec":          p.TermDurationInSeconds,
		},
	}
}
