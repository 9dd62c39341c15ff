package cli

import (
	"fmt"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type costsCmd struct {
	Job string `help:"Scan to sum up; else the newest that has finished." placeholder:"JOB"`
	By  string `help:"What to group by: type, region, account, service, state, basis or tag:KEY." default:"type" name:"group-by" placeholder:"GROUP"`
}

var costColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "cost", Path: "estimated_monthly_total", Kind: output.Money},
	{Name: "priced", Path: "resources_with_known_cost", Kind: output.Number},
	{Name: "unpriced", Path: "resources_with_unknown_cost", Kind: output.Number},
	{Name: "other_region", Path: "other_region_monthly_total", Kind: output.Money, Wide: true},
}

var billedColumns = []output.Column{
	{Name: "account", Path: "account_id"}, {Name: "group_by"}, {Name: "key", Kind: output.ID}, {Name: "amount", Kind: output.Money}, {Name: "currency"},
}

// billedRow is a line of what AWS has billed.
type billedRow struct {
	client.BilledGroup
	AccountID string `json:"account_id"`
	GroupBy   string `json:"group_by"`
	Currency  string `json:"currency"`
}

func (c *costsCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	job, err := newest(e, t, c.Job)
	if err != nil {
		return err
	}
	a, err := t.GetCosts(e.ctx, job, &client.GetCostsParams{GroupBy: c.By})
	if err != nil {
		return err
	}
	groups := a.Groups
	if a.Other != nil {
		groups = append(groups, *a.Other)
	}
	if err := e.print(costColumns, output.Of(groups)); err != nil {
		return err
	}
	if a.Billed != nil && e.Output == output.Table {
		if err := e.billed(a.Billed); err != nil {
			return err
		}
	}
	return e.about(fmt.Sprintf("$%s a month at list prices%s", output.Dollars(a.EstimatedMonthlyTotal), unpriced(a.ResourcesWithUnknownCost)), scanned{a.JobID, a.State, a.Complete})
}

// billed prints what AWS has billed, beside the estimate.
func (e *env) billed(b *client.BilledReport) error {
	var rows []billedRow
	for _, sum := range b.Sums {
		for _, g := range sum.Groups {
			rows = append(rows, billedRow{g, sum.AccountID, sum.GroupBy, sum.Currency})
		}
	}
	e.say("")
	e.say("Billed from %s to %s%s:", b.Start, b.End, map[bool]string{false: ", not complete: " + b.Reason}[b.Complete])
	return e.table(billedColumns, output.Of(rows))
}
